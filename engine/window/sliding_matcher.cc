#include "engine/window/sliding_matcher.h"

#include <bit>
#include <utility>

#include "engine/time/saturation.h"

namespace telltale::engine {
namespace {

constexpr size_t kSweptAnEvent = 4;  // entries that leave quietly with it

using Use = Accumulators::Use;

}  // namespace

SlidingMatcher::SlidingMatcher(const WindowPlan& plan, uint32_t rule, ShardMemory& memory,
                               TimerQueue& timers, TimerQueue& quiet, Scratch& scratch,
                               MatchReceiver& receiver)
    : RuleMatcher(Fetch::kBucket),
      quiet_(plan.LeavesQuietly()),
      wanes_(plan.wanes),
      asked_(plan.asked),
      evidence_(plan.evidence),
      number_(rule),
      hears_(static_cast<uint32_t>(plan.accumulators.size())),
      size_(plan.aggregate->window.size),
      most_events_(static_cast<uint64_t>(plan.rule->limits.events)),
      armed_(kForever),
      armed_quietly_(kForever),
      ring_(plan.words, plan.tags, plan.evidence != 0),
      floor_(plan),
      plan_(plan),
      memory_(memory),
      judge_(plan, rule, memory, scratch, receiver, store_,
             [this](const WindowKey& key) { return ShownOf(static_cast<const SlidingKey&>(key)); }),
      saids_(plan.accumulators.size()),
      timers_(timers),
      quiet_timers_(quiet),
      receiver_(receiver),
      store_(plan, memory, scratch) {
  if (plan.asked) nothing_ = store_.accumulators().New();
}

SlidingMatcher::~SlidingMatcher() {
  keys_.ForEach([this](uint32_t number) { Close(number); });
  store_.accumulators().Free(nothing_);
}

// --- Events come ---

// Beside what the key names, what stands in the ring: the key's last entries, and the one that
// leaves next.
uint32_t SlidingMatcher::Prefetch(const Hash128& key, Fetch step, uint32_t found) const {
  if (step == Fetch::kBucket) {
    keys_.PrefetchSlot(key);
    if (ring_.empty()) return kNotFound;
    ring_.Prefetch(ring_.begin());
    ring_.Prefetch(ring_.end());
    return kNotFound;
  }
  const uint32_t number = keys_.PeekAgain(key, found);
  if (step == Fetch::kSeat) {
    if (number != kNoState) keys_.PrefetchNumber(number);
    if (!ring_.empty() && ring_.Key(ring_.begin()) != EntryRing::kGone)
      keys_.PrefetchNumber(ring_.Key(ring_.begin()));
    return number;
  }
  if (number == kNoState) return kNotFound;
  const SlidingKey& state = keys_[number];
  if (step == Fetch::kPartials) {
    store_.PrefetchObjects(state);
    return number;
  }
  if (hears_ != 0) store_.PrefetchParts(state);
  if (state.truncated) return number;
  ring_.Prefetch(state.places.last);
  if (evidence_ != 0 && state.held == evidence_) ring_.Prefetch(state.shown);
  return number;
}

// Small tables are mostly in the cache, and of a thousand rules with small tables only so much fits
// there that to ask for more drives out what was asked for.
void SlidingMatcher::NoteSize() {
  if (hears_ != 0) {
    FetchUpTo(keys_.large() ? Fetch::kPartials : Fetch::kBucket);
  } else {
    FetchUpTo(keys_.has_large_states() ? Fetch::kState : Fetch::kBucket);
  }
}

void SlidingMatcher::Process(const Event& event, const Hash128& key, StepMask steps, StopMask,
                             EventHandle& held) {
  if (steps == 0) return;
  if (!in_order_) PutInOrder();
  const Arrival arrival{.event = event,
                        .source = static_cast<uint32_t>(std::countr_zero(steps)),
                        .sources = steps,
                        .held = held};
  uint32_t number = keys_.Find(key);
  Hear(number == kNoState ? nullptr : &keys_[number], arrival);
  if (quiet_) {
    const int64_t start = Minus(event.time, size_);
    SweepQuietly(start, kSweptAnEvent);
    // With the last of its events the key goes; no other has come for its number.
    if (!keys_.Has(number)) number = kNoState;
    // The ring is in order: mostly nothing of the key is left that has to leave.
    if (!ring_.empty() && ring_.Time(ring_.begin()) < start) LeaveQuietly(number, start);
    if (!keys_.Has(number)) number = kNoState;
  }
  if (number == kNoState) {
    number = keys_.Add(key);
    NoteSize();
    store_.Open(keys_[number], arrival);
  }
  SlidingKey& state = keys_[number];
  if (wanes_ && state.count != 0) LookBefore(state, event.time);
  if (state.truncated) {
    store_.Show(state, arrival);
    AddToPane(state, arrival);
    ++state.count;
  } else {
    Remember(state, number, arrival);
    if (state.count > most_events_) GoToPanes(number);
  }
  if (state.truncated) NoteLimit(state, arrival);
  LookAt(state, event.time, &arrival);
  Arm();
}

// What it says is heard a while before it is added: where that is to stand can be fetched.
// `state`: the key's; null: there is none.
void SlidingMatcher::Hear(const SlidingKey* state, const Arrival& arrival) {
  Accumulators& accumulators = store_.accumulators();
  uint64_t errors = 0;
  for (size_t i = 0; i < hears_; ++i) {
    saids_[i] = accumulators.Hear(i, arrival, errors);
    if (state != nullptr && saids_[i].tag != 0) accumulators.Prefetch(state->cells, i, saids_[i]);
  }
  for (; errors > 0; --errors) receiver_.OnConditionError(number_);
}

void SlidingMatcher::Remember(SlidingKey& state, uint32_t number, const Arrival& arrival) {
  const uint64_t place = ring_.Push(arrival.event.time, number);
  if (state.count == 0) {
    state.places.first = state.shown = static_cast<uint32_t>(place);
  } else {
    ring_.Link(ring_.Resolve(state.places.last), place);
  }
  state.places.last = static_cast<uint32_t>(place);
  ++state.count;
  for (size_t i = 0; i < hears_; ++i) {
    if (saids_[i].tag == 0) continue;
    store_.accumulators().Add(state.cells, i, saids_[i], arrival, Use::kSliding);
    const AccumulatorPlan& accumulator = plan_.accumulators[i];
    if (accumulator.tag != AccumulatorPlan::kNowhere) ring_.Remember(place, accumulator, saids_[i]);
  }
  if (evidence_ != 0) HoldLast(state, place, arrival);
}

// The event is shown, and the first of those that were is not, where they are too many. What is
// held are always the last of the key: where the event cannot be shown those before it cannot.
void SlidingMatcher::HoldLast(SlidingKey& state, uint64_t place, const Arrival& arrival) {
  if (floor_.MayShow(state, store_.accumulators()) == 0) return LetGo(state);
  if (arrival.held == kNoEvent) arrival.held = memory_.events.Hold(arrival.event);
  memory_.events.Ref(arrival.held);
  ring_.Hold(place, arrival.held, arrival.source);
  if (state.held == 0) state.shown = static_cast<uint32_t>(place);
  ++state.held;
  if (state.held <= evidence_) return;
  const uint64_t oldest = ring_.Resolve(state.shown);
  store_.Leave(ring_.Release(oldest));
  state.shown = static_cast<uint32_t>(ring_.After(oldest));
  --state.held;
}

void SlidingMatcher::LetGo(SlidingKey& state) {
  if (state.held == 0) return;
  uint64_t place = ring_.Resolve(state.shown);
  for (; state.held > 0; --state.held) {
    store_.Leave(ring_.Release(place));
    if (state.held > 1) place = ring_.After(place);
  }
}

std::span<const ShownEvent> SlidingMatcher::ShownOf(const SlidingKey& state) const {
  if (evidence_ == 0 || state.truncated) return store_.ShownOf(state);
  shown_.clear();
  uint64_t place = ring_.Resolve(state.shown);
  for (uint64_t left = state.held; left > 0; --left) {
    shown_.push_back({.event = ring_.EventAt(place),
                      .source = ring_.SourceAt(place),
                      .time = ring_.Time(place)});
    if (left > 1) place = ring_.After(place);
  }
  return shown_;
}

// What has become false since the window was looked at last, for time alone has gone by (W2).
void SlidingMatcher::LookBefore(SlidingKey& state, int64_t time) {
  WindowView view = ViewAt(state, time, nullptr);
  if (!state.truncated) view.begin = view.start;  // nothing has left at this moment yet
  judge_.LookBefore(state, view);
}

WindowView SlidingMatcher::ViewAt(const SlidingKey& state, int64_t time, const Arrival* by) const {
  const int64_t start = Minus(time, size_);
  // What has just left is no more in it.
  const int64_t begin = state.truncated && state.count != 0 ? OldestPane(*state.panes)
                        : by != nullptr                     ? start
                                                            : Plus(start, 1);
  return {.cells = state.cells,
          .count = state.count,
          .time = time,
          .start = start,
          .end = time,
          .begin = begin,
          .looks_back_to = start,
          .by = by};
}

void SlidingMatcher::LookAt(SlidingKey& state, int64_t time, const Arrival* by) {
  if (asked_ || floor_.IsQuiet(state, store_.accumulators())) return;
  judge_.Look(state, ViewAt(state, time, by));
}

const Value* SlidingMatcher::Measure(const Hash128& key, int64_t time) {
  const uint32_t number = keys_.Find(key);
  SlidingKey empty;
  empty.cells = nothing_;
  return judge_.Measure(ViewAt(number == kNoState ? empty : keys_[number], time, nullptr));
}

// --- Change of rules ---

void SlidingMatcher::TakeOver(RuleMatcher& of_same_rule,
                              const std::function<EventHandle(EventHandle)>& relaid) {
  auto& old = static_cast<SlidingMatcher&>(of_same_rule);
  store_.accumulators().Free(nothing_);
  store_.TakeOver(old.store_);
  nothing_ = std::exchange(old.nothing_, nullptr);
  keys_ = std::move(old.keys_);
  NoteSize();
  ring_ = std::move(old.ring_);
  panes_ = std::move(old.panes_);
  in_panes_ = std::exchange(old.in_panes_, {});
  some_in_panes_ = !in_panes_.empty();
  limited_ = std::move(old.limited_);
  in_order_ = old.in_order_;
  old.ring_.Clear();
  for (uint64_t place = ring_.begin(); evidence_ != 0 && place != ring_.end(); ++place) {
    const EventHandle event = ring_.EventAt(place);
    if (event == kNoEvent) continue;
    ring_.Hold(place, relaid(event), ring_.SourceAt(place));
    memory_.events.Unref(event);
  }
  keys_.ForEach([&](uint32_t number) {
    SlidingKey& state = keys_[number];
    store_.Relay(state, relaid);
    if (!state.truncated) return;
    const auto relay = [&](Cells cells) {
      if (cells != nullptr) store_.accumulators().Relay(cells, relaid);
    };
    state.panes->older.ForEach([&](const Pane& pane, bool) { relay(pane.cells); });
    relay(state.panes->older.sum());
    relay(state.panes->current.cells);
  });
  if (!in_order_) PutInOrder();
  Arm();
}

}  // namespace telltale::engine
