#include "rules/load/checks/automaton_check.h"

#include <algorithm>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "rules/model/progress.h"

namespace telltale::rules {
namespace {

constexpr size_t kMostCulprits = 3;

// A place by which the states of what is in it are multiplied.
struct Culprit {
  uint64_t times = 0;
  const Place* place = nullptr;
};

uint64_t Product(uint64_t a, uint64_t b) {
  uint64_t product = 0;
  return __builtin_mul_overflow(a, b, &product) ? UINT64_MAX : product;
}

// About how many states the place has, and what makes them.
uint64_t CountStates(const Place& place, std::vector<Culprit>& culprits) {
  uint64_t states = place.kind == Place::Kind::kAllOf || place.IsStep() ? 1 : 0;
  for (const Place& inner : place.places) {
    const uint64_t within = CountStates(inner, culprits);
    states = place.kind == Place::Kind::kAllOf ? Product(states, within + 1)
                                               : std::min(states + within, UINT64_MAX / 2);
  }
  if (place.kind == Place::Kind::kAllOf) culprits.push_back({states, &place});
  const uint64_t times =
      place.repeat.max == kUnbounded ? place.repeat.min : std::max(place.repeat.max, 1u);
  if (times > 1) culprits.push_back({times, &place});
  return std::min(Product(states, times), UINT64_MAX / 4);
}

std::string CulpritText(const Culprit& culprit) {
  const Place& place = *culprit.place;
  if (place.kind == Place::Kind::kAllOf &&
      (!place.repeat.repeats() || culprit.times != place.repeat.max))
    return std::to_string(place.places.size()) + " members in any order";
  return std::to_string(culprit.times) + " times are counted";
}

void LabelCulprits(const Rule& rule, Diagnostic& error) {
  std::vector<Culprit> culprits;
  CountStates(rule.pattern, culprits);
  std::stable_sort(culprits.begin(), culprits.end(),
                   [](const Culprit& a, const Culprit& b) { return a.times > b.times; });
  if (culprits.size() > kMostCulprits) culprits.resize(kMostCulprits);
  for (const Culprit& culprit : culprits)
    error.labels.push_back({culprit.place->span, CulpritText(culprit)});
}

void Tell(const Rule& rule, const AutomatonFault& fault, Diagnostics& diagnostics) {
  switch (fault.kind) {
    case AutomatonFault::Kind::kTwiceAsleep:
      diagnostics
          .Error(kWaitsForTwoTimes, fault.span,
                 "this all_of stands in one that repeats, and an event could begin it in the time "
                 "under way there or in the next: its members cannot wait for both")
          .notes.push_back(
              "it can stand there where neither it nor a group around it in that member is "
              "optional or repeats");
      return;
    case AutomatonFault::Kind::kEndlessGreedy:
      diagnostics.Error(kGreedyForEver, fault.span,
                        "nothing ends this greedy repeat, and the match is known only when it has "
                        "ended: give the rule a 'within', or the repeat a 'within', 'until' or "
                        "'max'");
      return;
    case AutomatonFault::Kind::kTooManyStates:
      LabelCulprits(
          rule,
          diagnostics.Error(
              kPatternTooLarge, fault.span,
              "this pattern has more than " + std::to_string(kMostStates) + " states, or " +
                  std::to_string(kMostMoves) +
                  " moves between them: of what is counted, and of members in any order, each "
                  "combination is one"));
      return;
    case AutomatonFault::Kind::kTooManyWays:
      diagnostics
          .Error(kPatternTooWide, fault.span,
                 "a partial match of this pattern can go on in more than " +
                     std::to_string(kMostWays) + " ways at a time")
          .notes.push_back(
              "a step counts once for each repeat around it that can go on with it, and members of "
              "an all_of wait side by side");
      return;
  }
}

// Whether what is in the state ends when time runs out: a way ends so, and no other stays open for
// ever.
bool TimesOut(const Rule& rule, const Automaton& automaton, const State& state) {
  bool ends = false;
  for (uint32_t m = state.first_move; m < state.first_move + state.moves; ++m) {
    const Move& move = automaton.moves[m];
    if (rule.within || move.within) {
      ends = true;
    } else if (move.contiguity != Contiguity::kStrict && move.ends_at.empty()) {
      return false;
    }
  }
  return ends;
}

}  // namespace

std::optional<Automaton> CheckAutomaton(const Rule& rule, Diagnostics& diagnostics) {
  // Far beyond the budget it is not even tried.
  std::vector<Culprit> culprits;
  if (CountStates(rule.pattern, culprits) > 2 * kMostStates) {
    Tell(rule, {AutomatonFault::Kind::kTooManyStates, rule.pattern.span}, diagnostics);
    return std::nullopt;
  }
  auto built = BuildAutomaton(rule.pattern, rule.within.has_value());
  if (Automaton* automaton = std::get_if<Automaton>(&built)) return std::move(*automaton);
  for (const AutomatonFault& fault : std::get<std::vector<AutomatonFault>>(built))
    Tell(rule, fault, diagnostics);
  return std::nullopt;
}

void CheckTimeout(const Rule& rule, const Automaton& automaton, const Span& span,
                  Diagnostics& diagnostics) {
  if (!rule.timeout_from) return;
  const Step& from = rule.steps[*rule.timeout_from];
  bool waits = false;
  for (const Move& move : automaton.moves) {
    const State& state = automaton.states[move.to];
    if (move.step < *rule.timeout_from || state.accepts || state.moves == 0) continue;
    waits = true;
    if (TimesOut(rule, automaton, state)) return;
  }
  const std::string name = "'" + from.name + "'";
  Diagnostic& error = diagnostics.Error(
      kBadTimeoutStep, span,
      waits ? "a partial match that has come to " + name +
                  " waits for ever: give the rule a 'within', or the steps behind it theirs"
            : "nothing more is needed once " + name +
                  " has taken its event: the match is complete and cannot run out of time");
  error.labels.push_back({from.span, "this step"});
}

void CheckUntil(const Rule& rule, const Automaton& automaton, Diagnostics& diagnostics) {
  if (rule.until && automaton.moves.size() == automaton.states[0].moves)
    RefuseIdleUntil(rule.untils[*rule.until].span, diagnostics);
}

void RefuseIdleUntil(const Span& span, Diagnostics& diagnostics) {
  diagnostics.Error(kConflictingKeys, span,
                    "'until' drops what waits for further events, and here one event completes a "
                    "match");
}

}  // namespace telltale::rules
