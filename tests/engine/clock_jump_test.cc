// Jumps of the machine's clock: the engine never asks it (T6), whatever its rules, early ones,
// windows, absences and new terms among them, and however many threads it has.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/engine/engine_harness.h"
#include "tests/support/clock_jump.h"

namespace telltale::engine {
namespace {

constexpr int64_t kYears = 10 * 365 * 86'400;
constexpr char kRules[] = R"(
id: sequence
by: user
within: 10s
emit: early
sequence:
  - a: { on: a, where: t == 'a' }
  - b: { on: a, where: t == 'b' }
---
id: absence
by: user
within: 5s
sequence:
  - a: { on: a, where: t == 'a' }
  - not: { on: a, where: t == 'b' }
---
id: count
by: user
warm_up: assume_empty
aggregate: { on: a, window: { sliding: 4s }, having: count() >= 3 }
---
id: session
by: user
warm_up: assume_empty
aggregate: { on: a, window: { session: 2s } }
emit: every_window
---
id: new
by: user
warm_up: assume_empty
new_terms: { on: a, field: t, history: 6s }
)";

std::vector<std::string> BodiesOf(bool threads) {
  std::vector<TestEvent> events;
  for (int64_t i = 0; i < 300; ++i) {
    events.push_back({.stream = 0,
                      .time_ms = i * 700 - (i % 5) * 300,
                      .fields = {{"t", std::string(1, static_cast<char>('a' + i * i % 7))},
                                 {"user", std::string(1, static_cast<char>('u' + i % 3))}}});
  }
  EngineOptions options{.workers = threads ? 3u : 1u, .threads = threads};
  options.max_out_of_orderness = {2'000'000'000};
  std::vector<std::string> bodies;
  for (Alert& alert : RunRules(kRules, {"a"}, events, options)) {
    // How often it was told early hangs on batches.
    alert.revision = 0;
    if (alert.status == AlertStatus::kFinal) bodies.push_back(AlertJson(alert));
  }
  std::sort(bodies.begin(), bodies.end());
  return bodies;
}

TEST(ClockJump, TheEngineNeverAsksTheMachinesClock) {
  const std::vector<std::string> expected = BodiesOf(false);
  EXPECT_GT(expected.size(), 100u);
  for (const bool threads : {false, true}) {
    const support::ClockJump jump(kYears, /*at_random=*/true);
    EXPECT_EQ(BodiesOf(threads), expected);
    EXPECT_EQ(jump.asked(), 0u);
  }
}

}  // namespace
}  // namespace telltale::engine
