#include "daemon/kafka/flow_control.h"

namespace telltale::kafka {
namespace {

// The least watermark of those that are waited for; none where all are idle.
std::optional<int64_t> LeastWatermark(const std::vector<FlowPartition>& partitions) {
  std::optional<int64_t> least;
  for (const FlowPartition& one : partitions) {
    if (!one.idle && (!least.has_value() || one.watermark < *least)) least = one.watermark;
  }
  return least;
}

}  // namespace

FlowChange DecideFlow(const std::vector<FlowPartition>& partitions, int64_t buffered,
                      int64_t limit) {
  FlowChange change;
  std::optional<int64_t> least = LeastWatermark(partitions);
  std::optional<size_t> furthest;
  std::optional<size_t> nearest;
  for (size_t i = 0; i < partitions.size(); ++i) {
    const FlowPartition& one = partitions[i];
    bool waited_for = !least.has_value() || one.watermark <= *least;
    if (one.held && waited_for) {
      change.release.push_back(i);
    } else if (one.held) {
      if (!nearest.has_value() || one.watermark < partitions[*nearest].watermark) nearest = i;
    } else if (!waited_for && !one.idle) {
      if (!furthest.has_value() || one.watermark > partitions[*furthest].watermark) furthest = i;
    }
  }
  if (buffered > limit) {
    change.hold = furthest;
  } else if (buffered <= limit / 5 * 4 && nearest.has_value()) {
    change.release.push_back(*nearest);
  }
  return change;
}

}  // namespace telltale::kafka
