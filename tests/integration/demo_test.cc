// `telltale demo` as a user runs it: the built binary, its own broker inside.
#include <csignal>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/http_get.h"
#include "tests/support/ports.h"
#include "tests/support/process.h"
#include "tests/support/temp_dir.h"

namespace telltale {
namespace {

using support::Binary;
using support::Process;
using support::ProcessResult;
using support::RunProcess;
using testing::ContainsRegex;
using testing::HasSubstr;
using testing::MatchesRegex;

ProcessResult Telltale(std::vector<std::string> args) {
  args.insert(args.begin(), Binary("telltale"));
  return RunProcess({.args = std::move(args)}, absl::Seconds(60));
}

std::string LastLine(const std::string& text) {
  std::vector<std::string> lines = absl::StrSplit(text, '\n', absl::SkipEmpty());
  return lines.empty() ? "" : lines.back();
}

TEST(DemoTest, IsExactWithAnySeed) {
  for (int seed = 1; seed <= 5; ++seed) {
    ProcessResult result =
        Telltale({"demo", "--events", "60000", "--seed", absl::StrCat(seed), "--json"});
    EXPECT_EQ(result.exit_code, 0) << "seed " << seed << "\n" << result.out << result.err;
    EXPECT_THAT(LastLine(result.out),
                MatchesRegex("\\{\"events\":[0-9]+,\"planted\":[0-9]+,\"alerts\":[0-9]+,"
                             "\"missing\":0,\"spurious\":0,\"events_per_second\":[0-9]+\\}"));
    EXPECT_EQ(result.err, "");
  }
}

TEST(DemoTest, TheDefaultEndsInUnderAMinuteAndShowsItsAlerts) {
  absl::Time begun = absl::Now();
  ProcessResult result = Telltale({"demo"});
  EXPECT_EQ(result.exit_code, 0) << result.out << result.err;
  EXPECT_LT(absl::Now() - begun, absl::Minutes(1));
  // Which ones are shown hangs on the machine; the screen leaves out what comes too fast.
  EXPECT_THAT(result.out,
              ContainsRegex("[0-9:.]+  (low|medium|high|critical) +[a-z-]+ +(User|Account) u-"));
  EXPECT_THAT(result.out, HasSubstr("\nexact: "));
  EXPECT_THAT(result.out, HasSubstr("near misses stayed quiet"));
}

TEST(DemoTest, MoreThanTheBrokerKeepsLosesNothing) {  // 5 MB a partition, of twelve
  ProcessResult result = Telltale({"demo", "--events", "1500000", "--json"});
  EXPECT_EQ(result.exit_code, 0) << result.out << result.err;
  EXPECT_THAT(LastLine(result.out), HasSubstr("\"missing\":0,\"spurious\":0,"));
}

TEST(DemoTest, WrongOptions) {
  EXPECT_EQ(Telltale({"demo", "--events", "0"}).exit_code, 3);
  EXPECT_EQ(Telltale({"demo", "--events", "many"}).exit_code, 3);
  EXPECT_EQ(Telltale({"demo", "--evnts", "5"}).exit_code, 3);
  EXPECT_EQ(Telltale({"demo", "more"}).exit_code, 3);
}

// With --serve there is a whole daemon to talk to: its metrics, its control API and its rules.
class ServedDemoTest : public testing::Test {
 protected:
  void SetUp() override {
    demo_ = std::make_unique<Process>(
        std::vector<std::string>{Binary("telltale"), "demo", "--events", "50000", "--serve",
                                 "--http", Address(http_), "--grpc", Address(grpc_)});
    ASSERT_TRUE(demo_->WaitForStdout("The daemon keeps running", absl::Seconds(60)))
        << demo_->Stdout() << demo_->Stderr();
  }

  static std::string Address(uint16_t port) { return absl::StrCat("127.0.0.1:", port); }

  ProcessResult Ask(std::vector<std::string> args) {
    args.insert(args.end(), {"--address", Address(grpc_)});
    return Telltale(std::move(args));
  }

  double Metric(const std::string& sample) {
    auto scrape = support::HttpGet(http_, "/metrics");
    if (!scrape.ok()) return -1;
    return support::MetricValue(scrape->body, sample).value_or(-1);
  }

  // The folder that the demo names on its screen.
  std::string RulesFolder() {
    std::string text = demo_->Stdout();
    size_t begin = text.find("  rules    ") + 11;
    return text.substr(begin, text.find(" (change", begin) - begin);
  }

