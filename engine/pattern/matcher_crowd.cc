// Where many partial matches wait on a key: which of them an event or a moment concerns.
//
// Whatever is found is then asked as if there were no index, so the index has only to miss none:
// - A way takes or ends nothing but by an event that fits its step, or one of its `not`s and
//   `until`s; all these are roles under which it is entered. A role whose condition has equalities
//   with what was taken is entered under the hash of those values (join.h).
// - Strict ways and strict `not`s look at the very next event, so they concern what the last event
//   made, and nothing else; those stand at the end.
// - A match that is not known yet (P8), or waits for its deadline (P4), is entered under the
//   trailing `not`s.
#include <algorithm>
#include <bit>
#include <utility>

#include "engine/condition/scratch.h"
#include "engine/pattern/matcher.h"
#include "engine/time/saturation.h"

namespace telltale::engine {

void Matcher::MakeCrowd(KeyState& state) {
  if (free_crowds_.empty()) {
    state.crowd = std::make_unique<Crowd>();
  } else {
    state.crowd = std::move(free_crowds_.back());
    free_crowds_.pop_back();
  }
  Crowd& crowd = *state.crowd;
  crowd.index.Clear();
  crowd.gone = crowd.gone_waiting = crowd.front = 0;
  crowd.fresh = static_cast<uint32_t>(state.partials.size());
  while (crowd.fresh > 0 && state.partials[crowd.fresh - 1].born == state.events) --crowd.fresh;
  for (uint32_t place = 0; place < state.partials.size(); ++place) Enter(state, place);
  for (uint32_t place = 0; place < state.waiting.size(); ++place) Enter(state, place | kWaiting);
}

void Matcher::EndCrowd(KeyState& state) {
  free_crowds_.push_back(std::move(state.crowd));
  state.crowd = nullptr;
  std::erase_if(state.partials, [](const Partial& partial) { return partial.chain == kNoChain; });
  std::erase_if(state.waiting, [](const Done& done) { return done.chain == kNoChain; });
}

// Closes the gaps once they are half of all, or the index is full of what is true no more.
void Matcher::Compact(KeyState& state) {
  Crowd& crowd = *state.crowd;
  const size_t all = state.partials.size() + state.waiting.size();
  const size_t gone = crowd.gone + crowd.gone_waiting;
  if (all - gone <= memory_.index_from / 2) return EndCrowd(state);
  if (gone * 2 < all && !crowd.index.crowded()) return;
  const auto number = [&](auto& things, size_t base) {
    uint32_t next = 0;
    for (size_t i = 0; i < things.size(); ++i) {
      places_[base + i] = next;
      if (things[i].chain != kNoChain) ++next;
    }
  };
  const size_t partials = state.partials.size();
  places_.resize(all + 1);
  number(state.partials, 0);
  number(state.waiting, partials + 1);
  places_[partials] = static_cast<uint32_t>(partials - crowd.gone);
  crowd.index.Renumber([&](uint32_t role, uint32_t n) { return Waits(state, role, n); },
                       [&](int64_t deadline, uint32_t n) { return Ends(state, deadline, n); },
                       [&](uint32_t n) {
                         if ((n & kWaiting) == 0) return places_[n];
                         return places_[partials + 1 + (n & ~kWaiting)] | kWaiting;
                       });
  crowd.fresh = places_[crowd.fresh];
  crowd.front = 0;
  crowd.gone = crowd.gone_waiting = 0;
  std::erase_if(state.partials, [](const Partial& partial) { return partial.chain == kNoChain; });
  std::erase_if(state.waiting, [](const Done& done) { return done.chain == kNoChain; });
}

// --- What is entered, and whether it is still so ---

void Matcher::Enter(KeyState& state, uint32_t number) {
  WaitIndex& index = state.crowd->index;
  StepMask steps = 0;
  StopMask stops = 0;
  Chain chain = kNoChain;
  if ((number & kWaiting) != 0) {
    const Done& done = state.waiting[number & ~kWaiting];
    chain = done.chain;
    stops = pattern_.trailing;
    index.AddDeadline(done.time, number);
  } else {
    const Partial& partial = state.partials[number];
    chain = partial.chain;
    const StatePlan& plan = pattern_.states[partial.state];
    pattern_.ForEachWay(plan, partial.open, [&](const MovePlan& move) {
      steps |= StepMask{1} << move.step;
      stops |= move.nots | move.ends_at;
    });
    if (partial.pending) {
      stops |= pattern_.trailing;
      index.Add(kPendingAt, memory_.chains[chain].event, number);
    }
    if (pattern_.timeout_from != 0) index.Add(kBeginsWith, partial.first, number);
    index.AddDeadline(partial.deadline, number);
  }
  for (; steps != 0; steps &= steps - 1) {
    const auto step = static_cast<uint32_t>(std::countr_zero(steps));
    EnterUnder(state, step, pattern_.steps[step], chain, number);
  }
  for (; stops != 0; stops &= stops - 1) {
    const auto stop = static_cast<uint32_t>(std::countr_zero(stops));
    EnterUnder(state, kStops + stop, pattern_.stops[stop], chain, number);
  }
}

void Matcher::EnterUnder(KeyState& state, uint32_t role, const CrossPlan& plan, Chain chain,
                         uint32_t number) {
  WaitIndex& index = state.crowd->index;
  if (plan.joins.empty()) return index.Add(role, 0, number);
  ShowFor(plan, chain);
  const JoinValue value = plan.joins.OfTaken(
      {.event = nullptr, .steps = view_.by_step().data(), .key = nullptr}, scratch_);
  if (value.kind == JoinValue::Kind::kHash) index.Add(role, value.hash, number);
  if (value.kind == JoinValue::Kind::kUnknown) index.Add(role | kAsked, 0, number);
}

bool Matcher::Waits(const KeyState& state, uint32_t role, uint32_t number) const {
  if ((number & kWaiting) != 0) return state.waiting[number & ~kWaiting].chain != kNoChain;
  const Partial& partial = state.partials[number];
  if (partial.chain == kNoChain) return false;
  role &= ~kAsked;
  if (role == kBeginsWith) return !partial.completed;
  if (role == kPendingAt) return partial.pending;
  const StepMask step = role < kStops ? StepMask{1} << role : 0;
  const StopMask stop = role < kStops ? 0 : StopMask{1} << (role - kStops);
  if (partial.pending && (stop & pattern_.trailing) != 0) return true;
  bool waits = false;
  pattern_.ForEachWay(pattern_.states[partial.state], partial.open, [&](const MovePlan& move) {
    waits = waits || step == StepMask{1} << move.step || ((move.nots | move.ends_at) & stop) != 0;
  });
  return waits;
}

bool Matcher::Ends(const KeyState& state, int64_t deadline, uint32_t number) const {
  if ((number & kWaiting) != 0) {
    const Done& done = state.waiting[number & ~kWaiting];
    return done.chain != kNoChain && done.time == deadline;
  }
  const Partial& partial = state.partials[number];
  return partial.chain != kNoChain && partial.deadline == deadline;
}

// --- Finding ---

// False: the event's side of the join cannot be compared, so that all have to be asked.
bool Matcher::FindUnder(KeyState& state, uint32_t role, const Joins& joins, const Event& event) {
  const auto find = [&](uint32_t under, uint64_t hash) {
    state.crowd->index.Find(
        under, hash, [&](uint32_t of, uint32_t number) { return Waits(state, of, number); },
        [&](uint32_t number) { order_.push_back(number); });
  };
  if (joins.empty()) {
    find(role, 0);
    return true;
  }
  const JoinValue value =
      joins.OfEvent({.event = &event, .steps = nullptr, .key = nullptr}, scratch_);
  if (value.kind == JoinValue::Kind::kUnknown) return false;
  if (value.kind == JoinValue::Kind::kHash) find(role, value.hash);
  find(role | kAsked, 0);
  return true;
}

void Matcher::FindConcerned(KeyState& state, const Event& event, StepMask steps, StopMask stops) {
  order_.clear();
  bool found = true;
  for (; steps != 0 && found; steps &= steps - 1) {
    const auto step = static_cast<uint32_t>(std::countr_zero(steps));
    found = FindUnder(state, step, pattern_.steps[step].joins, event);
  }
  for (StopMask rest = stops & ~pattern_.leading; rest != 0 && found; rest &= rest - 1) {
    const auto stop = static_cast<uint32_t>(std::countr_zero(rest));
    found = FindUnder(state, kStops + stop, pattern_.stops[stop].joins, event);
  }
  if (!found) order_.clear();
  for (uint32_t place = found ? state.crowd->fresh : 0; place < state.partials.size(); ++place)
    order_.push_back(place);
  std::sort(order_.begin(), order_.end());
  order_.erase(std::unique(order_.begin(), order_.end()), order_.end());
  std::erase_if(order_, [&](uint32_t number) {
    return (number & kWaiting) != 0 || state.partials[number].chain == kNoChain;
  });
}

// What trailing `not`s may forbid: those that wait, and matches that are not known yet.
void Matcher::FindKillable(KeyState& state, const Event& event, StopMask stops) {
  order_.clear();
  bool found = state.crowd != nullptr;
  for (StopMask rest = stops; rest != 0 && found; rest &= rest - 1) {
    const auto stop = static_cast<uint32_t>(std::countr_zero(rest));
    found = FindUnder(state, kStops + stop, pattern_.stops[stop].joins, event);
  }
  if (found) {
    std::sort(order_.begin(), order_.end());
    order_.erase(std::unique(order_.begin(), order_.end()), order_.end());
    return;
  }
  order_.clear();
  for (uint32_t place = 0; pattern_.greedy_end && place < state.partials.size(); ++place) {
    if (state.partials[place].chain != kNoChain) order_.push_back(place);
  }
  for (uint32_t place = 0; place < state.waiting.size(); ++place) {
    if (state.waiting[place].chain != kNoChain) order_.push_back(place | kWaiting);
  }
}

// Those whose deadline is not after `now`, in their order.
void Matcher::FindDue(KeyState& state, int64_t now) {
  order_.clear();
  if (state.crowd == nullptr) {
    for (uint32_t place = 0; place < state.partials.size(); ++place) {
      if (state.partials[place].deadline <= now) order_.push_back(place);
    }
    for (uint32_t place = 0; place < state.waiting.size(); ++place) {
      if (state.waiting[place].time <= now) order_.push_back(place | kWaiting);
    }
    return;
  }
  state.crowd->index.TakeDue(
      now, [&](int64_t deadline, uint32_t number) { return Ends(state, deadline, number); },
      [&](uint32_t number) { order_.push_back(number); });
  std::sort(order_.begin(), order_.end());
  order_.erase(std::unique(order_.begin(), order_.end()), order_.end());
}

}  // namespace telltale::engine
