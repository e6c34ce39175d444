// Which partition each rule waits for: of those of the streams that it reads, without idle ones,
// the one with the least watermark (T3). Where topics are co-partitioned, the partitions of one
// number wait for each other; then the number with the longest wait is told.
//
// Owner: values. Thread: any. Units: seconds. Errors: none; rules that wait for nobody are left
// out, as are those over single events, which never wait (K2).
#ifndef TELLTALE_DAEMON_TELEMETRY_WAITS_H_
#define TELLTALE_DAEMON_TELEMETRY_WAITS_H_

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "daemon/telemetry/snapshot.h"

namespace telltale::telemetry {

struct Wait {
  size_t partition = 0;  // an index into Snapshot::partitions
  // Behind the newest of the partitions that these rules read; none: it has no watermark yet.
  std::optional<double> behind;
  std::vector<std::string> rules;  // ascending
};

// Those that wait longest first.
std::vector<Wait> WaitsOf(const Snapshot& snapshot);

// How far a partition's watermark is behind the newest of all partitions; none where one of them is
// not known.
std::optional<double> BehindNewest(const Snapshot& snapshot, const PartitionFigures& partition);

}  // namespace telltale::telemetry

#endif  // TELLTALE_DAEMON_TELEMETRY_WAITS_H_
