// A sliding window of a key that holds more events than it may remember one by one (W5): panes.
#include <algorithm>
#include <iterator>
#include <vector>

#include "engine/time/saturation.h"
#include "engine/window/sliding_matcher.h"

namespace telltale::engine {
namespace {

__extension__ using Wide = __int128;

constexpr int64_t kPanes = 64;  // of a window

using Use = Accumulators::Use;

}  // namespace

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

}  // namespace telltale::engine
