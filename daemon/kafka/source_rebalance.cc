// Partitions that come, stay and go; on the ingest thread, from the consumer's poll.
#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "daemon/kafka/commit_note.h"
#include "daemon/kafka/source.h"
#include "daemon/kafka/steady_clock.h"

namespace telltale::kafka {
namespace {

constexpr int64_t kSecond = 1'000'000'000;
constexpr int kSeekMs = 10000;
constexpr absl::Duration kRevokeLimit = absl::Seconds(4);  // the others of the group wait

}  // namespace

void Source::OnRebalance(rd_kafka_resp_err_t event, rd_kafka_topic_partition_list_t* list) {
  last_topic_ = nullptr;
  if (event == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS) return OnAssign(*list);
  OnRevoke();
}

void Source::OnRevoke() {
  if (rd_kafka_assignment_lost(consumer_.get())) {
    // What may be committed is no longer ours to say. Where nobody moved on meanwhile, all goes on
    // from here when the partitions come back.
    parts_.reports.log(Severity::kWarning, "the assignment was lost: another member may have it");
  } else if (!draining_) {
    WaitSafe(DeadlineIn(kRevokeLimit));
    Commit(true);
  }
  for (auto& [key, partition] : partitions_) partition.assigned = false;
  rd_kafka_assign(consumer_.get(), nullptr);
  if (!draining_) parts_.reports.health("assignment", "the consumer group is rebalancing");
}

void Source::OnAssign(const rd_kafka_topic_partition_list_t& list) {
  absl::StatusOr<GroupState> group = AskGroup(list);
  if (!group.ok()) return StandBy(std::string(group.status().message()), true);
  if (!group->refusal.empty()) return StandBy(group->refusal, false);

  std::set<Key> given;
  for (int i = 0; i < list.cnt; ++i) given.insert({list.elems[i].topic, list.elems[i].partition});
  std::vector<Key> gone;
  for (const auto& [key, partition] : partitions_) {
    if (!given.contains(key)) gone.push_back(key);
  }
  for (const Key& key : gone) Forget(key);
  for (const Key& key : given) {
    absl::Status joined = Join(key, *group);
    if (!joined.ok()) return StandBy(std::string(joined.message()), true);
  }
  if (!partitions_.empty() || !gone.empty()) Flush();
  AssignAll();
  next_commit_ = 0;  // where it begins is known to the group at once
  parts_.reports.health("assignment",
                        given.empty() ? "no partitions are assigned to this instance" : "");
  parts_.reports.log(Severity::kInfo, absl::StrCat("assigned: ", given.size(), " partitions"));
}

absl::StatusOr<Source::GroupState> Source::AskGroup(
    const rd_kafka_topic_partition_list_t& list) const {
  GroupState state;
  std::vector<TopicPartition> all;
  std::set<int32_t> counts;
  for (const config::StreamConfig& stream : parts_.config.streams) {
    absl::StatusOr<int32_t> count = PartitionCount(consumer_.get(), stream.topic);
    if (!count.ok()) return count.status();
    counts.insert(*count);
    for (int32_t i = 0; i < *count; ++i) all.emplace_back(stream.topic, i);
  }
  if (parts_.config.co_partitioned) {
    if (counts.size() > 1) {
      state.refusal = "the topics are not co-partitioned: their numbers of partitions differ";
    }
  } else {
    absl::StatusOr<int> members = MemberCount(consumer_.get(), parts_.config.group);
    if (!members.ok()) return members.status();
    if (*members > 1) {
      state.refusal = absl::StrCat("group '", parts_.config.group, "' has ", *members,
                                   " members and this instance ", list.cnt, " of ", all.size(),
                                   " partitions: several instances need co_partitioned: true");
    } else if (list.cnt < static_cast<int>(all.size())) {
      state.refusal = absl::StrCat("only ", list.cnt, " of ", all.size(),
                                   " partitions are assigned yet: the others have just come");
    }
  }
  absl::StatusOr<std::map<TopicPartition, CommittedOffset>> committed =
      kafka::Committed(consumer_.get(), all);
  if (!committed.ok()) return committed.status();
  state.committed = *std::move(committed);
  return state;
}

absl::Status Source::Join(const Key& key, const GroupState& group) {
  auto committed = group.committed.find(key);
  auto held = partitions_.find(key);
  if (held != partitions_.end()) {
    // The note tells, too: somebody else may have applied events without moving the offset.
    const InputPartition& partition = held->second;
    const auto ours = [&](const CommittedOffset& found) {
      return (found.offset == partition.committed && found.note == partition.note_committed) ||
             (found.offset == partition.commit_sent && found.note == partition.note_sent);
    };
    if (committed == group.committed.end() || ours(committed->second)) return absl::OkStatus();
    Forget(key);
    Flush();
  }
  std::optional<uint32_t> stream = StreamOf(key.first);
  if (!stream.has_value()) return absl::OkStatus();
  InputPartition partition;
  partition.key = {*stream, static_cast<uint32_t>(key.second)};
  partition.topic = key.first;
  partition.number = key.second;
  partition.tag = next_tag_++;
  CommitNote note;
  int64_t offset = 0;
  if (committed != group.committed.end()) {
    offset = committed->second.offset;
    note.read_position = offset;
    if (auto parsed = ParseCommitNote(committed->second.note)) note = *parsed;
    partition.committed = offset;
    partition.note_committed = committed->second.note;
    partition.commit_sent = offset;
  } else {
    // One that was added to a topic that is read already begins at its start.
    auto of_topic = group.committed.lower_bound({key.first, 0});
    bool added = of_topic != group.committed.end() && of_topic->first.first == key.first;
    absl::StatusOr<int64_t> start = StartOffset(
        consumer_.get(), key, added ? config::Start{} : parts_.config.streams[*stream].start);
    if (!start.ok()) return start.status();
    offset = *start;
  }
  note.floor = std::max(note.floor, parts_.engine.JoinFloor(partition.key));
  partition.floor = note.floor;
  partition.settled = note.applied_below;
  partition.cursor = offset;
  partition.ledger = OffsetLedger({offset, note.max_time_before, note.read_position});
  partition.ledger.Settle(note.applied_below);
  partition.alerted = partition.marked = note.alerted_below;
  parts_.engine.AddPartition(
      partition.key, {note.floor, note.max_time_before, note.applied_below, note.alerted_below});
  partitions_[key] = std::move(partition);
  return absl::OkStatus();
}

void Source::Forget(const Key& key) {
  last_topic_ = nullptr;
  auto found = partitions_.find(key);
  parts_.engine.RemovePartition(found->second.key);
  partitions_.erase(found);
}

// Takes part in the group without reading, so that the partitions of others are not taken for free.
void Source::StandBy(const std::string& reason, bool try_again) {
  for (auto& [key, partition] : partitions_) partition.assigned = false;
  // An empty list is an assignment that is taken; none at all would end it, and with it the news of
  // the next.
  Partitions none(rd_kafka_topic_partition_list_new(0));
  rd_kafka_assign(consumer_.get(), none.get());
  parts_.reports.health("assignment", reason);
  parts_.reports.log(Severity::kError, absl::StrCat("not processing: ", reason));
  if (try_again) rejoin_at_ = SteadyNow() + kSecond;
}

void Source::AssignAll() {
  last_topic_ = nullptr;
  Partitions list(rd_kafka_topic_partition_list_new(0));
  for (auto& [key, partition] : partitions_) {
    rd_kafka_topic_partition_list_add(list.get(), partition.topic.c_str(), partition.number)
        ->offset = partition.cursor;
    partition.assigned = true;
    partition.paused = false;
    partition.eof = -1;
    partition.quiet_since = 0;
  }
  rd_kafka_resp_err_t error = rd_kafka_assign(consumer_.get(), list.get());
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) {
    StandBy(absl::StrCat("cannot take the assignment: ", rd_kafka_err2str(error)), true);
  }
}

