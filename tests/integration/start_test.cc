// Where a group without offsets begins to read each stream: at the first record, behind the last,
// or at a time; and a partition that is added later, at its start.
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/integration/takeover_run.h"

namespace telltale::integration {
namespace {

using support::KafkaRecord;
using support::SharedBroker;
using ::testing::ElementsAre;
using ::testing::Pair;

constexpr int64_t kBegin = 1'700'000'000'000;
int64_t Wave(int number) { return kBegin + number * 1'000'000LL; }

// As a config has it.
std::string Time(absl::Time time) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%E*SZ", time, absl::UTCTimeZone());
}

std::map<int32_t, int64_t> Committed(TakeoverRun& run, int stream) {
  auto committed = run.kafka().CommittedOffsets(run.group(), run.topic(stream));
  EXPECT_TRUE(committed.ok()) << committed.status();
  return committed.ok() ? *committed : std::map<int32_t, int64_t>();
}

// Where the daemon began: what it commits before it has settled anything.
bool BeganAt(TakeoverRun& run, const std::vector<int64_t>& offsets) {
  return Eventually([&] {
    for (int stream = 0; stream < 3; ++stream) {
      auto committed = run.kafka().CommittedOffsets(run.group(), run.topic(stream));
      if (!committed.ok() || committed->size() != 1 ||
          committed->at(0) != offsets[static_cast<size_t>(stream)]) {
        return false;
      }
    }
    return true;
  });
}

// The users that are taken over of those whose records `produced` makes.
template <typename Produce>
std::set<std::string> TakenOver(TakeoverRun& run, Produce produce) {
  const std::set<std::string> before = run.truth();
  produce();
  std::set<std::string> taken;
  for (const std::string& user : run.truth()) {
    if (!before.contains(user)) taken.insert(user);
  }
  return taken;
}

void ExpectAlerted(TakeoverRun& run, const std::set<std::string>& users) {
  Eventually([&] { return run.Alerted().size() >= users.size(); });
  EXPECT_EQ(run.Alerted(), std::multiset<std::string>(users.begin(), users.end()))
      << run.Describe();
}

TEST(StartTest, EarliestReadsWhatWasThereAndLatestOnlyWhatComes) {
  for (const bool earliest : {true, false}) {
    SCOPED_TRACE(earliest ? "earliest" : "latest");
    TakeoverRun run(SharedBroker(), {.partitions = 1, .start = earliest ? "earliest" : "latest"});
    std::set<std::string> wanted = TakenOver(run, [&] { run.Produce(run.Users(0, 30, Wave(0))); });
    if (!earliest) wanted.clear();
    TakeoverRun::Daemon daemon = run.Start();
    ASSERT_TRUE(daemon.WaitReady());
    const int64_t begin = earliest ? 0 : 30;
    EXPECT_TRUE(BeganAt(run, {begin, begin, begin})) << run.Committed();
    wanted.merge(TakenOver(run, [&] { run.Produce(run.Users(30, 60, Wave(1))); }));
    run.Produce(run.Flushers(Wave(3)));
    ExpectAlerted(run, wanted);
    EXPECT_EQ(daemon.Metric("telltale_events_total{stream=\"logins\"}"), earliest ? 61 : 31);
    EXPECT_EQ(daemon.Terminate(), 0);
    // With offsets, `start` says nothing any more: what came meanwhile is read.
    wanted.merge(TakenOver(run, [&] { run.Produce(run.Users(60, 90, Wave(3) + 100'000)); }));
    TakeoverRun::Daemon second = run.Start();
    ASSERT_TRUE(second.WaitReady());
    run.Produce(run.Flushers(Wave(5)));
    ExpectAlerted(run, wanted);
    EXPECT_EQ(second.Terminate(), 0);
  }
}

TEST(StartTest, ATimeIsTheFirstRecordWhoseKafkaTimestampIsAtOrAfterIt) {
  const int64_t start = Wave(10);
  TakeoverRun run(
      SharedBroker(),
      {.partitions = 1, .start = absl::StrCat("\"", Time(absl::FromUnixMillis(start)), "\"")});
  // By Kafka's time, and not the event's: these are of one moment. Once it has begun, it reads on,
  // whatever the timestamps.
  std::vector<KafkaRecord> logins;
  for (int64_t after : {-2000, -1, 0, -500, 1000}) {
    KafkaRecord login = run.Record(0, "nobody", Wave(0), "\"user_id\":\"nobody\"");
    login.timestamp_ms = start + after;
    logins.push_back(login);
  }
  run.Produce(logins);
  // A stream in which all is before, and one in which nothing is.
  std::set<std::string> before = TakenOver(run, [&] {
    std::vector<KafkaRecord> users = run.Users(0, 30, Wave(0));
    std::erase_if(users, [&](const KafkaRecord& user) { return user.topic == run.topic(2); });
    run.Produce(users);
  });
  EXPECT_FALSE(before.empty());
  TakeoverRun::Daemon daemon = run.Start();
  ASSERT_TRUE(daemon.WaitReady());
  EXPECT_TRUE(BeganAt(run, {2, 30, 0})) << run.Committed();
  std::set<std::string> after =
      TakenOver(run, [&] { run.Produce(run.Users(100, 130, Wave(10) + 100'000)); });
  run.Produce(run.Flushers(Wave(12)));
  ExpectAlerted(run, after);
  EXPECT_EQ(daemon.Terminate(), 0);
}

// Kafka counts in milliseconds: the next one that is not before the time.
TEST(StartTest, ATimeBetweenTwoMillisecondsDoesNotBeginBeforeIt) {
  const absl::Time start = absl::FromUnixMillis(Wave(0)) + absl::Microseconds(500);
  TakeoverRun run(SharedBroker(),
                  {.partitions = 1, .start = absl::StrCat("\"", Time(start), "\"")});
  for (int stream = 0; stream < 3; ++stream) {
    run.Produce({run.Record(stream, "nobody", Wave(0), "\"note\":1"),
                 run.Record(stream, "nobody", Wave(0) + 1, "\"note\":1")});
  }
  TakeoverRun::Daemon daemon = run.Start();
  ASSERT_TRUE(daemon.WaitReady());
  EXPECT_TRUE(BeganAt(run, {1, 1, 1})) << run.Committed();
  EXPECT_EQ(daemon.Terminate(), 0);
}

TEST(StartTest, AnAddedPartitionIsReadFromItsStartWhateverTheStreamsStart) {
  for (const std::string& start : {std::string("latest"), Time(absl::FromUnixMillis(Wave(2)))}) {
    SCOPED_TRACE(start);
    TakeoverRun run(SharedBroker(), {.partitions = 1, .start = absl::StrCat("\"", start, "\"")});
    run.Produce(run.Users(1, 2, Wave(0)));  // before the start: not read
    TakeoverRun::Daemon daemon = run.Start();
    ASSERT_TRUE(daemon.WaitReady());
    ASSERT_TRUE(BeganAt(run, {1, 1, 1})) << run.Committed();
    // It has records before the daemon knows of it, older than the start.
    ASSERT_TRUE(run.kafka().AddPartitions(run.topic(0), 2).ok());
    KafkaRecord early = run.Record(0, "u3", Wave(1), "\"user_id\":\"u3\",\"result\":\"success\"");
    early.partition = 1;
    KafkaRecord other = run.Record(0, "nobody", Wave(1), "\"user_id\":\"nobody\"");
    other.partition = 1;
    run.Produce({early, other});
    ASSERT_TRUE(Eventually([&] { return Committed(run, 0).contains(1); }));
    ASSERT_TRUE(daemon.WaitReady());
    EXPECT_THAT(Committed(run, 0), ElementsAre(Pair(0, 1), Pair(1, 0)));
    // The login that only the new partition has makes the alert.
    std::vector<KafkaRecord> user = run.Users(3, 4, Wave(1) + 1000);
    std::erase_if(user, [&](const KafkaRecord& one) { return one.topic == run.topic(0); });
    run.Produce(user);
    KafkaRecord flusher = run.Flushers(Wave(3))[0];
    flusher.partition = 1;
    run.Produce({flusher});
    run.Produce(run.Flushers(Wave(3)));
    ExpectAlerted(run, {"u3"});
    ASSERT_TRUE(Eventually([&] { return Committed(run, 0)[1] == 2; }));
    EXPECT_EQ(daemon.Terminate(), 0);
  }
}

}  // namespace
}  // namespace telltale::integration
