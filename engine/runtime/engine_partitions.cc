// Which partitions there are, and which of them share their keys.
#include <algorithm>

#include "engine/runtime/engine_impl.h"

namespace telltale::engine {

PartitionState& EngineImpl::StateOf(PartitionKey key) {
  std::vector<PartitionState>& partitions = streams_[key.stream].partitions;
  if (partitions.size() <= key.partition) partitions.resize(key.partition + 1);
  return partitions[key.partition];
}

void EngineImpl::AddPartition(PartitionKey key, const PartitionStart& start) {
  const uint32_t group = GroupOf(key.partition);
  if (groups_.size() <= group) groups_.resize(group + 1);
  if (!groups_[group].live()) Begin(group);
  PartitionState& partition = StateOf(key);
  if (!partition.assigned) ++groups_[group].partitions;
  const int64_t disorder = key.stream < options_.max_out_of_orderness.size()
                               ? options_.max_out_of_orderness[key.stream]
                               : 0;
  partition = {};
  partition.assigned = true;
  partition.clock = PartitionClock(disorder, start.floor, start.max_time_before);
  partition.applied_below = start.applied_below;
  partition.alerted_below = start.alerted_below;
}

void EngineImpl::RemovePartition(PartitionKey key) {
  // What was offered before goes before, under the watermarks that the partition still holds back:
  // what waits of it must be dropped, not settled.
  for (auto& worker : workers_) Send(*worker, false);
  PartitionState& partition = StateOf(key);
  if (!partition.assigned) return;
  partition = {};
  if (options_.key_group_is_partition) watches_.ForgetPartition(key.partition);
  const uint32_t group = GroupOf(key.partition);
  if (--groups_[group].partitions == 0) return End(group);
  if (options_.key_group_is_partition) ++groups_[group].incarnation;
  Tell(DropPartition{.stream = key.stream,
                     .partition = key.partition,
                     .key_group = group,
                     .forget_keys = options_.key_group_is_partition});
}

void EngineImpl::Begin(uint32_t group) {
  groups_[group].passed = kMinTime;
  ++groups_[group].incarnation;
  times_.resize(std::max(times_.size(), (group + 1) * streams_.size()));
  std::fill_n(TimesOf(group), streams_.size(), StreamTime{});
  for (ActiveRules& rules : sets_) rules.BeginGroup(group);
  Tell(BeginGroup{.key_group = group});
}

void EngineImpl::End(uint32_t group) {
  // What an earlier epoch says of the group must not be taken for news of the next time that it is
  // here.
  const auto forget = [&](Progress& progress) {
    for (size_t s = 0; s < streams_.size(); ++s) {
      const size_t at = group * streams_.size() + s;
      if (at < progress.settled.size()) progress.settled[at] = kMinTime;
    }
  };
  for (Progress& progress : progress_) forget(progress);
  if (settled_) forget(*settled_);
  joint_.Clear();
  Tell(EndGroup{.key_group = group});
}

void EngineImpl::Tell(const Command& command) {
  for (auto& worker : workers_) worker->pending->commands.push_back(command);
}

void EngineImpl::SetIdle(PartitionKey key, bool idle) {
  PartitionState& partition = StateOf(key);
  if (partition.idle && !idle) partition.clock.RaiseFloor(JoinFloor(key));
  partition.idle = idle;
}

int64_t EngineImpl::JoinFloor(PartitionKey key) const {
  const uint32_t group = GroupOf(key.partition);
  if (group >= groups_.size() || !groups_[group].live()) return kMinTime;
  int64_t floor = kMinTime;
  for (const ActiveRules& rules : sets_) floor = std::max(floor, rules.Floor(key.stream, group));
  return floor;
}

int64_t EngineImpl::PartitionWatermark(PartitionKey key) const {
  const auto& partitions = streams_[key.stream].partitions;
  return key.partition < partitions.size() ? partitions[key.partition].clock.watermark() : kMinTime;
}

}  // namespace telltale::engine
