// Deadlines in event time, one queue a lane: when a partial match's window ends, when an absence is
// certain.
//
// Time rises and a rule's windows are always as long, so that nearly all deadlines are armed in the
// order in which they are due. They stand in *runs*, each in order: a timer goes behind the latest
// one that is not later than it. What fits behind no run goes into a heap. So a timer costs the
// look at a few ends when it is armed and at a few beginnings when it is due, however many there
// are, and those of one time stand together in memory. Nothing is moved when the queue grows.
//
// A timer is not cancelled: its owner remembers the deadline that it armed last and passes over
// others. Owner: a shard's lane. Thread: the shard's. Units: nanoseconds.
#ifndef TELLTALE_ENGINE_TIME_TIMER_QUEUE_H_
#define TELLTALE_ENGINE_TIME_TIMER_QUEUE_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "engine/event/stable_vector.h"
#include "engine/time/saturation.h"

namespace telltale::engine {

struct Timer {
  int64_t deadline = 0;
  uint32_t rule = 0;  // of the lane
  uint32_t key = 0;   // as its matcher numbers it
};

class TimerQueue {
 public:
  void Arm(const Timer& timer);
  // The earliest deadline is below `bound`.
  bool DueBefore(int64_t bound) const { return earliest_ < bound; }
  // REQUIRES: there is one.
  Timer Pop();
  size_t size() const { return size_; }

 private:
  static constexpr uint32_t kRuns = 8;
  static constexpr size_t kBlockTimers = 63;
  static constexpr uint32_t kNone = UINT32_MAX;

  struct Block {
    std::array<Timer, kBlockTimers> timers;
    uint32_t next = kNone;
  };
  struct Run {
    int64_t earliest = kForever;  // of its first timer; kForever: it is empty
    int64_t latest = kNever;      // of its last one; kNever: it is empty
    uint32_t first = kNone;       // blocks
    uint32_t last = kNone;
    uint32_t begin = 0;  // in the first block
    uint32_t end = 0;    // in the last
  };

  void Append(Run& run, const Timer& timer);
  Timer TakeFrom(Run& run);
  void PushOnHeap(const Timer& timer);
  Timer TakeFromHeap();

  std::array<Run, kRuns> runs_;
  StableVector<Block> blocks_;
  uint32_t free_ = kNone;     // blocks, by `next`
  StableVector<Timer> heap_;  // binary
  int64_t earliest_ = kForever;
  uint32_t earliest_run_ = kRuns;  // kRuns: the heap
  size_t size_ = 0;
};

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_TIME_TIMER_QUEUE_H_
