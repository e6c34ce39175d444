// Rules that change while events flow (C2, C3): at random moments another rule set takes over, with
// rules added, removed, changed and left alone. What comes out is what the reference says when each
// rule acts from one switch to another, and so does not hang on the shards, nor on what was
// buffered when the switch came.
#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <memory>
#include <optional>
#include <random>

#include "engine/runtime/engine.h"
#include "tests/model/agreement.h"
#include "tests/model/engine_run.h"
#include "tests/model/reference_run.h"

namespace telltale::model {
namespace {

using RulesPtr = std::shared_ptr<const engine::CompiledRules>;

// $ is a number that makes a variant.
constexpr const char* kTemplates[] = {
    R"(
id: pair
by: user
title: Only text, $
sequence:
  - a: { on: logins, where: 't == "a"' }
  - b: { on: devices, by: account, where: 't == "b"' }
within: 30s
match: latest
suppress: { by: [user], for: 20s }
)",
    R"(
id: changing
by: user
sequence:
  - a: { on: logins, where: 'v >= $' }
  - b: { on: devices, by: account, repeat: { min: 2, max: 3 } }
within: 40s
)",
    R"(
id: absence
by: account
sequence:
  - a: { on: devices, where: 't == "c"' }
  - not: { on: logins, by: user, within: 1$s }
)",
    R"(
id: leading
by: user
sequence:
  - not: { on: logins, where: 't == "c"', within: 8s }
  - a: { on: logins, where: 't == "a"' }
  - b: { on: logins, where: 'w == $', optional: true }
within: 20s
after_match: skip_past_last
)",
    R"(
id: single
on: devices
where: 'v == $ && w == 1'
)"};

std::string RulesAtRandom(std::mt19937_64& random) {
  std::string text;
  for (const char* rule : kTemplates) {
    if (random() % 4 == 0) continue;
    std::string variant = rule;
    variant.replace(variant.find('$'), 1, std::to_string(random() % 2));
    text += (text.empty() ? "" : "---") + variant;
  }
  return text;
}

struct Partition {
  std::vector<ScenarioEvent> events;
  size_t next = 0;
  size_t read = 0;  // the furthest
};

class Collector : public engine::AlertSink {
 public:
  void Deliver(uint32_t, uint64_t, std::vector<engine::Alert> alerts) override {
    for (engine::Alert& alert : alerts) result.alerts.push_back(std::move(alert));
  }
  EngineResult result;
};

class Simulation {
 public:
  explicit Simulation(uint64_t seed) : random_(seed), recode_(seed) {
    scenario_.streams = {{.name = "logins", .partitions = 2, .max_out_of_orderness = 2 * kSecond},
                         {.name = "devices", .partitions = 2, .max_out_of_orderness = 5 * kSecond}};
    for (uint32_t number = 0; number < 4; ++number) MakePartition(number / 2, number % 2);
    for (int set = 0; set < 4; ++set) {
      Scenario one = scenario_;
      one.rules = RulesAtRandom(random_);
      sets_.push_back(Compile(one));
    }
  }

  // The engine's answer, with switches at moments of its own choice.
  std::vector<Outcome> Run(uint32_t workers) {
    Collector collector;
    engine::EngineOptions options;
    options.workers = workers;
    options.threads = false;
    options.batch_events = static_cast<uint32_t>(1 + random_() % 50);
    if (options.batch_events % 2 == 0) options.warm_keys = 1;
    for (const ScenarioStream& stream : scenario_.streams) {
      options.max_out_of_orderness.push_back(stream.max_out_of_orderness);
    }
    engine_ = engine::MakeEngine(sets_[0], options, collector);
    for (uint32_t number = 0; number < 4; ++number)
      engine_->AddPartition({number / 2, number % 2}, {});
    while (const auto partition = Choose()) {
      for (uint64_t run = 1 + random_() % 20; run > 0; --run) OfferOne(*partition);
      if (random_() % 3 == 0) engine_->Flush();
      if (recode_() % 5 == 0) {  // as restarts would, also while switches are under way
        const absl::StatusOr<size_t> bytes = engine_->RecodeState();
        EXPECT_TRUE(bytes.ok()) << bytes.status();
      }
      if (random_() % 25 == 0 && switched_at_.size() + 1 < sets_.size() && Reread()) Switch();
    }
    engine_->Finish();
    return collector.result.Outcomes();
  }

  // Each rule acts from the switch that brought it to the one that took it away or changed it.
  std::vector<Outcome> Reference() {
    std::vector<Outcome> outcomes;
    const size_t used = switched_at_.size() + 1;
    for (size_t set = 0; set < used; ++set) {
      std::map<std::string, Reign> reigns;
      for (const rules::Rule& rule : sets_[set]->rules->rules) {
        if (set > 0 && Has(set - 1, rule)) continue;  // it began earlier
        size_t end = set + 1;
        while (end < used && Has(end, rule)) ++end;
        Reign reign;
        if (set > 0) reign.after = switched_at_[set - 1];
        if (end < used) reign.until = switched_at_[end - 1];
        reigns.emplace(rule.id, reign);
      }
      const ReferenceResult found =
          RunReference(FeedOf(scenario_, *sets_[set]), *sets_[set], reigns);
      outcomes.insert(outcomes.end(), found.outcomes.begin(), found.outcomes.end());
    }
    std::sort(outcomes.begin(), outcomes.end());
    return outcomes;
  }

