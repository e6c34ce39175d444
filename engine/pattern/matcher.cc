// Keys and time: the order in which things happen to the state of a key.
#include "engine/pattern/matcher.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "engine/condition/scratch.h"
#include "engine/time/saturation.h"

namespace telltale::engine {

const size_t Matcher::kPartialBytes = sizeof(Matcher::Partial);

Matcher::Matcher(const Pattern& pattern, uint32_t rule, ShardMemory& memory, TimerQueue& timers,
                 Scratch& scratch, MatchReceiver& receiver)
    : pattern_(pattern),
      rule_(*pattern.rule),
      number_(rule),
      memory_(memory),
      timers_(timers),
      scratch_(scratch),
      receiver_(receiver),
      limited_(memory.keys_apart),
      view_(memory.chains, memory.events, pattern.steps.size()) {}

Matcher::~Matcher() {
  if (states_.size() != 0) memory_.warm.Forget(*this);
  keys_.ForEach([this](uint32_t seat) {
    const uint32_t place = keys_[seat].place;
    if ((place & kResting) != 0) return ReleaseBlock(place & ~kResting);
    const KeyState& state = states_[place];
    for (const Partial& partial : state.partials) memory_.chains.Unref(partial.chain);
    for (const Done& done : state.waiting) memory_.chains.Unref(done.chain);  // of none, nothing
    for (const Done& done : state.finished) memory_.chains.Unref(done.chain);
  });
}

void Matcher::Process(const Event& event, const Hash128& key, StepMask steps, StopMask stops,
                      EventHandle& held) {
  const StepMask starts = steps & pattern_.states.front().steps;
  const StopMask bars = stops & pattern_.leading;
  uint32_t seat = keys_.Find(key);
  if (seat != KeyTable::kNone && pattern_.ends_quietly && EndOverdue(seat, event.time))
    seat = KeyTable::kNone;
  if (seat == KeyTable::kNone && starts == 0 && bars == 0) return;

  KeyState& state = seat != KeyTable::kNone ? StateAt(seat) : NewState(key);
  state.met = seat != KeyTable::kNone;
  held_ = &held;
  view_.Forget();
  // All that was there sees the event before what the event itself makes.
  if ((stops & pattern_.trailing) != 0) KillWaiting(state, event, stops & pattern_.trailing);
  if ((stops & pattern_.until) != 0) DropPartials(state);
  if (!state.partials.empty()) Advance(state, event, steps, stops);
  if (starts != 0 && !state.bars.Bar(pattern_, event.time)) Start(state, event, starts, stops);
  Admit(state);
  if (!completed_.empty()) MergeCompleted(state);
  EnforceLimits(state, event);
  if (!completed_.empty()) Finish(state, event);
  if (bars != 0) {
    state.bars.Note(pattern_, bars, event.time);
    NoteDeadline(state, state.bars.NextEnd(pattern_));
  }
  Settle(state);
}

uint32_t Matcher::Prefetch(const Hash128& key, Fetch step, uint32_t found) const {
  if (!keys_.is_large()) return kNotFound;
  if (step == Fetch::kBucket) keys_.PrefetchBucket(key);
  if (step == Fetch::kSeat) keys_.PrefetchSeat(key);
  if (step < Fetch::kState) return kNotFound;
  const uint32_t seat = keys_.IsOf(found, key) ? found : keys_.Find(key);
  if (seat == KeyTable::kNone) return kNotFound;
  const uint32_t place = keys_[seat].place;
  if ((place & kResting) != 0) {
    if (step == Fetch::kState) __builtin_prefetch(memory_.blocks.At(place & ~kResting));
    return seat;
  }
  const KeyState& state = states_[place];
  if (step == Fetch::kState) {
    __builtin_prefetch(&state);
    __builtin_prefetch(reinterpret_cast<const char*>(&state) + 64);
    __builtin_prefetch(reinterpret_cast<const char*>(&state) + 128);
  } else if (!state.partials.empty()) {
    __builtin_prefetch(state.partials.data());
    __builtin_prefetch(&state.partials.back());
  }
  return seat;
}

// P5: on the rule, it drops what is under way.
void Matcher::DropPartials(KeyState& state) {
  for (Partial& partial : state.partials) {
    if (partial.chain != kNoChain) Drop(state, partial);
  }
  Sweep(state);
}

void Matcher::Drop(KeyState& state, Partial& partial) {
  Release(partial, state);
  partial.chain = kNoChain;
  --partial_count_;
  gaps_ = true;
  if (state.crowd != nullptr) ++state.crowd->gone;
}

void Matcher::Drop(KeyState& state, Done& waiting) {
  Release(waiting.chain, state);
  waiting.chain = kNoChain;
  gaps_ = true;
  if (state.crowd != nullptr) ++state.crowd->gone_waiting;
}

void Matcher::Sweep(KeyState& state) {
  if (!gaps_) return;
  gaps_ = false;
  if (state.crowd != nullptr) return Compact(state);
  std::erase_if(state.partials, [](const Partial& partial) { return partial.chain == kNoChain; });
  std::erase_if(state.waiting, [](const Done& done) { return done.chain == kNoChain; });
}

// --- Time ---

void Matcher::Fire(const Timer& timer) {
  const KeyTable::Seat& seat = keys_[timer.key];
  if (seat.place == KeyTable::kNone) return;
  if ((seat.place & kResting) != 0 && (seat.armed != timer.deadline || EndAtRest(timer.key)))
    return;
  KeyState& state = StateAt(timer.key);
  if (state.armed != timer.deadline) return;
  state.armed = kForever;
  view_.Forget();
  EndByTime(state, timer.deadline);
  NoteAll(state);
  Settle(state);
}

bool Matcher::EndBefore(const Hash128& key, int64_t bound) {
  const uint32_t seat = keys_.Find(key);
  bool any = false;
  while (seat != KeyTable::kNone && keys_[seat].place != KeyTable::kNone) {
    const KeyTable::Seat& at = keys_[seat];
    const int64_t armed = (at.place & kResting) != 0 ? at.armed : states_[at.place].armed;
    if (armed >= bound) break;
    any = true;
    Fire({.deadline = armed, .rule = number_, .key = seat});
  }
  return any;
}

// Timers of which nobody is told may come late (ShardLane): what has run out of time before the
// event ends here. Whether nothing is left.
bool Matcher::EndOverdue(uint32_t seat, int64_t time) {
  const KeyTable::Seat& key = keys_[seat];
  const bool rests = (key.place & kResting) != 0;
  if ((rests ? key.armed : states_[key.place].armed) >= time) return false;
  if (rests && EndAtRest(seat)) return true;
  KeyState& state = StateAt(seat);
  state.armed = kForever;
  view_.Forget();
  EndByTime(state, time - 1);
  NoteAll(state);
  Settle(state);
  return key.place == KeyTable::kNone;
}

void Matcher::EndByTime(KeyState& state, int64_t now) {
  FindDue(state, now);
  CompleteByTime(state, now);
  for (const uint32_t place : order_) {
    if ((place & kWaiting) == 0) EndPartial(state, state.partials[place], now);
  }
  if (!timeouts_.empty()) EmitTimeouts(state);
  for (const uint32_t place : order_) {
    if ((place & kWaiting) == 0) continue;
    Done& done = state.waiting[place & ~kWaiting];
    memory_.chains.Ref(done.chain);
    state.finished.push_back(done);
    Drop(state, done);
  }
  Sweep(state);
  state.bars.Forget(pattern_, now);
}

// P8: what no greedy way can lengthen any more is a match; of those over the same events the one
// whose earlier steps take first (P6). P9 asks for all of them before it asks what has run out of
// time at the same moment. REQUIRES: order_ is what is due.
void Matcher::CompleteByTime(KeyState& state, int64_t now) {
  due_.clear();
  for (const uint32_t place : order_) {
    if ((place & kWaiting) != 0) continue;
    const Partial& partial = state.partials[place];
    if (partial.pending && EndOf(partial, pattern_.states[partial.state].yields) <= now)
      due_.push_back({partial.chain, place});
  }
  std::sort(due_.begin(), due_.end(), [this](const Due& a, const Due& b) {
    const EventHandle last_a = memory_.chains[a.chain].event;
    const EventHandle last_b = memory_.chains[b.chain].event;
    if (last_a != last_b) return FirstBefore(last_a, last_b);
    const int order = memory_.chains.Compare(a.chain, b.chain);
    return order != 0 ? order < 0 : a.place < b.place;
  });
  for (const Due& due : due_) {
    Partial& partial = state.partials[due.place];
    if (!std::exchange(partial.pending, false)) continue;  // another one over the same events
    memory_.chains.Ref(partial.chain);
    NoteKnown(state, partial.chain);
    if (pattern_.timeout_from != 0) NoteCompleted(state, partial.first);
    Hand(state,
         {.chain = partial.chain,
          .first = partial.first,
          .first_time = partial.first_time,
          .last_time = partial.last_time,
          .time = partial.last_time,
          .broken = partial.broken},
         now);
  }
}

void Matcher::EndPartial(KeyState& state, Partial& partial, int64_t now) {
  UpdateDeadline(partial);
  if (partial.deadline > now) {
    if (state.crowd != nullptr)
      state.crowd->index.AddDeadline(partial.deadline,
                                     static_cast<uint32_t>(&partial - state.partials.data()));
    return;
  }
  const uint32_t step = memory_.chains[partial.chain].step;
  if ((pattern_.timeout_from >> step & 1) != 0 && !partial.advanced && !partial.completed) {
    memory_.chains.Ref(partial.chain);
    timeouts_.push_back({.chain = partial.chain, .first = partial.first, .time = now});
  }
  Drop(state, partial);
}

void Matcher::NoteDeadline(KeyState& state, int64_t deadline) {
  if (deadline >= state.armed) return;
  state.armed = deadline;
  timers_.Arm({.deadline = deadline, .rule = number_, .key = state.seat});
}

void Matcher::NoteAll(KeyState& state) {
  if (state.crowd != nullptr) {
    const auto ends = [&](int64_t deadline, uint32_t number) {
      return Ends(state, deadline, number);
    };
    NoteDeadline(state, state.crowd->index.NextDeadline(ends));
  } else {
    for (const Partial& partial : state.partials) NoteDeadline(state, partial.deadline);
    for (const Done& done : state.waiting) NoteDeadline(state, done.time);
  }
  NoteDeadline(state, state.bars.NextEnd(pattern_));
}

// --- State ---

Matcher::KeyState& Matcher::NewState(const Hash128& key) {
  KeyState& state = TakeState(keys_.Add(key));
  state.armed = kForever;
  state.truncated = false;
  return state;
}

Matcher::KeyState& Matcher::TakeState(uint32_t seat) {
  if (free_state_ == KeyTable::kNone) {
    free_state_ = static_cast<uint32_t>(states_.size());
    states_.Add().place = free_state_;
  }
  KeyState& state = states_[free_state_];
  keys_[seat].place = std::exchange(free_state_, state.next_free);
  state.seat = seat;
  state.key = keys_[seat].key;
  state.events = 0;
  state.links = 0;
  return state;
}

void Matcher::FreeState(KeyState& state) {
  state.bars.seen().clear();
  state.seat = KeyTable::kNone;
  state.next_free = std::exchange(free_state_, state.place);
}

void Matcher::Settle(KeyState& state) {
  if (!state.finished.empty()) ReleaseFinished(state);
  if (state.crowd == nullptr && rules::KeepsAll(rule_.match) &&
      state.partials.size() + state.waiting.size() > memory_.index_from)
    MakeCrowd(state);
  const bool holds = !state.partials.empty() || !state.waiting.empty() || !state.finished.empty();
  if (!holds) state.truncated = false;
  if (holds || state.bars.any()) return KeepWarm(state);
  keys_.Remove(state.seat);
  FreeState(state);
}

void Matcher::Forget(const Hash128& key) {
  limited_.Forget(key);
  const uint32_t seat = keys_.Find(key);
  if (seat == KeyTable::kNone) return;
  KeyState& state = StateAt(seat);
  DropPartials(state);
  for (Done& done : state.waiting) {
    if (done.chain != kNoChain) Drop(state, done);
  }
  Sweep(state);
  for (const Done& done : state.finished) Release(done.chain, state);
  state.finished.clear();
  state.bars.seen().clear();
  Settle(state);
}

void Matcher::KeepWarm(KeyState& state) {
  if (std::exchange(state.has_turn, true)) return;
  memory_.warm.Enter(*this, state.place);
}

void Matcher::Release(Chain chain, KeyState& state) {
  view_.Forget();
  state.links -= memory_.chains.Unref(chain);
}

void Matcher::Release(const Partial& partial, KeyState& state) {
  if (pattern_.anchors) free_anchors_.push_back(partial.anchors);
  Release(partial.chain, state);
}

void Matcher::TakeOver(RuleMatcher& of_same_rule,
                       const std::function<EventHandle(EventHandle)>& relaid) {
  auto& old = static_cast<Matcher&>(of_same_rule);
  keys_ = std::exchange(old.keys_, KeyTable());
  states_ = std::move(old.states_);
  free_state_ = std::exchange(old.free_state_, KeyTable::kNone);
  anchors_ = std::move(old.anchors_);
  free_anchors_ = std::move(old.free_anchors_);
  limited_ = std::move(old.limited_);
  partial_count_ = std::exchange(old.partial_count_, 0);
  const auto replace = [&](Chain chain, EventHandle& first) {
    for (Chain link = chain; link != kNoChain; link = memory_.chains[link].before) {
      memory_.chains.Replace(link, relaid);
      first = memory_.chains[link].event;
    }
  };
  memory_.warm.Forget(old);
  for (uint32_t place = 0; place < states_.size(); ++place) states_[place].has_turn = false;
  keys_.ForEach([&](uint32_t seat) {
    KeyState& state = StateAt(seat);
    state.armed = kForever;
    if (state.crowd != nullptr) EndCrowd(state);  // it knows events by their handles
    for (Partial& partial : state.partials) replace(partial.chain, partial.first);
    for (Done& done : state.waiting) replace(done.chain, done.first);
    for (Done& done : state.finished) replace(done.chain, done.first);
    NoteAll(state);
    KeepWarm(state);
  });
}

}  // namespace telltale::engine
