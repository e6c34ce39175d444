#include "engine/window/sliding_matcher.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "engine/time/saturation.h"
#include "engine/window/baselines.h"

namespace telltale::engine {
namespace {

__extension__ using Wide = __int128;

constexpr int64_t kPanes = 64;  // of a window

// Entries that leave quietly, with an event and with a timer; and timers in the time of a window,
// of a rule that gets no events, and of one that gets them, which do the same.
constexpr size_t kSweptAnEvent = 4;
constexpr size_t kSweptATimer = 64;
constexpr int64_t kQuietTimers = 16;
constexpr int64_t kQuietTimersBesideEvents = 4;

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
void SlidingMatcher::Prefetch(const Hash128& key, Fetch step) const {
  if (step == Fetch::kBucket) {
    keys_.PrefetchSlot(key);
    if (ring_.empty()) return;
    ring_.Prefetch(ring_.begin());
    return ring_.Prefetch(ring_.end());
  }
  const uint32_t number = keys_.Peek(key);
  if (step == Fetch::kSeat) {
    if (number != kNoState) keys_.PrefetchNumber(number);
    if (ring_.empty() || ring_.Key(ring_.begin()) == EntryRing::kGone) return;
    return keys_.PrefetchNumber(ring_.Key(ring_.begin()));
  }
  if (number == kNoState) return;
  const SlidingKey& state = keys_[number];
  if (step == Fetch::kPartials) return store_.PrefetchObjects(state);
  if (hears_ != 0) store_.PrefetchParts(state);
  if (state.truncated) return;
  ring_.Prefetch(state.places.last);
  if (evidence_ != 0 && state.held == evidence_) ring_.Prefetch(state.shown);
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
    // The ring is in order: mostly nothing of the key is left that has to leave.
    if (!ring_.empty() && ring_.Time(ring_.begin()) < start) LeaveQuietly(key, start);
    number = keys_.Find(key);  // with the last of its events it has gone
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

// --- Events leave ---

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

// The events of the key from before this time, of which it needs no look: `having` is false where
// they are too few, and does not become true.
void SlidingMatcher::LeaveQuietly(const Hash128& key, int64_t before) {
  const uint32_t number = keys_.Find(key);
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

// --- Time ---

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

// --- Panes ---

// [k * size / 64, (k + 1) * size / 64): moments are whole, so each begins with the first in it.
TimeRange SlidingMatcher::PaneAt(int64_t time) const {
  const Wide scaled = static_cast<Wide>(time) * kPanes;
  const Wide length = size_;
  const Wide pane = scaled / length - (scaled % length < 0 ? 1 : 0);
  const auto begin_of = [&](Wide number) {
    const Wide product = number * length;
    const Wide begin = product / kPanes + (product % kPanes > 0 ? 1 : 0);
    return static_cast<int64_t>(std::clamp<Wide>(begin, kNever, kForever));
  };
  return {.start = begin_of(pane), .end = begin_of(pane + 1)};
}

int64_t SlidingMatcher::DeadlineOfPane(int64_t begin) const {
  return Plus(PaneAt(begin).end - 1, size_);
}

void SlidingMatcher::AddToPane(SlidingKey& state, const Arrival& arrival) {
  Accumulators& accumulators = store_.accumulators();
  Pane& current = state.panes->current;
  const int64_t begin = PaneAt(arrival.event.time).start;
  if (current.begin != begin) {
    state.panes->older.Push(current, accumulators);
    current = {.begin = begin, .count = 0, .cells = accumulators.New()};
  }
  ++current.count;
  for (size_t i = 0; i < hears_; ++i) {
    if (saids_[i].tag == 0) continue;
    accumulators.Add(state.cells, i, saids_[i], arrival, Use::kPane);
    accumulators.Add(current.cells, i, saids_[i], arrival, Use::kPane);
  }
}

void SlidingMatcher::GoToPanes(uint32_t number) {
  SlidingKey& state = keys_[number];
  Accumulators& accumulators = store_.accumulators();
  std::vector<Pane> panes;  // from the oldest on; this is rare
  if (evidence_ != 0) store_.QueueAll(state, ShownOf(state));
  state.held = 0;
  ForEachEntry(state, [&](uint64_t place) {
    const int64_t begin = PaneAt(ring_.Time(place)).start;
    if (panes.empty() || panes.back().begin != begin)
      panes.push_back({.begin = begin, .count = 0, .cells = accumulators.New()});
    ++panes.back().count;
    for (size_t i = 0; i < plan_.accumulators.size(); ++i) {
      const AccumulatorPlan& accumulator = plan_.accumulators[i];
      if (accumulator.tag == AccumulatorPlan::kNowhere) continue;
      const Said said = ring_.SaidAt(place, accumulator);
      if (said.tag != 0)
        accumulators.AddAgain(panes.back().cells, i, said, ring_.Time(place), Use::kPane);
    }
    ring_.Drop(place);
  });
  accumulators.MoveToPanes(state.cells, [&](int64_t time) {
    const auto after =
        std::upper_bound(panes.begin(), panes.end(), time,
                         [](int64_t wanted, const Pane& pane) { return wanted < pane.begin; });
    return std::prev(after)->cells;
  });
  state.truncated = true;
  state.panes = panes_.New();
  for (size_t i = 0; i + 1 < panes.size(); ++i) state.panes->older.Push(panes[i], accumulators);
  state.panes->current = panes.back();
  in_panes_.push_back(number);
  some_in_panes_ = true;
  SumUp(state);
  // Where leaving is quiet nothing may have been armed before.
  const int64_t deadline = DeadlineOfPane(OldestPane(*state.panes));
  if (deadline >= armed_) return;
  armed_ = deadline;
  timers_.Arm({.deadline = deadline, .rule = number_, .key = plan_.timer_key});
}

// The key's cells anew, from its panes.
void SlidingMatcher::SumUp(SlidingKey& state) {
  Accumulators& accumulators = store_.accumulators();
  const Cells before = state.cells;
  state.cells = accumulators.New();
  uint64_t count = 0;
  state.panes->older.Collect(state.cells, count, accumulators);
  accumulators.Merge(state.cells, state.panes->current.cells);
  accumulators.CarryOrder(before, state.cells);
  state.count = count + state.panes->current.count;
  accumulators.Free(before);
}

void SlidingMatcher::ExpirePanes(int64_t deadline) {
  touched_.clear();
  for (const uint32_t number : in_panes_) {
    if (DeadlineOfPane(OldestPane(*keys_[number].panes)) <= deadline) touched_.push_back(number);
  }
  for (const uint32_t number : touched_) {
    SlidingKey& state = keys_[number];
    const int64_t gone = PaneAt(OldestPane(*state.panes)).end - 1;
    store_.HideUpTo(state, gone);
    const bool last = state.panes->older.empty();
    if (last) {
      store_.accumulators().Free(state.panes->current.cells);
      state.panes->current = {.begin = gone, .count = 0, .cells = store_.accumulators().New()};
    } else {
      state.panes->older.PopOldest(store_.accumulators());
    }
    SumUp(state);
    if (!last || plan_.aggregate->on_empty) LookAt(state, deadline, nullptr);
    if (last) Close(number);
  }
}

void SlidingMatcher::NoteLimit(SlidingKey& state, const Arrival& arrival) {
  const int64_t hour = LimitedKeys::HourOf(arrival.event.time);
  receiver_.OnLimit(number_, {.event = &arrival.event,
                              .key = state.key,
                              .hour = hour,
                              .first_in_hour = limited_.Note(state.key, hour)});
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
