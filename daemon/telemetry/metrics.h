// A snapshot as Prometheus metrics: names, help, types and labels are all decided here.
//
// Every family is made new from the snapshot at each scrape, so that the series of a rule, a
// partition or a stream that is gone are gone too, and nothing is counted on the event path for
// Prometheus' sake.
//
// Owner: the HTTP server holds the collector. Thread: any, several at once. Units: Prometheus' base
// units (seconds, bytes), counters end in _total. Errors: none.
#ifndef TELLTALE_DAEMON_TELEMETRY_METRICS_H_
#define TELLTALE_DAEMON_TELEMETRY_METRICS_H_

#include <string>
#include <utility>
#include <vector>

#include "daemon/telemetry/process_figures.h"
#include "daemon/telemetry/snapshot.h"
#include "prometheus/collectable.h"
#include "prometheus/metric_family.h"

namespace telltale::telemetry {

// Families without a series are left out.
std::vector<prometheus::MetricFamily> ToMetrics(const Snapshot& snapshot,
                                                const ProcessFigures& process);

// Pulls from the provider at each scrape.
class SnapshotCollector : public prometheus::Collectable {
 public:
  explicit SnapshotCollector(SnapshotProvider provider) : provider_(std::move(provider)) {}
  std::vector<prometheus::MetricFamily> Collect() const override;

 private:
  SnapshotProvider provider_;
};

// In Prometheus' text format.
std::string ToText(const std::vector<prometheus::MetricFamily>& families);

}  // namespace telltale::telemetry

#endif  // TELLTALE_DAEMON_TELEMETRY_METRICS_H_
