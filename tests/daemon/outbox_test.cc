// The producers' promise, against librdkafka's own mock of a broker: what was sent is acknowledged
// in the end, whatever the broker says meanwhile.
#include "daemon/kafka/outbox.h"

#include <librdkafka/rdkafka_mock.h>

#include <atomic>
#include <chrono>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "daemon/kafka/alert_sink.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/kafka_client.h"

namespace telltale::kafka {
namespace {

constexpr int16_t kProduce = 0;  // Kafka's number of the request

class OutboxTest : public ::testing::Test {
 protected:
  OutboxTest() {
    rd_kafka_conf_t* conf = rd_kafka_conf_new();
    char error[256];
    host_ = rd_kafka_new(RD_KAFKA_PRODUCER, conf, error, sizeof error);
    cluster_ = rd_kafka_mock_cluster_new(host_, 1);
    rd_kafka_mock_topic_create(cluster_, "out", 1, 1);
    reports_.log = [](Severity, const std::string&) {};
    reports_.health = [this](const std::string& name, const std::string& reason) {
      std::lock_guard lock(mutex_);
      health_[name] = reason;
      if (!reason.empty()) last_reason_ = reason;
    };
  }
  ~OutboxTest() override {
    rd_kafka_mock_cluster_destroy(cluster_);
    rd_kafka_destroy(host_);
  }

  Properties ToMock() const {
    return {{"bootstrap.servers", rd_kafka_mock_cluster_bootstraps(cluster_)}};
  }
  std::unique_ptr<Outbox> Make() {
    auto outbox = Outbox::Create({"letters", ToMock(), reports_, [this](const Outgoing& record) {
                                    std::lock_guard lock(mutex_);
                                    ++acknowledged_[record.offset];
                                  }});
    EXPECT_TRUE(outbox.ok()) << outbox.status();
    return *std::move(outbox);
  }
  static std::unique_ptr<Outgoing> Record(int64_t offset) {
    auto record = std::make_unique<Outgoing>();
    record->topic = "out";
    record->value = absl::StrCat("record ", offset);
    record->headers.Add("a", "1");
    record->headers.Add("none", std::nullopt);
    record->offset = offset;
    return record;
  }
  std::string HealthOf(const std::string& name) {
    std::lock_guard lock(mutex_);
    return health_[name];
  }

