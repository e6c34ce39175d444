// The panes of one key's window, of which the oldest goes and a new one comes: two stacks, so that
// what they come to together costs O(1) merges a pane, amortised.
//
// In front stand the older panes, each merged with all newer ones of the front, so that the top
// says what the front comes to; behind them the newer ones as they are, and what they come to.
// Where the front is empty the others move there. Owner: a matcher's pool. Thread: the shard's.
#ifndef TELLTALE_ENGINE_WINDOW_PANE_QUEUE_H_
#define TELLTALE_ENGINE_WINDOW_PANE_QUEUE_H_

#include <cstdint>
#include <vector>

#include "engine/event/fetch_line.h"
#include "engine/window/accumulators.h"

namespace telltale::engine {

struct Pane {
  int64_t begin = 0;
  uint64_t count = 0;
  Cells cells = nullptr;
};

class PaneQueue {
 public:
  bool empty() const { return front_.empty() && back_.empty(); }
  // REQUIRES: not empty().
  int64_t oldest() const { return front_.empty() ? back_.front().begin : front_.back().begin; }

  // Takes the pane's cells.
  void Push(const Pane& pane, Accumulators& accumulators);
  void PopOldest(Accumulators& accumulators);
  void Empty(Accumulators& accumulators);
  // Adds all to `cells`, which are new, and the number of events to `count`.
  void Collect(Cells cells, uint64_t& count, Accumulators& accumulators) const;
  // The same for cells that are only read, and freed before the queue changes (Accumulators::View).
  void View(Cells cells, uint64_t& count, Accumulators& accumulators) const;
  [[gnu::always_inline]] void Prefetch() const {
    if (!front_.empty()) FetchLine(front_.back().cells);
    FetchLine(sum_.cells);
  }
  [[gnu::always_inline]] void PrefetchObjects(const Accumulators& accumulators) const {
    if (!front_.empty()) accumulators.Prefetch(front_.back().cells);
    if (sum_.cells != nullptr) accumulators.Prefetch(sum_.cells);
  }
  void Clear() {}  // REQUIRES: empty()

  // Every set of cells in it, from the oldest on; those of the front stand for more than their
  // pane.
  template <typename Visit>
  void ForEach(const Visit& visit) const {
    for (auto pane = front_.rbegin(); pane != front_.rend(); ++pane) visit(*pane, true);
    for (const Pane& pane : back_) visit(pane, false);
  }
  // As ForEach has told them.
  void Restore(const Pane& pane, bool front, Accumulators& accumulators);
  void EndRestore();
  // The cells of what the newer panes come to.
  Cells sum() const { return back_.empty() ? nullptr : sum_.cells; }

 private:
  std::vector<Pane> front_;  // from the newest to the oldest
  std::vector<Pane> back_;   // from the oldest to the newest
  Pane sum_;                 // of back_
};

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_WINDOW_PANE_QUEUE_H_
