#include "tests/daemon/source_harness.h"

#include <charconv>
#include <string_view>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "daemon/kafka/group_lookup.h"
#include "daemon/kafka/steady_clock.h"

namespace telltale::kafka {

using engine::PartitionKey;
using support::KafkaRecord;

bool Eventually(const std::function<bool()>& condition) {
  const int64_t deadline = DeadlineIn(absl::Seconds(60));
  while (!condition()) {
    if (SteadyNow() > deadline) return false;
    absl::SleepFor(absl::Milliseconds(10));
  }
  return true;
}

MockBroker::MockBroker(const std::vector<std::pair<std::string, int>>& topics)
    : host_(*MakeClient(RD_KAFKA_PRODUCER, {{"client.id", "mock"}}, {})),
      cluster_(rd_kafka_mock_cluster_new(host_.get(), 1)) {
  for (const auto& [topic, partitions] : topics) {
    rd_kafka_mock_topic_create(cluster_, topic.c_str(), partitions, 1);
  }
}

void MockBroker::AnswerNext(int16_t request, rd_kafka_resp_err_t error) {
  rd_kafka_mock_broker_push_request_error_rtts(cluster_, 1, request, 1, error, 0);
}

bool MockBroker::Answered(int16_t request) {
  size_t left = 0;
  rd_kafka_mock_broker_error_stack_cnt(cluster_, 1, request, &left);
  return left == 0;
}

DecodedRecord NumberDecoder::Decode(const Record& record) {
  std::string_view text = record.value.value_or("");
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), event_.time);
  if (error != std::errc()) return {nullptr, "not_a_number"};
  event_.offset = record.offset;
  event_.stream = record.stream;
  event_.partition = record.partition;
  event_.byte_size = sizeof event_;
  return {&event_, ""};
}

SourceHarness::SourceHarness()
    : asker_(*MakeClient(RD_KAFKA_CONSUMER,
                         Merge(inputs_.properties(), {{"group.id", "group"}}, {}), {})),
      rule_set_(std::make_shared<rules::RuleSet>()) {
  config_.group = "group";
  config_.kafka = inputs_.properties();
  // A rebalance of the mock takes a second less than that.
  config_.kafka.emplace_back("session.timeout.ms", "4000");
  config_.kafka.emplace_back("heartbeat.interval.ms", "200");
  config_.co_partitioned = true;  // or it asks who else is in the group, which a mock cannot answer
  for (const char* name : {"a", "b"}) {
    config::StreamConfig stream;
    stream.name = name;
    stream.topic = name;
    config_.streams.push_back(stream);
  }
  rule_set_->rules.resize(1);
  rule_set_->rules[0].id = "r";
  rule_set_->streams = std::make_shared<rules::StreamCatalog>();
  reports_.log = [this](Severity, const std::string& message) {
    std::lock_guard lock(mutex_);
    absl::StrAppend(&log_, message, "\n");
  };
  reports_.health = [this](const std::string& name, const std::string& reason) {
    std::lock_guard lock(mutex_);
    if (name == "assignment" && reason.empty()) ++assignments_;
  };
}

SourceHarness::~SourceHarness() {
  if (running_.joinable()) (void)Stop();
  letters_.reset();  // what they still say at their end is for our log
  alerts_.reset();
}

void SourceHarness::Start(absl::Duration drain_limit) {
  auto alerts = KafkaAlertSink::Create(
      {"alerts", "shadow", "telltale/test", outputs_.properties(), reports_});
  ASSERT_TRUE(alerts.ok()) << alerts.status();
  alerts_ = *std::move(alerts);
  auto letters = Letters::Create({"dead", "late", outputs_.properties(), reports_});
  ASSERT_TRUE(letters.ok()) << letters.status();
  letters_ = *std::move(letters);
  auto source = Source::Create({config_, engine_, *alerts_, *letters_, decoder_, reports_});
  ASSERT_TRUE(source.ok()) << source.status();
  source_ = *std::move(source);
  int before = Assignments();
  running_ = std::thread([this, drain_limit] { ended_ = source_->Run(drain_limit); });
  ASSERT_TRUE(Eventually([&] { return Assignments() > before; })) << Log();
}

