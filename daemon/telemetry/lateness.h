// How far the events of a stream were behind the greatest time of their partition, on time or not:
// the data from which `max_out_of_orderness` is chosen. An event is late under a bound exactly
// where it is further behind than that, so of each bucket's bound it is known how many events would
// have been late under it (but for those that came below a floor, T4).
//
// Owner: the source, one a stream. Thread: Observe from one, Values from any; a reader may see an
// event in a bucket and not yet in the sum. Units: nanoseconds; seconds in Values. Errors: none.
#ifndef TELLTALE_DAEMON_TELEMETRY_LATENESS_H_
#define TELLTALE_DAEMON_TELEMETRY_LATENESS_H_

#include <array>
#include <atomic>
#include <cstdint>

#include "daemon/telemetry/histogram.h"

namespace telltale::telemetry {

class Lateness {
 public:
  static constexpr int64_t kSecond = 1'000'000'000;
  // An event in order is in the first.
  static constexpr std::array<int64_t, 14> kBounds = {0,
                                                      kSecond / 10,
                                                      kSecond / 2,
                                                      kSecond,
                                                      2 * kSecond,
                                                      5 * kSecond,
                                                      10 * kSecond,
                                                      30 * kSecond,
                                                      60 * kSecond,
                                                      300 * kSecond,
                                                      900 * kSecond,
                                                      3600 * kSecond,
                                                      21'600 * kSecond,
                                                      86'400 * kSecond};

  void Observe(int64_t behind) {
    if (behind == 0) return Add(0);
    size_t bucket = 1;
    while (bucket < kBounds.size() && behind > kBounds[bucket]) ++bucket;
    sum_.store(sum_.load(std::memory_order_relaxed) + static_cast<double>(behind) / kSecond,
               std::memory_order_relaxed);
    Add(bucket);
  }
  HistogramValues Values() const;

 private:
  void Add(size_t bucket) {
    counts_[bucket].store(counts_[bucket].load(std::memory_order_relaxed) + 1,
                          std::memory_order_relaxed);
  }

  std::array<std::atomic<uint64_t>, kBounds.size() + 1> counts_{};
  std::atomic<double> sum_{0};
};

}  // namespace telltale::telemetry

#endif  // TELLTALE_DAEMON_TELEMETRY_LATENESS_H_
