// What the daemon tells of itself, taken at one moment: the source of /metrics, /livez, /readyz and
// of the control API's status.
//
// The pipeline fills a Snapshot when it is asked to (SnapshotProvider), from counters that its
// threads keep anyway: taking one costs nothing on the path of an event. Everything derived (lags,
// which partition holds the others back) is computed here from the values, so that tests check it
// by value.
//
// Owner: whoever asked for it. Thread: plain data; a provider is called from the threads of the
// HTTP and the gRPC server, several at once. Units: nanoseconds since the epoch for times
// (engine::kMinTime: none yet), seconds in histograms, bytes, records. Errors: none; what is not
// known has the value that says so.
#ifndef TELLTALE_DAEMON_TELEMETRY_SNAPSHOT_H_
#define TELLTALE_DAEMON_TELEMETRY_SNAPSHOT_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "daemon/telemetry/histogram.h"
#include "engine/runtime/engine.h"

namespace telltale::telemetry {

// Live: the process does its work or waits for what it needs. Ready: it takes part, and nothing
// that it needs is away.
struct Health {
  bool live = true;
  bool ready = false;
  std::vector<std::string>
      reasons;  // why it is not ready (or not live); a sentence each, for an operator
};

// Totals since the start of the process.
struct StreamFigures {
  std::string name;
  uint64_t records = 0;      // read from Kafka, those that did not become an event included
  uint64_t bytes = 0;        // of their values
  uint64_t late = 0;         // T4
  uint64_t offset_gaps = 0;  // records that the broker no longer had
  std::map<std::string, uint64_t> dead_letters = {};  // by reason
  std::map<std::string, uint64_t> pauses = {};        // of its partitions, by reason
  HistogramValues lateness = {};  // how far events were behind the greatest time (Lateness)
  int64_t max_out_of_orderness = 0;
};

// One partition that this instance is assigned.
struct PartitionFigures {
  uint32_t stream = 0;  // index into Snapshot::streams
  std::string topic = {};
  int32_t partition = 0;
  int64_t position = -1;   // the offset read next; -1: none yet
  int64_t committed = -1;  // the offset committed last; -1: none yet
  int64_t end = -1;        // the offset after the last record in the log; -1: not known
  int64_t watermark = engine::kMinTime;
  bool paused = false;                     // not read now
  std::vector<std::string> held_for = {};  // why not: "ahead" of the others (T3), "drift" ...
  bool idle = false;                       // read to its end, silent, and not waited for (T3)
};

struct AlertFigures {
  uint64_t acknowledged = 0;
  uint64_t outstanding = 0;  // handed to the producer and not yet acknowledged
};

struct ReloadFigures {
  uint64_t applied = 0;
  uint64_t unchanged = 0;              // the new set meant the same as the running one
  uint64_t refused = 0;                // it held an error: the old set stayed
  std::optional<bool> last_succeeded;  // none: there was no reload yet
  int64_t last_time = engine::kMinTime;
};

// What a rule with `output: { metric }` shows.
struct RuleMetricFigures {
  struct Series {
    std::vector<std::string> labels;  // the values
    double value = 0;
  };
  std::string name;  // of the metric
  std::string help;
  bool counter = false;  // else a gauge
  std::string rule;
  std::vector<std::string> labels = {};  // their names
  std::vector<Series> series = {};       // in order of their labels
  // Results that are in no series.
  uint64_t beyond_max_series = 0;
  uint64_t without_number = 0;
  uint64_t negative = 0;  // of a counter
  uint64_t without_label = 0;
};

struct Snapshot {
  int64_t time = 0;        // the wall clock when it was taken
  int64_t start_time = 0;  // of the process
  std::string group;
  Health health;
  std::vector<StreamFigures> streams;  // in order of their ranks
  std::vector<PartitionFigures> partitions;
  bool co_partitioned = false;  // only partitions of one number wait for each other
  engine::EngineStats engine;
  int64_t buffered_bytes_limit = 0;  // 0: none
  AlertFigures alerts;
  std::vector<RuleMetricFigures> rule_metrics;  // in order of their names
  ReloadFigures reloads;
  HistogramValues consume_to_acknowledge;  // seconds from the poll of the deciding record to the
                                           // alert's acknowledgement
};

using SnapshotProvider = std::function<Snapshot()>;
using HealthProvider = std::function<Health()>;

// How far a partition's reader is behind the log's end, in records; none where it is not known.
std::optional<int64_t> ConsumerLag(const PartitionFigures& partition);

// How far a watermark is behind the snapshot's time, in seconds, never negative; none without a
// watermark.
std::optional<double> WatermarkLag(const Snapshot& snapshot, int64_t watermark);

// The partition that holds the others back: of those that are not idle, the one without a
// watermark, else with the least one. An index into `partitions`; none where there is at most one
// such partition.
std::optional<size_t> HoldingBack(const Snapshot& snapshot);

}  // namespace telltale::telemetry

#endif  // TELLTALE_DAEMON_TELEMETRY_SNAPSHOT_H_
