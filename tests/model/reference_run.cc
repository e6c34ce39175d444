#include "tests/model/reference_run.h"

#include <algorithm>
#include <optional>
#include <set>

#include "engine/condition/condition.h"
#include "engine/condition/scratch.h"
#include "tests/model/reference_matcher.h"

namespace telltale::model {
namespace {

using engine::Event;
using Key = rules::KeyParts;
using Programs = std::map<const rules::Expression*, std::shared_ptr<const engine::Program>>;

// An event of its own memory.
struct OwnEvent {
  std::vector<uint64_t> block;
  const Event& operator*() const { return *reinterpret_cast<const Event*>(block.data()); }
};

OwnEvent Copy(const Event& event) {
  OwnEvent own;
  own.block.resize(event.byte_size / sizeof(uint64_t));
  std::copy_n(reinterpret_cast<const char*>(&event), event.byte_size,
              reinterpret_cast<char*>(own.block.data()));
  return own;
}

// The conditions and keys of one rule.
class RuleConditions {
 public:
  RuleConditions(const rules::Rule& rule, const engine::CompiledRules& rules)
      : rule_(rule), layouts_(rules.layouts), inputs_(*rules.inputs) {}

  // K1: every combination of the parts that there are, up to the bound.
  std::set<Key> KeysOf(const rules::Selector& selector, const Event& event) {
    std::set<Key> keys = {Key()};
    for (size_t i = 0; i < selector.by.size(); ++i) {
      const std::set<rules::KeyPart> parts =
          PartsOf(selector.by[i], (selector.each >> i & 1) != 0, event);
      std::set<Key> longer;
      for (const Key& key : keys) {
        for (const rules::KeyPart& part : parts) {
          Key more = key;
          more.push_back(part);
          longer.insert(std::move(more));
        }
      }
      keys = std::move(longer);
    }
    while (keys.size() > rules::kMostKeysOfEvent) keys.erase(std::prev(keys.end()));
    return keys;
  }

  bool Test(const rules::Expression& where, const Event& event,
            const std::vector<std::vector<const Event*>>& steps) {
    const std::vector<engine::StepEvents> taken = Steps(steps);
    const engine::Frame frame{.event = &event, .steps = taken.data()};
    return engine::Test(Program(where), frame, scratch_) == engine::Verdict::kTrue;
  }

  // The values of `suppress.by`, as text.
  Key SuppressionKey(const Key& key, const std::vector<std::vector<const Event*>>& steps) {
    const std::vector<engine::StepEvents> taken = Steps(steps);
    const engine::Frame frame{.steps = taken.data(), .key = key.data()};
    Key values;
    for (const rules::Expression& by : rule_.suppress->by) {
      rules::KeyPart& part = values.emplace_back();
      const engine::Value value = engine::Evaluate(Program(by), frame, scratch_);
      if (!value.is(engine::ValueKind::kNull)) engine::AppendText(value, part.emplace());
    }
    return values;
  }

  // Whether an exception that has not expired is true of the match (A3).
  bool IsExcepted(const Key& key, const std::vector<std::vector<const Event*>>& steps,
                  const Event& first, int64_t time) {
    const std::vector<engine::StepEvents> taken = Steps(steps);
    const engine::Frame frame{.event = &first, .steps = taken.data(), .key = key.data()};
    return std::any_of(
        rule_.exceptions.begin(), rule_.exceptions.end(), [&](const rules::Exception& exception) {
          return time < exception.expires.value_or(INT64_MAX) &&
                 engine::Test(Program(exception.where), frame, scratch_) == engine::Verdict::kTrue;
        });
  }

 private:
  // The texts that one part has; where it has none, what stands for that, or nothing.
  std::set<rules::KeyPart> PartsOf(const rules::Expression& by, bool each, const Event& event) {
    std::set<rules::KeyPart> parts;
    const auto add = [&](engine::Value value) {
      std::string text;
      if (engine::KeyText(value, text)) parts.insert(text);
    };
    const engine::Value value =
        engine::Evaluate(Program(by), engine::Frame{.event = &event}, scratch_);
    if (!each) add(value);
    if (each && value.is(engine::ValueKind::kList)) {
      for (uint32_t i = 0; i < value.size(); ++i) add(value.elements()[i].Load());
    }
    if (parts.empty() && rule_.group_missing_key) parts.insert(std::nullopt);
    return parts;
  }

  static std::vector<engine::StepEvents> Steps(
      const std::vector<std::vector<const Event*>>& steps) {
    std::vector<engine::StepEvents> taken;
    for (const auto& events : steps)
      taken.push_back({events.data(), static_cast<uint32_t>(events.size())});
    return taken;
  }

  const engine::Program& Program(const rules::Expression& expression) {
    auto& program = programs_[&expression];
    if (program == nullptr) program = engine::Compile(expression, layouts_, &inputs_).value();
    return *program;
  }

  const rules::Rule& rule_;
  const std::vector<engine::EventLayout>& layouts_;
  const engine::Inputs& inputs_;
  Programs programs_;
  engine::Scratch scratch_;
};

class KeyHistory : public History {
 public:
  KeyHistory(RuleConditions& conditions, Key key, std::vector<const Event*> events)
      : conditions_(conditions), key_(std::move(key)), events_(std::move(events)) {}

