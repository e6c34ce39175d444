#include "engine/window/sliding_matcher.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "engine/time/saturation.h"

namespace telltale::engine {
namespace {

__extension__ using Wide = __int128;

constexpr int64_t kPanes = 64;  // of a window

using Use = Accumulators::Use;

}  // namespace

SlidingMatcher::SlidingMatcher(const WindowPlan& plan, uint32_t rule, ShardMemory& memory,
                               TimerQueue& timers, Scratch& scratch, MatchReceiver& receiver)
    : plan_(plan),
      number_(rule),
      memory_(memory),
      timers_(timers),
      receiver_(receiver),
      store_(plan, memory, scratch),
      judge_(plan, rule, memory, scratch, receiver, store_),
      ring_(plan.words, plan.tags),
      armed_(kForever),
      saids_(plan.accumulators.size()) {}

SlidingMatcher::~SlidingMatcher() {
  keys_.ForEach([this](uint32_t number) { Close(number); });
}

// --- Events come ---

void SlidingMatcher::Prefetch(const Hash128& key, Fetch step) const {
  FetchKey(keys_, store_, key, step);
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
  if (number == kNoState) {
    number = keys_.Add(key);
    store_.Open(keys_[number], arrival);
  }
  SlidingKey& state = keys_[number];
  Hear(state, arrival);
  store_.Show(state, arrival);
  if (state.panes != nullptr) {
    AddToPane(state, arrival);
  } else {
    Remember(state, number, arrival);
  }
  ++state.count;
  if (state.panes == nullptr && state.count > plan_.rule->limits.events) GoToPanes(number);
  if (state.panes != nullptr) NoteLimit(state, arrival);
  LookAt(state, event.time, &arrival);
  Arm();
}

// What it says is heard a while before it is added: where that is to stand can be fetched.
void SlidingMatcher::Hear(SlidingKey& state, const Arrival& arrival) {
  Accumulators& accumulators = store_.accumulators();
  uint64_t errors = 0;
  for (size_t i = 0; i < saids_.size(); ++i) {
    saids_[i] = accumulators.Hear(i, arrival, errors);
    if (saids_[i].tag != 0) accumulators.Prefetch(state.cells, i, saids_[i]);
  }
  for (; errors > 0; --errors) receiver_.OnConditionError(number_);
}

void SlidingMatcher::Remember(SlidingKey& state, uint32_t number, const Arrival& arrival) {
  const uint64_t place = ring_.Push(arrival.event.time, number, state.last);
  state.last = static_cast<uint32_t>(place);
  for (size_t i = 0; i < saids_.size(); ++i) {
    if (saids_[i].tag == 0) continue;
    store_.accumulators().Add(state.cells, i, saids_[i], arrival, Use::kSliding);
    const AccumulatorPlan& accumulator = plan_.accumulators[i];
    if (accumulator.tag != AccumulatorPlan::kNowhere) ring_.Remember(place, accumulator, saids_[i]);
  }
}

void SlidingMatcher::LookAt(SlidingKey& state, int64_t time, const Arrival* by) {
  const int64_t start = Minus(time, size());
  // What has just left is no more in it.
  const int64_t begin = state.panes != nullptr && state.count != 0 ? OldestPane(*state.panes)
                        : by != nullptr                            ? start
                                                                   : Plus(start, 1);
  judge_.Look(state, {.cells = state.cells,
                      .count = state.count,
                      .time = time,
                      .start = start,
                      .end = time,
                      .begin = begin,
                      .looks_back_to = start,
                      .by = by});
}

// --- Events leave ---

void SlidingMatcher::Fire(const Timer& timer) {
  if (timer.deadline != armed_) return;
  if (!in_order_) PutInOrder();
  armed_ = kForever;
  for (int64_t next = NextDeadline(); next <= timer.deadline; next = NextDeadline()) {
    if (!ring_.empty() && Plus(ring_.Time(ring_.begin()), size()) == next) {
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
  const auto number = [&](uint64_t ahead) { return ring_.Key(place + ahead); };
  if (number(kState) != EntryRing::kGone) keys_.PrefetchNumber(number(kState));
  if (number(kParts) != EntryRing::kGone) store_.PrefetchParts(keys_[number(kParts)]);
  if (number(kObjects) != EntryRing::kGone) store_.PrefetchObjects(keys_[number(kObjects)]);
  if (number(kWhatWasSaid) == EntryRing::kGone) return;
  for (size_t i = 0; i < plan_.accumulators.size(); ++i) {
    if (plan_.accumulators[i].kind != AccumulatorKind::kDistinct) continue;
    store_.accumulators().Prefetch(keys_[number(kWhatWasSaid)].cells, i,
                                   ring_.SaidAt(place + kWhatWasSaid, plan_.accumulators[i]));
  }
}

// Several events at one time leave at once, each key's.
void SlidingMatcher::ExpireAt(int64_t time) {
  Accumulators& accumulators = store_.accumulators();
  touched_.clear();
  for (; !ring_.empty() && ring_.Time(ring_.begin()) == time; ring_.PopFront()) {
    const uint64_t place = ring_.begin();
    if (keys_.large()) PrefetchBehind(place);
    const uint32_t number = ring_.Key(place);
    if (number == EntryRing::kGone) continue;
    SlidingKey& state = keys_[number];
    for (size_t i = 0; i < plan_.accumulators.size(); ++i) {
      const AccumulatorPlan& accumulator = plan_.accumulators[i];
      if (accumulator.tag == AccumulatorPlan::kNowhere) continue;
      const Said said = ring_.SaidAt(place, accumulator);
      if (said.tag != 0) accumulators.Remove(state.cells, i, said);
    }
    --state.count;
    if (state.touched) continue;
    state.touched = true;
    touched_.push_back(number);
  }
  for (const uint32_t number : touched_) AfterExpiry(number, time);
}

void SlidingMatcher::AfterExpiry(uint32_t number, int64_t time) {
  SlidingKey& state = keys_[number];
  Accumulators& accumulators = store_.accumulators();
  state.touched = false;
  accumulators.ForgetUpTo(state.cells, time);
  store_.HideUpTo(state, time);
  for (size_t i = 0; i < plan_.accumulators.size(); ++i) {
    if (!accumulators.WantsValues(state.cells, i)) continue;
    accumulators.Restart(state.cells, i);
    ForEachEntry(state, [&](uint64_t place) {
      const Said said = ring_.SaidAt(place, plan_.accumulators[i]);
      if (said.tag != 0) accumulators.AddAgain(state.cells, i, said, Use::kSliding);
    });
  }
  if (state.count != 0 || plan_.aggregate->on_empty) LookAt(state, Plus(time, size()), nullptr);
  if (state.count == 0) Close(number);
}

void SlidingMatcher::Close(uint32_t number) {
  SlidingKey& state = keys_[number];
  if (state.panes != nullptr) {
    state.panes->older.Empty(store_.accumulators());
    store_.accumulators().Free(state.panes->current.cells);
    panes_.Free(std::exchange(state.panes, nullptr));
    std::erase(in_panes_, number);
  }
  store_.Close(state);
  keys_.Remove(number);
}

// --- Time ---

int64_t SlidingMatcher::NextDeadline() const {
  int64_t next = ring_.empty() ? kForever : Plus(ring_.Time(ring_.begin()), size());
  for (const uint32_t number : in_panes_)
    next = std::min(next, DeadlineOfPane(OldestPane(*keys_[number].panes)));
  // What lies beyond the end of time does not come.
  return next;
}

void SlidingMatcher::Arm() {
  // Only what comes later is added: the first deadline stands until it is reached.
  if (armed_ != kForever) return;
  const int64_t next = NextDeadline();
  if (next == kForever) return;
  armed_ = next;
  timers_.Arm({.deadline = next, .rule = number_, .key = 0});
}

// --- Panes ---

// [k * size / 64, (k + 1) * size / 64): moments are whole, so each begins with the first in it.
TimeRange SlidingMatcher::PaneAt(int64_t time) const {
  const Wide scaled = static_cast<Wide>(time) * kPanes;
  const Wide length = size();
  const Wide pane = scaled / length - (scaled % length < 0 ? 1 : 0);
  const auto begin_of = [&](Wide number) {
    const Wide product = number * length;
    const Wide begin = product / kPanes + (product % kPanes > 0 ? 1 : 0);
    return static_cast<int64_t>(std::clamp<Wide>(begin, kNever, kForever));
  };
  return {.start = begin_of(pane), .end = begin_of(pane + 1)};
}

int64_t SlidingMatcher::DeadlineOfPane(int64_t begin) const {
  return Plus(PaneAt(begin).end - 1, size());
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
  for (size_t i = 0; i < saids_.size(); ++i) {
    if (saids_[i].tag == 0) continue;
    accumulators.Add(state.cells, i, saids_[i], arrival, Use::kPane);
    accumulators.Add(current.cells, i, saids_[i], arrival, Use::kPane);
  }
}

void SlidingMatcher::GoToPanes(uint32_t number) {
  SlidingKey& state = keys_[number];
  Accumulators& accumulators = store_.accumulators();
  places_.clear();
  ForEachEntry(state, [&](uint64_t place) { places_.push_back(place); });
  std::vector<Pane> panes;  // from the oldest on; this is rare
  for (auto place = places_.rbegin(); place != places_.rend(); ++place) {
    const int64_t begin = PaneAt(ring_.Time(*place)).start;
    if (panes.empty() || panes.back().begin != begin)
      panes.push_back({.begin = begin, .count = 0, .cells = accumulators.New()});
    ++panes.back().count;
    for (size_t i = 0; i < plan_.accumulators.size(); ++i) {
      const AccumulatorPlan& accumulator = plan_.accumulators[i];
      if (accumulator.tag == AccumulatorPlan::kNowhere) continue;
      const Said said = ring_.SaidAt(*place, accumulator);
      if (said.tag != 0) accumulators.AddAgain(panes.back().cells, i, said, Use::kPane);
    }
    ring_.Drop(*place);
  }
  accumulators.MoveToPanes(state.cells, [&](int64_t time) {
    const auto after =
        std::upper_bound(panes.begin(), panes.end(), time,
                         [](int64_t wanted, const Pane& pane) { return wanted < pane.begin; });
    return std::prev(after)->cells;
  });
  state.panes = panes_.New();
  for (size_t i = 0; i + 1 < panes.size(); ++i) state.panes->older.Push(panes[i], accumulators);
  state.panes->current = panes.back();
  in_panes_.push_back(number);
  SumUp(state);
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
  state.truncated = true;
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
  store_.TakeOver(old.store_);
  keys_ = std::move(old.keys_);
  ring_ = std::move(old.ring_);
  panes_ = std::move(old.panes_);
  in_panes_ = std::exchange(old.in_panes_, {});
  limited_ = std::move(old.limited_);
  in_order_ = old.in_order_;
  old.ring_.Clear();
  keys_.ForEach([&](uint32_t number) {
    SlidingKey& state = keys_[number];
    store_.Relay(state, relaid);
    if (state.panes == nullptr) return;
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
