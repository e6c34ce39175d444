#include "daemon/telemetry/snapshot.h"

#include <algorithm>

namespace telltale::telemetry {

std::optional<int64_t> ConsumerLag(const PartitionFigures& partition) {
  if (partition.end < 0 || partition.position < 0) return std::nullopt;
  return std::max<int64_t>(0, partition.end - partition.position);
}

std::optional<double> WatermarkLag(const Snapshot& snapshot, int64_t watermark) {
  if (watermark == engine::kMinTime || watermark == engine::kMaxTime) return std::nullopt;
  double nanoseconds = static_cast<double>(snapshot.time) - static_cast<double>(watermark);
  return std::max(0.0, nanoseconds / 1e9);
}

std::optional<size_t> HoldingBack(const Snapshot& snapshot) {
  std::optional<size_t> least;
  size_t awake = 0;
  for (size_t i = 0; i < snapshot.partitions.size(); ++i) {
    const PartitionFigures& partition = snapshot.partitions[i];
    if (partition.idle) continue;
    ++awake;
    if (!least || partition.watermark < snapshot.partitions[*least].watermark) least = i;
  }
  return awake > 1 ? least : std::nullopt;
}

}  // namespace telltale::telemetry