  std::string Describe() const {
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
  size_t switches() const { return switched_at_.size(); }

 private:
  void MakePartition(uint32_t stream, uint32_t number) {
    Partition partition;
    int64_t now = 0;
    for (int64_t offset = 0; offset < 250; ++offset) {
      now += static_cast<int64_t>(random_() % 1500) * kSecond / 1000;
      const int64_t behind = random_() % 5 == 0 ? static_cast<int64_t>(random_() % 6) * kSecond : 0;
      ScenarioEvent event{.stream = stream,
                          .partition = number,
                          .offset = offset,
                          .time = now - behind,
                          .fields = {}};
      event.fields[stream == 0 ? "user" : "account"] = static_cast<int64_t>(random_() % 8);
      event.fields["t"] = std::string(1, static_cast<char>('a' + random_() % 3));
      event.fields["v"] = static_cast<int64_t>(random_() % 3);
      event.fields["w"] = static_cast<int64_t>(random_() % 3);
      scenario_.events.push_back(event);
      partition.events.push_back(std::move(event));
    }
    partitions_.push_back(std::move(partition));
  }

  std::optional<size_t> Choose() {
    std::vector<size_t> open;
    for (size_t i = 0; i < partitions_.size(); ++i) {
      if (partitions_[i].next < partitions_[i].events.size()) open.push_back(i);
    }
    if (open.empty()) return std::nullopt;
    return open[random_() % open.size()];
  }

  void OfferOne(size_t number) {
    Partition& partition = partitions_[number];
    if (partition.next == partition.events.size()) return;
    const ScenarioEvent& event = partition.events[partition.next++];
    partition.read = std::max(partition.read, partition.next);
    EventMaker maker(engine_->RulesAt(event.time));
    engine_->Offer(maker.Make(event));
  }

  // Whether all that a switch has made to be read again has been.
  bool Reread() const {
    return std::all_of(partitions_.begin(), partitions_.end(),
                       [](const Partition& partition) { return partition.next == partition.read; });
  }

  // As a source does it: what lies after the switch is read again, and some of what lies before,
  // too.
  void Switch() {
    engine_->Flush();
    switched_at_.push_back(engine_->Switch(sets_[switched_at_.size() + 1]));
    for (Partition& partition : partitions_) {
      size_t from = 0;
      while (from < partition.next && partition.events[from].time <= switched_at_.back()) ++from;
      from -= std::min<size_t>(from, random_() % 4);
      int64_t greatest = engine::kMinTime;
      for (size_t i = 0; i < from; ++i) greatest = std::max(greatest, partition.events[i].time);
      const ScenarioEvent& any = partition.events[0];
      engine_->RereadFrom({any.stream, any.partition}, static_cast<int64_t>(from),
                          static_cast<int64_t>(partition.read), greatest);
      partition.next = from;
    }
  }

  bool Has(size_t set, const rules::Rule& rule) const {
    const auto& all = sets_[set]->rules->rules;
    return std::any_of(all.begin(), all.end(), [&](const rules::Rule& other) {
      return other.id == rule.id && other.fingerprint == rule.fingerprint;
    });
  }

  std::mt19937_64 random_;
  std::mt19937_64 recode_;
  Scenario scenario_;
  std::vector<Partition> partitions_;
  std::vector<RulesPtr> sets_;
  std::vector<int64_t> switched_at_;
  std::unique_ptr<engine::Engine> engine_;
};

// How many switches there were.
size_t ExpectReigns(uint64_t seed) {
  Simulation simulation(seed);
  const std::vector<Outcome> found = simulation.Run(static_cast<uint32_t>(1 + seed % 4));
  const std::vector<Outcome> expected = simulation.Reference();
  std::vector<Outcome> missing;
  std::vector<Outcome> spurious;
  std::set_difference(expected.begin(), expected.end(), found.begin(), found.end(),
                      std::back_inserter(missing));
  std::set_difference(found.begin(), found.end(), expected.begin(), expected.end(),
                      std::back_inserter(spurious));
  EXPECT_TRUE(found == expected) << "TELLTALE_SEED=" << seed << "\n"
                                 << simulation.Describe() << "missing:\n"
                                 << Print(missing) << "spurious:\n"
                                 << Print(spurious);
  return simulation.switches();
}

TEST(Switch, EachRuleActsFromItsSwitchToTheNext) {
  if (const uint64_t only = Seed(0); only != 0) {
    ExpectReigns(only);
    return;
  }
  size_t switches = 0;
  for (uint64_t seed = 1; seed <= 60 && !HasFailure(); ++seed) switches += ExpectReigns(seed);
  EXPECT_TRUE(HasFailure() || switches > 60) << switches << " switches";
}

// A stream that no old rule names can be behind the switch when the old set is done. What comes of
// it with a time up to the switch is for the old set, and so for nobody.
TEST(Switch, AStreamBehindTheSwitchIsNotForTheNewSet) {
  ExpectReigns(102);
  ExpectReigns(150);
}

}  // namespace
}  // namespace telltale::model
