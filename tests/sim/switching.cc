#include "tests/sim/switching.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <mutex>
#include <utility>

#include "rules/model/alert_reads.h"
#include "tests/model/chain_run.h"
#include "tests/model/engine_run.h"
#include "tests/model/reference_run.h"

namespace telltale::model {
namespace {

class Collector : public engine::AlertSink {
 public:
  void Deliver(uint32_t, uint64_t, std::vector<engine::Alert> alerts) override {
    const std::lock_guard<std::mutex> lock(mutex_);
    for (engine::Alert& alert : alerts) {
      if (alert.status == engine::AlertStatus::kFinal) result.alerts.push_back(alert);
      result.delivered.push_back(std::move(alert));
    }
  }
  EngineResult result;

 private:
  std::mutex mutex_;
};

}  // namespace

Switching::Switching(Scenario scenario, std::vector<RulesPtr> sets, std::mt19937_64 random,
                     std::mt19937_64 recode, Pace pace)
    : random_(random),
      recode_(recode),
      scenario_(std::move(scenario)),
      pace_(pace),
      sets_(std::move(sets)) {
  for (uint32_t stream = 0; stream < scenario_.streams.size(); ++stream) {
    for (uint32_t number = 0; number < scenario_.streams[stream].partitions; ++number)
      partitions_.push_back({.stream = stream, .number = number, .events = {}});
  }
  for (const ScenarioEvent& event : scenario_.events) {
    for (Partition& partition : partitions_) {
      if (partition.stream == event.stream && partition.number == event.partition)
        partition.events.push_back(event);
    }
  }
}

std::vector<Outcome> Switching::Run(uint32_t workers, bool threads) {
  Collector collector;
  engine::EngineOptions options;
  options.workers = workers;
  options.threads = threads;
  options.batch_events = static_cast<uint32_t>(1 + random_() % 50);
  if (options.batch_events % 2 == 0) options.warm_keys = 1;
  for (const ScenarioStream& stream : scenario_.streams)
    options.max_out_of_orderness.push_back(stream.max_out_of_orderness);
  engine_ = engine::MakeEngine(sets_[0], options, collector);
  for (const Partition& partition : partitions_)
    engine_->AddPartition({partition.stream, partition.number}, {});
  while (const auto partition = Choose()) {
    for (uint64_t run = 1 + random_() % 20; run > 0; --run) OfferOne(partitions_[*partition]);
    if (random_() % 3 == 0) engine_->Flush();
    if (recode_() % pace_.turns_a_recode ==
        0) {  // as restarts would, also while switches are under way
      const absl::StatusOr<size_t> bytes = engine_->RecodeState();
      EXPECT_TRUE(bytes.ok()) << bytes.status();
    }
    if (random_() % pace_.turns_a_set == 0 && switched_at_.size() + 1 < sets_.size() && Reread())
      Switch();
  }
  engine_->Finish();
  stories_ = StoriesOf(collector.result.delivered);
  alerts_ = collector.result.alerts;
  engine_.reset();  // before the collector
  return collector.result.Outcomes();
}

// What the rule reads depends on the set that acts at an alert's time: in it, one of that name may
// be another rule, or one whose alerts have no bound.
std::vector<std::vector<uint64_t>> Switching::AlertsFor(const rules::Rule& rule,
                                                        const engine::CompiledRules& rules) const {
  std::vector<std::vector<uint64_t>> events;
  for (const engine::Alert& alert : alerts_) {
    const auto set =
        static_cast<size_t>(std::lower_bound(switched_at_.begin(), switched_at_.end(), alert.time) -
                            switched_at_.begin());
    const rules::Rule* reader = Find(set, rule);
    if (alert.kind == engine::AlertKind::kLimit || reader == nullptr) continue;
    const std::vector<std::string>& ids = reader->read_ids;
    if (std::find(ids.begin(), ids.end(), alert.rule->id) == ids.end()) continue;
    const bool on_alerts = rules::ReadsAlerts(*alert.rule, *alert.rules->streams);
    events.push_back(AlertAsEvent(alert, false, on_alerts, rules));
  }
  return events;
}

// The reference gives a rule the alerts of those that it names: here of all that it has ever read.
engine::CompiledRules Switching::ReadingAll(const engine::CompiledRules& rules) const {
  engine::CompiledRules reading = rules;
  auto set = std::make_shared<rules::RuleSet>(*rules.rules);
  for (rules::Rule& rule : set->rules) {
    for (size_t other = 0; other < sets_.size(); ++other) {
      const rules::Rule* same = Find(other, rule);
      if (same == nullptr) continue;
      rule.read_ids.insert(rule.read_ids.end(), same->read_ids.begin(), same->read_ids.end());
    }
  }
  reading.rules = std::move(set);
  return reading;
}

// Each rule acts from the switch that brought it to the one that took it away or changed it.
std::vector<Outcome> Switching::Reference() const {
  std::vector<Outcome> outcomes;
  const size_t used = switched_at_.size() + 1;
  for (size_t set = 0; set < used; ++set) {
    const Feed events = FeedOf(scenario_, *sets_[set]);
    const engine::CompiledRules reading = ReadingAll(*sets_[set]);
    for (const rules::Rule& rule : sets_[set]->rules->rules) {
      if (!rule.Runs()) continue;
      if (set > 0 && Find(set - 1, rule) != nullptr) continue;  // it began earlier
      size_t end = set + 1;
      while (end < used && Find(end, rule) != nullptr) ++end;
      Reign reign;
      if (set > 0) reign.after = switched_at_[set - 1];
      if (end < used) reign.until = switched_at_[end - 1];
      const std::vector<std::vector<uint64_t>> alerts = AlertsFor(rule, *sets_[set]);
      Feed feed = events;
      feed.streams.push_back({.name = "alerts"});
      feed.size += alerts.size();
      feed.at = [&](size_t i) -> const engine::Event& {
        return i < events.size
                   ? events.at(i)
                   : *reinterpret_cast<const engine::Event*>(alerts[i - events.size].data());
      };
      const ReferenceResult found = RunReference(feed, reading, {{rule.id, reign}});
      outcomes.insert(outcomes.end(), found.outcomes.begin(), found.outcomes.end());
    }
  }
  std::sort(outcomes.begin(), outcomes.end());
  return outcomes;
}

std::string Switching::Describe() const {
  std::string text;
  for (size_t set = 0; set <= switched_at_.size(); ++set) {
    if (set > 0) {
      text += "switch at " + std::to_string(switched_at_[set - 1] / 1'000'000) + " ms\n";
    }
    for (const rules::Rule& rule : sets_[set]->rules->rules) {
      text += "  " + rule.id + " " + rules::ToHex(rule.fingerprint) + "\n";
    }
  }
  return text;
}

std::optional<size_t> Switching::Choose() {
  std::vector<size_t> open;
  for (size_t i = 0; i < partitions_.size(); ++i) {
    if (partitions_[i].next < partitions_[i].events.size()) open.push_back(i);
  }
  if (open.empty()) return std::nullopt;
  return open[random_() % open.size()];
}

void Switching::OfferOne(Partition& partition) {
  if (partition.next == partition.events.size()) return;
  const ScenarioEvent& event = partition.events[partition.next++];
  partition.read = std::max(partition.read, partition.next);
  EventMaker maker(engine_->RulesAt(event.time));
  engine_->Offer(maker.Make(event));
}

// Whether all that a switch has made to be read again has been.
bool Switching::Reread() const {
  return std::all_of(partitions_.begin(), partitions_.end(),
                     [](const Partition& partition) { return partition.next == partition.read; });
}

// As a source does it: what lies after the switch is read again, and some of what lies before,
// too.
void Switching::Switch() {
  engine_->Flush();
  switched_at_.push_back(engine_->Switch(sets_[switched_at_.size() + 1]));
  for (Partition& partition : partitions_) {
    size_t from = 0;
    while (from < partition.next && partition.events[from].time <= switched_at_.back()) ++from;
    from -= std::min<size_t>(from, random_() % 4);
    int64_t greatest = engine::kMinTime;
    for (size_t i = 0; i < from; ++i) greatest = std::max(greatest, partition.events[i].time);
    engine_->RereadFrom({partition.stream, partition.number}, static_cast<int64_t>(from),
                        static_cast<int64_t>(partition.read), greatest);
    partition.next = from;
  }
}

const rules::Rule* Switching::Find(size_t set, const rules::Rule& rule) const {
  const auto& all = sets_[set]->rules->rules;
  const auto found = std::find_if(all.begin(), all.end(), [&](const rules::Rule& other) {
    return other.Runs() && other.id == rule.id && other.fingerprint == rule.fingerprint;
  });
  return found == all.end() ? nullptr : &*found;
}

size_t ExpectReigns(Switching& switching, uint32_t workers, uint64_t seed, bool threads) {
  const std::vector<Outcome> found = switching.Run(workers, threads);
  const std::vector<Outcome> expected = switching.Reference();
  EXPECT_EQ(Untellable(switching.stories(), true), "") << "TELLTALE_SEED=" << seed << "\n"
                                                       << switching.Describe();
  std::vector<Outcome> missing;
  std::vector<Outcome> spurious;
  std::set_difference(expected.begin(), expected.end(), found.begin(), found.end(),
                      std::back_inserter(missing));
  std::set_difference(found.begin(), found.end(), expected.begin(), expected.end(),
                      std::back_inserter(spurious));
  EXPECT_TRUE(found == expected) << "TELLTALE_SEED=" << seed << "\n"
                                 << switching.Describe() << "missing:\n"
                                 << Print(missing) << "spurious:\n"
                                 << Print(spurious);
  return switching.switches();
}

}  // namespace telltale::model
