// The clock of one partition: its watermark (T3), its lateness verdict (T4), and whether it is
// idle.
//
// Lateness is decided here, once per event and before routing, from the partition's own events
// alone: that is what keeps the answer independent of the order in which partitions are read.
//
// Owner: the engine, one per assigned partition. Thread: the ingest thread. Units: nanoseconds.
#ifndef TELLTALE_ENGINE_TIME_PARTITION_CLOCK_H_
#define TELLTALE_ENGINE_TIME_PARTITION_CLOCK_H_

#include <algorithm>
#include <cstdint>
#include <limits>

#include "engine/time/saturation.h"

namespace telltale::engine {

class PartitionClock {
 public:
  PartitionClock() = default;
  PartitionClock(int64_t max_out_of_orderness, int64_t floor, int64_t max_time)
      : max_out_of_orderness_(max_out_of_orderness), floor_(floor), max_time_(max_time) {}

  // How far the event is behind the bound; 0: it is on time, and has moved the clock.
  int64_t Observe(int64_t time) {
    const int64_t bound = std::max(watermark(), floor_);
    // The difference of two int64 may exceed int64; a delay beyond 292 years is told as that.
    if (time < bound) return Less(bound, time);
    max_time_ = std::max(max_time_, time);
    return 0;
  }
  // How far behind the greatest on-time event time; 0 where it is not. Asked before Observe.
  int64_t Behind(int64_t time) const {
    return max_time_ == kNever || time >= max_time_ ? 0 : Less(max_time_, time);
  }
  // As by an event that brings the watermark to `watermark`.
  void AdvanceTo(int64_t watermark) {
    max_time_ = std::max(max_time_, Plus(watermark, max_out_of_orderness_));
  }
  // The greatest on-time event time less the bound on disorder; kNever before the first event.
  int64_t watermark() const {
    return max_time_ == kNever ? kNever : Less(max_time_, max_out_of_orderness_);
  }
  int64_t max_time() const { return max_time_; }
  int64_t floor() const { return floor_; }
  // T4: it never falls.
  void RaiseFloor(int64_t floor) { floor_ = std::max(floor_, floor); }

 private:
  // a - b, at most as far as int64 goes.
  static int64_t Less(int64_t a, int64_t b) {
    int64_t difference;
    if (!__builtin_sub_overflow(a, b, &difference)) return difference;
    return b < 0 ? std::numeric_limits<int64_t>::max() : std::numeric_limits<int64_t>::min();
  }

  int64_t max_out_of_orderness_ = 0;
  int64_t floor_ = kNever;
  int64_t max_time_ = kNever;
};

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_TIME_PARTITION_CLOCK_H_
