// Rules over windows, run over events that a test writes in a line each.
//
// A result is told as "time key name=value ... | time of each event shown", times in milliseconds,
// with "~" in front of the bar where it is truncated. Owner: the test. Thread: one.
#ifndef TELLTALE_TESTS_ENGINE_WINDOW_CASES_H_
#define TELLTALE_TESTS_ENGINE_WINDOW_CASES_H_

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/engine/engine_harness.h"

namespace telltale::engine {

using Lines = std::vector<std::string>;
using Fields = decltype(TestEvent::fields);

// An event of stream a with a key k and a value v.
inline TestEvent At(int64_t time_ms, const std::string& key, Fields::mapped_type v = int64_t{1},
                    uint32_t stream = 0) {
  return {.stream = stream, .time_ms = time_ms, .fields = {{"k", key}, {"v", std::move(v)}}};
}

inline Lines Told(const std::vector<Alert>& alerts) {
  Lines lines;
  for (const Alert& alert : alerts) {
    std::string line =
        absl::StrCat(FormatTime(alert.time).size() > 24 ? absl::StrCat(alert.time, "ns")
                                                        : absl::StrCat(alert.time / 1'000'000));
    for (const rules::KeyPart& part : alert.key) absl::StrAppend(&line, " ", part.value_or("-"));
    if (alert.kind == AlertKind::kLimit) absl::StrAppend(&line, " limit");
    for (const auto& [name, value] : alert.fields) absl::StrAppend(&line, " ", name, "=", value);
    if (alert.truncated) absl::StrAppend(&line, " ~");
    absl::StrAppend(&line, " |");
    for (const Evidence& evidence : alert.evidence)
      absl::StrAppend(&line, " ", evidence.time / 1'000'000);
    lines.push_back(std::move(line));
  }
  return lines;
}

// What comes out where all state goes through its bytes after each event.
inline std::vector<Alert> RunRecoded(const std::string& yaml,
                                     const std::vector<TestEvent>& events) {
  const auto compiled = CompileText(yaml, TestStreams({"a", "b"}));
  if (compiled == nullptr) return {};
  CollectingSink sink;
  const auto engine = MakeEngine(compiled, {.threads = false}, sink);
  for (const uint32_t stream : {0u, 1u}) engine->AddPartition({stream, 0}, {});
  std::map<uint32_t, int64_t> offsets;
  EventBuilder builder;
  for (const TestEvent& event : events) {
    engine->Offer(*Build(builder, *compiled, event, offsets[event.stream]++));
    engine->AdvanceTo(event.time_ms * 1'000'000);
    const absl::StatusOr<size_t> bytes = engine->RecodeState();
    EXPECT_TRUE(bytes.ok()) << bytes.status();
  }
  engine->Finish();
  return sink.Take();
}

// `rule`: all but its id, key and warm-up. Of both, which are the same.
inline Lines Results(const std::string& rule, const std::vector<TestEvent>& events) {
  const std::string yaml = "id: r\nby: k\nwarm_up: assume_empty\n" + rule;
  const std::vector<Alert> alerts = RunRules(yaml, {"a", "b"}, events);
  const std::vector<Alert> recoded = RunRecoded(yaml, events);
  EXPECT_EQ(Told(alerts), Told(recoded)) << "with state as bytes";
  for (size_t i = 0; i < std::min(alerts.size(), recoded.size()); ++i)
    EXPECT_EQ(AlertJson(alerts[i]), AlertJson(recoded[i]));
  return Told(alerts);
}

}  // namespace telltale::engine

#endif  // TELLTALE_TESTS_ENGINE_WINDOW_CASES_H_
