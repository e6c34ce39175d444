#include "tests/integration/takeover_run.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "gtest/gtest.h"
#include "tests/support/http_get.h"
#include "tests/support/ports.h"

namespace telltale::integration {

using support::KafkaRecord;

bool Eventually(const std::function<bool()>& condition, absl::Duration limit) {
  absl::Time deadline = absl::Now() + limit;
  while (!condition()) {
    if (absl::Now() > deadline) return false;
    absl::SleepFor(absl::Milliseconds(50));
  }
  return true;
}

TakeoverRun::TakeoverRun(support::KafkaBroker& broker, RunOptions options)
    : broker_(broker), options_(std::move(options)) {
  group_ = support::UniqueTopic("group");
  alerts_ = group_ + ".alerts";
  for (const char* name : {"logins", "devices", "transactions"}) {
    topics_.push_back(absl::StrCat(group_, ".", name));
    // Event times of the past would be deleted by the broker while the test looks on.
    EXPECT_TRUE(
        kafka().CreateTopic(topics_.back(), options_.partitions, {{"retention.ms", "-1"}}).ok());
  }
  EXPECT_TRUE(kafka().CreateTopic(alerts_, 1).ok());
  WriteRules(TakeoverRule());
}

std::string TakeoverRun::TakeoverRule() {
  return R"(
id: takeover
title: 'Takeover of {{user_id}}'
level: high
by: user_id
sequence:
  - login:    { on: logins, where: 'result == "success"' }
  - device:   { on: devices, by: account, where: 'action == "added"' }
  - transfer: { on: transactions, by: payer.id, where: 'amount > 1000.0' }
within: 15m
warm_up: assume_empty
)";
}

TakeoverRun::Daemon TakeoverRun::Start() {
  Daemon daemon;
  daemon.http = support::FreePort();
  daemon.grpc = support::FreePort();
  std::string text =
      absl::StrCat("kafka: { bootstrap.servers: \"", broker_.bootstrap(),
                   "\", topic.metadata.refresh.interval.ms: \"1000\" }\ngroup: ", group_,
                   "\nworkers: 2\nstreams:\n");
  const char* names[] = {"logins", "devices", "transactions"};
  for (size_t i = 0; i < topics_.size(); ++i) {
    absl::StrAppend(&text, "  ", names[i], ": { topic: ", topics_[i],
                    ", time: { field: ts, max_out_of_orderness: 60s", options_.stream_time, " }",
                    options_.start.empty() ? "" : ", start: ", options_.start, " }\n");
  }
  absl::StrAppend(&text, "rules: [ rules.yml ]\nalerts: { topic: ", alerts_,
                  " }\nhttp: { listen: \"127.0.0.1:", daemon.http,
                  "\" }\ngrpc: { listen: \"127.0.0.1:", daemon.grpc, "\" }\n", options_.config,
                  "\n");
  http_ports_.push_back(daemon.http);
  std::string path = dir_.Write(absl::StrCat("telltale-", daemon.http, ".yml"), text);
  daemon.process = std::make_unique<support::Process>(
      std::vector<std::string>{support::Binary("telltale"), "run", "-c", path});
  return daemon;
}

bool TakeoverRun::Daemon::WaitReady(absl::Duration limit) {
  bool ready = support::WaitForHttpStatus(http, "/readyz", 200, limit).ok();
  auto answer = support::HttpGet(http, "/readyz");
  EXPECT_TRUE(ready && answer.ok() && answer->status == 200)
      << (answer.ok() ? answer->body : answer.status().ToString()) << process->Stderr();
  return ready;
}

bool TakeoverRun::Daemon::WaitNotReady(const std::string& reason, absl::Duration limit) {
  std::string last;
  bool found = Eventually(
      [&] {
        auto answer = support::HttpGet(http, "/readyz");
        if (answer.ok()) last = answer->body;
        return answer.ok() && answer->status == 503 && last.find(reason) != std::string::npos;
      },
      limit);
  EXPECT_TRUE(found) << "no '" << reason << "' in " << last << process->Stderr();
  return found;
}

double TakeoverRun::Daemon::Metric(const std::string& sample) const {
  auto answer = support::HttpGet(http, "/metrics");
  if (!answer.ok()) return -1;
  auto value = support::MetricValue(answer->body, sample);
  return value.ok() ? *value : -1;
}

int TakeoverRun::Daemon::Terminate() {
  int code = process->Terminate(absl::Seconds(60)).value_or(-1);
  EXPECT_EQ(code, 0) << process->Stderr();
  return code;
}

KafkaRecord TakeoverRun::Record(int stream, const std::string& user, int64_t time_ms,
                                const std::string& json) const {
  KafkaRecord record;
  record.topic = topic(stream);
  record.partition = static_cast<int32_t>(std::hash<std::string>()(user) %
                                          static_cast<size_t>(options_.partitions));
  record.key = user;
  record.value = absl::StrCat("{\"ts\":", time_ms, ",", json, "}");
  record.timestamp_ms = time_ms;
  return record;
}

