// From three Kafka topics to alerts, by the real binary against a real broker.
#include <csignal>
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

constexpr int64_t kBegin = 1'700'000'000'000;
constexpr int64_t kFar = kBegin + 3'000'000;

TEST(AlertsTest, ThreeTopicsGiveThePlannedAlerts) {
  TakeoverRun run(SharedBroker());
  run.Produce(run.Users(0, 300, kBegin));
  TakeoverRun::Daemon daemon = run.Start();
  ASSERT_TRUE(daemon.WaitReady());
  run.Produce(run.Users(300, 900, kBegin + 30000));
  run.Produce(run.Flushers(kFar));
  run.ExpectTruth();

  auto records = run.kafka().ConsumeAll(run.alerts());
  ASSERT_TRUE(records.ok() && !records->empty());
  const KafkaRecord& alert = records->front();
  EXPECT_EQ(alert.key->size(), 32u);
  EXPECT_THAT(*alert.value, ::testing::HasSubstr("\"id\":\"" + *alert.key + "\""));
  EXPECT_EQ(alert.Header("ce_specversion"), "1.0");
  EXPECT_EQ(alert.Header("ce_id"), *alert.key);
  EXPECT_EQ(alert.Header("ce_type"), "telltale.alert.match");
  EXPECT_EQ(alert.Header("ce_source"), "telltale/" + run.group());
  EXPECT_THAT(*alert.value, ::testing::HasSubstr("\"time\":\"" + alert.Header("ce_time") + "\""));
  EXPECT_EQ(alert.Header("content-type"), "application/json");
  EXPECT_FALSE(alert.Header("telltale.emitted").empty());

  // All but the flushers, which nothing settles, is committed.
  EXPECT_TRUE(Eventually([&] { return run.Committed() == 900 * 3; })) << run.Committed();
  EXPECT_EQ(daemon.Terminate(), 0);
  EXPECT_EQ(run.Committed(), 900 * 3);
}

// How long it took is for the benchmark to say; here only that every alert is in the histogram.
TEST(AlertsTest, TheHistogramCountsEveryAlert) {
  TakeoverRun run(SharedBroker());
  TakeoverRun::Daemon daemon = run.Start();
  ASSERT_TRUE(daemon.WaitReady());
  run.Produce(run.Users(0, 500, kBegin));
  run.Produce(run.Flushers(kFar));
  run.ExpectTruth();
  const std::string name = "telltale_consume_to_acknowledge_seconds";
  const auto planned = static_cast<double>(run.truth().size());
  EXPECT_TRUE(Eventually([&] { return daemon.Metric(name + "_count") == planned; }))
      << run.Describe();
  EXPECT_EQ(daemon.Metric(name + "_bucket{le=\"+Inf\"}"), planned);
}

// Nothing is settled here: all is within the disorder of a minute.
TEST(AlertsTest, SingleEventsAlertWhenTheyComeAndOnceOverRestartAndReload) {
  TakeoverRun run(SharedBroker());
  const std::string rule = "id: single\nby: user_id\non: logins\nwhere: 'result == \"success\"'\n";
  run.WriteRules(rule);
  int logins = 0;
  const auto log_in = [&](int count) {
    std::vector<KafkaRecord> records;
    for (int i = 0; i < count; ++i, ++logins) {
      const std::string user = absl::StrCat("u", logins);
      records.push_back(
          run.Record(0, user, kBegin + logins * 10,
                     absl::StrCat("\"user_id\":\"", user, "\",\"result\":\"success\"")));
    }
    run.Produce(records);
  };
  const auto all_alerted = [&] {
    return Eventually([&] { return run.Alerted().size() == static_cast<size_t>(logins); });
  };
  TakeoverRun::Daemon first = run.Start();
  ASSERT_TRUE(first.WaitReady());
  log_in(60);
  ASSERT_TRUE(all_alerted()) << run.Describe();
  EXPECT_EQ(first.Terminate(), 0);
  EXPECT_EQ(run.Committed(), 0);  // a restart reads all of it again

  TakeoverRun::Daemon second = run.Start();
  ASSERT_TRUE(second.WaitReady());
  log_in(30);
  ASSERT_TRUE(all_alerted()) << run.Describe();
  EXPECT_EQ(second.Metric("telltale_events_total{stream=\"logins\"}"), 90);
  run.WriteRules(absl::StrCat(rule, "---\n", TakeoverRun::TakeoverRule()));
  second.process->Signal(SIGHUP);
  ASSERT_TRUE(second.process->WaitForStderr("rules reloaded", absl::Seconds(30)))
      << second.process->Stderr();
  log_in(30);
  ASSERT_TRUE(all_alerted()) << run.Describe();
  EXPECT_THAT(run.RepeatedAlerts(), ::testing::IsEmpty());
  EXPECT_EQ(second.Terminate(), 0);
}

}  // namespace
}  // namespace telltale::integration
