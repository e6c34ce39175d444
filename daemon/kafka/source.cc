#include "daemon/kafka/source.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "absl/strings/str_cat.h"
#include "daemon/kafka/steady_clock.h"

namespace telltale::kafka {
namespace {

constexpr int64_t kMs = 1'000'000;
constexpr int64_t kFlushAfter = 2 * kMs;
constexpr size_t kFlushEvents = 1024;
constexpr int64_t kUpkeepEvery = 5 * kMs;
constexpr int kQuietPollMs = 5;
constexpr absl::Duration kShardsTurn = absl::Milliseconds(100);
constexpr uint32_t kClockEvery = 16;  // records between looks at the clock

// Of librdkafka's queue of what has been fetched, which all partitions share. Once it is full,
// librdkafka 2.0 looks again only after a second: it should hold what can be read in one, but be no
// more than half of what the config gives to what has been read.
int64_t QueueKilobytes(const config::Config& config) {
  return std::clamp<int64_t>(config.buffer_bytes / 2048, 16 << 10, 128 << 10);
}

}  // namespace

Properties ConsumerProperties(const config::Config& config) {
  Properties defaults = {
      // the user's win over these
      {"fetch.wait.max.ms", "10"},
      {"socket.nagle.disable", "true"},
      {"reconnect.backoff.max.ms", "1000"},
      {"session.timeout.ms", "6000"},
      {"heartbeat.interval.ms", "1500"},
      {"max.poll.interval.ms", "600000"},
      {"topic.metadata.refresh.interval.ms", "10000"},
      {"queued.max.messages.kbytes", absl::StrCat(QueueKilobytes(config))},
      {"queued.min.messages", "1000000"},
      {"fetch.error.backoff.ms", "100"},
      {"client.id", "telltale"},
  };
#if RD_KAFKA_VERSION >= 0x020200ff
  defaults.emplace_back("fetch.queue.backoff.ms", "10");
#endif
  const Properties owned = {
      {"group.id", config.group},
      {"enable.auto.commit", "false"},
      {"enable.auto.offset.store", "false"},
      {"auto.offset.reset", "error"},
      {"enable.partition.eof", "true"},
      {"partition.assignment.strategy", "range"},
      {"allow.auto.create.topics", "false"},
  };
  return Merge(defaults, config.kafka, owned);
}

Source::Source(Parts parts)
    : parts_(std::move(parts)),
      dead_letters_(parts_.config.streams.size()),
      counters_(std::make_unique<StreamCounters[]>(parts_.config.streams.size())) {}

absl::StatusOr<std::unique_ptr<Source>> Source::Create(Parts parts) {
  std::unique_ptr<Source> source(new Source(std::move(parts)));
  if (absl::Status status = source->Connect(); !status.ok()) return status;
  return source;
}

Source::~Source() {
  watch_.reset();
  last_ = nullptr;
}

absl::Status Source::Connect() {
  ClientCallbacks callbacks;
  callbacks.context = this;
  callbacks.rebalanced = [](rd_kafka_t*, rd_kafka_resp_err_t event,
                            rd_kafka_topic_partition_list_t* list,
                            void* self) { static_cast<Source*>(self)->OnRebalance(event, list); };
  callbacks.committed = [](rd_kafka_t*, rd_kafka_resp_err_t error,
                           rd_kafka_topic_partition_list_t* list,
                           void* self) { static_cast<Source*>(self)->Committed(error, list); };
  callbacks.failed = [](rd_kafka_t*, int error, const char* reason, void* self) {
    auto& reports = static_cast<Source*>(self)->parts_.reports;
    reports.log(Severity::kDebug,
                absl::StrCat("kafka: ", reason, " (",
                             rd_kafka_err2name(static_cast<rd_kafka_resp_err_t>(error)), ")"));
  };
  absl::StatusOr<Client> consumer =
      MakeClient(RD_KAFKA_CONSUMER, ConsumerProperties(parts_.config), callbacks);
  if (!consumer.ok()) return consumer.status();
  consumer_ = *std::move(consumer);
  rd_kafka_poll_set_consumer(consumer_.get());
  parts_.reports.health("assignment", "no partitions are assigned yet");
  return absl::OkStatus();
}

absl::Status Source::Subscribe() {
  Partitions topics(rd_kafka_topic_partition_list_new(0));
  for (const config::StreamConfig& stream : parts_.config.streams) {
    rd_kafka_topic_partition_list_add(topics.get(), stream.topic.c_str(), RD_KAFKA_PARTITION_UA);
  }
  rd_kafka_resp_err_t error = rd_kafka_subscribe(consumer_.get(), topics.get());
  if (error == RD_KAFKA_RESP_ERR_NO_ERROR) return absl::OkStatus();
  return absl::UnavailableError(absl::StrCat("cannot subscribe: ", rd_kafka_err2str(error)));
}

absl::Status Source::Run(absl::Duration drain_limit) {
  watch_ = std::make_unique<BrokerWatch>(consumer_.get(), parts_.config, parts_.reports);
  watch_->MakeTopicsOf(*parts_.engine.RulesAt(engine::kMaxTime).rules);
  if (absl::Status status = Subscribe(); !status.ok()) return status;
  uint32_t until_clock = 0;
  while (!stopping_.load(std::memory_order_relaxed)) {
    // Nothing at hand: what was offered goes at once, unless more comes within a millisecond.
    int timeout = pending_ > 0 ? 1 : kQuietPollMs;
    Message message(rd_kafka_consumer_poll(consumer_.get(), until_clock > 0 ? 0 : timeout));
    if (message != nullptr) Handle(*message);
    if (message != nullptr && until_clock > 0 && pending_ < kFlushEvents) {
      --until_clock;
      continue;
    }
    const int64_t now = SteadyNow();
    bool waited = message == nullptr && until_clock == 0;
    until_clock = message != nullptr ? kClockEvery : 0;
    if (pending_ > 0 && first_pending_ == 0) NoteFirstPending(now);
    if (flush_wanted_ || pending_ >= kFlushEvents ||
        (pending_ > 0 && (waited || now - first_pending_ >= kFlushAfter))) {
      Flush();
    }
    if (now >= next_upkeep_) {
      next_upkeep_ = now + kUpkeepEvery;
      Upkeep(now);
    }
  }
  return Drain(drain_limit);
}

void Source::Stop() {
  stopping_ = true;
  std::lock_guard lock(mutex_);
  switched_.notify_all();
  visited_.notify_all();
}

// Now and not when the epoch is closed: a full batch goes to its shard before, and what comes of it
// may be acknowledged by then.
void Source::NoteFirstPending(int64_t now) {
  first_pending_ = now;
  parts_.alerts.NoteEpoch(epoch_ + 1, now);
}

void Source::Flush() {
  if (first_pending_ == 0) NoteFirstPending(SteadyNow());
  epoch_ = parts_.engine.Flush();
  if (marked_epoch_ == 0) {
    marked_epoch_ = epoch_;
    for (auto& [key, partition] : partitions_) partition.marked = partition.ledger.position();
  }
  pending_ = 0;
  first_pending_ = 0;
  flush_wanted_ = false;
  if (parts_.engine.BufferedBytes() <= parts_.config.buffer_bytes / 10 * 9) return;
  // Near the limit the next upkeep would be late: a thousand records can come until then. What
  // waits for a shard is first given its turn: it is not what holding partitions can lessen. A
  // shard may wait for the alert topic, so not without end.
  WaitProcessed(DeadlineIn(kShardsTurn));
  HoldAndRelease();
}

InputPartition* Source::Find(const rd_kafka_message_t& message) {
  if (message.rkt == nullptr) return nullptr;
  if (message.rkt == last_topic_ && message.partition == last_number_) return last_;
  auto found = partitions_.find({rd_kafka_topic_name(message.rkt), message.partition});
  if (found == partitions_.end()) return nullptr;
  last_topic_ = message.rkt;
  last_number_ = message.partition;
  last_ = &found->second;
  return last_;
}

void Source::Handle(const rd_kafka_message_t& message) {
  if (message.err != RD_KAFKA_RESP_ERR_NO_ERROR) return HandleError(message);
  InputPartition* partition = Find(message);
  // A record that was under way when its place changed.
  if (partition == nullptr || !partition->assigned || message.offset < partition->cursor) return;
  if (message.offset > partition->cursor) NoticeGap(*partition, message.offset);
  partition->cursor = message.offset + 1;
  Take(*partition, message);
}

void Source::Take(InputPartition& partition, const rd_kafka_message_t& message) {
  bool again = partition.ledger.Seen(message.offset);
  if (!again) {
    StreamCounters& counters = counters_[partition.key.stream];
    counters.records.fetch_add(1, std::memory_order_relaxed);
    counters.bytes.fetch_add(message.len, std::memory_order_relaxed);
    partition.quiet_since = 0;
  }
  rd_kafka_timestamp_type_t type;
  Record record{partition.key.stream, partition.key.partition, message.offset,
                rd_kafka_message_timestamp(&message, &type), std::nullopt};
  if (message.payload != nullptr) {
    record.value.emplace(static_cast<const char*>(message.payload), message.len);
  }
  DecodedRecord decoded = parts_.decoder.Decode(record);
  if (decoded.event == nullptr) return DeadLetter(partition, message, decoded.reason);
  if (partition.idle && !again) {
    partition.idle = false;
    partition.floor = std::max(partition.floor, parts_.engine.JoinFloor(partition.key));
    parts_.engine.SetIdle(partition.key, false);
  }
  int64_t time = decoded.event->time;
  engine::Admission admission = parts_.engine.Offer(*decoded.event);
  ++pending_;
  if (!again) counters_[partition.key.stream].lateness.Observe(admission.behind);
  if (admission.late) {
    return TakeLate(partition, message, {time, admission.delay, admission.below_floor});
  }
  if (!again) partition.ledger.OnTime(message.offset, time);
}

void Source::DeadLetter(InputPartition& partition, const rd_kafka_message_t& message,
                        std::string_view reason) {
  if (partition.ledger.Seen(message.offset)) return;
  if (!partition.ledger.SendsLetter(message.offset)) {
    return partition.ledger.Passed(message.offset);
  }
  {
    std::lock_guard lock(mutex_);
    ++dead_letters_[partition.key.stream][std::string(reason)];
  }
  partition.ledger.Letter(message.offset);
  parts_.letters.SendDead(message, reason, partition.tag);
}

void Source::TakeLate(InputPartition& partition, const rd_kafka_message_t& message,
                      const LateEvent& event) {
  if (partition.ledger.Seen(message.offset)) return;
  if (!partition.ledger.SendsLetter(message.offset)) {
    return partition.ledger.Passed(message.offset);
  }
  counters_[partition.key.stream].late.fetch_add(1, std::memory_order_relaxed);
  if (!parts_.letters.writes_late()) return partition.ledger.Passed(message.offset);
  partition.ledger.Letter(message.offset);
  parts_.letters.SendLate(message, event, partition.tag);
}

void Source::NoticeGap(InputPartition& partition, int64_t found) {
  int64_t from = std::max(partition.cursor, partition.ledger.position());
  if (found <= from) return;  // noticed when it was read for the first time
  counters_[partition.key.stream].gaps.fetch_add(static_cast<uint64_t>(found - from),
                                                 std::memory_order_relaxed);
  parts_.reports.log(
      Severity::kWarning,
      absl::StrCat("gap in offsets: ", partition.topic, "/", partition.number, " has no ", from,
                   " to ", found - 1, " (deleted, compacted, or marks of transactions)"));
}

void Source::HandleError(const rd_kafka_message_t& message) {
  InputPartition* partition = Find(message);
  if (message.err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
    if (partition != nullptr) partition->eof = message.offset;
    return;
  }
  if (message.err == RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET && partition != nullptr &&
      partition->assigned) {
    return JumpTo(*partition);
  }
  parts_.reports.log(Severity::kWarning,
                     absl::StrCat("kafka: ", rd_kafka_message_errstr(&message)));
}

absl::StatusOr<Source::Switched> Source::Switch(std::shared_ptr<const engine::CompiledRules> rules,
                                                absl::Duration timeout) {
  auto request = std::make_shared<SwitchRequest>();
  request->rules = std::move(rules);
  std::unique_lock lock(mutex_);
  auto deadline = std::chrono::steady_clock::now() + absl::ToChronoNanoseconds(timeout);
  auto free = [this] { return request_ == nullptr || stopping_; };
  if (!switched_.wait_until(lock, deadline, free) || stopping_) {
    return absl::UnavailableError("the rules were not switched: the daemon is busy or stops");
  }
  request_ = request;
  auto settled = [&] { return request->done || stopping_; };
  if (!switched_.wait_until(lock, deadline, settled) && request_ == request) {
    request_ = nullptr;
    return absl::DeadlineExceededError("the engine did not take the new rules in time");
  }
  switched_.wait(lock, settled);  // taken: it is done in a moment
  if (request->done) return request->result;
  return absl::UnavailableError("the daemon stops");
}

absl::Status Source::OnEngine(std::function<void(engine::Engine&)> action, absl::Duration timeout) {
  auto visit = std::make_shared<Visit>();
  visit->action = std::move(action);
  std::unique_lock lock(mutex_);
  if (stopping_) return absl::UnavailableError("the daemon stops");
  visits_.push_back(visit);
  const auto deadline = std::chrono::steady_clock::now() + absl::ToChronoNanoseconds(timeout);
  visited_.wait_until(lock, deadline, [&] { return visit->done || stopping_; });
  // What has begun uses what the caller lent: it ends in a moment.
  if (visit->begun) visited_.wait(lock, [&] { return visit->done; });
  if (visit->done) return absl::OkStatus();
  std::erase(visits_, visit);
  return stopping_ ? absl::UnavailableError("the daemon stops")
                   : absl::DeadlineExceededError("the daemon is busy");
}

void Source::Fill(telemetry::Snapshot& snapshot) const {
  std::lock_guard lock(mutex_);
  snapshot.partitions = figures_;
  snapshot.co_partitioned = parts_.config.co_partitioned;
  for (size_t i = 0; i < parts_.config.streams.size(); ++i) {
    telemetry::StreamFigures figures;
    figures.name = parts_.config.streams[i].name;
    figures.records = counters_[i].records.load(std::memory_order_relaxed);
    figures.bytes = counters_[i].bytes.load(std::memory_order_relaxed);
    figures.late = counters_[i].late.load(std::memory_order_relaxed);
    figures.lateness = counters_[i].lateness.Values();
    figures.max_out_of_orderness = parts_.config.streams[i].time.max_out_of_orderness;
    figures.offset_gaps = counters_[i].gaps.load(std::memory_order_relaxed);
    figures.dead_letters = dead_letters_[i];
    for (size_t bit = 0; bit < kHoldWords.size(); ++bit) {
      figures.pauses[std::string(kHoldWords[bit])] =
          counters_[i].pauses[bit].load(std::memory_order_relaxed);
    }
    snapshot.streams.push_back(std::move(figures));
  }
}

}  // namespace telltale::kafka
