// The broker goes and comes, the daemon stops and starts: no alert is lost, and none is made up.
#include <signal.h>

#include <algorithm>
#include <string>
#include <thread>
#include <vector>

#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/integration/takeover_run.h"
#include "tests/support/http_get.h"

namespace telltale::integration {
namespace {

using support::KafkaRecord;
using support::SharedBroker;
using ::testing::HasSubstr;

constexpr int64_t kBegin = 1'700'000'000'000;

// Users in waves: a wave settles as a whole when the next one, or the flushers, come.
int64_t Wave(int number) { return kBegin + number * 1'000'000LL; }

TEST(OutageTest, TheDaemonWaitsForABrokerThatIsAwayAndComesBackByItself) {
  auto broker = support::KafkaBroker::Create();
  ASSERT_TRUE(broker.ok()) << broker.status();
  TakeoverRun run(**broker);
  ASSERT_TRUE((*broker)->Stop().ok());
  TakeoverRun::Daemon daemon = run.Start();
  ASSERT_TRUE(daemon.WaitNotReady("broker"));
  ASSERT_TRUE((*broker)->Start().ok());
  ASSERT_TRUE(daemon.WaitReady());

  // Stopped while the alerts of the first users go out and the second are read.
  run.Produce(run.Users(0, 300, Wave(0)));
  run.Produce(run.Users(300, 600, Wave(2)));
  ASSERT_TRUE((*broker)->Stop().ok());
  ASSERT_TRUE(daemon.WaitNotReady("cannot reach the broker"));
  // A minute without a broker, in which it says so all the time.
  const absl::Time end = absl::Now() + absl::Minutes(1);
  int asked = 0;
  while (absl::Now() < end) {
    auto ready = support::HttpGet(daemon.http, "/readyz");
    ASSERT_TRUE(ready.ok()) << ready.status();
    ASSERT_EQ(ready->status, 503) << ready->body;
    ASSERT_THAT(ready->body, HasSubstr("cannot reach the broker"));
    auto live = support::HttpGet(daemon.http, "/livez");
    ASSERT_TRUE(live.ok()) << live.status();
    ASSERT_EQ(live->status, 200) << live->body;
    ++asked;
    daemon.process->Wait(absl::Milliseconds(500));
  }
  EXPECT_GE(asked, 10);
  EXPECT_TRUE(daemon.process->Running());
  ASSERT_TRUE((*broker)->Start().ok());
  ASSERT_TRUE(daemon.WaitReady());
  run.Produce(run.Users(600, 900, Wave(2) + 25000));
  run.Produce(run.Flushers(Wave(4)));
  run.ExpectTruth();
  EXPECT_EQ(daemon.Terminate(), 0);
  EXPECT_EQ(run.Committed(), 900 * 3);
}

TEST(OutageTest, SigtermInMidStreamDrainsAndCommitsAndARestartLosesAndRepeatsNothing) {
  constexpr int kUsers = 600;
  TakeoverRun run(SharedBroker());
  for (int wave = 0; wave < 3; ++wave) {
    TakeoverRun::Daemon daemon = run.Start();
    ASSERT_TRUE(daemon.WaitReady());
    std::vector<KafkaRecord> users =
        run.Users(wave * kUsers, (wave + 1) * kUsers, Wave(wave), 30000);
    // One partition comes last, and with its first event the wave before settles.
    auto last = std::stable_partition(users.begin(), users.end(), [&](const KafkaRecord& user) {
      return user.topic != run.topic(0) || user.partition != 0;
    });
    run.Produce({users.begin(), last});
    const double read = wave == 0 ? kUsers : 2 * kUsers;  // the wave before again
    EXPECT_TRUE(Eventually([&] {
      return daemon.Metric("telltale_events_total{stream=\"transactions\"}") == read;
    })) << run.Describe();
    std::thread producer([&] { run.Produce({last, users.end()}); });
    // At once, so that mostly no turn of commits has been since.
    const double alerts = wave == 0 ? 0 : kUsers / 3;
    EXPECT_TRUE(Eventually([&] {
      return daemon.Metric("telltale_consume_to_acknowledge_seconds_count") == alerts;
    })) << run.Describe();
    EXPECT_EQ(daemon.Terminate(), 0);
    EXPECT_EQ(run.Committed(), wave * kUsers * 3);
    producer.join();
  }
  TakeoverRun::Daemon last = run.Start();
  ASSERT_TRUE(last.WaitReady());
  run.Produce(run.Flushers(Wave(5)));
  run.ExpectTruth();
  EXPECT_EQ(last.Terminate(), 0);
  EXPECT_EQ(run.Committed(), 3 * kUsers * 3);  // all but the flushers
  EXPECT_THAT(run.RepeatedAlerts(), ::testing::IsEmpty());
}

TEST(OutageTest, AfterKillNothingSettledIsMissing) {
  TakeoverRun run(SharedBroker());
  TakeoverRun::Daemon first = run.Start();
  ASSERT_TRUE(first.WaitReady());
  run.Produce(run.Users(0, 300, Wave(0)));
  run.Produce(run.Users(300, 600, Wave(1)));
  ASSERT_TRUE(Eventually([&] { return run.Alerted().size() >= 50; }));
  first.process->Kill();
  TakeoverRun::Daemon second = run.Start();
  ASSERT_TRUE(second.WaitReady());
  run.Produce(run.Flushers(Wave(4)));
  run.ExpectTruth();
}

// A topic that refuses the alerts: what is outstanding stays so.
TEST(OutageTest, ASecondSigtermEndsADrainThatCannotEnd) {
  TakeoverRun run(SharedBroker());
  ASSERT_TRUE(run.kafka().SetTopicConfig(run.alerts(), {{"max.message.bytes", "100"}}).ok());
  TakeoverRun::Daemon daemon = run.Start();
  ASSERT_TRUE(daemon.WaitReady());
  run.Produce(run.Users(0, 60, Wave(0)));
  run.Produce(run.Flushers(Wave(2)));
  ASSERT_TRUE(daemon.WaitNotReady("cannot write to topic"));
  daemon.process->Signal(SIGTERM);
  ASSERT_TRUE(daemon.WaitNotReady("the daemon is stopping"));
  // It drains: the records are still its own, seconds later too.
  EXPECT_FALSE(daemon.process->Wait(absl::Seconds(3)).has_value()) << daemon.process->Stderr();
  EXPECT_GT(daemon.Metric("telltale_alert_records_outstanding"), 0);
  absl::Time second = absl::Now();
  daemon.process->Signal(SIGTERM);
  EXPECT_EQ(daemon.process->Wait(absl::Seconds(60)), 128 + SIGTERM);
  EXPECT_LT(absl::Now() - second, absl::Seconds(10));  // the drain would have gone on for thirty
  EXPECT_EQ(run.Committed(), 0);

  ASSERT_TRUE(run.kafka().SetTopicConfig(run.alerts(), {{"max.message.bytes", "100000"}}).ok());
  TakeoverRun::Daemon next = run.Start();
  ASSERT_TRUE(next.WaitReady());
  run.ExpectTruth();
  EXPECT_EQ(next.Terminate(), 0);
}

}  // namespace
}  // namespace telltale::integration
