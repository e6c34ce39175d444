// What the ingest thread does between records: progress, flow, idleness, commits, switches of
// rules, figures, and the drain at the end.
#include <algorithm>
#include <bit>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "daemon/kafka/commit_note.h"
#include "daemon/kafka/flow_control.h"
#include "daemon/kafka/source.h"
#include "daemon/kafka/steady_clock.h"

namespace telltale::kafka {
namespace {

constexpr int64_t kMs = 1'000'000;
constexpr int64_t kCommitEvery = 500 * kMs;
constexpr int64_t kIdleCheckEvery = 50 * kMs;
constexpr int64_t kPublishEvery = 100 * kMs;
constexpr size_t kMostLetters = 5000;  // outstanding, of one partition

void AddCommit(rd_kafka_topic_partition_list_t* list, const InputPartition& partition,
               int64_t offset, const std::string& note) {
  rd_kafka_topic_partition_t* one =
      rd_kafka_topic_partition_list_add(list, partition.topic.c_str(), partition.number);
  one->offset = offset;
  one->metadata = std::malloc(note.size());  // the list frees it
  std::memcpy(one->metadata, note.data(), note.size());
  one->metadata_size = note.size();
}

}  // namespace

void Source::Upkeep(int64_t now) {
  Progress();
  for (const Letters::Acknowledged& letter : parts_.letters.TakeAcknowledged()) {
    for (auto& [key, partition] : partitions_) {
      if (partition.tag == letter.tag) partition.ledger.Acknowledge(letter.offset);
    }
  }
  HoldAndRelease();
  ServeSwitch();
  ServeVisits();
  if (now >= next_idle_check_) {
    next_idle_check_ = now + kIdleCheckEvery;
    JudgeIdle(now);
  }
  if (now >= next_commit_) {
    next_commit_ = now + kCommitEvery;
    Commit(false);
  }
  if (now >= next_publish_) {
    next_publish_ = now + kPublishEvery;
    Publish();
  }
  if (rejoin_at_ != 0 && now >= rejoin_at_) {
    rejoin_at_ = 0;
    rd_kafka_unsubscribe(consumer_.get());
    if (absl::Status status = Subscribe(); !status.ok()) rejoin_at_ = now + 1000 * kMs;
  }
}

void Source::Progress() {
  // Asked after and before: an epoch whose first alerts came between the two answers is not taken
  // as acknowledged.
  std::optional<engine::Progress> progress =
      parts_.engine.Settled(parts_.alerts.AcknowledgedEpoch());
  if (!progress.has_value() || progress->epoch <= settled_epoch_) return;
  if (parts_.alerts.AcknowledgedEpoch() < progress->epoch) return;
  settled_epoch_ = progress->epoch;
  for (auto& [key, partition] : partitions_) {
    // A new rule set begins low.
    partition.settled = std::max(partition.settled, progress->SettledOf(partition.key));
    partition.ledger.Settle(partition.settled);
  }
  if (marked_epoch_ == 0 || settled_epoch_ < marked_epoch_) return;
  marked_epoch_ = 0;
  for (auto& [key, partition] : partitions_) partition.alerted = partition.marked;
}

void Source::HoldAndRelease() {
  std::vector<InputPartition*> assigned;
  std::vector<FlowPartition> flow;
  bool backed_up = parts_.alerts.BackedUp();
  for (auto& [key, partition] : partitions_) {
    if (!partition.assigned) continue;
    size_t letters = partition.ledger.letters_outstanding();
    bool stalled = letters > 0 && parts_.letters.troubled();
    SetHold(partition, kHoldLetters,
            stalled || letters > ((partition.holds & kHoldLetters) != 0 ? 0 : kMostLetters));
    SetHold(partition, kHoldAlerts, backed_up);
    assigned.push_back(&partition);
    flow.push_back({parts_.engine.PartitionWatermark(partition.key), partition.idle,
                    (partition.holds & kHoldAhead) != 0,
                    parts_.config.co_partitioned ? partition.key.partition : 0,
                    parts_.config.streams[partition.key.stream].time.max_drift,
                    (partition.holds & kHoldDrift) != 0});
  }
  FlowChange change = DecideFlow(flow, parts_.engine.BufferedBytes(), parts_.config.buffer_bytes);
  for (size_t i : change.hold) SetHold(*assigned[i], kHoldAhead, true);
  for (size_t i : change.release) SetHold(*assigned[i], kHoldAhead, false);
  change = DecideDrift(flow);
  for (size_t i : change.hold) SetHold(*assigned[i], kHoldDrift, true);
  for (size_t i : change.release) SetHold(*assigned[i], kHoldDrift, false);
}

void Source::SetHold(InputPartition& partition, uint8_t reason, bool on) {
  uint8_t holds = static_cast<uint8_t>(on ? partition.holds | reason : partition.holds & ~reason);
  if (holds > partition.holds) {
    counters_[partition.key.stream].pauses[std::countr_zero(reason)].fetch_add(
        1, std::memory_order_relaxed);
  }
  partition.holds = holds;
  if ((holds != 0) != partition.paused) Pause(partition, holds != 0);
}

void Source::Pause(InputPartition& partition, bool on) {
  Partitions list(rd_kafka_topic_partition_list_new(1));
  rd_kafka_topic_partition_list_add(list.get(), partition.topic.c_str(), partition.number);
  rd_kafka_resp_err_t error = on ? rd_kafka_pause_partitions(consumer_.get(), list.get())
                                 : rd_kafka_resume_partitions(consumer_.get(), list.get());
  if (error == RD_KAFKA_RESP_ERR_NO_ERROR) error = list->elems[0].err;
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) {
    parts_.reports.log(Severity::kWarning,
                       absl::StrCat("cannot ", on ? "pause: " : "resume: ", partition.topic, "/",
                                    partition.number, ": ", rd_kafka_err2str(error)));
    return;  // tried again at the next upkeep
  }
  partition.paused = on;
  partition.quiet_since = 0;
}