void Source::RereadAll() {
  Partitions list(rd_kafka_topic_partition_list_new(0));
  for (auto& [key, partition] : partitions_) {
    CommitPoint from = partition.ledger.Unapplied();
    parts_.engine.RereadFrom(partition.key, from.offset, partition.ledger.position(),
                             from.max_time_before);
    if (from.offset < partition.ledger.position()) partition.idle = false;  // as the engine does
    if (from.offset == partition.cursor) continue;
    partition.cursor = from.offset;
    if (!partition.assigned) continue;
    rd_kafka_topic_partition_list_add(list.get(), partition.topic.c_str(), partition.number)
        ->offset = from.offset;
  }
  if (list->cnt == 0) return;
  KafkaError failed(rd_kafka_seek_partitions(consumer_.get(), list.get(), kSeekMs));
  bool sought = failed == nullptr;
  for (int i = 0; i < list->cnt; ++i) {
    sought = sought && list->elems[i].err == RD_KAFKA_RESP_ERR_NO_ERROR;
  }
  if (!sought) AssignAll();
}

// The offset that was asked for is not there any more.
void Source::JumpTo(InputPartition& partition) {
  absl::StatusOr<std::pair<int64_t, int64_t>> ends =
      LogEnds(consumer_.get(), {partition.topic, partition.number});
  if (!ends.ok()) {
    rejoin_at_ = SteadyNow() + kSecond;
    return;
  }
  auto [low, high] = *ends;
  if (partition.cursor < low) {
    NoticeGap(partition, low);
    partition.cursor = low;
  } else if (partition.cursor > high) {
    parts_.reports.log(
        Severity::kError,
        absl::StrCat("topic made anew or cut: ", partition.topic, "/", partition.number,
                     " ends at ", high, ", before ", partition.cursor,
                     " where it was read last; reading from its start"));
    counters_[partition.key.stream].gaps.fetch_add(1, std::memory_order_relaxed);
    engine::PartitionKey key = partition.key;
    parts_.engine.RemovePartition(key);
    Flush();
    partition.tag = next_tag_++;
    partition.ledger = OffsetLedger({low, engine::kMinTime, low});
    partition.floor = parts_.engine.JoinFloor(key);
    partition.cursor = low;
    partition.settled = engine::kMinTime;
    partition.alerted = partition.marked = 0;
    parts_.engine.AddPartition(key, {partition.floor, engine::kMinTime, engine::kMinTime, 0});
  }
  AssignAll();
}

std::optional<uint32_t> Source::StreamOf(const std::string& topic) const {
  for (uint32_t i = 0; i < parts_.config.streams.size(); ++i) {
    if (parts_.config.streams[i].topic == topic) return i;
  }
  return std::nullopt;
}

}  // namespace telltale::kafka
