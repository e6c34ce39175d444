#include "daemon/kafka/flow_control.h"

#include <algorithm>
#include <limits>
#include <map>

namespace telltale::kafka {
namespace {

// By key group: the least watermark of those that are waited for; none where all are idle.
using LeastWatermarks = std::map<uint32_t, int64_t>;

LeastWatermarks LeastOf(const std::vector<FlowPartition>& partitions) {
  LeastWatermarks least;
  for (const FlowPartition& one : partitions) {
    if (one.idle) continue;
    auto [it, added] = least.try_emplace(one.key_group, one.watermark);
    if (!added) it->second = std::min(it->second, one.watermark);
  }
  return least;
}

// How far a partition is ahead of whom its group waits for; 0: it is waited for itself.
uint64_t Ahead(const FlowPartition& one, const LeastWatermarks& least) {
  const auto it = least.find(one.key_group);
  if (it == least.end() || one.watermark <= it->second) return 0;
  // Modulo 2^64, so that one without a watermark is infinitely far behind.
  return static_cast<uint64_t>(one.watermark) - static_cast<uint64_t>(it->second);
}

}  // namespace

FlowChange DecideFlow(const std::vector<FlowPartition>& partitions, int64_t buffered,
                      int64_t limit) {
  const LeastWatermarks least = LeastOf(partitions);
  FlowChange change;
  std::vector<size_t> ahead;
  size_t nearest = partitions.size();
  uint64_t nearest_distance = std::numeric_limits<uint64_t>::max();
  for (size_t i = 0; i < partitions.size(); ++i) {
    const FlowPartition& one = partitions[i];
    const uint64_t distance = Ahead(one, least);
    if (one.held && distance == 0) {
      change.release.push_back(i);
    } else if (one.held && distance < nearest_distance) {
      nearest = i;
      nearest_distance = distance;
    } else if (!one.held && !one.idle && distance > 0) {
      ahead.push_back(i);
    }
  }
  if (buffered > limit) {
    change.hold = std::move(ahead);
  } else if (buffered > limit / 10 * 9 && !ahead.empty()) {
    change.hold.push_back(*std::max_element(ahead.begin(), ahead.end(), [&](size_t a, size_t b) {
      return Ahead(partitions[a], least) < Ahead(partitions[b], least);
    }));
  } else if (buffered <= limit / 5 * 4 && nearest < partitions.size()) {
    change.release.push_back(nearest);
    std::sort(change.release.begin(), change.release.end());
  }
  return change;
}

FlowChange DecideDrift(const std::vector<FlowPartition>& partitions) {
  const LeastWatermarks least = LeastOf(partitions);
  FlowChange change;
  for (size_t i = 0; i < partitions.size(); ++i) {
    const FlowPartition& one = partitions[i];
    if (one.max_drift == kNoMaxDrift) continue;
    const uint64_t distance = Ahead(one, least);
    const auto most = static_cast<uint64_t>(one.max_drift);
    if (one.drifted && distance <= most / 4 * 3) {
      change.release.push_back(i);
    } else if (!one.drifted && !one.idle && distance > most) {
      change.hold.push_back(i);
    }
  }
  return change;
}

}  // namespace telltale::kafka
