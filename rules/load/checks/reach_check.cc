#include "rules/load/checks/reach_check.h"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "rules/load/checks/selector_cover.h"

namespace telltale::rules {
namespace {

std::string Quoted(const Step& step) { return "'" + step.name + "'"; }

// Whether what takes the events of a greedy way takes them whatever comes: nothing ends it or holds
// it back that does not hold back the other.
bool AlwaysTakes(const Move& greedy, const Move& other) {
  return greedy.contiguity != Contiguity::kStrict && !greedy.within && greedy.ends_at.empty() &&
         greedy.not_untils.empty() && greedy.strict_nots.empty() &&
         std::includes(other.absences.begin(), other.absences.end(), greedy.absences.begin(),
                       greedy.absences.end());
}

// Why a step is never taken: what stands in its way.
struct Obstacle {
  Span span;
  std::string what;
};

class DeadMoves {
 public:
  DeadMoves(const Rule& rule, const Automaton& automaton) : rule_(rule), automaton_(automaton) {}

  // None: nothing is known to keep the move from being made.
  std::optional<Obstacle> Find(size_t state, const Move& move) const {
    const Selector& selector = rule_.steps[move.step].selector;
    // A key's partial matches are dropped before the step is asked (P5).
    if (rule_.until && state != 0 && Covers(rule_.untils[*rule_.until].selector, selector))
      return Obstacle{rule_.untils[*rule_.until].span, "the rule's 'until' comes before it"};
    for (const auto* untils : {&move.not_untils, &move.ends_at}) {
      for (const uint32_t until : *untils) {
        if (Covers(rule_.untils[until].selector, selector))
          return Obstacle{rule_.untils[until].span, "the 'until' leaves it nothing"};
      }
    }
    const State& from = automaton_.states[state];
    for (uint32_t m = from.first_move; m < from.first_move + from.moves; ++m) {
      const Move& greedy = automaton_.moves[m];
      if ((move.yields >> greedy.way & 1) == 0 || !AlwaysTakes(greedy, move)) continue;
      const Step& taker = rule_.steps[greedy.step];
      if (greedy.step != move.step && Covers(taker.selector, selector))
        return Obstacle{taker.span, Quoted(taker) + " is greedy, and takes its events"};
    }
    return std::nullopt;
  }

 private:
  const Rule& rule_;
  const Automaton& automaton_;
};

// What keeps each step from ever being taken; none where nothing does on one of its moves.
std::vector<std::optional<Obstacle>> FindObstacles(const Rule& rule, const Automaton& automaton) {
  const DeadMoves dead(rule, automaton);
  std::vector<std::optional<Obstacle>> obstacles(rule.steps.size());
  std::vector<bool> free(rule.steps.size(), false);
  for (size_t s = 0; s < automaton.states.size(); ++s) {
    const State& state = automaton.states[s];
    for (uint32_t m = state.first_move; m < state.first_move + state.moves; ++m) {
      const Move& move = automaton.moves[m];
      if (free[move.step]) continue;
      std::optional<Obstacle> obstacle = dead.Find(s, move);
      free[move.step] = !obstacle;
      if (obstacle && !obstacles[move.step]) obstacles[move.step] = std::move(obstacle);
    }
  }
  for (size_t step = 0; step < free.size(); ++step) {
    if (free[step]) obstacles[step].reset();
  }
  return obstacles;
}

// Whether any expression of the rule speaks of the step.
bool IsNamed(const Rule& rule, uint32_t step) {
  const auto names = [step](const auto& placed) {
    const std::optional<Expression>& where = placed.selector.where;
    return where && std::find(where->steps.begin(), where->steps.end(), step) != where->steps.end();
  };
  return std::any_of(rule.steps.begin(), rule.steps.end(), names) ||
         std::any_of(rule.absences.begin(), rule.absences.end(), names) ||
         std::any_of(rule.untils.begin(), rule.untils.end(), names);
}

// Of two alternatives for the same events a match has the first (P6). One for fewer events than the
// first is another matter: its first event may be a later one.
void WarnOfSameAlternatives(const Rule& rule, const Place& place, Diagnostics& diagnostics) {
  for (const Place& inner : place.places) WarnOfSameAlternatives(rule, inner, diagnostics);
  if (place.kind != Place::Kind::kAnyOf) return;
  const auto plain = [&](const Place& alternative) {
    return alternative.IsStep() && !alternative.repeat.repeats() && alternative.repeat.min == 1 &&
           !IsNamed(rule, alternative.index);
  };
  for (size_t second = 1; second < place.places.size(); ++second) {
    const Place& shadowed = place.places[second];
    if (!plain(shadowed)) continue;
    const Step& step = rule.steps[shadowed.index];
    for (size_t first = 0; first < second; ++first) {
      const Place& earlier = place.places[first];
      if (!plain(earlier) || earlier.within != shadowed.within ||
          !Covers(rule.steps[earlier.index].selector, step.selector) ||
          !Covers(step.selector, rule.steps[earlier.index].selector)) {
        continue;
      }
      diagnostics
          .Warning(kUnreachableStep, step.span,
                   Quoted(step) + " is never taken: what fits it fits " +
                       Quoted(rule.steps[earlier.index]) + ", an alternative before it")
          .labels.push_back({rule.steps[earlier.index].span, "this one"});
      break;
    }
  }
}

}  // namespace

Reach::Reach(const Automaton& automaton, const MovePredicate& dead) {
  std::vector<bool> seen(automaton.states.size(), false);
  std::vector<size_t> open = {0};
  seen[0] = true;
  while (!open.empty() && !matches_) {
    const size_t s = open.back();
    open.pop_back();
    const State& state = automaton.states[s];
    matches_ = state.accepts;
    for (uint32_t m = state.first_move; m < state.first_move + state.moves; ++m) {
      const Move& move = automaton.moves[m];
      if (seen[move.to] || dead(s, move)) continue;
      seen[move.to] = true;
      open.push_back(move.to);
    }
  }
}

void WarnOfUnreachable(const Rule& rule, const Automaton& automaton, Diagnostics& diagnostics) {
  const std::vector<std::optional<Obstacle>> obstacles = FindObstacles(rule, automaton);
  for (uint32_t i = 0; i < obstacles.size(); ++i) {
    if (!obstacles[i]) continue;
    const Step& step = rule.steps[i];
    const Reach without(automaton, [i](size_t, const Move& move) { return move.step == i; });
    Diagnostic& warning =
        diagnostics.Warning(without.matches() ? kUnreachableStep : kNeverMatches, step.span,
                            Quoted(step) + " is never taken" +
                                (without.matches() ? "" : ", and so the rule can never match") +
                                ": " + obstacles[i]->what);
    warning.labels.push_back({obstacles[i]->span, "this"});
    if (!without.matches()) warning.notes.push_back("mode: off parks a rule");
  }
  WarnOfSameAlternatives(rule, rule.pattern, diagnostics);
}

}  // namespace telltale::rules
