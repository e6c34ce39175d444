// An event and the partial matches that are there: which ways take it, and which it closes (P2 to
// P5, P8).
#include <algorithm>
#include <bit>
#include <tuple>

#include "engine/condition/scratch.h"
#include "engine/pattern/matcher.h"
#include "engine/time/saturation.h"

namespace telltale::engine {

void Matcher::Advance(KeyState& state, const Event& event, StepMask steps, StopMask stops) {
  if (state.crowd == nullptr)
    InOrder(state);
  else
    FindConcerned(state, event, steps, stops);
  for (const uint32_t index : order_) {
    Partial& partial = state.partials[index];
    const StatePlan& plan = pattern_.states[partial.state];
    if ((plan.steps & steps) == 0 && (plan.stops & stops) == 0 &&
        (plan.strict & partial.open) == 0) {
      continue;
    }
    if (!AdvanceOne(state, partial, event, steps, stops)) Drop(state, partial);
  }
  Sweep(state);
}

// P6: later steps first, of these those that hold more events, so that what an event frees is free
// for what it moves in from behind.
void Matcher::InOrder(const KeyState& state) {
  order_.resize(state.partials.size());
  for (uint32_t i = 0; i < order_.size(); ++i) order_[i] = i;
  if (rules::KeepsAll(rule_.match) || order_.size() < 2) return;
  std::sort(order_.begin(), order_.end(), [&](uint32_t a, uint32_t b) {
    const Partial& x = state.partials[a];
    const Partial& y = state.partials[b];
    const ChainPool::Link& last_x = memory_.chains[x.chain];
    const ChainPool::Link& last_y = memory_.chains[y.chain];
    return std::tuple(last_x.step, last_x.depth, b) > std::tuple(last_y.step, last_y.depth, a);
  });
}

// Whether the partial match goes on.
bool Matcher::AdvanceOne(KeyState& state, Partial& partial, const Event& event, StepMask steps,
                         StopMask stops) {
  const StatePlan& plan = pattern_.states[partial.state];
  const Effect effect = EffectOn(partial, partial.born == state.events, event, steps, stops);
  if ((effect.takes | effect.used | effect.ended) == 0) return true;
  const WayMask kept = partial.open & ~effect.ended;
  for (WayMask rest = effect.takes; rest != 0;) {
    // Ways to later steps first, of those to one step as they stand in the state (P6); which those
    // are is said by the moves, which are few.
    const MovePlan* next = nullptr;
    for (uint32_t m = plan.first_move; m < plan.first_move + plan.moves; ++m) {
      const MovePlan& move = pattern_.moves[m];
      if ((move.way & rest) == 0) continue;
      if (next == nullptr || move.step > next->step) next = &move;
    }
    rest &= ~next->way;
    Take(state, &partial, *next, kept, event);
  }
  partial.open &= ~(effect.ended | effect.used);
  partial.advanced = partial.advanced || effect.takes != 0;
  if (partial.pending) {
    if ((effect.takes & plan.yields) != 0) {
      partial.pending = false;                              // a longer one is there
    } else if (EndOf(partial, plan.yields) < event.time) {  // also where none is open
      partial.pending = false;
      Complete(partial);
    }
  }
  // The ways that are left may all be out of time by now, or end sooner than the one that went.
  const int64_t before = partial.deadline;
  UpdateDeadline(partial);
  if (partial.deadline < event.time) return false;
  if (partial.deadline != before && state.crowd != nullptr)
    state.crowd->index.AddDeadline(partial.deadline,
                                   static_cast<uint32_t>(&partial - state.partials.data()));
  NoteDeadline(state, partial.deadline);
  return true;
}

Matcher::Effect Matcher::EffectOn(const Partial& partial, bool fresh, const Event& event,
                                  StepMask steps, StopMask stops) {
  const StatePlan& plan = pattern_.states[partial.state];
  Effect effect;
  effect.ended = plan.strict;
  pattern_.ForEachWay(plan, partial.open, [&](const MovePlan& move) {
    Meet(partial, move, fresh, event, steps, stops, effect);
  });
  if (const WayMask fits = effect.takes; fits != 0) {
    pattern_.ForEachWay(plan, partial.open, [&](const MovePlan& move) {
      if ((move.yields & fits) == 0) return;
      effect.used |= move.way;
      effect.takes &= ~move.way;
    });
  }
  effect.takes &= ~plan.asleep;
  effect.used &= partial.open;
  effect.ended &= partial.open;
  return effect;
}

// What the event means to one way, before what it takes from others (P8).
void Matcher::Meet(const Partial& partial, const MovePlan& move, bool fresh, const Event& event,
                   StepMask steps, StopMask stops, Effect& effect) {
  const bool next = move.guard != 0 ? (move.guard & partial.open) != 0 : fresh;
  if (((move.ends_at & stops) != 0 && AnyFits(move.ends_at & stops, partial.chain, event)) ||
      (next && (move.strict_nots & stops) != 0 &&
       AnyFits(move.strict_nots & stops, partial.chain, event))) {
    effect.ended |= move.way;
    return;
  }
  if ((move.nots & stops) != 0 && AnyFits(move.nots & stops, partial.chain, event))
    effect.ended |= move.way;
  if ((steps >> move.step & 1) == 0) return;
  if (event.time > Plus(AnchorOf(partial, move), move.within) ||
      !Fits(pattern_.steps[move.step], partial.chain, event)) {
    return;
  }
  if (move.contiguity != rules::Contiguity::kAny) effect.used |= move.way;
  const bool barred =
      (move.not_taken & stops) != 0 && AnyFits(move.not_taken & stops, partial.chain, event);
  if (!barred) effect.takes |= move.way;
}

void Matcher::Start(KeyState& state, const Event& event, StepMask steps, StopMask stops) {
  const StatePlan& plan = pattern_.states.front();
  WayMask fits = 0;
  for (uint32_t m = 0; m < plan.moves; ++m) {
    const MovePlan& move = pattern_.moves[m];
    if ((steps >> move.step & 1) == 0 || !Fits(pattern_.steps[move.step], kNoChain, event))
      continue;
    if ((move.not_taken & stops) != 0 && AnyFits(move.not_taken & stops, kNoChain, event)) continue;
    fits |= move.way;
  }
  for (uint32_t m = plan.moves; m-- > 0 && fits != 0;) {
    const MovePlan& move = pattern_.moves[m];
    if ((move.way & fits) != 0 && (move.yields & fits) == 0) Take(state, nullptr, move, 0, event);
  }
}

// The event is taken: a new partial match, and a match where all steps are done. `kept` are the
// ways that the old one leaves open.
void Matcher::Take(KeyState& state, const Partial* from, const MovePlan& move, WayMask kept,
                   const Event& event) {
  if (*held_ == kNoEvent) *held_ = memory_.events.Hold(event);
  const StatePlan& plan = pattern_.states[move.to];
  Partial partial;
  partial.chain =
      memory_.chains.Extend(from != nullptr ? from->chain : kNoChain, move.step, *held_);
  ++state.links;
  partial.first = from != nullptr ? from->first : *held_;
  partial.first_time = from != nullptr ? from->first_time : event.time;
  partial.last_time = event.time;
  partial.state = move.to;
  partial.ranking = from != nullptr ? from->ranking : 0;
  partial.rank = from != nullptr ? from->rank : 0;
  partial.completed = from != nullptr && from->completed;
  // A strand that is kept may have fewer ways than it had.
  partial.open =
      ((kept & move.keeps) | (kept & move.wakes) >> pattern_.sleep | move.opens) & plan.ways;
  if ((partial.open & ~plan.asleep) == 0) {
    if (plan.accepts) Complete(partial);
    Release(partial.chain, state);
    return;
  }
  if (pattern_.anchors) {
    partial.anchors = NewAnchors();
    for (uint32_t strand = 0; strand < pattern_.strands; ++strand) {
      const bool stays = (move.kept_strands >> strand & 1) != 0;
      const bool wakes = (move.woken_strands >> strand & 1) != 0;
      anchors_[partial.anchors + strand] =
          stays   ? anchors_[from->anchors + strand]
          : wakes ? anchors_[from->anchors + strand + pattern_.sleep_strands]
                  : event.time;
    }
  }
  // Ways of an all_of that were opened before may have run out of time.
  partial.pending = plan.accepts && (partial.open & plan.yields) != 0 &&
                    EndOf(partial, plan.yields) >= event.time;
  if (plan.accepts && !partial.pending) Complete(partial);
  UpdateDeadline(partial);
  if (partial.deadline < event.time) {
    Release(partial, state);
    return;
  }
  arrivals_.push_back(partial);
}

uint32_t Matcher::NewAnchors() {
  if (free_anchors_.empty()) {
    anchors_.resize(anchors_.size() + pattern_.strands);
    return static_cast<uint32_t>(anchors_.size()) - pattern_.strands;
  }
  const uint32_t anchors = free_anchors_.back();
  free_anchors_.pop_back();
  return anchors;
}

int64_t Matcher::AnchorOf(const Partial& partial, const MovePlan& move) const {
  return pattern_.anchors ? anchors_[partial.anchors + move.strand] : partial.last_time;
}

// P3: the last moment at which one of these ways can still take an event, were the rule's window
// not there.
int64_t Matcher::EndOf(const Partial& partial, WayMask ways) const {
  const StatePlan& plan = pattern_.states[partial.state];
  int64_t latest = kNever;
  for (uint32_t m = plan.first_move; m < plan.first_move + plan.moves; ++m) {
    const MovePlan& move = pattern_.moves[m];
    if ((move.way & partial.open & ways) != 0)
      latest = std::max(latest, Plus(AnchorOf(partial, move), move.within));
  }
  return std::min(latest, Plus(partial.first_time, rule_.within));
}

// When time ends it, or before that makes a match of it (P8).
void Matcher::UpdateDeadline(Partial& partial) const {
  partial.deadline = EndOf(partial, ~WayMask{0});
  if (partial.pending)
    partial.deadline =
        std::min(partial.deadline, EndOf(partial, pattern_.states[partial.state].yields));
}

bool Matcher::Fits(const CrossPlan& plan, Chain chain, const Event& event) {
  if (plan.cross == nullptr) return true;
  ShowFor(plan, chain);
  const Frame frame{.event = &event,
                    .steps = view_.by_step().data(),
                    .key = nullptr,
                    .aggregates = memory_.measured};
  const Verdict verdict = Test(*plan.cross, frame, scratch_);
  if (verdict == Verdict::kError) receiver_.OnConditionError(number_);
  return verdict == Verdict::kTrue;
}

void Matcher::ShowFor(const CrossPlan& plan, Chain chain) {
  if (plan.asks_lists)
    view_.Show(chain);
  else
    view_.ShowSteps(chain, plan.asks);
}

bool Matcher::AnyFits(StopMask stops, Chain chain, const Event& event) {
  for (; stops != 0; stops &= stops - 1) {
    if (Fits(pattern_.stops[static_cast<size_t>(std::countr_zero(stops))], chain, event))
      return true;
  }
  return false;
}

}  // namespace telltale::engine
