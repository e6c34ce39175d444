#include "daemon/telemetry/waits.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <utility>

namespace telltale::telemetry {
namespace {

// Of partitions that wait for each other.
struct Ends {
  std::optional<size_t> least;  // an index; of those that are not idle
  int64_t newest = engine::kMinTime;
};

std::optional<double> Seconds(int64_t from, int64_t to) {
  if (from == engine::kMinTime) return std::nullopt;
  return std::max(0.0, (static_cast<double>(to) - static_cast<double>(from)) / 1e9);
}

// The longer wait is first; without a watermark it has no end.
bool Longer(const Wait& a, const Wait& b) {
  if (a.behind.has_value() != b.behind.has_value()) return !a.behind.has_value();
  return a.behind > b.behind;
}

// Of rules that read these streams.
std::optional<Wait> WaitOf(const Snapshot& snapshot, const std::vector<uint32_t>& streams) {
  std::map<int32_t, Ends> groups;
  for (size_t i = 0; i < snapshot.partitions.size(); ++i) {
    const PartitionFigures& one = snapshot.partitions[i];
    if (std::find(streams.begin(), streams.end(), one.stream) == streams.end()) continue;
    Ends& ends = groups[snapshot.co_partitioned ? one.partition : 0];
    ends.newest = std::max(ends.newest, one.watermark);
    if (one.idle) continue;
    if (!ends.least || one.watermark < snapshot.partitions[*ends.least].watermark) ends.least = i;
  }
  std::optional<Wait> longest;
  for (const auto& [number, ends] : groups) {
    if (!ends.least || snapshot.partitions[*ends.least].watermark >= ends.newest) continue;
    Wait wait{*ends.least, Seconds(snapshot.partitions[*ends.least].watermark, ends.newest), {}};
    if (!longest || Longer(wait, *longest)) longest = std::move(wait);
  }
  return longest;
}

}  // namespace

std::vector<Wait> WaitsOf(const Snapshot& snapshot) {
  std::map<std::vector<uint32_t>, std::vector<std::string>> by_streams;
  for (const engine::RuleStats& rule : snapshot.engine.rules) {
    if (!rule.waits_for.empty()) by_streams[rule.waits_for].push_back(rule.id);
  }
  std::vector<Wait> waits;
  for (auto& [streams, rules] : by_streams) {
    std::optional<Wait> wait = WaitOf(snapshot, streams);
    if (!wait) continue;
    const auto same = std::find_if(waits.begin(), waits.end(), [&](const Wait& other) {
      return other.partition == wait->partition && other.behind == wait->behind;
    });
    Wait& to = same != waits.end() ? *same : waits.emplace_back(*std::move(wait));
    to.rules.insert(to.rules.end(), rules.begin(), rules.end());
    std::sort(to.rules.begin(), to.rules.end());
  }
  std::stable_sort(waits.begin(), waits.end(), Longer);
  return waits;
}

std::optional<double> BehindNewest(const Snapshot& snapshot, const PartitionFigures& partition) {
  int64_t newest = engine::kMinTime;
  for (const PartitionFigures& other : snapshot.partitions)
    newest = std::max(newest, other.watermark);
  return Seconds(partition.watermark, newest);
}

}  // namespace telltale::telemetry
