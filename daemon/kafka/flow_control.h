// Which partitions to hold back when more is buffered than may be, and which to let go again.
//
// Memory fills because some partitions are far ahead of the one whose watermark they wait for: the
// least of their key group. From nine tenths of the limit on the one furthest ahead is held, one at
// a time; beyond the limit all that are ahead. Whoever holds the others back never is, nor one
// without a watermark, whatever the memory (T3): only it can free the rest. From four fifths
// downward they are let go, the nearest first.
//
// Besides, a stream may say how far its partitions may be ahead, whatever the memory (`max_drift`).
// Those that are further are held, and let go again within three quarters of it, so that a few
// records of the others do not make a pause each.
//
// Owner: the source. Thread: pure functions, any. Units: bytes, nanoseconds of event time. Errors:
// none.
#ifndef TELLTALE_DAEMON_KAFKA_FLOW_CONTROL_H_
#define TELLTALE_DAEMON_KAFKA_FLOW_CONTROL_H_

#include <cstddef>
#include <cstdint>
#include <vector>

namespace telltale::kafka {

inline constexpr int64_t kNoMaxDrift = INT64_MAX;  // not even ahead of one without a watermark

struct FlowPartition {
  int64_t watermark = 0;
  bool idle = false;                // holds nobody back
  bool held = false;                // by an earlier decision of this kind
  uint32_t key_group = 0;           // only partitions of one group wait for each other
  int64_t max_drift = kNoMaxDrift;  // how far ahead it may be
  bool drifted = false;             // held by DecideDrift
};

// Indexes, ascending.
struct FlowChange {
  std::vector<size_t> hold;
  std::vector<size_t> release;
};

FlowChange DecideFlow(const std::vector<FlowPartition>& partitions, int64_t buffered,
                      int64_t limit);
FlowChange DecideDrift(const std::vector<FlowPartition>& partitions);

}  // namespace telltale::kafka

#endif  // TELLTALE_DAEMON_KAFKA_FLOW_CONTROL_H_
