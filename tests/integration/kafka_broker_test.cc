// The harness itself: a real broker that keeps its data over stop, kill and start.
#include "tests/support/kafka_broker.h"

#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace telltale::support {
namespace {

KafkaRecord Record(const std::string& topic, int32_t partition, const std::string& value) {
  KafkaRecord record;
  record.topic = topic;
  record.partition = partition;
  record.key = "key";
  record.value = value;
  record.timestamp_ms = 1700000000000;
  record.headers = {{"name", "header"}};
  return record;
}

TEST(KafkaBrokerTest, ProducesAndConsumes) {
  KafkaClient& kafka = SharedBroker().client();
  std::string topic = UniqueTopic("round-trip");
  ASSERT_TRUE(kafka.CreateTopic(topic, 3).ok());
  KafkaRecord tombstone = Record(topic, 1, "");
  tombstone.value.reset();
  absl::Status produced = kafka.Produce({Record(topic, 2, "a"), Record(topic, 2, "b"), tombstone});
  ASSERT_TRUE(produced.ok()) << produced;

  absl::StatusOr<std::vector<KafkaRecord>> records = kafka.ConsumeAll(topic);
  ASSERT_TRUE(records.ok()) << records.status();
  ASSERT_EQ(records->size(), 3u);
  int tombstones = 0;
  std::string values;
  for (const KafkaRecord& record : *records) {
    EXPECT_EQ(record.key, "key");
    EXPECT_EQ(record.timestamp_ms, 1700000000000);
    EXPECT_EQ(record.Header("name"), "header");
    EXPECT_EQ(record.partition, record.value.has_value() ? 2 : 1);
    tombstones += record.value.has_value() ? 0 : 1;
    values += record.value.value_or("");
  }
  EXPECT_EQ(tombstones, 1);
  EXPECT_EQ(values, "ab");
}

TEST(KafkaBrokerTest, DataOutlivesStopAndKill) {
  KafkaBroker& broker = SharedBroker();
  std::string topic = UniqueTopic("restart");
  ASSERT_TRUE(broker.client().CreateTopic(topic, 1).ok());
  ASSERT_TRUE(broker.client().Produce({Record(topic, 0, "one")}).ok());

  absl::Status stopped = broker.Stop();
  ASSERT_TRUE(stopped.ok()) << stopped;
  EXPECT_FALSE(broker.Running());
  EXPECT_FALSE(broker.client().WaitReady(absl::Milliseconds(100)).ok());
  absl::Status started = broker.Start();
  ASSERT_TRUE(started.ok()) << started;
  ASSERT_TRUE(broker.client().Produce({Record(topic, 0, "two")}).ok());

  broker.Kill();
  started = broker.Start();
  ASSERT_TRUE(started.ok()) << started;
  absl::StatusOr<std::vector<KafkaRecord>> records = broker.client().Consume(topic, 2);
  ASSERT_TRUE(records.ok()) << records.status();
  ASSERT_EQ(records->size(), 2u);
  EXPECT_EQ((*records)[0].value, "one");
  EXPECT_EQ((*records)[1].value, "two");
}

TEST(KafkaBrokerTest, TopicsCanGrowAndRefuse) {
  KafkaClient& kafka = SharedBroker().client();
  std::string topic = UniqueTopic("grow");
  ASSERT_TRUE(kafka.CreateTopic(topic, 1, {{"max.message.bytes", "1000"}}).ok());
  EXPECT_EQ(kafka.Produce({Record(topic, 0, std::string(5000, 'x'))}).code(),
            absl::StatusCode::kInvalidArgument);
  ASSERT_TRUE(kafka.SetTopicConfig(topic, {{"max.message.bytes", "100000"}}).ok());
  ASSERT_TRUE(kafka.Produce({Record(topic, 0, std::string(5000, 'x'))}).ok());
  ASSERT_TRUE(kafka.AddPartitions(topic, 2).ok());
  EXPECT_EQ(kafka.PartitionCount(topic).value_or(0), 2);
}

TEST(KafkaBrokerTest, RecordsCanGoMissing) {
  KafkaClient& kafka = SharedBroker().client();
  std::string topic = UniqueTopic("gap");
  ASSERT_TRUE(kafka.CreateTopic(topic, 1).ok());
  ASSERT_TRUE(kafka.Produce({Record(topic, 0, "a"), Record(topic, 0, "b")}).ok());
  absl::Status deleted = kafka.DeleteRecordsBefore(topic, 0, 1);
  ASSERT_TRUE(deleted.ok()) << deleted;
  auto offsets = kafka.Offsets(topic, 0);
  ASSERT_TRUE(offsets.ok()) << offsets.status();
  EXPECT_EQ(*offsets, (std::pair<int64_t, int64_t>(1, 2)));
  EXPECT_TRUE(kafka.CommittedOffsets("nobody", topic)->empty());
}

}  // namespace
}  // namespace telltale::support
