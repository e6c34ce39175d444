#include "tests/model/window_run.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "tests/model/limit_alerts.h"
#include "tests/model/window_reference.h"

namespace telltale::model {
namespace {

using engine::Event;

// An event that a source takes.
struct Member {
  const Event* event = nullptr;
  uint32_t sources = 0;  // a bit for each that it fits
  uint32_t source() const { return static_cast<uint32_t>(std::countr_zero(sources)); }
};

std::vector<Member> MembersOf(const rules::Rule& rule, RuleConditions& conditions,
                              const rules::KeyParts& key, const std::vector<const Event*>& events) {
  std::vector<Member> members;
  for (const Event* event : events) {
    Member member{.event = event};
    for (size_t source = 0; source < rule.steps.size(); ++source) {
      if (conditions.Fits(rule.steps[source].selector, *event, key))
        member.sources |= uint32_t{1} << source;
    }
    if (member.sources != 0) members.push_back(member);
  }
  return members;
}

Tuple ValuesOf(const std::vector<rules::Expression>& expressions, RuleConditions& conditions,
               const Event& event) {
  Tuple values;
  for (const rules::Expression& expression : expressions)
    values.push_back(conditions.ValueOf(expression, event));
  return values;
}

bool IsQuiet(const rules::Rule& rule, int64_t looks_back_to, const Horizon& horizon) {
  return rule.warm_up == rules::WarmUp::kQuiet && looks_back_to < horizon.begin;
}

// Takes the event into what is found and shown.
void Show(const Member& member, Found& found, Outcome& outcome) {
  const Event& event = *member.event;
  outcome.evidence.push_back({member.source(), event.stream, event.partition, event.offset});
  found.steps[member.source()].push_back(&event);
}

void AddHits(const rules::Rule& rule, const rules::KeyParts& key,
             const std::vector<Member>& members, const std::vector<size_t>& limited,
             std::vector<Outcome>& outcomes) {
  std::vector<int64_t> hits;
  for (const size_t member : limited) hits.push_back(members[member].event->time);
  AddLimits(rule, key, hits, outcomes);
}

}  // namespace

void RunWindows(const rules::Rule& rule, RuleConditions& conditions, const rules::KeyParts& key,
                const std::vector<const Event*>& events, const Horizon& horizon,
                std::vector<Outcome>& outcomes) {
  const std::vector<Member> members = MembersOf(rule, conditions, key, events);
  std::vector<WindowEvent> of_window;
  for (const Member& member : members) {
    WindowEvent& said = of_window.emplace_back();
    said.time = member.event->time;
    said.sources = member.sources;
    const auto say = [&](const std::vector<rules::AggregateCall>& calls) {
      std::vector<Tuple> values;
      for (const rules::AggregateCall& call : calls) {
        values.push_back(call.arguments.empty() ? Tuple()
                                                : ValuesOf(call.arguments[member.source()],
                                                           conditions, *member.event));
      }
      return values;
    };
    said.said = say(rule.aggregate->calls);
    if (rule.aggregate->baseline) said.of_pane = say(rule.aggregate->baseline->calls);
  }
  const auto having = [&](const Tuple& values) {
    return conditions.Test(*rule.aggregate->having, {.key = key, .steps = {}, .values = values});
  };
  const auto of = [&](const Tuple& values) {
    return conditions.ValueOf(rule.aggregate->baseline->of,
                              {.key = key, .steps = {}, .values = values});
  };
  const WindowsFound windows =
      FindWindows(*rule.aggregate, rule.limits.events, of_window, having, horizon.watermark, of);
  AddHits(rule, key, members, windows.limited, outcomes);
  AlertGate gate(conditions);
  for (const WindowResult& result : windows.results) {
    if (IsQuiet(rule, result.looks_back_to, horizon)) continue;
    Outcome outcome{.rule = rule.id,
                    .key = key,
                    .time = result.time,
                    .truncated = result.truncated,
                    .window = Outcome::Window{
                        result.window.start, result.window.end, result.by.has_value(), {}}};
    Found found{.key = key, .steps = {}, .values = result.values};
    found.steps.resize(rule.steps.size());
    for (const size_t event : result.evidence) Show(members[event], found, outcome);
    outcome.window->fields = conditions.Fields(found);
    const auto suppressed = gate.Pass(found, result.time);
    if (!suppressed) continue;
    outcome.suppressed = *suppressed;
    outcome.joint_key = gate.joint_key();
    outcomes.push_back(std::move(outcome));
  }
}

void RunNewTerms(const rules::Rule& rule, RuleConditions& conditions, const rules::KeyParts& key,
                 const std::vector<const Event*>& events, const Horizon& horizon,
                 std::vector<Outcome>& outcomes) {
  std::vector<Member> members;
  std::vector<Sighting> sightings;
  for (const Member& member : MembersOf(rule, conditions, key, events)) {
    Tuple term = ValuesOf(rule.new_terms->fields[member.source()], conditions, *member.event);
    const auto is_nothing = [](const Datum& value) {
      return std::holds_alternative<Nothing>(value);
    };
    if (std::any_of(term.begin(), term.end(), is_nothing)) continue;
    members.push_back(member);
    sightings.push_back({member.event->time, std::move(term)});
  }
  const TermsFound terms = FindNewTerms(rule.new_terms->history, rule.limits.events, sightings);
  AddHits(rule, key, members, terms.limited, outcomes);
  AlertGate gate(conditions);
  for (const size_t sighting : terms.results) {
    const Event& event = *members[sighting].event;
    if (IsQuiet(rule, event.time - rule.new_terms->history, horizon)) continue;
    Outcome outcome{.rule = rule.id, .key = key, .time = event.time};
    Found found{.key = key, .event = &event, .steps = {}};
    found.steps.resize(rule.steps.size());
    Show(members[sighting], found, outcome);
    const auto suppressed = gate.Pass(found, event.time);
    if (!suppressed) continue;
    outcome.suppressed = *suppressed;
    outcome.joint_key = gate.joint_key();
    outcomes.push_back(std::move(outcome));
  }
}

}  // namespace telltale::model
