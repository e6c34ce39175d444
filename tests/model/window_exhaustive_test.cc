// Every kind of window with every emit over every sequence of up to five events whose gaps are at
// its bounds: none, the least one, the window and the least more. `count` and `sum` cross small
// thresholds in both directions.
#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>
#include <string>
#include <vector>

#include "tests/model/agreement.h"
#include "tests/model/reference_run.h"

namespace telltale::model {
namespace {

constexpr int64_t kMillisecond = kSecond / 1000;
constexpr int64_t kSize = 10;  // milliseconds, of windows and gaps
constexpr int kMostEvents = 5;

struct Form {
  std::string window;
  std::vector<std::string> emits;  // empty: the default
};

std::vector<Form> Forms() {
  return {{"{ sliding: 10ms }", {"", "on_change"}},
          {"{ tumbling: 10ms }", {"", "as_reached", "every_window", "on_change"}},
          {"{ tumbling: 10ms, offset: 1ms }", {"", "as_reached", "every_window", "on_change"}},
          {"{ hopping: 10ms, every: 5ms }", {"", "every_window", "on_change"}},
          {"{ session: 10ms }", {"", "as_reached", "every_window", "on_change"}},
          {"{ session: 10ms, longest: 20ms }", {"", "as_reached", "every_window"}}};
}

std::vector<std::string> RulesOf(const Form& form) {
  std::vector<std::string> rules;
  for (const std::string& emit : form.emits) {
    for (const char* having : {"count() >= 2", "count() == 1", "sum(v) >= 5", "sum(v) < 4"}) {
      for (const char* on_empty : {"", "  on_empty: true\n"}) {
        const bool session = form.window.find("session") != std::string::npos;
        if (*on_empty != 0 && (session || emit == "as_reached")) continue;
        rules.push_back("id: r" + std::to_string(rules.size()) +
                        "\nwarm_up: assume_empty\nby: k\naggregate:\n  on: s\n  window: " +
                        form.window + "\n  having: " + having + "\n" + on_empty +
                        (emit.empty() ? "" : "emit: " + emit + "\n") +
                        "alert: { fields: { n: count(), s: sum(v), from: window.start, to: "
                        "window.end } }\n");
      }
    }
  }
  return rules;
}

// Those of this number in base 4, one gap a digit, and each value is 1, 2, 4, 1 ...
std::vector<ScenarioEvent> EventsOf(int count, int gaps) {
  constexpr int64_t kGaps[] = {0, 1, kSize, kSize + 1};
  std::vector<ScenarioEvent> events;
  int64_t time = 0;
  for (int i = 0; i < count; ++i) {
    if (i > 0) time += kGaps[gaps % 4];
    if (i > 0) gaps /= 4;
    events.push_back({.stream = 0,
                      .partition = 0,
                      .offset = i,
                      .time = time * kMillisecond,
                      .fields = {{"k", int64_t{1}}, {"v", int64_t{1} << (i % 3)}}});
  }
  return events;
}

TEST(WindowExhaustive, EveryWindowOverEverySmallSequence) {
  size_t cases = 0;
  size_t results = 0;
  for (const Form& form : Forms()) {
    Scenario scenario;
    scenario.streams = {{.name = "s", .partitions = 1, .max_out_of_orderness = 0}};
    for (const std::string& rule : RulesOf(form))
      scenario.rules += (scenario.rules.empty() ? "" : "---\n") + rule;
    std::string diagnostics;
    const auto rules = Compile(scenario, &diagnostics);
    ASSERT_NE(rules, nullptr) << diagnostics;
    for (int count = 1; count <= kMostEvents; ++count) {
      for (int gaps = 0; gaps < 1 << (2 * (count - 1)); ++gaps) {
        scenario.events = EventsOf(count, gaps);
        const ReferenceResult expected = RunReference(scenario, *rules);
        const EngineResult got =
            RunEngine(scenario, rules, {.workers = 1, .batch_events = 3, .flush_every = 2});
        ++cases;
        results += expected.outcomes.size();
        ASSERT_TRUE(got.Outcomes() == expected.outcomes)
            << Difference(scenario, {.workers = 1, .batch_events = 3, .flush_every = 2});
      }
    }
  }
  std::cout << cases << " sequences, " << results << " results\n";
  EXPECT_GT(results, 10 * cases);
}

}  // namespace
}  // namespace telltale::model
