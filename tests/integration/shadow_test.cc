// Where the alerts of a rule go by its mode (C4): live to the alert topic, shadow to a topic of its
// own, off nowhere.
#include <signal.h>

#include <map>
#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/integration/takeover_run.h"

namespace telltale::integration {
namespace {

using support::KafkaRecord;
using support::SharedBroker;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

constexpr int64_t kBegin = 1'700'000'000'000;
int64_t Wave(int number) { return kBegin + number * 1'000'000LL; }

std::string Rule(const std::string& id, const std::string& mode) {
  return absl::StrCat(absl::StrReplaceAll(TakeoverRun::TakeoverRule(),
                                          {{"id: takeover", absl::StrCat("id: ", id)}}),
                      "mode: ", mode, "\n");
}

// How many alerts each rule has in a topic.
std::map<std::string, size_t> ByRule(TakeoverRun& run, const std::string& topic) {
  std::map<std::string, size_t> counts;
  auto records = run.kafka().ConsumeAll(topic);
  EXPECT_TRUE(records.ok()) << records.status();
  if (!records.ok()) return counts;
  for (const KafkaRecord& record : *records) ++counts[record.Header("ce_subject")];
  return counts;
}

TEST(ShadowTest, EachModeHasItsTopicOrNone) {
  TakeoverRun run(SharedBroker());
  const std::string shadow = run.group() + ".shadow-alerts";
  run.WriteRules(absl::StrCat(Rule("live", "live"), "---", Rule("shadow", "shadow"), "---",
                              Rule("off", "off")));
  TakeoverRun::Daemon daemon = run.Start();
  ASSERT_TRUE(daemon.WaitReady());
  run.Produce(run.Users(0, 90, Wave(0)));
  run.Produce(run.Flushers(Wave(2)));
  run.ExpectTruth();
  // Everything is acknowledged before it is committed.
  ASSERT_TRUE(Eventually([&] { return run.Committed() == 90 * 3; })) << run.Committed();
  EXPECT_THAT(ByRule(run, run.alerts()), ElementsAre(Pair("live", 30)));
  EXPECT_THAT(ByRule(run, shadow), ElementsAre(Pair("shadow", 30)));
  EXPECT_THAT(run.RepeatedAlerts(), IsEmpty());

  // A reload changes where they go, from its event time on.
  run.Produce(run.Users(90, 180, Wave(2) + 100'000));
  run.WriteRules(absl::StrCat(Rule("live", "off"), "---", Rule("shadow", "live"), "---",
                              Rule("off", "shadow")));
  daemon.process->Signal(SIGHUP);
  ASSERT_TRUE(daemon.process->WaitForStderr("rules reloaded", absl::Seconds(30)))
      << daemon.process->Stderr();
  run.Produce(run.Users(180, 270, Wave(2) + 200'000));
  run.Produce(run.Flushers(Wave(4)));
  run.ExpectTruth();
  ASSERT_TRUE(Eventually([&] { return run.Committed() == 270 * 3 + 9; })) << run.Committed();
  EXPECT_THAT(ByRule(run, run.alerts()), ElementsAre(Pair("live", 30), Pair("shadow", 60)));
  EXPECT_THAT(ByRule(run, shadow), ElementsAre(Pair("off", 60), Pair("shadow", 30)));
  EXPECT_EQ(daemon.Terminate(), 0);
}

}  // namespace
}  // namespace telltale::integration
