// Time over real topics: three that lag by different amounts, a partition that falls silent, and
// that wakes after a pause. What comes out is what the reference says of what the topics hold, to
// the last event's coordinates, however they were read.
#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "simdjson.h"
#include "tests/integration/takeover_run.h"
#include "tests/model/reference_run.h"
#include "tests/model/scenario.h"

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
const std::vector<std::string> kStreams = {"logins", "devices", "transactions"};

class LagTest : public ::testing::Test {
 protected:
  LagTest()
      : late_(UniqueTopic("late")),
        run_(SharedBroker(), {.partitions = kPartitions,
                              .config = absl::StrCat("late: { topic: ", late_, " }"),
                              .stream_time = ", idle_timeout: 2s, max_drift: 10m"}),
        outputs_(run_.group() + ".minutes") {
    run_.WriteRules(
        Rules(absl::StrCat("output: { topic: ", outputs_, ", fields: { logins: count() } }")));
  }

  // `result`: what a minute gives.
  static std::string Rules(const std::string& result) {
    return absl::StrCat(TakeoverRun::TakeoverRule(),
                        "---\nid: minutes\nby: result\nwarm_up: assume_empty\n"
                        "aggregate: { on: logins, window: { tumbling: 1m } }\n"
                        "emit: every_window\n",
                        result, "\n");
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

  // "takeover u3: 0/1/17 1/2/4 ..." of each alert, "minutes 28333333: 5" of each minute.
  std::multiset<std::string> Found() {
    std::multiset<std::string> found;
    auto records = run_.kafka().ConsumeAll(run_.alerts());
    EXPECT_TRUE(records.ok()) << records.status();
    if (!records.ok()) return found;
    simdjson::dom::parser parser;
    for (const KafkaRecord& record : *records) {
      const simdjson::dom::element alert = parser.parse(*record.value);
      std::string line = absl::StrCat("takeover ", Text(alert["key"]["user_id"]), ":");
      for (const simdjson::dom::element event : alert["evidence"].get_array()) {
        const auto stream = std::find(kStreams.begin(), kStreams.end(), Text(event["stream"]));
        absl::StrAppend(&line, " ", stream - kStreams.begin(), "/", int64_t{event["partition"]},
                        "/", int64_t{event["offset"]});
      }
      found.insert(std::move(line));
    }
    for (const auto& [minute, logins] : Outputs())
      found.insert(absl::StrCat("minutes ", minute, ": ", logins));
    return found;
  }

  // The same by the reference, of all that the topics hold but for what came late.
  std::multiset<std::string> Expected(const KafkaRecord& late) {
    model::Scenario scenario;
    scenario.rules = Rules("alert: { fields: { logins: count() } }");
    for (int stream = 0; stream < 3; ++stream) {
      scenario.streams.push_back({.name = kStreams[static_cast<size_t>(stream)],
                                  .partitions = kPartitions,
                                  .max_out_of_orderness = 0});
      auto records = run_.kafka().ConsumeAll(run_.topic(stream));
      EXPECT_TRUE(records.ok()) << records.status();
      if (!records.ok()) return {};
      for (const KafkaRecord& record : *records) {
        if (record.value != late.value) scenario.events.push_back(EventOf(stream, record));
      }
    }
    std::stable_sort(scenario.events.begin(), scenario.events.end(),
                     [](const auto& a, const auto& b) { return a.time < b.time; });
    std::string diagnostics;
    const auto rules = model::Compile(scenario, &diagnostics);
    EXPECT_NE(rules, nullptr) << diagnostics;
    if (rules == nullptr) return {};
    std::multiset<std::string> expected;
    for (const model::Outcome& outcome : model::RunReference(scenario, *rules).outcomes) {
      const std::string key = outcome.key.at(0).value_or("");
      if (outcome.window) {
        const std::string logins = outcome.window->fields.at(0).substr(sizeof("logins: ") - 1);
        if (key != "success" || logins == "0") continue;
        expected.insert(
            absl::StrCat("minutes ", outcome.window->start / (kMinute * 1'000'000), ": ", logins));
        continue;
      }
      std::string line = absl::StrCat("takeover ", key, ":");
      for (const model::Outcome::Taken& taken : outcome.evidence)
        absl::StrAppend(&line, " ", taken.stream, "/", taken.partition, "/", taken.offset);
      expected.insert(std::move(line));
    }
    return expected;
  }

  static std::string Text(simdjson::dom::element element) {
    return std::string(std::string_view(element));
  }
  static void AddFields(const std::string& path, simdjson::dom::element value,
                        model::ScenarioEvent& event) {
    if (value.is_object()) {
      for (const auto& [name, member] : simdjson::dom::object(value))
        AddFields(absl::StrCat(path, path.empty() ? "" : ".", std::string(name)), member, event);
    } else if (value.is_string()) {
      event.fields[path] = Text(value);
    } else if (value.is_int64()) {
      event.fields[path] = int64_t{value};
    } else {
      event.fields[path] = double{value};
    }
  }
  static model::ScenarioEvent EventOf(int stream, const KafkaRecord& record) {
    model::ScenarioEvent event{.stream = static_cast<uint32_t>(stream),
                               .partition = static_cast<uint32_t>(record.partition),
                               .offset = record.offset,
                               .time = record.timestamp_ms * 1'000'000,
                               .fields = {}};
    simdjson::dom::parser parser;
    AddFields("", parser.parse(*record.value), event);
    return event;
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
  EXPECT_EQ(Found(), Expected(old));
  EXPECT_EQ(daemon.Terminate(), 0);
}

}  // namespace
}  // namespace telltale::integration
