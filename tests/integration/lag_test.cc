// Time over real topics: three that lag by different amounts, a partition that falls silent, and
// that wakes after a pause. What comes out is what the plan says, however the topics were read.
#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/integration/takeover_run.h"

namespace telltale::integration {
namespace {

using support::KafkaRecord;
using support::SharedBroker;
using support::UniqueTopic;
using ::testing::IsEmpty;

constexpr int64_t kBegin = 1'700'000'000'000;
constexpr int64_t kMinute = 60'000;
constexpr int kPartitions = 4;
constexpr int kSilent = 3;  // of the second topic

class LagTest : public ::testing::Test {
 protected:
  LagTest()
      : late_(UniqueTopic("late")),
        run_(SharedBroker(), {.partitions = kPartitions,
                              .config = absl::StrCat("late: { topic: ", late_, " }"),
                              .stream_time = ", idle_timeout: 2s, max_drift: 10m"}),
        outputs_(run_.group() + ".minutes") {
    run_.WriteRules(absl::StrCat(TakeoverRun::TakeoverRule(),
                                 "---\nid: minutes\nby: result\nwarm_up: assume_empty\n"
                                 "aggregate: { on: logins, window: { tumbling: 1m } }\n"
                                 "emit: every_window\noutput: { topic: ",
                                 outputs_, ", fields: { logins: count() } }\n"));
  }

  // Notes the minutes of logins, too.
  std::vector<KafkaRecord> Users(int first, int last, int64_t begin, int64_t spread) {
    std::vector<KafkaRecord> records = run_.Users(first, last, begin, spread);
    for (const KafkaRecord& record : records) {
      if (record.topic == run_.topic(0)) ++minutes_[record.timestamp_ms / kMinute];
    }
    return records;
  }
  // Of the other topics, what is of nobody: so many events over the first ten minutes.
  void Ballast(int stream, int count, std::vector<KafkaRecord>& records) {
    for (int i = 0; i < count; ++i) {
      KafkaRecord record =
          run_.Record(stream, "ballast", kBegin + int64_t{600'000} * i / count, "\"note\":\"x\"");
      record.partition = i % kPartitions;
      records.push_back(std::move(record));
    }
  }
  bool IsSilent(const KafkaRecord& record) const {
    return record.topic == run_.topic(1) && record.partition == kSilent;
  }

  // By the beginning of the minute, those with any.
  std::map<int64_t, int64_t> Outputs() {
    std::map<int64_t, int64_t> counts;
    auto records = run_.kafka().ConsumeAll(outputs_);
    if (!records.ok()) return counts;
    for (const KafkaRecord& record : *records) {
      const auto text = [&](const std::string& mark, char end) {
        const size_t begin = record.value->find(mark) + mark.size();
        return record.value->substr(begin, record.value->find(end, begin) - begin);
      };
      absl::Time start;
      std::string error;
      EXPECT_TRUE(absl::ParseTime(absl::RFC3339_full, text("\"start\":\"", '"'), &start, &error))
          << error << *record.value;
      int64_t logins = 0;
      EXPECT_TRUE(absl::SimpleAtoi(text("\"logins\":", '}'), &logins)) << *record.value;
      if (logins > 0) counts[absl::ToUnixMillis(start) / kMinute] = logins;
    }
    return counts;
  }

  const std::string late_;
  TakeoverRun run_;
  const std::string outputs_;
  std::map<int64_t, int64_t> minutes_;
};

TEST_F(LagTest, WhatComesOutDoesNotHangOnWhoLagsOrSleeps) {
  std::vector<KafkaRecord> records = Users(0, 300, kBegin, 600'000);
  Ballast(1, 20'000, records);
  Ballast(2, 60'000, records);
  std::stable_sort(records.begin(), records.end(), [](const KafkaRecord& a, const KafkaRecord& b) {
    return a.timestamp_ms / 3000 < b.timestamp_ms / 3000;
  });
  // An hour later all have an event, but for one partition: they wait for it until it is idle, and
  // are paused, so far are they ahead.
  for (KafkaRecord& record : run_.Flushers(kBegin + 3'600'000)) {
    if (!IsSilent(record)) records.push_back(std::move(record));
  }
  run_.Produce(records);
  TakeoverRun::Daemon daemon = run_.Start();
  ASSERT_TRUE(daemon.WaitReady());
  run_.ExpectTruth();
  EXPECT_TRUE(Eventually([&] { return Outputs() == minutes_; })) << run_.Describe();
  const std::string silent = absl::StrCat("{stream=\"devices\",topic=\"", run_.topic(1),
                                          "\",partition=\"", kSilent, "\"}");
  EXPECT_TRUE(Eventually([&] { return daemon.Metric("telltale_partition_idle" + silent) == 1; }));
  EXPECT_GE(daemon.Metric("telltale_partition_pauses_total{stream=\"logins\",reason=\"drift\"}"),
            1);

  // It wakes with an event of long ago, for which it is too late, and goes on.
  KafkaRecord old = run_.Record(1, "sleeper", kBegin + 700'000, "\"note\":\"old\"");
  old.partition = kSilent;
  run_.Produce({old});
  const std::string events = "telltale_events_total{stream=\"";
  double before = 0;
  for (const char* stream : {"logins", "devices", "transactions"})
    before += daemon.Metric(absl::StrCat(events, stream, "\"}"));
  std::vector<KafkaRecord> later = Users(300, 360, kBegin + 4'000'000, 20'000);
  run_.Produce(later);
  EXPECT_TRUE(Eventually([&] {
    double now = 0;
    for (const char* stream : {"logins", "devices", "transactions"})
      now += daemon.Metric(absl::StrCat(events, stream, "\"}"));
    return now >= before + static_cast<double>(later.size());
  }));
  run_.Produce(run_.Flushers(kBegin + 7'200'000));
  run_.ExpectTruth();
  EXPECT_TRUE(Eventually([&] { return Outputs() == minutes_; })) << run_.Describe();
  EXPECT_THAT(run_.RepeatedAlerts(), IsEmpty());

  auto late = run_.kafka().Consume(late_, 1, absl::Seconds(30));
  ASSERT_TRUE(late.ok()) << late.status();
  ASSERT_EQ(late->size(), 1u);
  EXPECT_EQ(late->front().value, old.value);
  EXPECT_EQ(late->front().Header("telltale.missed"), "floor");
  EXPECT_EQ(late->front().Header("telltale.event_time"),
            absl::FormatTime("%Y-%m-%dT%H:%M:%E3SZ", absl::FromUnixMillis(kBegin + 700'000),
                             absl::UTCTimeZone()));
  EXPECT_GT(daemon.Metric("telltale_event_lateness_seconds_count{stream=\"logins\"}"), 300);
  EXPECT_EQ(daemon.Terminate(), 0);
}

}  // namespace
}  // namespace telltale::integration
