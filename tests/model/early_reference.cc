#include "tests/model/early_reference.h"

#include <algorithm>
#include <limits>
#include <list>
#include <map>
#include <set>
#include <utility>

#include "engine/pattern/conjuncts.h"
#include "engine/runtime/routing.h"
#include "tests/model/engine_run.h"
#include "tests/model/on_time.h"
#include "tests/model/reference_run.h"

namespace telltale::model {
namespace {

using engine::AlertStatus;
using engine::Event;
using rules::KeyParts;

// What makes two outcomes the same alert (A1), as an outcome without the rest.
Outcome IdentityOf(const Outcome& outcome) {
  constexpr int64_t kHour = 3600 * kSecond;
  Outcome identity{.rule = outcome.rule,
                   .key = outcome.key,
                   .time = outcome.time,
                   .timeout = outcome.timeout,
                   .limit = outcome.limit};
  if (outcome.limit) identity.time -= ((outcome.time % kHour) + kHour) % kHour;
  if (outcome.window) {
    identity.window = {outcome.window->start, outcome.window->end, outcome.window->by_event, {}};
    if (outcome.window->by_event) identity.evidence = {outcome.evidence.back()};
  } else {
    identity.evidence = outcome.evidence;
  }
  for (Outcome::Taken& taken : identity.evidence) taken.step = 0;
  return identity;
}

class EarlyRun {
 public:
  EarlyRun(const rules::Rule& rule, const engine::CompiledRules& rules)
      : rule_(rule),
        rules_(rules),
        conditions_(rule, rules),
        streams_(rule.Streams()),
        sees_all_(rules.routing->patterns[IndexOf(rule, rules)].sees_all) {
    for (const rules::Step& step : rule.steps) AddPlace(step.selector);
    for (const rules::Absence& absence : rule.absences) AddPlace(absence.selector);
    for (const rules::Until& until : rule.untils) AddPlace(until.selector);
  }

  void Arrive(const Event& event) {
    if (!std::binary_search(streams_.begin(), streams_.end(), event.stream)) return;
    first_read_ = std::min(first_read_, event.time);
    for (const KeyParts& key : conditions_.KeysOf(event)) {
      Key& of_key = keys_[key];
      const std::vector<const Event*> counted = WithoutDuplicates(of_key.events, rules_);
      const auto before = [](const Event* a, const Event* b) { return Before(*a, *b); };
      of_key.events.insert(
          std::upper_bound(of_key.events.begin(), of_key.events.end(), &event, before), &event);
      if (Concerns(event, key)) {
        of_key.last = std::max(of_key.last, event.time);
      } else if (of_key.last == kNothing || !IsOneLess(counted, of_key, event)) {
        continue;
      }
      Draw(of_key, OutcomesOf(key, of_key, of_key.last + 1));
    }
  }

  void Settle(const PartitionTimes& times) { Settle(times.Watermark(streams_)); }
  void Settle(int64_t watermark) {
    for (auto& [key, of_key] : keys_) {
      for (const Outcome& outcome : OutcomesOf(key, of_key, watermark)) {
        Alert& alert = of_key.alerts[IdentityOf(outcome)];
        if (!alert.final) Say(alert, AlertStatus::kFinal, outcome);
        alert.final = true;
      }
      if (of_key.last >= watermark) continue;
      for (auto& [identity, alert] : of_key.alerts) {
        if (alert.stands && !alert.final) Retract(alert);
      }
    }
  }

  void AddStories(std::vector<Story>& stories) {
    for (auto& [key, of_key] : keys_) {
      for (auto& [identity, alert] : of_key.alerts) stories.push_back(std::move(alert.story));
    }
  }

 private:
  struct Alert {
    Story story;
    bool stands = false;
    bool final = false;
  };
  static constexpr int64_t kNothing = std::numeric_limits<int64_t>::min();
  struct Key {
    std::vector<const Event*> events;  // that have arrived, in total order
    int64_t last = kNothing;           // of those that concern the rule
    std::map<Outcome, Alert> alerts;
  };

  static size_t IndexOf(const rules::Rule& rule, const engine::CompiledRules& rules) {
    return static_cast<size_t>(&rule - rules.rules->rules.data());
  }

  // What a step, a `not` or an `until` asks of an event alone.
  struct Asked {
    const rules::Selector* selector;
    std::vector<rules::Expression> conjuncts;
  };
  void AddPlace(const rules::Selector& selector) {
    places_.push_back({&selector, engine::Split(selector.where).local});
  }

  // Whether one of them may speak of the event, whatever was taken before; where "next" is meant
  // each event of the key is one.
  bool Concerns(const Event& event, const KeyParts& key) {
    return std::any_of(places_.begin(), places_.end(), [&](const Asked& place) {
      if (place.selector->stream != event.stream) return false;
      if (!conditions_.KeysOf(*place.selector, event).contains(key)) return false;
      return sees_all_ || std::all_of(place.conjuncts.begin(), place.conjuncts.end(),
                                      [&](const rules::Expression& conjunct) {
                                        return conditions_.Test(conjunct, event, {});
                                      });
    });
  }

  std::vector<Outcome> OutcomesOf(const KeyParts& key, const Key& of_key, int64_t watermark) {
    std::vector<Outcome> outcomes;
    std::vector<const Event*> events = WithoutDuplicates(of_key.events, rules_);
    std::erase_if(events, [&](const Event* event) { return event->time >= watermark; });
    RunOnKey(rule_, conditions_, key, std::move(events),
             {.begin = first_read_, .watermark = watermark}, outcomes);
    return outcomes;
  }

