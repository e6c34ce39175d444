// What cannot be read, or comes too late: written away one for one, with the original bytes; and
// what happens where it cannot be written.
#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/integration/takeover_run.h"

namespace telltale::integration {
namespace {

using support::KafkaRecord;
using support::SharedBroker;
using ::testing::HasSubstr;

constexpr int64_t kBegin = 1'700'000'000'000;
constexpr int64_t kFar = kBegin + 3'000'000;

KafkaRecord Bad(const TakeoverRun& run, int stream, std::optional<std::string> value) {
  KafkaRecord record = run.Record(stream, "bad", kBegin, "\"user_id\":\"bad\"");
  record.value = std::move(value);
  record.headers = {{"trace", "t-1"}};
  return record;
}

TEST(BadInputTest, EachUnreadableRecordBecomesOneDeadLetter) {
  TakeoverRun run(SharedBroker());
  TakeoverRun::Daemon daemon = run.Start();
  ASSERT_TRUE(daemon.WaitReady());
  std::vector<std::pair<std::optional<std::string>, std::string>> cases = {
      {"hello", "not_json"},
      {R"({"ts":1700000000000,"user_id":"u)", "truncated"},
      {R"({"ts":1700000000000} {"ts":1})", "trailing_data"},
      {"{\"ts\":1700000000000,\"user_id\":\"\xff\"}", "invalid_utf8"},
      {R"({"user_id":"u1"})", "no_time"},
      {R"({"ts":1900000000000})", "time_ahead"},
      {R"([1,2])", "not_object"},
      {std::nullopt, "tombstone"},
      {"", ""},
  };
  std::vector<KafkaRecord> records = run.Users(0, 30, kBegin);
  std::vector<KafkaRecord> bad;
  for (const auto& [value, reason] : cases) bad.push_back(Bad(run, 0, value));
  records.insert(records.begin() + 40, bad.begin(), bad.end());
  for (const KafkaRecord& flusher : run.Flushers(kFar)) records.push_back(flusher);
  run.Produce(records);
  run.ExpectTruth();

  auto letters = run.kafka().Consume(run.dead_letters(), cases.size(), absl::Seconds(30));
  ASSERT_TRUE(letters.ok()) << letters.status();
  ASSERT_EQ(letters->size(), cases.size());
  for (size_t i = 0; i < cases.size(); ++i) {
    const KafkaRecord& letter = (*letters)[i];
    EXPECT_EQ(letter.value, cases[i].first) << i;
    EXPECT_EQ(letter.key, "bad");
    EXPECT_EQ(letter.Header("trace"), "t-1");
    EXPECT_EQ(letter.Header("telltale.topic"), run.topic(0));
    EXPECT_EQ(letter.Header("telltale.timestamp"), absl::StrCat(kBegin));
    EXPECT_THAT(letter.Header("telltale.reason"), HasSubstr(cases[i].second));
    // Where it says that it was, it was.
    auto original = run.kafka().ConsumeAll(run.topic(0));
    ASSERT_TRUE(original.ok());
    bool found = std::any_of(original->begin(), original->end(), [&](const KafkaRecord& one) {
      return absl::StrCat(one.partition) == letter.Header("telltale.partition") &&
             absl::StrCat(one.offset) == letter.Header("telltale.offset") &&
             one.value == letter.value;
    });
    EXPECT_TRUE(found) << i;
  }
  EXPECT_EQ(daemon.Terminate(), 0);

  // Nothing is sent twice by a second run, though what did not settle is read again.
  TakeoverRun::Daemon second = run.Start();
  ASSERT_TRUE(second.WaitReady());
  run.Produce(run.Users(30, 60, kFar + 100000));
  run.Produce(run.Flushers(kFar + 3'000'000));
  run.ExpectTruth();
  EXPECT_EQ(run.kafka().ConsumeAll(run.dead_letters())->size(), cases.size());
}

TEST(BadInputTest, LateEventsGoToTheirTopic) {
  std::string topic = support::UniqueTopic("late");
  TakeoverRun late(SharedBroker(),
                   {.partitions = 1, .config = absl::StrCat("late: { topic: ", topic, " }")});
  TakeoverRun::Daemon daemon = late.Start();
  ASSERT_TRUE(daemon.WaitReady());
  late.Produce({late.Record(0, "u1", kBegin, "\"user_id\":\"u1\""),
                late.Record(0, "u1", kBegin + 100000, "\"user_id\":\"u1\""),
                late.Record(0, "u2", kBegin + 39000, "\"user_id\":\"u2\""),    // 1 s too late
                late.Record(0, "u3", kBegin + 40000, "\"user_id\":\"u3\"")});  // just in time
  auto records = late.kafka().Consume(topic, 1, absl::Seconds(30));
  ASSERT_TRUE(records.ok()) << records.status();
  ASSERT_EQ(records->size(), 1u);
  EXPECT_THAT(*records->front().value, HasSubstr("u2"));
  EXPECT_EQ(records->front().Header("telltale.reason"), "late");
  EXPECT_EQ(records->front().Header("telltale.delay_ms"), "1000");
  EXPECT_EQ(records->front().Header("telltale.offset"), "2");
}

TEST(BadInputTest, ADeadLetterTopicThatRefusesStallsItsPartitionAndDropsNothing) {
  TakeoverRun run(SharedBroker());
  ASSERT_TRUE(run.kafka().CreateTopic(run.dead_letters(), 1, {{"max.message.bytes", "1000"}}).ok());
  TakeoverRun::Daemon daemon = run.Start();
  ASSERT_TRUE(daemon.WaitReady());
  std::string large(5000, 'x');
  run.Produce({Bad(run, 0, large)});
  ASSERT_TRUE(daemon.WaitNotReady("cannot write to topic"));
  KafkaRecord bad = Bad(run, 0, large);

  // Everything goes on but that partition, whose offset stays before the letter.
  std::vector<KafkaRecord> users = run.Users(0, 90, kBegin);
  run.Produce(users);
  run.Produce(run.Flushers(kFar));
  EXPECT_TRUE(Eventually([&] {
    return daemon.Metric("telltale_events_total{stream=\"devices\"}") == 93;
  })) << run.Describe();
  auto committed = run.kafka().CommittedOffsets(run.group(), run.topic(0));
  ASSERT_TRUE(committed.ok());
  EXPECT_EQ((*committed)[bad.partition], 0);

  ASSERT_TRUE(
      run.kafka().SetTopicConfig(run.dead_letters(), {{"max.message.bytes", "100000"}}).ok());
  ASSERT_TRUE(daemon.WaitReady());
  auto letters = run.kafka().Consume(run.dead_letters(), 1, absl::Seconds(30));
  ASSERT_TRUE(letters.ok());
  ASSERT_EQ(letters->size(), 1u);
  EXPECT_EQ(letters->front().value, large);
  run.ExpectTruth();
  EXPECT_EQ(daemon.Metric("telltale_offset_gap_records_total{stream=\"logins\"}"), 0)
      << daemon.process->Stderr();
  EXPECT_EQ(daemon.Terminate(), 0);
}

TEST(BadInputTest, AGapInOffsetsIsToldAndReadingGoesOn) {
  TakeoverRun run(SharedBroker(), {.partitions = 1});
  run.Produce(run.Users(0, 30, kBegin));
  TakeoverRun::Daemon daemon = run.Start();
  ASSERT_TRUE(daemon.WaitReady());
  run.Produce(run.Flushers(kFar));
  run.ExpectTruth();
  EXPECT_EQ(daemon.Terminate(), 0);

  std::vector<KafkaRecord> lost;
  for (int i = 0; i < 20; ++i) {
    lost.push_back(run.Record(0, "lost", kFar + 1000, "\"user_id\":\"lost\""));
  }
  run.Produce(lost);
  ASSERT_TRUE(run.kafka().DeleteRecordsBefore(run.topic(0), 0, 50).ok());
  TakeoverRun::Daemon second = run.Start();
  ASSERT_TRUE(second.WaitReady());
  EXPECT_TRUE(second.process->WaitForStderr("gap in offsets", absl::Seconds(30)))
      << second.process->Stderr();
  run.Produce(run.Users(30, 60, kFar + 100000));
  run.Produce(run.Flushers(kFar + 3'000'000));
  run.ExpectTruth();
}

}  // namespace
}  // namespace telltale::integration