absl::Status SourceHarness::Stop() {
  source_->Stop();
  running_.join();
  source_.reset();
  engine_.Restart();
  return ended_;
}

void SourceHarness::Produce(PartitionKey to, const std::vector<std::string>& values) {
  std::vector<KafkaRecord> records;
  for (const std::string& value : values) {
    KafkaRecord record;
    record.topic = config_.streams[to.stream].topic;
    record.partition = static_cast<int32_t>(to.partition);
    record.value = value;
    records.push_back(record);
  }
  absl::Status produced = to_inputs_.Produce(records);
  EXPECT_TRUE(produced.ok()) << produced;
}

bool SourceHarness::Applied(PartitionKey partition, size_t count) {
  return Eventually([&] {
    if (engine_.Offered(partition).size() < count) return false;
    return engine_.Calls().back().act == FakeEngine::Act::kFlush;
  });
}

std::pair<int64_t, CommitNote> SourceHarness::Committed(PartitionKey partition) {
  auto [offset, note] = Stored(partition);
  note.alerted_below = 0;
  return {offset, note};
}

std::pair<int64_t, CommitNote> SourceHarness::Stored(PartitionKey partition) {
  TopicPartition key{config_.streams[partition.stream].topic,
                     static_cast<int32_t>(partition.partition)};
  auto committed = kafka::Committed(asker_.get(), {key});
  if (!committed.ok() || committed->empty()) return {-1, {}};
  const kafka::CommittedOffset& found = committed->at(key);
  return {found.offset, ParseCommitNote(found.note).value_or(CommitNote{})};
}

bool SourceHarness::CommittedIs(PartitionKey partition, int64_t offset) {
  return Eventually([&] { return CommittedOffset(partition) == offset; });
}

void SourceHarness::CommitBefore(PartitionKey partition, int64_t offset) {
  Partitions list(rd_kafka_topic_partition_list_new(1));
  rd_kafka_topic_partition_list_add(list.get(), config_.streams[partition.stream].topic.c_str(),
                                    static_cast<int32_t>(partition.partition))
      ->offset = offset;
  EXPECT_EQ(rd_kafka_commit(asker_.get(), list.get(), 0), RD_KAFKA_RESP_ERR_NO_ERROR);
}

telemetry::Snapshot SourceHarness::Figures() const {
  telemetry::Snapshot snapshot;
  source_->Fill(snapshot);
  return snapshot;
}

std::set<std::string> SourceHarness::Paused() const {
  std::set<std::string> paused;
  for (const telemetry::PartitionFigures& one : Figures().partitions) {
    if (one.paused) paused.insert(absl::StrCat(one.topic, one.partition));
  }
  return paused;
}

int64_t SourceHarness::PositionOf(const std::string& partition) const {
  for (const telemetry::PartitionFigures& one : Figures().partitions) {
    if (absl::StrCat(one.topic, one.partition) == partition) return one.position;
  }
  return -1;
}

bool SourceHarness::PausedAre(const std::set<std::string>& wanted) const {
  return Eventually([&] { return Paused() == wanted; });
}

std::vector<KafkaRecord> SourceHarness::Output(const std::string& topic, size_t count) {
  std::vector<KafkaRecord> records;
  Eventually([&] {
    auto all = to_outputs_.ConsumeAll(topic);
    if (all.ok()) records = *std::move(all);
    return records.size() >= count;
  });
  return records;
}

void SourceHarness::AlertAtNextFlush() {
  engine_.AtNextFlush([this](uint64_t epoch) {
    engine::Alert alert;
    alert.rules = rule_set_;
    alert.rule = &rule_set_->rules[0];
    alert.id = {1, 1};
    alerts_->Deliver(0, epoch, {alert});
  });
}

int SourceHarness::Assignments() {
  std::lock_guard lock(mutex_);
  return assignments_;
}

std::string SourceHarness::Log() {
  std::lock_guard lock(mutex_);
  return log_;
}

}  // namespace telltale::kafka