  rd_kafka_t* host_ = nullptr;
  rd_kafka_mock_cluster_t* cluster_ = nullptr;
  Reports reports_;
  std::mutex mutex_;
  std::map<std::string, std::string> health_;
  std::string last_reason_;
  std::map<int64_t, int> acknowledged_;
};

TEST_F(OutboxTest, EachRecordIsAcknowledgedOnce) {
  auto outbox = Make();
  for (int64_t i = 0; i < 1000; ++i) outbox->Send(Record(i));
  EXPECT_TRUE(outbox->WaitBelow(1, absl::Seconds(30)));
  EXPECT_EQ(outbox->outstanding(), 0u);
  std::lock_guard lock(mutex_);
  EXPECT_EQ(acknowledged_.size(), 1000u);
  for (const auto& [offset, times] : acknowledged_) EXPECT_EQ(times, 1) << offset;
}

TEST_F(OutboxTest, WhatIsRefusedIsTriedAgainAndToldMeanwhile) {
  auto outbox = Make();
  outbox->Send(Record(0));
  ASSERT_TRUE(outbox->WaitBelow(1, absl::Seconds(30)));
  rd_kafka_mock_push_request_errors(cluster_, kProduce, 2,
                                    RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED,
                                    RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED);
  outbox->Send(Record(1));
  EXPECT_TRUE(outbox->WaitBelow(1, absl::Seconds(30)));
  EXPECT_GE(outbox->refusals(), 1u);
  EXPECT_EQ(HealthOf("letters"), "");
  // The headers have gone to the producer and come back.
  auto reader = support::TopicReader::Open(rd_kafka_mock_cluster_bootstraps(cluster_), "out");
  ASSERT_TRUE(reader.ok()) << reader.status();
  std::vector<support::KafkaRecord> records = reader->Read(2, absl::Seconds(30));
  ASSERT_EQ(records.size(), 2u);
  EXPECT_EQ(records[1].value, "record 1");
  ASSERT_EQ(records[1].headers.size(), 2u);
  EXPECT_EQ(records[1].headers[0], (std::pair<std::string, std::string>("a", "1")));
  EXPECT_EQ(records[1].headers[1], (std::pair<std::string, std::string>("none", "")));
  std::lock_guard lock(mutex_);
  EXPECT_EQ(acknowledged_[1], 1);
  EXPECT_THAT(last_reason_, ::testing::HasSubstr("cannot write to topic 'out'"));
}

TEST_F(OutboxTest, NobodyWaitsAfterAbandon) {
  auto outbox = Make();
  rd_kafka_mock_broker_set_down(cluster_, 1);
  outbox->Send(Record(0));
  EXPECT_FALSE(outbox->WaitBelow(1, absl::Milliseconds(50)));
  outbox->Abandon();
  EXPECT_TRUE(outbox->WaitBelow(1, absl::InfiniteDuration()));
  EXPECT_EQ(outbox->outstanding(), 1u);
}

class AlertSinkTest : public OutboxTest {
 protected:
  AlertSinkTest() {
    rule_set_ = std::make_shared<rules::RuleSet>();
    rule_set_->rules.resize(1);
    rule_set_->rules[0].id = "r";
    rule_set_->streams = std::make_shared<rules::StreamCatalog>();
  }
  engine::Alert Alert(uint64_t id) const {
    engine::Alert alert;
    alert.rules = rule_set_;
    alert.rule = &rule_set_->rules[0];
    alert.id = {id, id};
    return alert;
  }
  std::shared_ptr<rules::RuleSet> rule_set_;
};

TEST_F(AlertSinkTest, AnEpochIsAcknowledgedOnceItsAlertsAre) {
  auto sink = KafkaAlertSink::Create({"out", "out", "telltale/test", ToMock(), reports_});
  ASSERT_TRUE(sink.ok()) << sink.status();
  constexpr uint64_t kAll = std::numeric_limits<uint64_t>::max();
  EXPECT_EQ((*sink)->AcknowledgedEpoch(), kAll);
  rd_kafka_mock_broker_set_down(cluster_, 1);
  (*sink)->NoteEpoch(7, 1);
  (*sink)->Deliver(0, 7, {Alert(1), Alert(2)});
  (*sink)->Deliver(1, 9, {Alert(3)});
  (*sink)->Deliver(1, 10, {});
  EXPECT_EQ((*sink)->AcknowledgedEpoch(), 6u);
  EXPECT_EQ((*sink)->figures().outstanding, 3u);
  rd_kafka_mock_broker_set_up(cluster_, 1);
  EXPECT_TRUE((*sink)->WaitAcknowledged(absl::Seconds(60)));
  EXPECT_EQ((*sink)->AcknowledgedEpoch(), kAll);
  EXPECT_EQ((*sink)->figures().acknowledged, 3u);
  EXPECT_EQ((*sink)->latency().Count(), 3u);
}

// An alert may be acknowledged before its epoch is closed, and a drain closes epochs of its own:
// what was polled last decided them. What an epoch 4096 before was polled at is of no account.
TEST_F(AlertSinkTest, AnAlertOfAnEpochThatIsNotNotedHasATimeToo) {
  auto sink = KafkaAlertSink::Create({"out", "out", "telltale/test", ToMock(), reports_});
  ASSERT_TRUE(sink.ok()) << sink.status();
  (*sink)->NoteEpoch(1, 1);  // when the machine was switched on
  (*sink)->NoteEpoch(4096, std::chrono::duration_cast<std::chrono::nanoseconds>(
                               std::chrono::steady_clock::now().time_since_epoch())
                               .count());
  (*sink)->Deliver(0, 4097, {Alert(1)});
  EXPECT_TRUE((*sink)->WaitAcknowledged(absl::Seconds(60)));
  EXPECT_EQ((*sink)->latency().Count(), 1u);
  EXPECT_LT((*sink)->latency().sum, 60);
}

TEST_F(AlertSinkTest, WhatIsDroppedAfterAbandonStaysOutstanding) {
  auto sink = KafkaAlertSink::Create({"out", "out", "telltale/test", ToMock(), reports_});
  ASSERT_TRUE(sink.ok()) << sink.status();
  (*sink)->Abandon();
  (*sink)->Deliver(0, 4, {Alert(1)});
  EXPECT_EQ((*sink)->AcknowledgedEpoch(), 3u);
}

// Nothing is sent of it, so nothing is waited for; in shadow it is a record as others are.
TEST_F(AlertSinkTest, WhatIsOfAMetricGoesToWhoeverKeepsIt) {
  std::vector<engine::Hash128> taken;
  auto sink =
      KafkaAlertSink::Create({"out", "out", "telltale/test", ToMock(), reports_,
                              [&](const engine::Alert& result) { taken.push_back(result.id); }});
  ASSERT_TRUE(sink.ok()) << sink.status();
  rd_kafka_mock_broker_set_down(cluster_, 1);
  rule_set_->rules[0].output.emplace().metric.emplace().name = "m_total";
  (*sink)->Deliver(0, 5, {Alert(1), Alert(2)});
  EXPECT_EQ(taken.size(), 2u);
  EXPECT_EQ((*sink)->figures().outstanding, 0u);
  EXPECT_EQ((*sink)->AcknowledgedEpoch(), std::numeric_limits<uint64_t>::max());
  engine::Alert limit = Alert(3);
  limit.kind = engine::AlertKind::kLimit;
  (*sink)->Deliver(0, 5, {limit, Alert(4)});
  EXPECT_EQ(taken.size(), 3u);
  EXPECT_EQ((*sink)->figures().outstanding, 1u) << "what limits have to say is an alert";
  rule_set_->rules[0].mode = rules::Mode::kShadow;
  (*sink)->Deliver(0, 5, {Alert(5)});
  EXPECT_EQ(taken.size(), 3u);
  EXPECT_EQ((*sink)->figures().outstanding, 2u);
  rd_kafka_mock_broker_set_up(cluster_, 1);
  EXPECT_TRUE((*sink)->WaitAcknowledged(absl::Seconds(60)));
}

}  // namespace
}  // namespace telltale::kafka
