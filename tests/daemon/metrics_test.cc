// Every metric by its value, from snapshots made by hand.
#include "daemon/telemetry/metrics.h"

#include <cmath>
#include <set>
#include <string>

#include "daemon/telemetry/version.h"
#include "gtest/gtest.h"
#include "tests/daemon/sample_snapshot.h"
#include "tests/support/http_get.h"
#include "tests/support/temp_dir.h"

namespace telltale::telemetry {
namespace {

std::string Text(const Snapshot& snapshot, const ProcessFigures& process = {}) {
  return ToText(ToMetrics(snapshot, process));
}

class MetricsTest : public testing::Test {
 protected:
  // The value of a sample of the sample snapshot; NaN where it is absent.
  double Value(const std::string& sample) {
    absl::StatusOr<double> value = support::MetricValue(Text(snapshot_, process_), sample);
    return value.ok() ? *value : std::nan("");
  }
  bool Absent(const std::string& sample) { return std::isnan(Value(sample)); }

  Snapshot snapshot_ = tests::SampleSnapshot();
  ProcessFigures process_{.resident_bytes = 1 << 20,
                          .virtual_bytes = 1 << 22,
                          .open_files = 9,
                          .max_open_files = 1024,
                          .cpu_seconds = 1.5};
};

TEST_F(MetricsTest, Streams) {
  EXPECT_EQ(Value("telltale_events_total{stream=\"logins\"}"), 1000);
  EXPECT_EQ(Value("telltale_events_total{stream=\"devices\"}"), 500);
  EXPECT_EQ(Value("telltale_event_bytes_total{stream=\"logins\"}"), 258000);
  EXPECT_EQ(Value("telltale_late_events_total{stream=\"logins\"}"), 3);
  EXPECT_EQ(Value("telltale_late_events_total{stream=\"devices\"}"), 0);
  EXPECT_EQ(Value("telltale_offset_gap_records_total{stream=\"devices\"}"), 11);
}

TEST_F(MetricsTest, DeadLettersByReason) {
  EXPECT_EQ(Value("telltale_dead_letters_total{stream=\"logins\",reason=\"not_json\"}"), 4);
  EXPECT_EQ(Value("telltale_dead_letters_total{stream=\"logins\",reason=\"no_time\"}"), 1);
  EXPECT_TRUE(Absent("telltale_dead_letters_total{stream=\"devices\",reason=\"not_json\"}"));
}

TEST_F(MetricsTest, PausesByReason) {
  EXPECT_EQ(Value("telltale_partition_pauses_total{stream=\"logins\",reason=\"ahead\"}"), 6);
  EXPECT_EQ(Value("telltale_partition_pauses_total{stream=\"logins\",reason=\"letters\"}"), 0);
}

TEST_F(MetricsTest, WatermarkLagIsLeftOutUntilThereIsAWatermark) {
  EXPECT_EQ(Value("telltale_watermark_lag_seconds{stream=\"logins\"}"), 5);
  EXPECT_TRUE(Absent("telltale_watermark_lag_seconds{stream=\"devices\"}"));
  snapshot_.engine.watermarks[0] = snapshot_.time + 1'000'000'000;  // ahead of the clock
  EXPECT_EQ(Value("telltale_watermark_lag_seconds{stream=\"logins\"}"), 0);
}

TEST_F(MetricsTest, Partitions) {
  std::string first = "{stream=\"logins\",topic=\"auth.logins\",partition=\"0\"}";
  std::string second = "{stream=\"logins\",topic=\"auth.logins\",partition=\"1\"}";
  std::string third = "{stream=\"devices\",topic=\"auth.devices\",partition=\"0\"}";
  EXPECT_EQ(Value("telltale_consumer_lag_records" + first), 40);
  EXPECT_EQ(Value("telltale_uncommitted_records" + first), 10);
  EXPECT_EQ(Value("telltale_partition_watermark_seconds" + first), 1772359225);
  EXPECT_EQ(Value("telltale_partition_paused" + first), 1);
  EXPECT_EQ(Value("telltale_partition_idle" + first), 0);
  EXPECT_EQ(Value("telltale_partition_holds_back" + first), 0);
  EXPECT_EQ(Value("telltale_partition_idle" + second), 1);
  EXPECT_TRUE(Absent("telltale_consumer_lag_records" + third));
  EXPECT_TRUE(Absent("telltale_partition_watermark_seconds" + third));
  EXPECT_EQ(Value("telltale_partition_holds_back" + third), 1);
}

TEST_F(MetricsTest, Rules) {
  EXPECT_EQ(Value("telltale_alerts_total{rule=\"ato\",level=\"high\"}"), 7);
  EXPECT_EQ(Value("telltale_matches_total{rule=\"ato\"}"), 9);
  EXPECT_EQ(Value("telltale_suppressed_alerts_total{rule=\"ato\"}"), 2);
  EXPECT_EQ(Value("telltale_excepted_alerts_total{rule=\"ato\",exception=\"tests\"}"), 3);
  EXPECT_EQ(Value("telltale_warm_up_quiet_total{rule=\"ato\"}"), 1);
  EXPECT_EQ(Value("telltale_condition_errors_total{rule=\"ato\"}"), 5);
  EXPECT_EQ(Value("telltale_missing_keys_total{rule=\"ato\"}"), 6);
  EXPECT_EQ(Value("telltale_duplicate_events_total{rule=\"ato\"}"), 4);
  EXPECT_EQ(Value("telltale_limit_hits_total{rule=\"ato\"}"), 8);
  EXPECT_EQ(Value("telltale_ties_total{rule=\"ato\"}"), 3);
  EXPECT_EQ(Value("telltale_early_alerts{rule=\"ato\"}"), 11);
  EXPECT_EQ(Value("telltale_retracted_alerts_total{rule=\"ato\"}"), 12);
  EXPECT_EQ(Value("telltale_partial_matches{rule=\"ato\"}"), 123);
  EXPECT_EQ(Value("telltale_rule_buffered_events{rule=\"ato\"}"), 45);
  EXPECT_EQ(Value("telltale_rules"), 2);
}

TEST_F(MetricsTest, SeriesOfARemovedRuleAndPartitionVanish) {
  EXPECT_NE(Text(snapshot_).find("rule=\"velocity\""), std::string::npos);
  EXPECT_NE(Text(snapshot_).find("auth.devices"), std::string::npos);
  snapshot_.engine.rules.pop_back();
  snapshot_.partitions.pop_back();
  EXPECT_EQ(Text(snapshot_).find("rule=\"velocity\""), std::string::npos);
  EXPECT_EQ(Text(snapshot_).find("auth.devices"), std::string::npos);
}

TEST_F(MetricsTest, Engine) {
  EXPECT_EQ(Value("telltale_rule_set_generation"), 4);
  EXPECT_EQ(Value("telltale_buffered_events"), 77);
  EXPECT_EQ(Value("telltale_buffered_bytes"), 7777);
  EXPECT_EQ(Value("telltale_held_bytes"), 8888);
  EXPECT_EQ(Value("telltale_watched_keys"), 3);
  EXPECT_EQ(Value("telltale_buffered_bytes_limit"), 268435456);
  EXPECT_EQ(Value("telltale_queue_depth_batches{shard=\"0\"}"), 2);
  EXPECT_EQ(Value("telltale_queue_depth_batches{shard=\"1\"}"), 0);
}

TEST_F(MetricsTest, AlertRecords) {
  EXPECT_EQ(Value("telltale_alert_records_acknowledged_total"), 6);
  EXPECT_EQ(Value("telltale_alert_records_outstanding"), 1);
}

TEST_F(MetricsTest, LatencyHistogramIsCumulative) {
  std::string name = "telltale_consume_to_acknowledge_seconds";
  EXPECT_EQ(Value(name + "_bucket{le=\"0.01\"}"), 2);
  EXPECT_EQ(Value(name + "_bucket{le=\"0.05\"}"), 5);
  EXPECT_EQ(Value(name + "_bucket{le=\"+Inf\"}"), 6);
  EXPECT_EQ(Value(name + "_count"), 6);
  EXPECT_EQ(Value(name + "_sum"), 1.25);
}

TEST_F(MetricsTest, LatenessByStream) {
  const std::string name = "telltale_event_lateness_seconds";
  EXPECT_EQ(Value(name + "_bucket{stream=\"logins\",le=\"0\"}"), 900);
  EXPECT_EQ(Value(name + "_bucket{stream=\"logins\",le=\"5\"}"), 997);
  EXPECT_EQ(Value(name + "_bucket{stream=\"logins\",le=\"+Inf\"}"), 1000);
  EXPECT_EQ(Value(name + "_sum{stream=\"logins\"}"), 234.5);
  EXPECT_TRUE(Absent(name + "_count{stream=\"devices\"}"));
  EXPECT_EQ(Value("telltale_max_out_of_orderness_seconds{stream=\"logins\"}"), 5);
  EXPECT_EQ(Value("telltale_max_out_of_orderness_seconds{stream=\"devices\"}"), 0);
}

TEST_F(MetricsTest, WhyAPartitionIsHeldAndWhoWaits) {
  const std::string held =
      "telltale_partition_held{stream=\"logins\",topic=\"auth.logins\","
      "partition=\"0\",reason=\"";
  EXPECT_EQ(Value(held + "ahead\"}"), 1);
  EXPECT_EQ(Value(held + "drift\"}"), 1);
  EXPECT_TRUE(Absent(held + "letters\"}"));
  const std::string wait =
      "telltale_rule_wait_seconds{rule=\"ato\",topic=\"auth.logins\",partition=\"1\"}";
  EXPECT_TRUE(Absent(wait));  // it is idle
  EXPECT_EQ(Value("telltale_rule_wait_seconds{rule=\"velocity\",topic=\"auth.devices\","
                  "partition=\"0\"}"),
            std::numeric_limits<double>::infinity());
  snapshot_.partitions[1].idle = false;
  EXPECT_EQ(Value(wait), 2995);
}

TEST_F(MetricsTest, Reloads) {
  EXPECT_EQ(Value("telltale_reloads_total{outcome=\"applied\"}"), 3);
  EXPECT_EQ(Value("telltale_reloads_total{outcome=\"unchanged\"}"), 1);
  EXPECT_EQ(Value("telltale_reloads_total{outcome=\"refused\"}"), 2);
  EXPECT_EQ(Value("telltale_last_reload_successful"), 0);
  EXPECT_EQ(Value("telltale_last_reload_timestamp_seconds"), 1772359200);
  snapshot_.reloads = ReloadFigures();
  EXPECT_TRUE(Absent("telltale_last_reload_successful"));
  EXPECT_EQ(Value("telltale_reloads_total{outcome=\"applied\"}"), 0);
}

TEST_F(MetricsTest, ProcessAndBuild) {
  EXPECT_EQ(Value("process_resident_memory_bytes"), 1 << 20);
  EXPECT_EQ(Value("process_virtual_memory_bytes"), 1 << 22);
  EXPECT_EQ(Value("process_open_fds"), 9);
  EXPECT_EQ(Value("process_max_fds"), 1024);
  EXPECT_EQ(Value("process_cpu_seconds_total"), 1.5);
  EXPECT_EQ(Value("process_start_time_seconds"), 1772359000);
  EXPECT_EQ(Value("telltale_ready"), 1);
  EXPECT_NE(Text(snapshot_).find("telltale_build_info{version=\"" + std::string(kVersion)),
            std::string::npos);
}

TEST(MetricsOfNothingTest, AnEmptySnapshotIsServedToo) {
  std::string text = Text(Snapshot());
  EXPECT_NE(text.find("telltale_ready 0"), std::string::npos) << text;
  EXPECT_EQ(text.find("telltale_events_total"), std::string::npos) << text;
}

TEST_F(MetricsTest, OfRules) {
  EXPECT_EQ(Value("shop_page_views_total{rule=\"views\",page=\"/\"}"), 40);
  EXPECT_EQ(Value("shop_page_views_total{rule=\"views\",page=\"/a\"}"), 2);
  EXPECT_EQ(Value("telltale_rule_metric_series{rule=\"views\",metric=\"shop_page_views_total\"}"),
            2);
  EXPECT_EQ(Value("telltale_rule_metric_dropped_results_total{rule=\"views\",metric=\"shop_page_"
                  "views_total\",reason=\"max_series\"}"),
            5);
}

TEST(MetricsEscapingTest, LabelsAreEscaped) {
  Snapshot snapshot;
  snapshot.streams.push_back({.name = "a\"b\\c\n"});
  EXPECT_NE(Text(snapshot).find("stream=\"a\\\"b\\\\c\\n\""), std::string::npos) << Text(snapshot);
}

TEST(MetricsReferenceTest, NamesEveryMetricAndNoOther) {
  std::string readme = support::ReadFile(TELLTALE_SOURCE_DIR "/daemon/telemetry/README.md");
  std::set<std::string> known;
  for (const auto& family : ToMetrics(tests::SampleSnapshot(), {})) {
    known.insert(family.name);
    EXPECT_NE(readme.find("`" + family.name + "`"), std::string::npos) << family.name;
  }
  constexpr char kPrefix[] = "`telltale_";
  for (size_t at = readme.find(kPrefix); at != readme.npos; at = readme.find(kPrefix, at + 1)) {
    std::string name = readme.substr(at + 1, readme.find('`', at + 1) - at - 1);
    EXPECT_TRUE(known.contains(name)) << name;
  }
}

}  // namespace
}  // namespace telltale::telemetry
