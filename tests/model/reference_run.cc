#include "tests/model/reference_run.h"

#include <algorithm>
#include <optional>
#include <tuple>
#include <utility>

#include "engine/condition/condition.h"
#include "rules/model/joint_suppression.h"
#include "tests/model/asked_windows.h"
#include "tests/model/limit_alerts.h"
#include "tests/model/on_time.h"
#include "tests/model/reference_matcher.h"
#include "tests/model/rule_conditions.h"
#include "tests/model/window_run.h"

namespace telltale::model {
namespace {

using engine::Event;
using Key = rules::KeyParts;
class KeyHistory : public History {
 public:
  KeyHistory(RuleConditions& conditions, Key key, std::vector<const Event*> events)
      : conditions_(conditions),
        key_(std::move(key)),
        events_(std::move(events)),
        windows_(conditions, key_, events_) {}

  size_t size() const override { return events_.size(); }
  int64_t time(size_t event) const override { return events_[event]->time; }
  bool Fits(const rules::Selector& selector, size_t event, const Taken& taken) const override {
    // What does not hang on the steps is asked once.
    std::vector<signed char>& known = known_[&selector];
    known.resize(events_.size(), -1);
    const bool local = !selector.where || selector.where->steps.empty();
    if (known[event] < 0) {
      const Event& candidate = *events_[event];
      known[event] = candidate.stream == selector.stream &&
                     conditions_.KeysOf(selector, candidate).contains(key_) &&
                     (!local || !selector.where ||
                      conditions_.Test(*selector.where, candidate, {}, windows_.ValuesAt(event)));
    }
    if (local || known[event] == 0) return known[event] == 1;
    return conditions_.Test(*selector.where, *events_[event], Events(taken),
                            windows_.ValuesAt(event));
  }

  std::vector<std::vector<const Event*>> Events(const Taken& taken) const {
    std::vector<std::vector<const Event*>> steps;
    for (const auto& indexes : taken) {
      auto& events = steps.emplace_back();
      for (const size_t index : indexes) events.push_back(events_[index]);
    }
    return steps;
  }
  const Event& operator[](size_t event) const { return *events_[event]; }
  const AskedWindows& windows() const { return windows_; }

