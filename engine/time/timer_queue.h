// Deadlines in event time, one queue a lane: when a partial match's window ends, when an absence is
// certain.
//
// A binary heap. A timer is not cancelled: its owner remembers the deadline that it armed last and
// passes over others. Owner: a shard's lane. Thread: the shard's. Units: nanoseconds.
#ifndef TELLTALE_ENGINE_TIME_TIMER_QUEUE_H_
#define TELLTALE_ENGINE_TIME_TIMER_QUEUE_H_

#include <algorithm>
#include <cstdint>
#include <vector>

#include "engine/event/hash.h"

namespace telltale::engine {

struct Timer {
  int64_t deadline = 0;
  Hash128 key{};
  uint32_t rule = 0;  // of the lane
};

class TimerQueue {
 public:
  void Arm(const Timer& timer) {
    heap_.push_back(timer);
    std::push_heap(heap_.begin(), heap_.end(), Later);
  }
  // The earliest deadline is below `bound`.
  bool DueBefore(int64_t bound) const { return !heap_.empty() && heap_.front().deadline < bound; }
  Timer Pop() {
    std::pop_heap(heap_.begin(), heap_.end(), Later);
    const Timer timer = heap_.back();
    heap_.pop_back();
    return timer;
  }
  size_t size() const { return heap_.size(); }

 private:
  static bool Later(const Timer& a, const Timer& b) { return a.deadline > b.deadline; }

  std::vector<Timer> heap_;
};

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_TIME_TIMER_QUEUE_H_
