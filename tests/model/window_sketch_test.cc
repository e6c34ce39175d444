// Windows that hold more than is kept exactly (W5): percentiles told by buckets are the reference's
// in every kind of window, also where the count goes up and down around the bound; different values
// that are estimated are so by the values alone, whatever panes they were put together from.
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "tests/model/agreement.h"
#include "tests/model/choices.h"
#include "tests/model/engine_run.h"

namespace telltale::model {
namespace {

constexpr int64_t kMillisecond = 1'000'000;

Scenario OneKey() {
  Scenario scenario;
  scenario.streams = {{.name = "s", .partitions = 1, .max_out_of_orderness = 50 * kMillisecond}};
  return scenario;
}

// One a millisecond or so, in some disorder.
ScenarioEvent At(Choices& choices, int64_t number, int64_t time_ms, FieldValue value) {
  return {.stream = 0,
          .partition = 0,
          .offset = number,
          .time = (time_ms + choices.Between(0, 40)) * kMillisecond,
          .fields = {{"k", int64_t{1}}, {"v", std::move(value)}}};
}

EngineSetting SettingFor(uint64_t seed) {
  return {.workers = 1,
          .batch_events = static_cast<uint32_t>(1 + seed % 90),
          .flush_every = static_cast<uint32_t>(10 + seed % 50),
          .recode_percent = 5,
          .recode_seed = seed};
}

// Numbers of all sizes and both signs, with gaps between them that bring the windows below the
// bound and above it again.
std::vector<ScenarioEvent> Numbers(Choices& choices) {
  std::vector<ScenarioEvent> events;
  int64_t time = 0;
  for (int64_t i = 0; i < 5'200; ++i) {
    time += i % 2'600 == 2'500 ? 1'300 : i % 3 == 0 ? 0 : 1;
    const double size = std::ldexp(static_cast<double>(choices.Between(-4'000, 4'000)),
                                   static_cast<int>(choices.Between(-12, 6)));
    FieldValue value = size;
    if (choices.OneIn(3)) value = choices.Between(-50, 50);
    events.push_back(At(choices, i, time, std::move(value)));
  }
  return events;
}

TEST(WindowSketch, PercentilesOfManyAreTheReferences) {
  const std::string fields =
      "alert: { fields: { n: count(), p: 'percentile(v, 90)', m: median(v) } }\n";
  const std::map<std::string, std::string> windows = {
      {"{ sliding: 1600ms }", "  having: count() % 40 == 0\n"},
      {"{ tumbling: 1600ms }", ""},
      {"{ hopping: 1800ms, every: 600ms }", ""},
      {"{ session: 100ms }", ""}};
  for (uint64_t seed = 1; seed <= 3; ++seed) {
    Choices choices(seed);
    Scenario scenario = OneKey();
    for (const auto& [window, having] : windows) {
      scenario.rules += (scenario.rules.empty() ? "" : "---\n") + ("id: r" + window.substr(2, 5)) +
                        "\nwarm_up: assume_empty\nby: k\naggregate:\n  on: s\n  window: " + window +
                        "\n" + having + (having.empty() ? "emit: every_window\n" : "") + fields;
    }
    std::string diagnostics;
    ASSERT_NE(Compile(scenario, &diagnostics), nullptr) << diagnostics;
    scenario.events = Numbers(choices);
    EXPECT_EQ(Compare(scenario, SettingFor(seed)), Agreement::kSame)
        << "seed " << seed << "\n"
        << Difference(scenario, SettingFor(seed));
    std::map<std::string, int64_t> most;  // by rule, of those whose results are of many
    for (const Outcome& outcome :
         RunEngine(scenario, Compile(scenario), SettingFor(seed)).Outcomes()) {
      int64_t count = 0;
      for (const std::string& field : outcome.window->fields) {
        if (!field.starts_with("n: ")) continue;
        ASSERT_TRUE(absl::SimpleAtoi(field.substr(3), &count));
      }
      most[outcome.rule] = std::max(most[outcome.rule], count);
    }
    for (const auto& [rule, count] : most) EXPECT_GT(count, 2'000) << rule;
    EXPECT_EQ(most.size(), windows.size());
  }
}

TEST(WindowSketch, DifferentValuesOfManyHangOnNothingElse) {
  constexpr int64_t kEvents = 30'000;
  Choices choices(7);
  Scenario scenario = OneKey();
  const std::string head = "warm_up: assume_empty\nby: k\naggregate:\n  on: s\n  window: ";
  const std::string tail = "\nemit: every_window\nalert: { fields: { d: count_distinct(v) } }\n";
  scenario.rules = "id: tumbling\n" + head + "{ tumbling: 40s }" + tail + "---\nid: hopping\n" +
                   head + "{ hopping: 40s, every: 20s }" + tail;
  std::map<int64_t, std::map<int64_t, bool>> values;  // by window
  for (int64_t i = 0; i < kEvents; ++i) {
    const int64_t value = choices.Between(0, 40'000);
    scenario.events.push_back(At(choices, i, 3 * i, value));
    values[scenario.events.back().time / (40 * kSecond)][value] = true;
  }
  std::map<std::string, std::map<int64_t, int64_t>> told;  // by rule and the begin of the window
  for (const Outcome& outcome : RunEngine(scenario, Compile(scenario), SettingFor(7)).Outcomes()) {
    int64_t different = 0;
    ASSERT_TRUE(absl::SimpleAtoi(outcome.window->fields.at(0).substr(3), &different));
    told[outcome.rule][outcome.window->start] = different;
  }
  ASSERT_EQ(told["tumbling"].size(), values.size());
  for (const auto& [start, different] : told["tumbling"]) {
    EXPECT_EQ(told["hopping"][start], different);
    const auto exact = static_cast<double>(values[start / (40 * kSecond)].size());
    EXPECT_NEAR(static_cast<double>(different), exact, 0.03 * exact);
  }
  // Of two windows at least there were more than are counted one by one.
  EXPECT_GT(values[0].size(), 10'000u);
  EXPECT_GT(values[1].size(), 10'000u);
}

}  // namespace
}  // namespace telltale::model