 private:
  RuleConditions& conditions_;
  const Key key_;
  const std::vector<const Event*> events_;
  mutable AskedWindows windows_;
  mutable std::map<const rules::Selector*, std::vector<signed char>> known_;
};

// C5: its look-back reaches before the first event read of the rule's streams.
bool IsWarmUp(const rules::Rule& rule, int64_t first_time, int64_t looks_back_to,
              int64_t first_read) {
  if (rule.warm_up == rules::WarmUp::kAssumeEmpty) return false;
  if (looks_back_to < first_read) return true;
  const std::vector<uint32_t> leading = LeadingNots(rule.pattern);
  return std::any_of(leading.begin(), leading.end(), [&](uint32_t number) {
    return first_time - *rule.absences[number].within < first_read;
  });
}

// A rule with a sequence, on the events of one key.
void RunKey(const rules::Rule& rule, RuleConditions& conditions, const Key& key,
            std::vector<const Event*> events, const Horizon& horizon,
            std::vector<Outcome>& outcomes) {
  const KeyHistory history(conditions, key, std::move(events));
  std::vector<size_t> limited;
  const std::vector<Match> matches = FindMatches(rule, history, horizon.watermark, &limited);
  std::vector<int64_t> hits = history.windows().Hits(horizon.watermark);
  for (const size_t event : limited) hits.push_back(history.time(event));
  std::sort(hits.begin(), hits.end());
  AddLimits(rule, key, hits, outcomes);
  AlertGate gate(conditions);
  for (const Match& match : matches) {
    const Event& first = history[match.events.front().second];
    if (IsWarmUp(rule, first.time, history.windows().LooksBackTo(match), horizon.begin)) continue;
    Outcome outcome{.rule = rule.id,
                    .key = key,
                    .time = match.time,
                    .timeout = match.timeout,
                    .truncated = match.truncated || history.windows().Truncates(match),
                    .count = match.count};
    Taken taken(rule.steps.size());
    for (const auto& [step, index] : match.events) {
      const Event& event = history[index];
      outcome.evidence.push_back({step, event.stream, event.partition, event.offset});
      taken[step].push_back(index);
    }
    const auto suppressed = gate.Pass({.key = key,
                                       .event = &first,
                                       .steps = history.Events(taken),
                                       .values = {},
                                       .count = match.count},
                                      match.time);
    if (!suppressed) continue;
    outcome.suppressed = *suppressed;
    outcome.joint_key = gate.joint_key();
    outcomes.push_back(std::move(outcome));
  }
}

// The value by which duplicates are known (V8); empty: none.
std::string ValueOf(const Event& event, const engine::CompiledRules& rules) {
  const auto& dedup = (*rules.rules->streams)[event.stream].dedup;
  if (!dedup) return "";
  const std::optional<uint32_t> slot = rules.layouts[event.stream].Find(dedup->field);
  std::string text = "=";
  return slot && engine::KeyText(event.slot(*slot), text) ? text : "";
}

// A5: an alert is there for a rule where it is of a rule that it reads, and was not suppressed
// unless it asks for such.
bool Counts(const rules::Rule& rule, const engine::CompiledRules& rules, const Event& alert) {
  const engine::EventLayout& layout = rules.layouts[alert.stream];
  const auto slot = [&](const rules::FieldPath& path) {
    const auto found = layout.Find(path);
    return found ? alert.slot(*found) : engine::Value::Absent();
  };
  const engine::Value suppressed = slot({"alert", "suppressed"});
  if (!rule.reads_suppressed && suppressed.is(engine::ValueKind::kBool) && suppressed.as_bool())
    return false;
  const engine::Value id = slot({"rule", "id"});
  return std::find(rule.read_ids.begin(), rule.read_ids.end(), id.as_string()) !=
         rule.read_ids.end();
}

// Where an outcome stands in T7's order among those of its rule.
using Coordinates = std::pair<int64_t, Outcome::Taken>;
using Place = std::tuple<int64_t, bool, Coordinates, std::vector<Coordinates>, Key, bool>;

Place PlaceOf(const Outcome& outcome, const std::map<Outcome::Taken, int64_t>& times) {
  std::vector<Coordinates> taken;
  for (Outcome::Taken one : outcome.evidence) {
    one.step = 0;
    taken.emplace_back(times.at(one), one);
  }
  const bool by_event = outcome.window ? outcome.window->by_event
                                       : !taken.empty() && taken.back().first == outcome.time;
  return {outcome.time, !by_event,   taken.empty() ? Coordinates() : taken.back(),
          taken,        outcome.key, outcome.timeout};
}

// A3, of a rule whose alerts of different keys are suppressed together: one behind the other.
void SuppressJointly(const rules::Rule& rule, const std::vector<const Event*>& ordered,
                     std::vector<Outcome>& outcomes) {
  std::map<Outcome::Taken, int64_t> times;
  for (const Event* event : ordered)
    times[{0, event->stream, event->partition, event->offset}] = event->time;
  std::map<Place, Outcome> found;
  std::erase_if(outcomes, [&](Outcome& outcome) {
    if (!outcome.joint_key) return false;
    const Place place = PlaceOf(outcome, times);
    found.emplace(place, std::move(outcome));
    return true;
  });
  struct Episode {
    int64_t start = 0;
    uint64_t kept_back = 0;
  };
  std::map<Key, Episode> episodes;
  for (auto& [place, outcome] : found) {
    const auto [known, opened] = episodes.try_emplace(*outcome.joint_key, Episode{outcome.time, 0});
    outcome.joint_key.reset();
    Episode& episode = known->second;
    if (!opened && outcome.time <= episode.start + rule.suppress->period) {
      ++episode.kept_back;
      continue;
    }
    outcome.suppressed = std::exchange(episode, {outcome.time, 0}).kept_back;
    outcomes.push_back(std::move(outcome));
  }
}

// `ordered`: the on-time events in total order.
void RunRule(const rules::Rule& rule, const engine::CompiledRules& rules,
             const std::vector<const Event*>& ordered, const Reign& reign,
             std::vector<Outcome>& outcomes) {
  RuleConditions conditions(rule, rules);
  const std::vector<rules::StreamIndex> streams = rule.Streams();
  std::map<Key, std::vector<const Event*>> by_key;
  std::optional<int64_t> first_read;
  for (const Event* event : ordered) {
    if (std::find(streams.begin(), streams.end(), event->stream) == streams.end()) continue;
    if (!first_read) first_read = event->time;
    if (event->time <= reign.after || event->time > reign.until) continue;
    if (event->stream == rules.rules->streams->alerts() && !Counts(rule, rules, *event)) continue;
    for (const Key& key : conditions.KeysOf(*event)) by_key[key].push_back(event);
  }
  // C5: nor before the rule began to act.
  const Horizon horizon{.begin = std::max(first_read.value_or(reign.after), reign.after),
                        .watermark = reign.until == kForever ? kForever : reign.until + 1};
  for (auto& [key, events] : by_key)
    RunOnKey(rule, conditions, key, WithoutDuplicates(events, rules), horizon, outcomes);
  if (rules::SuppressesJointly(rule)) SuppressJointly(rule, ordered, outcomes);
}

}  // namespace

std::vector<const Event*> WithoutDuplicates(const std::vector<const Event*>& events,
                                            const engine::CompiledRules& rules) {
  std::vector<const Event*> kept;
  for (size_t i = 0; i < events.size(); ++i) {
    const std::string value = ValueOf(*events[i], rules);
    const bool again =
        !value.empty() &&
        std::any_of(
            events.begin(), events.begin() + static_cast<ptrdiff_t>(i), [&](const Event* e) {
              return e->stream == events[i]->stream && ValueOf(*e, rules) == value &&
                     e->time >= events[i]->time - (*rules.rules->streams)[e->stream].dedup->within;
            });
    if (!again) kept.push_back(events[i]);
  }
  return kept;
}

void RunOnKey(const rules::Rule& rule, RuleConditions& conditions, const rules::KeyParts& key,
              std::vector<const engine::Event*> events, const Horizon& horizon,
              std::vector<Outcome>& outcomes) {
  if (rule.aggregate) {
    RunWindows(rule, conditions, key, events, horizon, outcomes);
  } else if (rule.new_terms) {
    RunNewTerms(rule, conditions, key, events, horizon, outcomes);
  } else {
    RunKey(rule, conditions, key, std::move(events), horizon, outcomes);
  }
}

ReferenceResult RunReference(const Scenario& scenario, const engine::CompiledRules& rules) {
  return RunReference(FeedOf(scenario, rules), rules);
}

ReferenceResult RunReference(const Feed& feed, const engine::CompiledRules& rules) {
  std::map<std::string, Reign> always;
  for (const rules::Rule& rule : rules.rules->rules) always.emplace(rule.id, Reign());
  return RunReference(feed, rules, always);
}

ReferenceResult RunReference(const Feed& feed, const engine::CompiledRules& rules,
                             const std::map<std::string, Reign>& reigns) {
  ReferenceResult result;
  std::vector<OwnEvent> events;
  PartitionTimes times(feed.streams);
  for (size_t i = 0; i < feed.size; ++i) {
    const Event& event = feed.at(i);
    result.late.push_back(times.Take(event));
    if (!result.late.back()) events.emplace_back(event);
  }
  std::vector<const Event*> ordered;
  for (const OwnEvent& event : events) ordered.push_back(&*event);
  std::sort(ordered.begin(), ordered.end(),
            [](const Event* a, const Event* b) { return Before(*a, *b); });
  for (const rules::Rule& rule : rules.rules->rules) {
    const auto reign = reigns.find(rule.id);
    if (!rule.Runs() || reign == reigns.end()) continue;
    RunRule(rule, rules, ordered, reign->second, result.outcomes);
  }
  std::sort(result.outcomes.begin(), result.outcomes.end());
  return result;
}

}  // namespace telltale::model