void Source::JudgeIdle(int64_t now) {
  bool reachable = watch_->reachable();
  for (auto& [key, partition] : partitions_) {
    if (!partition.assigned || partition.idle) continue;
    int64_t low = 0;
    int64_t high = -1;
    rd_kafka_get_watermark_offsets(consumer_.get(), partition.topic.c_str(), partition.number, &low,
                                   &high);
    bool at_end = partition.eof >= 0 && high <= std::max(partition.eof, partition.cursor) &&
                  partition.cursor >= partition.ledger.position();
    if (!at_end || partition.paused || !reachable) {
      partition.quiet_since = 0;
      continue;
    }
    if (partition.quiet_since == 0) partition.quiet_since = now;
    if (now - partition.quiet_since <
        parts_.config.streams[partition.key.stream].time.idle_timeout) {
      continue;
    }
    partition.idle = true;
    parts_.engine.SetIdle(partition.key, true);
    flush_wanted_ = true;
  }
}

bool Source::Commit(bool wait) {
  if (commit_in_flight_ && !wait) return true;
  Partitions list(rd_kafka_topic_partition_list_new(0));
  for (auto& [key, partition] : partitions_) {
    if (!partition.assigned) continue;
    CommitPoint point = partition.ledger.Commit();
    // One that is idle comes back above what is settled by then (T4), after a restart too.
    int64_t floor = partition.idle ? std::max(partition.floor, partition.settled) : partition.floor;
    std::string note = ToText(
        {floor, point.max_time_before, partition.settled, point.read_position, partition.alerted});
    bool sent = point.offset == partition.commit_sent && note == partition.note_sent;
    // Nobody who waits for the end hears what becomes of one that is under way.
    if (sent && !(wait && commit_in_flight_)) continue;
    AddCommit(list.get(), partition, point.offset, note);
    partition.commit_sent = point.offset;
    partition.note_sent = std::move(note);
  }
  if (list->cnt == 0) return true;
  if (wait) {
    // Where the broker is away, waiting would only hold what comes next.
    rd_kafka_resp_err_t error = watch_->reachable()
                                    ? rd_kafka_commit(consumer_.get(), list.get(), 0)
                                    : RD_KAFKA_RESP_ERR__TRANSPORT;
    Committed(error, list.get());
    return error == RD_KAFKA_RESP_ERR_NO_ERROR;
  }
  commit_in_flight_ = rd_kafka_commit(consumer_.get(), list.get(), 1) == RD_KAFKA_RESP_ERR_NO_ERROR;
  return true;
}

