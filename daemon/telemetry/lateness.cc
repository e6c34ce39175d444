#include "daemon/telemetry/lateness.h"

namespace telltale::telemetry {

HistogramValues Lateness::Values() const {
  HistogramValues values;
  for (const int64_t bound : kBounds)
    values.bounds.push_back(static_cast<double>(bound) / static_cast<double>(kSecond));
  for (const std::atomic<uint64_t>& count : counts_)
    values.counts.push_back(count.load(std::memory_order_relaxed));
  values.sum = sum_.load(std::memory_order_relaxed);
  return values;
}

}  // namespace telltale::telemetry
