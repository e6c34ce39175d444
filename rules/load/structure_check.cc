#include "rules/load/structure_check.h"

#include <algorithm>
#include <string>
#include <vector>

#include "rules/load/automaton_check.h"
#include "rules/load/condition_check.h"
#include "rules/load/effect_check.h"
#include "rules/load/number_check.h"
#include "rules/load/reach_check.h"
#include "rules/load/tie_check.h"

namespace telltale::rules {
namespace {

std::string Quoted(const Step& step) { return "'" + step.name + "'"; }

// --- Where a `not` may stand ---

void CheckLeading(const Absence& absence, Diagnostics& diagnostics) {
  if (absence.within) return;
  diagnostics.Error(kLeadingNotWithoutWithin, absence.span,
                    "a 'not' before the first step needs a 'within': how far back to look");
}

void CheckTrailing(const Rule& rule, const Absence& absence, Diagnostics& diagnostics) {
  if (absence.within || rule.within) return;
  diagnostics.Error(
      kTrailingNotWithoutDeadline, absence.span,
      "a 'not' after the last step needs a 'within', here or on the rule: how long to wait");
}

void CheckBetween(const Absence& absence, Diagnostics& diagnostics) {
  if (!absence.within) return;
  diagnostics.Error(
      kAbsenceWithinBetween, absence.span,
      "a 'not' between two steps holds from the one to the other; 'within' has no meaning there");
}

// Of the places of a group, those of the sequence itself (`whole`) or of one in it.
void CheckNotsOf(const Rule& rule, const Place& group, bool whole, Diagnostics& diagnostics) {
  const std::vector<Place>& places = group.places;
  const auto is_not = [](const Place& place) { return place.IsNot(); };
  const auto first = std::find_if_not(places.begin(), places.end(), is_not);
  const auto behind = std::find_if_not(places.rbegin(), places.rend(), is_not).base();
  for (auto at = places.begin(); at != places.end(); ++at) {
    if (!at->IsNot()) continue;
    const Absence& absence = rule.absences[at->index];
    if (at > first && at < behind) {
      CheckBetween(absence, diagnostics);
      continue;
    }
    if (!whole) {
      diagnostics.Error(kMisplacedNot, absence.span,
                        "a 'not' in a group stands between two of its places; before or behind "
                        "the group it says the same of what is there");
      continue;
    }
    if (at->contiguity == Contiguity::kStrict) {
      diagnostics.Error(kIdleContiguity, absence.span,
                        "a 'not' before the first or behind the last step speaks of a time, and "
                        "cannot be strict");
    }
    if (at < first)
      CheckLeading(absence, diagnostics);
    else
      CheckTrailing(rule, absence, diagnostics);
  }
}

void CheckNots(const Rule& rule, const Place& place, Diagnostics& diagnostics) {
  if (place.kind == Place::Kind::kGroup) {
    CheckNotsOf(rule, place, &place == &rule.pattern, diagnostics);
  } else {
    for (const Place& inner : place.places) {
      if (!inner.IsNot()) continue;
      diagnostics.Error(kMisplacedNot, inner.span,
                        place.kind == Place::Kind::kAnyOf
                            ? "a 'not' is no alternative: it takes no event"
                            : "a 'not' is no member of an all_of: between which of the others it "
                              "should stand is open");
    }
  }
  for (const Place& inner : place.places) CheckNots(rule, inner, diagnostics);
}

// --- Keys ---

bool IsConstant(const Selector& selector) {
  return std::all_of(selector.by.begin(), selector.by.end(),
                     [](const Expression& part) { return part.root->kind == ExprKind::kConstant; });
}

// There is no `by`, or one that no event has a part in.
bool HasOneKey(const Rule& rule) {
  const size_t parts = rule.key_names.size();
  const auto same = [&](const auto& placed) {
    return placed.selector.by.size() == parts && IsConstant(placed.selector);
  };
  return std::all_of(rule.steps.begin(), rule.steps.end(), same) &&
         std::all_of(rule.absences.begin(), rule.absences.end(), same) &&
         std::all_of(rule.untils.begin(), rule.untils.end(), same);
}

// Where instances share the topics partition by partition, one key for all would be one for each
// partition.
void CheckKey(const Rule& rule, const StreamCatalog& streams, Diagnostics& diagnostics) {
  if (!streams.co_partitioned() || !rule.HoldsState()) return;
  const auto refuse = [&](const std::string& why) {
    diagnostics.Error(kKeylessCoPartitioned, rule.span, why)
        .notes.push_back("the config says 'co_partitioned: true'; give the rule the topics' key");
  };
  if (HasOneKey(rule)) {
    refuse(std::string(rule.key_names.empty() ? "a rule without 'by'" : "a 'by' of constants") +
           " has one key for all events, and no instance sees them all");
  } else if (rule.group_missing_key) {
    refuse(
        "'missing_key: group' makes one key of events without one, and no instance sees them all");
  }
  const auto has_each = [](const auto& placed) { return placed.selector.each != 0; };
  if (std::any_of(rule.steps.begin(), rule.steps.end(), has_each) ||
      std::any_of(rule.absences.begin(), rule.absences.end(), has_each) ||
      std::any_of(rule.untils.begin(), rule.untils.end(), has_each)) {
    refuse("with each() an event has several keys, and lies in the partition of one at most");
  }
}

void WarnOfKey(const Rule& rule, Diagnostics& diagnostics) {
  if (!HasOneKey(rule) || !rule.HoldsState()) return;
  diagnostics.Warning(
      kSingleKey, rule.span,
      std::string(rule.key_names.empty() ? "without 'by'" : "with a 'by' of constants") +
          " all events have one key, and the rule runs on one shard");
}

// --- State for ever ---

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

// --- Undeclared fields ---

// Whether the stream declares the path, or something above or below it.
bool Declares(const Stream& stream, const FieldPath& path) {
  return std::any_of(stream.fields.begin(), stream.fields.end(), [&](const auto& field) {
    const size_t common = std::min(field.first.size(), path.size());
    return std::equal(path.begin(), path.begin() + static_cast<std::ptrdiff_t>(common),
                      field.first.begin());
  });
}

// A 'not' whose condition ends in an error did not happen (P4): a misspelt field would let
// everything pass.
void WarnOfUndeclared(const Absence& absence, const StreamCatalog& streams,
                      Diagnostics& diagnostics) {
  const Stream& stream = streams[absence.selector.stream];
  if (!absence.selector.where || stream.fields.empty()) return;
  for (const FieldRead& read : absence.selector.where->reads) {
    if (read.stream != absence.selector.stream || read.path.empty() || Declares(stream, read.path))
      continue;
    diagnostics.Warning(kUndeclaredFieldInNot, absence.selector.where->text.Whole(),
                        "stream '" + stream.name + "' declares no field '" + PathText(read.path) +
                            "': where it is absent, this 'not' bars nothing");
  }
}

}  // namespace

std::optional<Automaton> CheckStructure(const Rule& rule, const StreamCatalog& streams,
                                        Diagnostics& diagnostics) {
  if (rule.steps.empty()) {
    diagnostics.Error(kNoRequiredStep,
                      rule.absences.empty() ? rule.span : rule.absences.front().span,
                      "a sequence needs a step: absence alone has no time");
    return std::nullopt;
  }
  CheckKey(rule, streams, diagnostics);
  CheckNots(rule, rule.pattern, diagnostics);
  std::optional<Automaton> automaton = CheckAutomaton(rule, diagnostics);
  if (automaton) {
    CheckTimeout(rule, *automaton, diagnostics);
    CheckUntil(rule, *automaton, diagnostics);
  }
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
  for (const Absence& absence : rule.absences) WarnOfUndeclared(absence, streams, diagnostics);
}

}  // namespace telltale::rules
