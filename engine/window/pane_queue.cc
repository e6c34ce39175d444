#include "engine/window/pane_queue.h"

#include <algorithm>

namespace telltale::engine {

void PaneQueue::Push(const Pane& pane, Accumulators& accumulators) {
  if (back_.empty()) sum_ = {.begin = pane.begin, .count = 0, .cells = accumulators.New()};
  accumulators.Merge(sum_.cells, pane.cells);
  sum_.count += pane.count;
  back_.push_back(pane);
}

void PaneQueue::PopOldest(Accumulators& accumulators) {
  if (front_.empty()) {
    for (; !back_.empty(); back_.pop_back()) {
      Pane pane = back_.back();
      if (!front_.empty()) {
        accumulators.Merge(pane.cells, front_.back().cells);
        pane.count += front_.back().count;
      }
      front_.push_back(pane);
    }
    accumulators.Free(sum_.cells);
    sum_ = {};
  }
  accumulators.Free(front_.back().cells);
  front_.pop_back();
}

void PaneQueue::Empty(Accumulators& accumulators) {
  for (const Pane& pane : front_) accumulators.Free(pane.cells);
  for (const Pane& pane : back_) accumulators.Free(pane.cells);
  accumulators.Free(sum_.cells);
  front_.clear();
  back_.clear();
  sum_ = {};
}

void PaneQueue::Collect(Cells cells, uint64_t& count, Accumulators& accumulators) const {
  if (!front_.empty()) {
    accumulators.Merge(cells, front_.back().cells);
    count += front_.back().count;
  }
  if (!back_.empty()) {
    accumulators.Merge(cells, sum_.cells);
    count += sum_.count;
  }
}

void PaneQueue::View(Cells cells, uint64_t& count, Accumulators& accumulators) const {
  if (!front_.empty()) {
    accumulators.View(cells, front_.back().cells);
    count += front_.back().count;
  }
  if (!back_.empty()) {
    accumulators.View(cells, sum_.cells);
    count += sum_.count;
  }
}

void PaneQueue::Restore(const Pane& pane, bool front, Accumulators& accumulators) {
  if (front) {
    front_.push_back(pane);
  } else {
    Push(pane, accumulators);
  }
}

void PaneQueue::EndRestore() { std::reverse(front_.begin(), front_.end()); }

}  // namespace telltale::engine
