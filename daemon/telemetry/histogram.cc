#include "daemon/telemetry/histogram.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <utility>

namespace telltale::telemetry {

uint64_t HistogramValues::Count() const {
  return std::accumulate(counts.begin(), counts.end(), uint64_t{0});
}

double HistogramValues::Quantile(double q) const {
  uint64_t count = Count();
  if (count == 0) return 0;
  double wanted = q * static_cast<double>(count);
  uint64_t seen = 0;
  for (size_t i = 0; i < bounds.size(); ++i) {
    seen += counts[i];
    if (static_cast<double>(seen) >= wanted) return bounds[i];
  }
  return std::numeric_limits<double>::infinity();
}

Histogram::Histogram(std::vector<double> bounds)
    : bounds_(std::move(bounds)), counts_(bounds_.size() + 1) {}

void Histogram::Observe(double seconds, uint64_t times) {
  seconds = std::max(0.0, seconds);
  auto bucket = std::lower_bound(bounds_.begin(), bounds_.end(), seconds) - bounds_.begin();
  counts_[static_cast<size_t>(bucket)].fetch_add(times, std::memory_order_relaxed);
  sum_ns_.fetch_add(static_cast<uint64_t>(seconds * 1e9) * times, std::memory_order_relaxed);
}

HistogramValues Histogram::Values() const {
  HistogramValues values;
  values.bounds = bounds_;
  values.counts.reserve(counts_.size());
  for (const std::atomic<uint64_t>& count : counts_) {
    values.counts.push_back(count.load(std::memory_order_relaxed));
  }
  values.sum = static_cast<double>(sum_ns_.load(std::memory_order_relaxed)) / 1e9;
  return values;
}

std::vector<double> LatencyBounds() {
  return {0.0005, 0.001, 0.0025, 0.005, 0.01, 0.015, 0.025, 0.05, 0.1,
          0.25,   0.5,   1,      2.5,   5,    10,    30,    60};
}

}  // namespace telltale::telemetry
