#include "rules/load/checks/structure_check.h"

#include <algorithm>
#include <string>

#include "rules/load/checks/automaton_check.h"
#include "rules/load/checks/condition_check.h"
#include "rules/load/checks/effect_check.h"
#include "rules/load/checks/key_check.h"
#include "rules/load/checks/not_check.h"
#include "rules/load/checks/number_check.h"
#include "rules/load/checks/reach_check.h"
#include "rules/load/checks/tie_check.h"
#include "rules/load/checks/window_check.h"

namespace telltale::rules {
namespace {

std::string Quoted(const Step& step) { return "'" + step.name + "'"; }

// Whether a repeat of the step alone is what has no window.
bool IsRepeatOf(const Place& place, uint32_t step) {
  if (place.IsStep()) return place.index == step && place.repeat.repeats() && place.within;
  return std::any_of(place.places.begin(), place.places.end(),
                     [&](const Place& inner) { return IsRepeatOf(inner, step); });
}

// The first step that something can wait for without a bound.
void WarnOfState(const Rule& rule, const Automaton& automaton, Diagnostics& diagnostics) {
  if (rule.within) return;
  std::optional<uint32_t> first;
  for (size_t m = automaton.states[0].moves; m < automaton.moves.size(); ++m) {
    const Move& move = automaton.moves[m];
    if (!move.within && (!first || move.step < *first)) first = move.step;
  }
  if (!first) return;
  const Step& step = rule.steps[*first];
  diagnostics.Warning(kStateForEver, step.span,
                      "nothing bounds how long a partial match waits for " +
                          (IsRepeatOf(rule.pattern, *first)
                               ? "another " + Quoted(step) + ": give the rule or the 'repeat'"
                               : Quoted(step) + ": give the rule or the step") +
                          " a 'within'");
}

}  // namespace

std::optional<Automaton> CheckStructure(const Rule& rule, const StreamCatalog& streams,
                                        Diagnostics& diagnostics) {
  if (rule.SequenceSteps() == 0) {
    diagnostics.Error(kNoRequiredStep,
                      rule.absences.empty() ? rule.span : rule.absences.front().span,
                      "a sequence needs a step: absence alone has no time");
    return std::nullopt;
  }
  CheckKey(rule, streams, diagnostics);
  CheckNots(rule, diagnostics);
  std::optional<Automaton> automaton = CheckAutomaton(rule, diagnostics);
  if (automaton) CheckUntil(rule, *automaton, diagnostics);
  return automaton;
}

void WarnOfStructure(const Rule& rule, const Automaton& automaton, const StreamCatalog& streams,
                     Diagnostics& diagnostics) {
  WarnOfKey(rule, diagnostics);
  WarnOfState(rule, automaton, diagnostics);
  WarnOfNoEffect(rule, automaton, streams, diagnostics);
  WarnOfNumbers(rule, diagnostics);
  WarnOfConditions(rule, automaton, diagnostics);
  WarnOfUnreachable(rule, automaton, diagnostics);
  WarnOfTies(rule, streams, diagnostics);
  WarnOfWindows(rule, diagnostics);
  WarnOfUndeclared(rule, streams, diagnostics);
}

}  // namespace telltale::rules
