// Rules change while events flow: a hundred times, and a rule whose meaning stays loses nothing.
#include <signal.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/integration/takeover_run.h"

namespace telltale::integration {
namespace {

using support::KafkaRecord;
using support::SharedBroker;

constexpr int64_t kBegin = 1'700'000'000'000;
constexpr int kReloads = 100;

// Turns through: added, changed, removed.
std::string OtherRule(int turn) {
  if (turn % 3 == 2) return "";
  return absl::StrCat("---\nid: other\ntitle: other\nby: user_id\nmode: shadow\nsequence:\n",
                      "  - login: { on: logins, where: 'result == \"success\" && country != \"X",
                      turn, "\"' }\n");
}

TEST(ReloadTest, AHundredReloadsUnderLoadLoseNothing) {
  TakeoverRun run(SharedBroker());
  TakeoverRun::Daemon daemon = run.Start();
  ASSERT_TRUE(daemon.WaitReady());

  std::atomic<bool> stop{false};
  std::atomic<int64_t> reached{kBegin};
  std::thread load([&] {
    for (int i = 0; !stop; ++i) {
      int64_t begin = kBegin + i * 2000LL;
      run.Produce(run.Users(i * 50, (i + 1) * 50, begin, 5000));
      reached = begin;
      absl::SleepFor(absl::Milliseconds(20));
    }
  });
  int done = 0;
  for (int turn = 0; turn < kReloads; ++turn) {
    run.WriteRules(TakeoverRun::TakeoverRule() + OtherRule(turn));
    support::ProcessResult result =
        support::RunProcess({.args = {support::Binary("telltale"), "reload", "--address",
                                      absl::StrCat("127.0.0.1:", daemon.grpc), "--timeout", "60"}},
                            absl::Seconds(90));
    ASSERT_EQ(result.exit_code, 0)
        << turn << ": " << result.out << result.err << daemon.process->Stderr();
    ++done;
    if (turn == 50) {  // a wrong set changes nothing
      run.WriteRules("id: takeover\nby: [\n");
      support::ProcessResult refused =
          support::RunProcess({.args = {support::Binary("telltale"), "reload", "--address",
                                        absl::StrCat("127.0.0.1:", daemon.grpc)}},
                              absl::Seconds(60));
      EXPECT_EQ(refused.exit_code, 2) << refused.out << refused.err;
    }
  }
  stop = true;
  load.join();
  EXPECT_EQ(done, kReloads);
  run.Produce(run.Flushers(reached + 500'000));
  run.ExpectTruth(absl::Seconds(120));
  EXPECT_EQ(daemon.Terminate(), 0);
}

TEST(ReloadTest, SighupReloadsAndAChangedRuleActsFromItsTimeOn) {
  TakeoverRun run(SharedBroker());
  TakeoverRun::Daemon daemon = run.Start();
  ASSERT_TRUE(daemon.WaitReady());
  run.Produce(run.Users(0, 90, kBegin));
  run.Produce(run.Flushers(kBegin + 300'000));
  run.ExpectTruth();
  // From now on nobody is rich enough.
  std::string rule = TakeoverRun::TakeoverRule();
  rule.replace(rule.find("1000.0"), 6, "9000.0");
  run.WriteRules(rule);
  daemon.process->Signal(SIGHUP);
  ASSERT_TRUE(daemon.process->WaitForStderr("rules reloaded", absl::Seconds(30)))
      << daemon.process->Stderr();
  std::set<std::string> before = run.truth();
  std::vector<KafkaRecord> later = run.Users(90, 180, kBegin + 400'000);
  run.Produce(later);
  run.Produce(run.Flushers(kBegin + 3'000'000));
  ASSERT_TRUE(Eventually([&] { return run.Committed() >= 180 * 3; })) << run.Committed();
  std::multiset<std::string> alerted = run.Alerted();
  EXPECT_EQ(std::set<std::string>(alerted.begin(), alerted.end()), before);
}

}  // namespace
}  // namespace telltale::integration