  uint16_t http_ = support::FreePort();
  uint16_t grpc_ = support::FreePort();
  std::unique_ptr<Process> demo_;
};

TEST_F(ServedDemoTest, MetricsHaveTheFiguresOfTheRun) {
  EXPECT_EQ(support::HttpGet(http_, "/livez")->status, 200);
  EXPECT_EQ(support::HttpGet(http_, "/readyz")->status, 200);
  EXPECT_EQ(Metric("telltale_rules"), 4);
  EXPECT_GT(Metric("telltale_events_total{stream=\"logins\"}"), 10'000);
  EXPECT_GT(Metric("telltale_alerts_total{rule=\"new-device-transfer\",level=\"high\"}"), 0);
  EXPECT_EQ(Metric("telltale_alert_records_outstanding"), 0);
  EXPECT_GT(Metric("telltale_alert_records_acknowledged_total"), 0);
  EXPECT_EQ(Metric("telltale_alert_records_acknowledged_total"),
            Metric("telltale_consume_to_acknowledge_seconds_count"));
  EXPECT_EQ(Metric("telltale_late_events_total{stream=\"logins\"}"), 0);
  EXPECT_EQ(
      Metric(
          "telltale_consumer_lag_records{stream=\"logins\",topic=\"auth.logins\",partition=\"0\"}"),
      0);
}

TEST_F(ServedDemoTest, StatusAndList) {
  ProcessResult status = Ask({"status"});
  EXPECT_EQ(status.exit_code, 0) << status.err;
  EXPECT_THAT(status.out, HasSubstr("fraud: ready, 4 rules of generation "));
  EXPECT_THAT(status.out, HasSubstr("the others wait for it"));
  EXPECT_THAT(Ask({"status", "--format", "json"}).out, HasSubstr("\"ready\":true"));
  ProcessResult list = Ask({"list"});
  EXPECT_EQ(list.exit_code, 0);
  EXPECT_THAT(list.out, HasSubstr("\nnew-device-transfer  high    live"));
}

TEST_F(ServedDemoTest, ReloadAddsAndRefuses) {
  std::string file = absl::StrCat(RulesFolder(), "/fresh.yml");
  auto write = [&](const std::string& text) {
    std::ofstream out(file);
    out << text;
  };
  write("id: fresh\ntitle: Fresh\nby: user_id\non: logins\nwhere: 'country == \"Atlantis\"'\n");
  ProcessResult dry = Ask({"reload", "--dry-run"});
  EXPECT_EQ(dry.exit_code, 0) << dry.err;
  EXPECT_THAT(dry.out, HasSubstr("would be accepted\n  added      fresh\n"));
  EXPECT_EQ(Metric("telltale_rules"), 4);
  EXPECT_EQ(Ask({"reload"}).exit_code, 0);
  EXPECT_EQ(Metric("telltale_rules"), 5);
  EXPECT_EQ(Metric("telltale_matches_total{rule=\"fresh\"}"), 0);
  double generation = Metric("telltale_rule_set_generation");

  write("id: fresh\ntitle: Fresh\nby: user_id\nsequence: [ login: { on: lgins } ]\n");
  ProcessResult bad = Ask({"reload"});
  EXPECT_EQ(bad.exit_code, 2);
  EXPECT_THAT(bad.err, HasSubstr("(did you mean 'logins'?)"));
  EXPECT_EQ(Ask({"check", "--daemon"}).exit_code, 2);
  EXPECT_EQ(Metric("telltale_rules"), 5);
  EXPECT_EQ(Metric("telltale_rule_set_generation"), generation);
  EXPECT_EQ(Metric("telltale_reloads_total{outcome=\"refused\"}"), 1);

  std::filesystem::remove(file);
  ProcessResult removed = Ask({"reload"});
  EXPECT_EQ(removed.exit_code, 0) << removed.err;
  EXPECT_THAT(removed.out, HasSubstr("removed    fresh"));
  EXPECT_EQ(Metric("telltale_rules"), 4);
}

TEST_F(ServedDemoTest, AHangupReloadsToo) {
  EXPECT_EQ(Metric("telltale_partial_matches{rule=\"split-payments\"}"), 0);
  std::filesystem::remove(absl::StrCat(RulesFolder(), "/split-payments.yml"));
  demo_->Signal(SIGHUP);
  for (int i = 0; i < 100 && Metric("telltale_rules") != 3; ++i) {
    absl::SleepFor(absl::Milliseconds(50));
  }
  EXPECT_EQ(Metric("telltale_rules"), 3);
  // The series of a rule that is gone are gone.
  EXPECT_EQ(Metric("telltale_partial_matches{rule=\"split-payments\"}"), -1);
  EXPECT_EQ(Metric("telltale_reloads_total{outcome=\"applied\"}"), 1);
}

TEST_F(ServedDemoTest, ADraftIsCheckedByTheDaemon) {
  support::TempDir dir;
  std::string draft =
      dir.Write("draft.yml", "id: d\ntitle: D\nby: user_id\nsequence: [ login: { on: logins } ]\n");
  ProcessResult good = Ask({"check", "--daemon", draft});
  EXPECT_EQ(good.exit_code, 0) << good.err;
  EXPECT_THAT(good.out, HasSubstr("valid\n  added      d\n"));
  EXPECT_EQ(Ask({"check", "--daemon", dir.File("absent.yml")}).exit_code, 2);
  EXPECT_EQ(Telltale({"check", "--daemon", "--address", Address(support::FreePort())}).exit_code,
            3);
}

TEST_F(ServedDemoTest, EndsInOrder) {
  std::string folder = RulesFolder();
  EXPECT_TRUE(std::filesystem::exists(folder));
  EXPECT_EQ(demo_->Terminate(absl::Seconds(20)), 0);
  EXPECT_FALSE(std::filesystem::exists(folder));
}

}  // namespace
}  // namespace telltale
