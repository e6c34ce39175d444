// The clock of all that waits, for a retry, an answer or silence: it goes on evenly whatever is
// done to the clock of the machine, which nothing here asks.
//
// Thread: any. Units: nanoseconds, since a moment that means nothing.
#ifndef TELLTALE_DAEMON_KAFKA_STEADY_CLOCK_H_
#define TELLTALE_DAEMON_KAFKA_STEADY_CLOCK_H_

#include <chrono>
#include <cstdint>

#include "absl/time/time.h"

namespace telltale::kafka {

inline int64_t SteadyNow() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

// The moment that a wait of this length from now ends at.
inline int64_t DeadlineIn(absl::Duration limit) {
  return absl::ToInt64Nanoseconds(absl::Nanoseconds(SteadyNow()) + limit);
}
inline absl::Duration LeftUntil(int64_t deadline) {
  return absl::Nanoseconds(deadline - SteadyNow());
}

}  // namespace telltale::kafka

#endif  // TELLTALE_DAEMON_KAFKA_STEADY_CLOCK_H_
