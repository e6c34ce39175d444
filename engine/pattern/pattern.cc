#include "engine/pattern/pattern.h"

#include <algorithm>
#include <set>
#include <variant>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "engine/event/hash.h"

namespace telltale::engine {
namespace {

// A bit for each of the rule's windows.
uint32_t WindowsRead(const rules::Rule& rule, const rules::Expr& expr) {
  uint32_t read = 0;
  for (size_t i = 0; i < rule.windows.size(); ++i) {
    const rules::StepWindow& window = rule.windows[i];
    const bool own = expr.kind == rules::ExprKind::kAggregate && expr.index >= window.first_call &&
                     expr.index - window.first_call < window.aggregate.calls.size();
    if (own) read |= uint32_t{1} << i;
  }
  for (const auto& arg : expr.args) read |= WindowsRead(rule, *arg);
  return read;
}

absl::Status AddCross(const rules::Rule& rule, const rules::Selector& selector,
                      const std::vector<EventLayout>& layouts, const Inputs* inputs,
                      CrossPlan& plan) {
  const SplitCondition split = Split(selector.where);
  if (selector.where) plan.windows = WindowsRead(rule, *selector.where->root);
  if (split.measured) {
    absl::StatusOr<ProgramPtr> measured = Compile(*split.measured, layouts, inputs);
    if (!measured.ok()) return measured.status();
    plan.measured = *std::move(measured);
  }
  if (!split.cross) return absl::OkStatus();
  absl::StatusOr<ProgramPtr> cross = Compile(*split.cross, layouts, inputs);
  if (!cross.ok()) return cross.status();
  plan.cross = *std::move(cross);
  absl::StatusOr<Joins> joins = Joins::Compile(*split.cross, layouts, inputs);
  if (!joins.ok()) return joins.status();
  plan.joins = *std::move(joins);
  for (const uint32_t step : split.cross->steps) {
    plan.asks |= StepMask{1} << step;
    plan.asks_lists = plan.asks_lists || rule.steps[step].list;
  }
  return absl::OkStatus();
}

StopMask MaskOf(const std::vector<uint32_t>& bits, uint32_t first = 0) {
  StopMask mask = 0;
  for (const uint32_t bit : bits) mask |= StopMask{1} << (first + bit);
  return mask;
}

const char* WordsFor(rules::AutomatonFault::Kind kind) {
  using Kind = rules::AutomatonFault::Kind;
  switch (kind) {
    case Kind::kTooManyStates:
      return "its repeats and members in any order have too many states";
    case Kind::kTooManyWays:
      return "too many steps may come next at a time";
    case Kind::kTwiceAsleep:
      return "an 'all_of' may begin in this time of one around it, or in the next";
    case Kind::kEndlessGreedy:
      return "a greedy repeat at the end that nothing ends";
  }
  return "";
}

// The moves and states of the automaton with what they ask as masks.
class PatternMaker {
 public:
  PatternMaker(const rules::Rule& rule, const rules::Automaton& automaton)
      : rule_(rule), automaton_(automaton), untils_(static_cast<uint32_t>(rule.absences.size())) {}

  void Fill(Pattern& pattern) const {
    pattern.leading = MaskOf(automaton_.leading);
    pattern.trailing = MaskOf(automaton_.trailing);
    if (rule_.until) pattern.until = MaskOf({*rule_.until}, untils_);
    pattern.strands = automaton_.strands;
    pattern.sleep = automaton_.sleep;
    pattern.sleep_strands = automaton_.sleep_strands;
    for (const rules::Move& move : automaton_.moves) pattern.moves.push_back(PlanOf(move));
    for (const rules::Move& move : automaton_.sleepers) pattern.sleepers.push_back(PlanOf(move));
    for (const rules::State& state : automaton_.states)
      pattern.states.push_back(PlanOf(state, pattern));
    for (const MovePlan& move : pattern.moves) {
      pattern.anchors = pattern.anchors || (move.strand != 0 && move.within != kNoWindow);
      pattern.sees_all = pattern.sees_all || move.strict_nots != 0;
    }
    for (const StatePlan& state : pattern.states) {
      pattern.sees_all = pattern.sees_all || state.strict != 0;
      pattern.greedy_end = pattern.greedy_end || state.yields != 0;
    }
    for (const StatePlan& state : pattern.states) {
      StepMask steps = 0;
      for (uint32_t m = state.first_move; m < state.first_move + state.moves; ++m) {
        const StepMask step = StepMask{1} << pattern.moves[m].step;
        pattern.ambiguous = pattern.ambiguous || (steps & step) != 0;
        steps |= step;
      }
    }
    pattern.anchors = pattern.anchors || (pattern.ambiguous && pattern.strands > 1);
    pattern.identity = IdentityOf(pattern);
    if (rule_.timeout_from) pattern.timeout_from = ~StepMask{0} << *rule_.timeout_from;
    pattern.ends_quietly = rule_.after_match.kind == rules::SkipKind::kNoSkip &&
                           !rule_.timeout_from && pattern.trailing == 0 && !pattern.greedy_end;
  }

 private:
  static uint64_t IdentityOf(const Pattern& pattern) {
    PartHasher hasher;
    hasher.Add(pattern.strands).Add(pattern.anchors ? 1 : 0).Add(pattern.states.size());
    for (const StatePlan& state : pattern.states) {
      hasher.Add(state.first_move).Add(state.moves).Add(state.accepts ? 1 : 0).Add(state.yields);
      hasher.Add(state.asleep);
    }
    for (const MovePlan& move : pattern.moves) {
      hasher.Add(move.step).Add(move.to).Add(move.way).Add(move.strand);
    }
    return hasher.Finish()[0];
  }

