// Which partition to hold back when more is buffered than may be, and which to let go again.
//
// Memory fills because some partitions are far ahead of the one whose watermark all wait for. So
// the one furthest ahead is held, one at a time; the one that holds the others back never is, nor
// one without a watermark, whatever the memory (T3): only it can free the rest. Between the limit
// and four fifths of it nothing changes.
//
// Owner: the source. Thread: pure functions, any. Units: bytes, nanoseconds of event time. Errors:
// none.
#ifndef TELLTALE_DAEMON_KAFKA_FLOW_CONTROL_H_
#define TELLTALE_DAEMON_KAFKA_FLOW_CONTROL_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace telltale::kafka {

struct FlowPartition {
  int64_t watermark = 0;
  bool idle = false;  // holds nobody back
  bool held = false;  // by an earlier decision of this kind
};

struct FlowChange {
  std::optional<size_t> hold;  // an index
  std::vector<size_t> release;
};

FlowChange DecideFlow(const std::vector<FlowPartition>& partitions, int64_t buffered,
                      int64_t limit);

}  // namespace telltale::kafka

#endif  // TELLTALE_DAEMON_KAFKA_FLOW_CONTROL_H_