  size_t size() const override { return events_.size(); }
  int64_t time(size_t event) const override { return events_[event]->time; }
  bool Fits(const rules::Selector& selector, size_t event, const Taken& taken) const override {
    // What does not hang on the steps is asked once.
    std::vector<signed char>& known = known_[&selector];
    known.resize(events_.size(), -1);
    const bool local = !selector.where || selector.where->steps.empty();
    if (known[event] < 0) {
      const Event& candidate = *events_[event];
      known[event] =
          candidate.stream == selector.stream &&
          conditions_.KeysOf(selector, candidate).contains(key_) &&
          (!local || !selector.where || conditions_.Test(*selector.where, candidate, {}));
    }
    if (local || known[event] == 0) return known[event] == 1;
    return conditions_.Test(*selector.where, *events_[event], Events(taken));
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

 private:
  RuleConditions& conditions_;
  const Key key_;
  const std::vector<const Event*> events_;
  mutable std::map<const rules::Selector*, std::vector<signed char>> known_;
};

// The keys that an event reaches (K2): each that a step, absence or until of its stream gives,
// once.
std::set<Key> KeysOf(const rules::Rule& rule, RuleConditions& conditions, const Event& event) {
  std::set<Key> keys;
  const auto add = [&](const rules::Selector& selector) {
    if (selector.stream != event.stream) return;
    keys.merge(conditions.KeysOf(selector, event));
  };
  for (const rules::Step& step : rule.steps) add(step.selector);
  for (const rules::Absence& absence : rule.absences) add(absence.selector);
  for (const rules::Until& until : rule.untils) add(until.selector);
  return keys;
}

// C5: its look-back reaches before the first event read of the rule's streams.
bool IsWarmUp(const rules::Rule& rule, int64_t first_time, int64_t first_read) {
  if (rule.warm_up == rules::WarmUp::kAssumeEmpty) return false;
  const std::vector<uint32_t> leading = LeadingNots(rule.pattern);
  return std::any_of(leading.begin(), leading.end(), [&](uint32_t number) {
    return first_time - *rule.absences[number].within < first_read;
  });
}

// P10: one for each hour of event time.
void AddLimits(const rules::Rule& rule, const Key& key, const History& history,
               const std::vector<size_t>& limited, std::vector<Outcome>& outcomes) {
  constexpr int64_t kHour = 3600 * kSecond;
  std::set<int64_t> hours;
  for (const size_t event : limited) {
    const int64_t time = history.time(event);
    const int64_t hour = time / kHour - (time % kHour < 0 ? 1 : 0);
    if (!hours.insert(hour).second) continue;
    outcomes.push_back({.rule = rule.id,
                        .key = key,
                        .time = time,
                        .evidence = {},
                        .truncated = true,
                        .limit = true});
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
    for (const Key& key : KeysOf(rule, conditions, *event)) by_key[key].push_back(event);
  }
  // C5: nor before the rule began to act.
  const int64_t horizon = std::max(first_read.value_or(reign.after), reign.after);
  const int64_t watermark = reign.until == kForever ? kForever : reign.until + 1;
  for (auto& [key, events] : by_key) {
    const KeyHistory history(conditions, key, std::move(events));
    struct Episode {
      int64_t start = 0;
      uint64_t kept_back = 0;
    };
    std::map<Key, Episode>
        episodes;  // the correlation key is in each, so no other key of the rule meets them (A3)
    std::vector<size_t> limited;
    const std::vector<Match> matches = FindMatches(rule, history, watermark, &limited);
    AddLimits(rule, key, history, limited, outcomes);
    for (const Match& match : matches) {
      if (IsWarmUp(rule, history.time(match.events.front().second), horizon)) continue;
      Outcome outcome{.rule = rule.id,
                      .key = key,
                      .time = match.time,
                      .evidence = {},
                      .suppressed = 0,
                      .timeout = match.timeout,
                      .truncated = match.truncated};
      Taken taken(rule.steps.size());
      for (const auto& [step, index] : match.events) {
        const Event& event = history[index];
        outcome.evidence.push_back({step, event.stream, event.partition, event.offset});
        taken[step].push_back(index);
      }
      if (conditions.IsExcepted(key, history.Events(taken), history[match.events.front().second],
                                match.time)) {
        continue;
      }
      if (rule.suppress) {
        const auto [episode, opened] = episodes.try_emplace(
            conditions.SuppressionKey(key, history.Events(taken)), Episode{match.time, 0});
        if (!opened && match.time <= episode->second.start + rule.suppress->period) {
          ++episode->second.kept_back;
          continue;
        }
        outcome.suppressed = episode->second.kept_back;
        episode->second = {match.time, 0};
      }
      outcomes.push_back(std::move(outcome));
    }
  }
}

}  // namespace

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
  std::map<std::pair<uint32_t, uint32_t>, int64_t> greatest;  // on-time event time, by partition
  for (size_t i = 0; i < feed.size; ++i) {
    const Event& event = feed.at(i);
    const auto [seen, first] = greatest.try_emplace({event.stream, event.partition}, event.time);
    const bool late =
        !first && event.time < seen->second - feed.streams[event.stream].max_out_of_orderness;
    result.late.push_back(late);
    if (late) continue;
    seen->second = std::max(seen->second, event.time);
    events.push_back(Copy(event));
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
