#include "daemon/testing/coverage_points.h"

#include <algorithm>
#include <utility>

#include "engine/reading/condition_parts.h"
#include "rules/model/alert_reads.h"

namespace telltale::testing {
namespace {

bool SameLimits(const rules::Limits& a, const rules::Limits& b) {
  return a.partial_matches == b.partial_matches && a.events == b.events &&
         a.matches_per_event == b.matches_per_event && a.on_limit == b.on_limit;
}

std::string OneLine(std::string text) {
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text;
}

std::string NameOf(const rules::Rule& rule, const rules::Place& place) {
  switch (place.kind) {
    case rules::Place::Kind::kStep:
      return "step '" + rule.steps[place.index].name + "'";
    case rules::Place::Kind::kNot:
      return "the 'not'";
    case rules::Place::Kind::kGroup:
      return "the group";
    case rules::Place::Kind::kAnyOf:
      return "the 'any_of'";
    case rules::Place::Kind::kAllOf:
      return "the 'all_of'";
  }
  return "";
}

}  // namespace

RulePoints::RulePoints(const rules::Rule& rule) {
  alerts = Add("alert", "it never alerts", rule.span);
  quiet = Add("alert", "it is never quiet", rule.span);
  if (rule.within) too_late = Add("window", "its 'within' never runs out", rule.span);
  if (rule.timeout_from) timed_out = Add("timeout", "it never times out", rule.span);
  taken.resize(rule.steps.size());
  branches.resize(rule.steps.size());
  OfPlace(rule, rule.pattern);
  for (const rules::Absence& absence : rule.absences) {
    broken.push_back(Add("not", "the 'not' is never broken", absence.span));
    Condition(absence.selector, branches.emplace_back());
  }
  for (const rules::Until& until : rule.untils) {
    ended.push_back(Add("until", "the 'until' never ends anything", until.span));
    Condition(until.selector, branches.emplace_back());
  }
  for (const rules::Exception& exception : rule.exceptions) {
    exceptions.push_back(
        Add("exception", "exception '" + exception.name + "' keeps nothing back", exception.span));
  }
  if (rule.suppress) suppressed = Add("suppress", "'suppress' keeps nothing back", rule.span);
  if (!SameLimits(rule.limits, {})) limited = Add("limits", "'limits' never act", rule.span);
}

PointIndex RulePoints::Add(std::string kind, std::string text, const rules::Span& span) {
  all.push_back({.kind = std::move(kind), .text = std::move(text), .span = span});
  return all.size() - 1;
}

// In the order of the text.
void RulePoints::OfPlace(const rules::Rule& rule, const rules::Place& place) {
  if (place.IsNot()) return;
  const std::string name = NameOf(rule, place);
  if (place.IsStep()) taken[place.index] = Add("step", name + " is never taken", place.span);
  PlacePoints points{.place = &place};
  if (place.optional) points.left_out = Add("step", name + " is never left out", place.span);
  if (place.within)
    points.too_late = Add("window", "'within' of " + name + " never runs out", place.span);
  if (place.repeat.repeats() && place.repeat.within) {
    points.repeat_too_late =
        Add("window", "'within' in the repeat of " + name + " never runs out", place.span);
  }
  if (points.left_out || points.too_late || points.repeat_too_late) places.push_back(points);
  if (place.IsStep()) Condition(rule.steps[place.index].selector, branches[place.index]);
  for (const rules::Place& inner : place.places) OfPlace(rule, inner);
}

// A condition of one part is a branch, too.
void RulePoints::Condition(const rules::Selector& selector, std::vector<BranchPoints>& points) {
  if (!selector.where) return;
  std::vector<rules::Expression> parts = engine::Branches(*selector.where);
  if (parts.empty()) parts.push_back(*selector.where);
  for (rules::Expression& part : parts) {
    if (rules::IsGuardOfAlerts(*part.root)) continue;
    const std::string text = "'" + OneLine(engine::PartText(part)) + "'";
    const rules::Span place = engine::PartPlace(part);
    const PointIndex never_true = Add("condition", text + " is never true", place);
    const PointIndex never_false = Add("condition", text + " is never false", place);
    points.push_back({std::move(part), never_true, never_false});
  }
}

}  // namespace telltale::testing
