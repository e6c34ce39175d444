// What a real Prometheus makes of our metrics and of the alerts that we ship for it. Skipped where
// `prometheus` and `promtool` are not on the PATH (tests/support/prometheus/fetch; tests/run does
// it).
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "daemon/telemetry/http_server.h"
#include "daemon/telemetry/metrics.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/daemon/sample_snapshot.h"
#include "tests/support/http_get.h"
#include "tests/support/ports.h"
#include "tests/support/process.h"
#include "tests/support/temp_dir.h"

namespace telltale {
namespace {

const char kAlerts[] = TELLTALE_SOURCE_DIR "/deploy/prometheus/alerts.yml";

support::ProcessResult Promtool(std::vector<std::string> args, const std::string& input = "") {
  support::TempDir dir;
  support::ProcessOptions options;
  options.args = {"promtool"};
  options.args.insert(options.args.end(), args.begin(), args.end());
  if (!input.empty()) options.stdin_path = dir.Write("input", input);
  return support::RunProcess(options, absl::Seconds(30));
}

class PromtoolTest : public testing::Test {
 protected:
  void SetUp() override {
    if (Promtool({"--version"}).exit_code != 0) GTEST_SKIP() << "promtool is not installed";
  }
};

TEST_F(PromtoolTest, AcceptsAScrape) {
  auto server = telemetry::HttpServer::Start("127.0.0.1:0", tests::SampleSnapshot,
                                             [] { return telemetry::Health(); });
  ASSERT_TRUE(server.ok()) << server.status();
  auto scrape = support::HttpGet((*server)->port(), "/metrics");
  ASSERT_TRUE(scrape.ok()) << scrape.status();
  support::ProcessResult result = Promtool({"check", "metrics"}, scrape->body);
  EXPECT_EQ(result.exit_code, 0) << result.out << result.err;
  EXPECT_EQ(result.err, "");  // no advice either
}

TEST_F(PromtoolTest, AcceptsAScrapeOfADaemonThatJustStarted) {
  std::string text = telemetry::ToText(telemetry::ToMetrics({}, telemetry::ReadProcessFigures()));
  support::ProcessResult result = Promtool({"check", "metrics"}, text);
  EXPECT_EQ(result.exit_code, 0) << result.out << result.err;
}

TEST_F(PromtoolTest, RefusesNonsense) {  // so that the tests above mean something
  EXPECT_NE(Promtool({"check", "metrics"}, "a{b=} 1\n").exit_code, 0);
}

TEST_F(PromtoolTest, AcceptsTheAlerts) {
  support::ProcessResult result = Promtool({"check", "rules", kAlerts});
  EXPECT_EQ(result.exit_code, 0) << result.out << result.err;
}

TEST_F(PromtoolTest, AlertsFireAsTheirTestsSay) {
  support::ProcessResult result =
      Promtool({"test", "rules", TELLTALE_SOURCE_DIR "/deploy/prometheus/alerts_test.yml"});
  EXPECT_EQ(result.exit_code, 0) << result.out << result.err;
}

TEST_F(PromtoolTest, AcceptsTheSampleConfig) {
  support::ProcessResult result =
      Promtool({"check", "config", TELLTALE_SOURCE_DIR "/deploy/prometheus/prometheus.yml"});
  EXPECT_EQ(result.exit_code, 0) << result.out << result.err;
}

TEST_F(PromtoolTest, AServerThatScrapesUsAnswersWithOurValues) {
  auto ours = telemetry::HttpServer::Start("127.0.0.1:0", tests::SampleSnapshot,
                                           [] { return telemetry::Health(); });
  ASSERT_TRUE(ours.ok()) << ours.status();
  support::TempDir dir;
  const std::string config = dir.Write(
      "prometheus.yml",
      absl::StrCat("global: { scrape_interval: 1s }\nscrape_configs:\n  - job_name: telltale\n",
                   "    static_configs: [ { targets: [ '127.0.0.1:", (*ours)->port(), "' ] } ]\n"));
  const uint16_t port = support::FreePort();
  support::Process server({"prometheus", absl::StrCat("--config.file=", config),
                           absl::StrCat("--storage.tsdb.path=", dir.File("data")),
                           absl::StrCat("--web.listen-address=127.0.0.1:", port)});
  std::string answer;
  const absl::Time deadline = absl::Now() + absl::Seconds(60);
  while (answer.find("\"1000\"") == std::string::npos && absl::Now() < deadline) {
    absl::SleepFor(absl::Milliseconds(100));  // between two questions
    auto response = support::HttpGet(
        port, "/api/v1/query?query=telltale_events_total%7Bstream%3D%22logins%22%7D");
    if (response.ok()) answer = response->body;
  }
  EXPECT_THAT(answer, ::testing::HasSubstr("\"stream\":\"logins\""));
  EXPECT_THAT(answer, ::testing::HasSubstr("\"1000\"")) << server.Stderr();
}

// The words in `text` that begin with telltale_.
std::set<std::string> MetricNames(const std::string& text) {
  std::set<std::string> names;
  constexpr char kPrefix[] = "telltale_";
  for (size_t at = text.find(kPrefix); at != text.npos; at = text.find(kPrefix, at + 1)) {
    size_t end = text.find_first_not_of("abcdefghijklmnopqrstuvwxyz_", at);
    names.insert(text.substr(at, end - at));
  }
  return names;
}

TEST(AlertsFileTest, NamesOnlyMetricsThatExist) {
  std::string exposition = telemetry::ToText(telemetry::ToMetrics(tests::SampleSnapshot(), {}));
  std::set<std::string> known = MetricNames(exposition);
  std::set<std::string> used = MetricNames(support::ReadFile(kAlerts));
  EXPECT_GE(used.size(), 9u);
  for (const std::string& name : used) EXPECT_TRUE(known.contains(name)) << name;
}

}  // namespace
}  // namespace telltale