  // Whether one of those that counted is a duplicate now that the event is there (V8).
  bool IsOneLess(const std::vector<const Event*>& counted, const Key& of_key, const Event& event) {
    const std::vector<const Event*> now = WithoutDuplicates(of_key.events, rules_);
    return std::any_of(counted.begin(), counted.end(), [&](const Event* one) {
      return one != &event && std::find(now.begin(), now.end(), one) == now.end();
    });
  }

  void Draw(Key& of_key, const std::vector<Outcome>& picture) {
    std::set<Outcome> there;
    for (const Outcome& outcome : picture) there.insert(IdentityOf(outcome));
    for (auto& [identity, alert] : of_key.alerts) {
      if (alert.stands && !alert.final && !there.contains(identity)) Retract(alert);
    }
    for (const Outcome& outcome : picture) {
      Alert& alert = of_key.alerts[IdentityOf(outcome)];
      if (alert.final || (alert.stands && alert.story.back().outcome == outcome)) continue;
      Say(alert, AlertStatus::kEarly, outcome);
    }
  }

  void Say(Alert& alert, AlertStatus status, const Outcome& outcome) {
    alert.stands = true;
    alert.story.push_back({status, static_cast<uint32_t>(alert.story.size() + 1), outcome});
  }
  void Retract(Alert& alert) {
    const Outcome last = alert.story.back().outcome;
    Say(alert, AlertStatus::kRetracted, last);
    alert.stands = false;
  }

  const rules::Rule& rule_;
  const engine::CompiledRules& rules_;
  RuleConditions conditions_;
  const std::vector<rules::StreamIndex> streams_;
  const bool sees_all_;
  int64_t first_read_ = std::numeric_limits<int64_t>::max();
  std::map<KeyParts, Key> keys_;
  std::list<Asked> places_;  // conditions are known by their addresses
};

}  // namespace

std::vector<Story> RunEarlyReference(const Scenario& scenario, const engine::CompiledRules& rules,
                                     uint32_t flush_every) {
  const Feed feed = FeedOf(scenario, rules);
  std::list<EarlyRun> runs;
  std::vector<Story> stories;
  std::map<std::string, Reign> settled;
  for (const rules::Rule& rule : rules.rules->rules) {
    if (!rule.Runs()) continue;
    const std::vector<rules::StreamIndex> streams = rule.Streams();
    const bool deduplicates = std::any_of(streams.begin(), streams.end(), [&](auto stream) {
      return (*rules.rules->streams)[stream].dedup.has_value();
    });
    if (rule.early && (deduplicates || rule.HoldsState() || rule.suppress)) {
      runs.emplace_back(rule, rules);
    } else {
      settled.emplace(rule.id, Reign());
    }
  }
  for (const Outcome& outcome : RunReference(feed, rules, settled).outcomes)
    stories.push_back({{AlertStatus::kFinal, 0, outcome}});
  std::list<OwnEvent> events;
  PartitionTimes times(feed.streams);
  for (size_t i = 0; i < feed.size; ++i) {
    const Event& event = feed.at(i);
    if (!times.Take(event)) {
      events.emplace_back(event);
      for (EarlyRun& run : runs) run.Arrive(*events.back());
    }
    if ((i + 1) % flush_every != 0) continue;
    for (EarlyRun& run : runs) run.Settle(times);
  }
  for (EarlyRun& run : runs) {
    run.Settle(std::numeric_limits<int64_t>::max());
    run.AddStories(stories);
  }
  std::sort(stories.begin(), stories.end());
  return stories;
}

std::vector<Story> StoriesOf(const std::vector<engine::Alert>& delivered) {
  std::map<engine::Hash128, Story> by_id;
  for (const engine::Alert& alert : delivered)
    by_id[alert.id].push_back({alert.status, alert.revision, OutcomeOf(alert)});
  std::vector<Story> stories;
  for (auto& [id, story] : by_id) stories.push_back(std::move(story));
  std::sort(stories.begin(), stories.end());
  return stories;
}

std::string Untellable(const std::vector<Story>& stories, bool anew) {
  const auto good = [&](const Story& story) {
    const Said* last = nullptr;
    for (const Said& said : story) {
      const bool begins = last == nullptr || (anew && last->status != AlertStatus::kEarly);
      const bool follows = last != nullptr && said.revision == last->revision + 1 &&
                           last->status != AlertStatus::kFinal;
      const bool settled_alone = said.revision == 0 && said.status == AlertStatus::kFinal;
      if (!follows && !(begins && (said.revision == 1 || settled_alone))) return false;
      if (said.status == AlertStatus::kRetracted &&
          (last == nullptr || last->status != AlertStatus::kEarly))
        return false;
      last = &said;
    }
    return last->status != AlertStatus::kEarly;
  };
  std::vector<Story> bad;
  for (const Story& story : stories) {
    if (!good(story)) bad.push_back(story);
  }
  return Print(bad);
}

std::string Print(const std::vector<Story>& stories) {
  std::string text;
  for (const Story& story : stories) {
    for (const Said& said : story) {
      const char* status = said.status == AlertStatus::kFinal   ? "final"
                           : said.status == AlertStatus::kEarly ? "early"
                                                                : "retracted";
      text += std::string(&said == &story.front() ? "- " : "  ") + std::to_string(said.revision) +
              " " + status + " " + Print(std::vector{said.outcome});
    }
  }
  return text;
}

}  // namespace telltale::model
