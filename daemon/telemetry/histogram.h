// Counts durations in buckets, without a lock: the thread that measures adds to an atomic counter,
// a scrape reads them.
//
// Owner: the part of the pipeline that measures. Thread: Observe and Values from any. Units:
// seconds. Errors: none; a scrape that runs while values come in may see one that is in `sum` and
// not yet in a bucket.
#ifndef TELLTALE_DAEMON_TELEMETRY_HISTOGRAM_H_
#define TELLTALE_DAEMON_TELEMETRY_HISTOGRAM_H_

#include <atomic>
#include <cstdint>
#include <vector>

namespace telltale::telemetry {

struct HistogramValues {
  std::vector<double> bounds;    // upper bounds, ascending; a last bucket without a bound follows
  std::vector<uint64_t> counts;  // by bucket, not summed up: bounds.size() + 1 of them
  double sum = 0;

  uint64_t Count() const;
  // The bound below which the share `q` (0 to 1) of the values lies: an upper estimate, infinite in
  // the last bucket, 0 where there are no values.
  double Quantile(double q) const;
};

class Histogram {
 public:
  // REQUIRES: `bounds` ascending.
  explicit Histogram(std::vector<double> bounds);
  Histogram(const Histogram&) = delete;
  Histogram& operator=(const Histogram&) = delete;

  void Observe(double seconds) { Observe(seconds, 1); }
  void Observe(double seconds, uint64_t times);
  HistogramValues Values() const;

 private:
  const std::vector<double> bounds_;
  std::vector<std::atomic<uint64_t>> counts_;
  std::atomic<uint64_t> sum_ns_{0};
};

// From half a millisecond to a minute, for latencies from consume to acknowledge.
std::vector<double> LatencyBounds();

}  // namespace telltale::telemetry

#endif  // TELLTALE_DAEMON_TELEMETRY_HISTOGRAM_H_