void Source::Committed(rd_kafka_resp_err_t error, const rd_kafka_topic_partition_list_t* list) {
  commit_in_flight_ = false;
  std::string problem;
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR && error != RD_KAFKA_RESP_ERR__NO_OFFSET) {
    problem = rd_kafka_err2str(error);
  }
  for (int i = 0; list != nullptr && i < list->cnt; ++i) {
    const rd_kafka_topic_partition_t& one = list->elems[i];
    auto found = partitions_.find({one.topic, one.partition});
    if (found == partitions_.end()) continue;
    if (!problem.empty() || one.err != RD_KAFKA_RESP_ERR_NO_ERROR) {
      if (problem.empty()) problem = rd_kafka_err2str(one.err);
      found->second.note_sent.clear();  // again at the next turn
    } else {
      found->second.committed = one.offset;
      found->second.note_committed.assign(static_cast<const char*>(one.metadata),
                                          one.metadata_size);
    }
  }
  if (!problem.empty()) {
    parts_.reports.log(Severity::kWarning, absl::StrCat("offsets were not committed: ", problem));
  }
}

bool Source::Rereading() const {
  return std::any_of(partitions_.begin(), partitions_.end(), [](const auto& entry) {
    return entry.second.assigned && entry.second.cursor < entry.second.ledger.position();
  });
}

void Source::ServeSwitch() {
  std::shared_ptr<SwitchRequest> request;
  {
    std::lock_guard lock(mutex_);
    if (request_ == nullptr || draining_ || Rereading()) return;
    request = std::move(request_);
    request_ = nullptr;
  }
  Flush();
  watch_->MakeTopicsOf(*request->rules->rules);
  request->result.time = parts_.engine.Switch(request->rules);
  request->result.generation = parts_.engine.Stats().generation;
  parts_.decoder.RulesChanged();
  RereadAll();
  std::lock_guard lock(mutex_);
  request->done = true;
  switched_.notify_all();
}

void Source::ServeVisits() {
  for (;;) {
    std::shared_ptr<Visit> visit;
    {
      std::lock_guard lock(mutex_);
      if (visits_.empty()) return;
      visit = std::move(visits_.front());
      visits_.pop_front();
      visit->begun = true;
    }
    visit->action(parts_.engine);
    std::lock_guard lock(mutex_);
    visit->done = true;
    visited_.notify_all();
  }
}

void Source::Publish() {
  std::vector<telemetry::PartitionFigures> figures;
  for (const auto& [key, partition] : partitions_) {
    if (!partition.assigned) continue;
    telemetry::PartitionFigures one;
    one.stream = partition.key.stream;
    one.topic = partition.topic;
    one.partition = partition.number;
    one.position = partition.cursor;
    one.committed = partition.committed;
    int64_t low = 0;
    rd_kafka_get_watermark_offsets(consumer_.get(), partition.topic.c_str(), partition.number, &low,
                                   &one.end);
    if (one.end < 0) one.end = -1;
    one.watermark = parts_.engine.PartitionWatermark(partition.key);
    one.paused = partition.paused;
    for (size_t bit = 0; bit < kHoldWords.size(); ++bit) {
      if ((partition.holds >> bit & 1) != 0) one.held_for.emplace_back(kHoldWords[bit]);
    }
    one.idle = partition.idle;
    figures.push_back(std::move(one));
  }
  std::lock_guard lock(mutex_);
  figures_ = std::move(figures);
}

bool Source::WaitProcessed(int64_t deadline) {
  for (;;) {
    if (parts_.engine.Processed() >= epoch_) return true;
    if (SteadyNow() >= deadline) return false;
    absl::SleepFor(absl::Milliseconds(1));
  }
}

bool Source::WaitSafe(int64_t deadline) {
  // Twice: a mark may still be waited for, and then the next one says how far all has been read.
  for (int turn = 0; turn < 2; ++turn) {
    Flush();
    bool safe = WaitProcessed(deadline) && parts_.alerts.WaitAcknowledged(LeftUntil(deadline));
    Progress();
    if (!safe) return false;
  }
  return true;
}

absl::Status Source::Drain(absl::Duration limit) {
  const int64_t deadline = DeadlineIn(limit);
  draining_ = true;
  bool done = WaitSafe(deadline) && parts_.letters.WaitAcknowledged(LeftUntil(deadline));
  Upkeep(SteadyNow());
  bool committed = Commit(true);
  watch_.reset();
  rd_kafka_consumer_close(consumer_.get());
  Publish();
  if (!done) {
    return absl::DeadlineExceededError(
        "not all alerts and dead letters were acknowledged; they come again after the next start");
  }
  if (!committed) {
    return absl::UnavailableError(
        "the offsets were not committed; what was read is read again after the next start");
  }
  return absl::OkStatus();
}

}  // namespace telltale::kafka