std::vector<KafkaRecord> TakeoverRun::Users(int first, int last, int64_t begin_ms,
                                            int64_t spread_ms) {
  std::vector<std::pair<int64_t, KafkaRecord>> planned;  // by arrival
  auto plan = [&](int stream, const std::string& user, int64_t time_ms, const std::string& json) {
    planned.emplace_back(time_ms + static_cast<int64_t>(random_() % 3000),
                         Record(stream, user, time_ms, json));
  };
  for (int i = first; i < last; ++i) {
    std::string user = absl::StrCat("u", i);
    int64_t time = begin_ms + static_cast<int64_t>(random_()) % spread_ms;
    bool taken = i % 3 == 0;
    if (taken) truth_.insert(user);
    plan(0, user, time,
         absl::StrCat("\"user_id\":\"", user, "\",\"result\":\"success\",\"country\":\"FR\""));
    plan(1, user, time + 5000,
         absl::StrCat("\"account\":\"", user, "\",\"action\":\"", i % 3 == 1 ? "removed" : "added",
                      "\",\"id\":\"d", i, "\""));
    plan(2, user, time + 10000,
         absl::StrCat("\"payer\":{\"id\":\"", user, "\"},\"amount\":", taken ? 1500.5 : 20));
  }
  std::stable_sort(planned.begin(), planned.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<KafkaRecord> records;
  for (auto& [arrival, record] : planned) records.push_back(std::move(record));
  return records;
}

std::vector<KafkaRecord> TakeoverRun::Flushers(int64_t time_ms) {
  std::vector<KafkaRecord> records;
  for (int stream = 0; stream < 3; ++stream) {
    for (int partition = 0; partition < options_.partitions; ++partition) {
      KafkaRecord record = Record(stream, "flusher", time_ms, "\"note\":\"flush\"");
      record.partition = partition;
      records.push_back(record);
    }
  }
  return records;
}

void TakeoverRun::Produce(const std::vector<KafkaRecord>& records) {
  absl::Status produced = kafka().Produce(records);
  EXPECT_TRUE(produced.ok()) << produced;
}

std::multiset<std::string> TakeoverRun::Alerted() {
  std::multiset<std::string> users;
  auto records = kafka().ConsumeAll(alerts_);
  if (!records.ok()) return users;
  std::set<std::string> ids;
  for (const KafkaRecord& record : *records) {
    if (!ids.insert(record.key.value_or("")).second) continue;
    const std::string& body = *record.value;
    size_t at = body.find("\"key\":{\"user_id\":\"");
    if (at == std::string::npos) {
      ADD_FAILURE() << body;
      continue;
    }
    at += 18;
    users.insert(body.substr(at, body.find('"', at) - at));
  }
  return users;
}

std::set<std::string> TakeoverRun::RepeatedAlerts() {
  std::set<std::string> ids;
  std::set<std::string> repeated;
  auto records = kafka().ConsumeAll(alerts_);
  EXPECT_TRUE(records.ok()) << records.status();
  if (!records.ok()) return repeated;
  for (const KafkaRecord& record : *records) {
    if (!ids.insert(record.key.value_or("")).second) repeated.insert(*record.key);
  }
  return repeated;
}

void TakeoverRun::ExpectTruth(absl::Duration limit) {
  Eventually([&] { return Alerted().size() >= truth_.size(); }, limit);
  std::multiset<std::string> wanted(truth_.begin(), truth_.end());
  std::multiset<std::string> alerted = Alerted();
  std::vector<std::string> missing;
  std::vector<std::string> spurious;
  std::set_difference(wanted.begin(), wanted.end(), alerted.begin(), alerted.end(),
                      std::back_inserter(missing));
  std::set_difference(alerted.begin(), alerted.end(), wanted.begin(), wanted.end(),
                      std::back_inserter(spurious));
  EXPECT_TRUE(missing.empty()) << missing.size() << " missing, such as " << missing[0]
                               << Describe();
  EXPECT_TRUE(spurious.empty()) << spurious.size() << " spurious, such as " << spurious[0];
}

std::string TakeoverRun::Describe() const {
  std::string text;
  for (uint16_t port : http_ports_) {
    auto answer = support::HttpGet(port, "/metrics");
    if (!answer.ok()) continue;
    for (absl::string_view line : absl::StrSplit(answer->body, '\n')) {
      if (absl::StartsWith(line, "telltale_")) absl::StrAppend(&text, "\n", line);
    }
  }
  return text;
}

int64_t TakeoverRun::Committed() {
  int64_t sum = 0;
  for (const std::string& topic : topics_) {
    auto committed = kafka().CommittedOffsets(group_, topic);
    if (!committed.ok()) continue;
    for (const auto& [partition, offset] : *committed) sum += offset;
  }
  return sum;
}

}  // namespace telltale::integration
