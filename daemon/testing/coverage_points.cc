#include "daemon/testing/coverage_points.h"

#include <algorithm>
#include <utility>

#include "engine/reading/condition_parts.h"

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

}  // namespace

RulePoints::RulePoints(const rules::Rule& rule) {
  alerts = Add("alert", "it never alerts", rule.span);
  quiet = Add("alert", "it is never quiet", rule.span);
  if (rule.within) too_late = Add("window", "its 'within' never runs out", rule.span);
  for (const rules::Step& step : rule.steps) Step(step);
  for (const rules::Absence& absence : rule.absences) {
    broken.push_back(Add("not", "the 'not' is never broken", absence.span));
    Condition(absence.selector);
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

void RulePoints::Step(const rules::Step& step) {
  const std::string name = "step '" + step.name + "'";
  taken.push_back(Add("step", name + " is never taken", step.span));
  skipped.emplace_back();
  if (step.optional) skipped.back() = Add("step", name + " is never left out", step.span);
  step_too_late.emplace_back();
  if (step.within)
    step_too_late.back() = Add("window", "'within' of " + name + " never runs out", step.span);
  Condition(step.selector);
}

// A condition of one part is a branch, too.
void RulePoints::Condition(const rules::Selector& selector) {
  std::vector<BranchPoints>& points = branches.emplace_back();
  if (!selector.where) return;
  std::vector<rules::Expression> parts = engine::Branches(*selector.where);
  if (parts.empty()) parts.push_back(*selector.where);
  for (rules::Expression& part : parts) {
    const std::string text = "'" + OneLine(engine::PartText(part)) + "'";
    const rules::Span place = engine::PartPlace(part);
    const PointIndex never_true = Add("condition", text + " is never true", place);
    const PointIndex never_false = Add("condition", text + " is never false", place);
    points.push_back({std::move(part), never_true, never_false});
  }
}

}  // namespace telltale::testing
