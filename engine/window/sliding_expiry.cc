// How events leave a sliding window: each at its moment where somebody may be told, else quietly,
// with the events that come and a few timers.
#include <algorithm>

#include "engine/time/saturation.h"
#include "engine/window/baselines.h"
#include "engine/window/sliding_matcher.h"

namespace telltale::engine {
namespace {

constexpr size_t kSweptATimer = 64;  // entries that leave quietly with it
// Timers in the time of a window: of a rule that gets no events, and of one that gets them, with
// which entries leave as well.
constexpr int64_t kQuietTimers = 16;
constexpr int64_t kQuietTimersBesideEvents = 4;

using Use = Accumulators::Use;

}  // namespace

void SlidingMatcher::Fire(const Timer& timer) {
  if (!in_order_) PutInOrder();
  if (timer.deadline == armed_quietly_) {
    armed_quietly_ = kForever;
    // Its deadline, too, is closed.
    SweepQuietly(Minus(Plus(timer.deadline, 1), size_), kSweptATimer);
    ArmQuietly(timer.deadline);
  }
  if (timer.deadline == armed_) ExpireUpTo(timer.deadline);
}

void SlidingMatcher::ExpireUpTo(int64_t time) {
  if (armed_ > time) return;
  if (!in_order_) PutInOrder();
  armed_ = kForever;
  for (int64_t next = NextDeadline(); next <= time; next = NextDeadline()) {
    if (!quiet_ && !ring_.empty() && Plus(ring_.Time(ring_.begin()), size_) == next) {
      ExpireAt(ring_.Time(ring_.begin()));
    } else {
      ExpirePanes(next);
    }
  }
  Arm();
}

// The keys of entries that leave soon, for which nobody asks before: each step needs what the one
// before it has brought.
void SlidingMatcher::PrefetchBehind(uint64_t place) const {
  constexpr uint64_t kState = 16;
  constexpr uint64_t kParts = 10;
  constexpr uint64_t kObjects = 6;
  constexpr uint64_t kWhatWasSaid = 3;
  if (place + kState >= ring_.end()) return;
  if (evidence_ != 0 && ring_.EventAt(place + kParts) != kNoEvent)
    memory_.events.Prefetch(ring_.EventAt(place + kParts));
  const auto number = [&](uint64_t ahead) { return ring_.Key(place + ahead); };
  if (number(kState) != EntryRing::kGone) keys_.PrefetchNumber(number(kState));
  if (memory_.baselines != nullptr) {
    const auto fetch = [&](uint64_t ahead, Fetch step) {
      if (number(ahead) != EntryRing::kGone)
        memory_.baselines->Prefetch(keys_[number(ahead)].key, step);
    };
    fetch(kParts, Fetch::kBucket);
    fetch(kObjects, Fetch::kSeat);
    fetch(kWhatWasSaid, Fetch::kState);
  }
  if (number(kParts) != EntryRing::kGone) store_.PrefetchParts(keys_[number(kParts)]);
  if (number(kObjects) != EntryRing::kGone) store_.PrefetchObjects(keys_[number(kObjects)]);
  if (number(kWhatWasSaid) == EntryRing::kGone) return;
  for (size_t i = 0; i < hears_; ++i) {
    if (plan_.accumulators[i].kind != AccumulatorKind::kDistinct) continue;
    store_.accumulators().Prefetch(keys_[number(kWhatWasSaid)].cells, i,
                                   ring_.SaidAt(place + kWhatWasSaid, plan_.accumulators[i]));
  }
}

// Takes what the first entry of its key says out of that. Returns the key's number.
uint32_t SlidingMatcher::LeaveFrom(uint64_t place) {
  const uint32_t number = ring_.Key(place);
  SlidingKey& state = keys_[number];
  for (size_t i = 0; i < hears_; ++i) {
    const AccumulatorPlan& accumulator = plan_.accumulators[i];
    if (accumulator.tag == AccumulatorPlan::kNowhere) continue;
    const Said said = ring_.SaidAt(place, accumulator);
    if (said.tag != 0) store_.accumulators().Remove(state.cells, i, said, ring_.Time(place));
  }
  const bool last = state.count == 1;
  const auto after = last ? uint32_t{0} : static_cast<uint32_t>(ring_.After(place));
  if (state.held == state.count) {
    memory_.events.Unref(ring_.Release(place));
    state.shown = after;
    --state.held;
  }
  state.places.first = after;
  --state.count;
  return number;
}

// Several events at one time leave at once, each key's.
void SlidingMatcher::ExpireAt(int64_t time) {
  touched_.clear();
  for (; !ring_.empty() && ring_.Time(ring_.begin()) == time; ring_.PopFront()) {
    const uint64_t place = ring_.begin();
    if (keys_.large()) PrefetchBehind(place);
    if (ring_.Key(place) == EntryRing::kGone) continue;
    const uint32_t number = LeaveFrom(place);
    if (keys_[number].touched) continue;
    keys_[number].touched = true;
    touched_.push_back(number);
  }
  for (const uint32_t number : touched_) AfterExpiry(number, time);
}

void SlidingMatcher::AfterExpiry(uint32_t number, int64_t time) {
  SlidingKey& state = keys_[number];
  state.touched = false;
  Forget(state, time);
  if (state.count != 0 || plan_.aggregate->on_empty) LookAt(state, Plus(time, size_), nullptr);
  if (state.count == 0) Close(number);
}

// What the accumulators keep of events up to this time by themselves.
void SlidingMatcher::Forget(SlidingKey& state, int64_t time) {
  if (hears_ == 0) return;
  Accumulators& accumulators = store_.accumulators();
  accumulators.ForgetUpTo(state.cells, time);
  for (size_t i = 0; i < plan_.accumulators.size(); ++i) {
    if (!accumulators.WantsValues(state.cells, i)) continue;
    accumulators.Restart(state.cells, i);
    ForEachEntry(state, [&](uint64_t place) {
      const Said said = ring_.SaidAt(place, plan_.accumulators[i]);
      if (said.tag != 0)
        accumulators.AddAgain(state.cells, i, said, ring_.Time(place), Use::kSliding);
    });
  }
}

// The events of the key, if there is one, from before this time, of which it needs no look:
// `having` is false where they are too few, and does not become true.
void SlidingMatcher::LeaveQuietly(uint32_t number, int64_t before) {
  if (number == kNoState || keys_[number].truncated) return;
  SlidingKey& state = keys_[number];
  for (uint64_t place = ring_.Resolve(state.places.first); ring_.Time(place) < before;
       place = ring_.Resolve(state.places.first)) {
    LeaveFrom(place);
    ring_.Drop(place);
    if (state.count == 0) return Close(number);
    Forget(state, ring_.Time(place));
  }
  floor_.IsQuiet(state, store_.accumulators());
}

// The same of whatever key is in front.
void SlidingMatcher::SweepQuietly(int64_t before, size_t most) {
  for (; most > 0 && !ring_.empty(); --most) {
    const uint64_t place = ring_.begin();
    const uint32_t number = ring_.Key(place);
    if (number != EntryRing::kGone) {
      const int64_t time = ring_.Time(place);
      if (time >= before) return;
      if (keys_.large()) PrefetchBehind(place);
      LeaveFrom(place);
      SlidingKey& state = keys_[number];
      if (state.count == 0) {
        Close(number);
      } else {
        Forget(state, time);
        floor_.IsQuiet(state, store_.accumulators());
      }
    }
    ring_.PopFront();
  }
}

void SlidingMatcher::Close(uint32_t number) {
  SlidingKey& state = keys_[number];
  if (state.truncated) {
    state.panes->older.Empty(store_.accumulators());
    store_.accumulators().Free(state.panes->current.cells);
    panes_.Free(state.panes);
    std::erase(in_panes_, number);
    some_in_panes_ = !in_panes_.empty();
  } else {
    LetGo(state);
  }
  store_.Close(state);
  keys_.Remove(number);
}

void SlidingMatcher::ForgetKey(const Hash128& key) {
  limited_.Forget(key);
  const uint32_t number = keys_.Find(key);
  if (number == kNoState) return;
  if (!keys_[number].truncated) {
    LetGo(keys_[number]);
    ForEachEntry(keys_[number], [this](uint64_t place) { ring_.Drop(place); });
  }
  Close(number);
}

int64_t SlidingMatcher::NextDeadline() const {
  int64_t next = quiet_ || ring_.empty() ? kForever : Plus(ring_.Time(ring_.begin()), size_);
  for (const uint32_t number : in_panes_)
    next = std::min(next, DeadlineOfPane(OldestPane(*keys_[number].panes)));
  // What lies beyond the end of time does not come.
  return next;
}

void SlidingMatcher::Arm() {
  if (quiet_) {
    if (armed_quietly_ == kForever) ArmQuietly(kNever);
    if (!some_in_panes_) return;
  }
  // Only what comes later is added: the first deadline stands until it is reached.
  if (armed_ != kForever) return;
  const int64_t next = NextDeadline();
  if (next == kForever) return;
  armed_ = next;
  timers_.Arm({.deadline = next, .rule = number_, .key = plan_.timer_key});
}

// Not for every event: after one at `from` the next is a while later, but where there is more to
// do.
void SlidingMatcher::ArmQuietly(int64_t from) {
  if (ring_.empty()) return;
  const int64_t leaves = Plus(ring_.Time(ring_.begin()), size_);
  if (leaves == kForever) return;
  const bool gets_events = ring_.Time(ring_.end() - 1) > Minus(from, size_ / kQuietTimers);
  const int64_t pause = size_ / (gets_events ? kQuietTimersBesideEvents : kQuietTimers);
  armed_quietly_ = leaves <= from ? from : std::max(leaves, Plus(from, pause));
  quiet_timers_.Arm({.deadline = armed_quietly_, .rule = number_, .key = plan_.timer_key});
}

}  // namespace telltale::engine