  MovePlan PlanOf(const rules::Move& move) const {
    MovePlan plan;
    plan.step = move.step;
    plan.to = move.to;
    plan.within = move.within.value_or(kNoWindow);
    plan.way = WayMask{1} << move.way;
    plan.yields = move.yields;
    plan.keeps = move.keeps;
    plan.wakes = move.wakes;
    plan.opens = move.opens;
    plan.guard = move.guard;
    plan.nots = MaskOf(move.absences);
    plan.strict_nots = MaskOf(move.strict_nots);
    plan.ends_at = MaskOf(move.ends_at, untils_);
    plan.not_taken = MaskOf(move.not_untils, untils_);
    plan.contiguity = move.contiguity;
    plan.strand = move.strand;
    plan.kept_strands = move.kept_strands;
    plan.woken_strands = move.woken_strands;
    return plan;
  }

  static StatePlan PlanOf(const rules::State& state, const Pattern& pattern) {
    StatePlan plan;
    plan.first_move = state.first_move;
    plan.moves = state.moves;
    plan.first_sleeper = state.first_sleeper;
    plan.sleepers = state.sleepers;
    plan.asleep = state.asleep;
    plan.place = state.place;
    plan.accepts = state.accepts;
    plan.yields = state.yields;
    const auto add = [&](const MovePlan& move) {
      plan.ways |= move.way | move.guard;
      plan.steps |= StepMask{1} << move.step;
      plan.stops |= move.nots | move.strict_nots | move.ends_at;
      // What begins a match has nothing before it.
      if (state.first_move == 0) return;
      plan.strict |= move.guard;
      if (move.contiguity == rules::Contiguity::kStrict) plan.strict |= move.way;
    };
    for (uint32_t m = 0; m < state.moves; ++m) add(pattern.moves[state.first_move + m]);
    for (uint32_t m = 0; m < state.sleepers; ++m) add(pattern.sleepers[state.first_sleeper + m]);
    return plan;
  }

  const rules::Rule& rule_;
  const rules::Automaton& automaton_;
  const uint32_t untils_;  // the bit of the first
};

}  // namespace

namespace {

// `greedy`, and a strict `not`, tell partial matches of one state and event apart.
bool HasGreedyOrStrictNot(const rules::Place& place) {
  return place.repeat.greedy || (place.IsNot() && place.contiguity == rules::Contiguity::kStrict) ||
         std::any_of(place.places.begin(), place.places.end(), HasGreedyOrStrictNot);
}

// P10: `any` makes many partial matches, and a count (P6) may be of many; where nothing tells those
// of one state and event apart, they are kept as one. Each of these could:
bool CanShare(const Pattern& pattern) {
  const rules::Rule& rule = *pattern.rule;
  const auto crosses = [](const auto& plan) { return plan.cross != nullptr; };
  const auto is_any = [](const MovePlan& move) {
    return move.contiguity == rules::Contiguity::kAny;
  };
  return rules::KeepsAll(rule.match) && pattern.ends_quietly && pattern.strands == 1 &&
         !HasGreedyOrStrictNot(rule.pattern) && pattern.states.size() <= kMostSharedStates &&
         (rule.match == rules::MatchMode::kCount ||
          std::any_of(pattern.moves.begin(), pattern.moves.end(), is_any)) &&
         std::none_of(pattern.steps.begin(), pattern.steps.end(), crosses) &&
         std::none_of(pattern.stops.begin(), pattern.stops.end(), crosses);
}

}  // namespace

absl::StatusOr<Pattern> CompilePattern(const rules::Rule& rule,
                                       const std::vector<EventLayout>& layouts,
                                       const Inputs* inputs) {
  if (rule.steps.empty() || rule.steps.size() > kMaxSteps ||
      rule.absences.size() + rule.untils.size() > kMaxStops) {
    return absl::ResourceExhaustedError(absl::StrCat("rule '", rule.id, "': a sequence has 1 to ",
                                                     kMaxSteps, " steps and up to ", kMaxStops,
                                                     " nots and untils"));
  }
  const auto built = rules::BuildAutomaton(rule.pattern, rule.within.has_value());
  if (const auto* faults = std::get_if<std::vector<rules::AutomatonFault>>(&built)) {
    return absl::InvalidArgumentError(
        absl::StrCat("rule '", rule.id, "': ", WordsFor(faults->front().kind)));
  }
  Pattern pattern;
  pattern.rule = &rule;
  PatternMaker(rule, std::get<rules::Automaton>(built)).Fill(pattern);
  for (const rules::Step& step : rule.steps) {
    StepPlan plan;
    if (absl::Status added = AddCross(rule, step.selector, layouts, inputs, plan); !added.ok())
      return added;
    pattern.steps.push_back(std::move(plan));
  }
  const auto add_stop = [&](const rules::Selector& selector, std::optional<int64_t> within) {
    StopPlan plan;
    plan.within = within.value_or(kNoWindow);
    absl::Status added = AddCross(rule, selector, layouts, inputs, plan);
    pattern.stops.push_back(std::move(plan));
    return added;
  };
  for (const rules::Absence& absence : rule.absences) {
    if (absl::Status added = add_stop(absence.selector, absence.within); !added.ok()) return added;
  }
  for (const rules::Until& until : rule.untils) {
    if (absl::Status added = add_stop(until.selector, std::nullopt); !added.ok()) return added;
  }
  pattern.shared = CanShare(pattern);
  return pattern;
}

}  // namespace telltale::engine
