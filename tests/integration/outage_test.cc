// The broker goes and comes, the daemon stops and starts: no alert is lost, and none is made up.
#include <signal.h>

#include <string>
#include <thread>
#include <vector>

#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/integration/takeover_run.h"

namespace telltale::integration {
namespace {

using support::KafkaRecord;
using support::SharedBroker;

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

  run.Produce(run.Users(0, 300, Wave(0)));
  ASSERT_TRUE((*broker)->Stop().ok());
  ASSERT_TRUE(daemon.WaitNotReady("broker"));
  EXPECT_TRUE(daemon.process->Running());
  absl::SleepFor(absl::Seconds(10));  // an outage, and not a synchronisation
  ASSERT_TRUE((*broker)->Start().ok());
  ASSERT_TRUE(daemon.WaitReady());
  run.Produce(run.Users(300, 600, Wave(0) + 25000));
  run.Produce(run.Flushers(Wave(3)));
  run.ExpectTruth();
  EXPECT_EQ(daemon.Terminate(), 0);
}

TEST(OutageTest, SigtermInMidStreamAndRestartLoseNothing) {
  TakeoverRun run(SharedBroker());
  int next = 0;
  for (int wave = 0; wave < 3; ++wave) {
    TakeoverRun::Daemon daemon = run.Start();
    ASSERT_TRUE(daemon.WaitReady());
    std::vector<KafkaRecord> users = run.Users(next, next + 600, Wave(wave), 30000);
    next += 600;
    size_t half = users.size() / 2;
    run.Produce({users.begin(), users.begin() + static_cast<std::ptrdiff_t>(half)});
    std::thread rest([&] {
      run.Produce({users.begin() + static_cast<std::ptrdiff_t>(half), users.end()});
    });
    EXPECT_EQ(daemon.Terminate(), 0);
    rest.join();
  }
  TakeoverRun::Daemon last = run.Start();
  ASSERT_TRUE(last.WaitReady());
  run.Produce(run.Flushers(Wave(5)));
  run.ExpectTruth();
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

TEST(OutageTest, ASecondSigtermEndsAtOnce) {
  auto broker = support::KafkaBroker::Create();
  ASSERT_TRUE(broker.ok()) << broker.status();
  TakeoverRun run(**broker);
  TakeoverRun::Daemon daemon = run.Start();
  ASSERT_TRUE(daemon.WaitReady());
  run.Produce(run.Users(0, 60, Wave(0)));
  (*broker)->Freeze();
  run.kafka();
  daemon.process->Signal(SIGTERM);
  ASSERT_TRUE(daemon.process->WaitForStderr("stopping", absl::Seconds(10)));
  daemon.process->Signal(SIGTERM);
  std::optional<int> code = daemon.process->Wait(absl::Seconds(20));
  (*broker)->Thaw();
  ASSERT_TRUE(code.has_value());
  EXPECT_TRUE(*code == 128 + SIGTERM || *code == 0 || *code == 1) << *code;
}

}  // namespace
}  // namespace telltale::integration
