// Random rules of the whole language, several at once, through the router and shards: batches, the
// number of shards, flushes, the order in which partitions are read and state that goes through
// bytes do not show. What comes out is what the reference finds, and the same bytes, ids included,
// in every setting. The seed of a failure is printed; TELLTALE_SEED=N tries that one
// alone, TELLTALE_MODEL_RUNS says how many are tried without it.
#include <gtest/gtest.h>
#include <cstdlib>

#include <algorithm>
#include <iostream>
#include <set>

#include "tests/model/agreement.h"
#include "tests/model/random_rule.h"
#include "tests/model/random_window.h"
#include "tests/model/reference_run.h"

namespace telltale::model {
namespace {

constexpr int kEvents = 60;

uint64_t Runs() {
  const char* runs = std::getenv("TELLTALE_MODEL_RUNS");
  return runs != nullptr ? std::strtoull(runs, nullptr, 10) : 1'000;
}

// Its caps bound what it can hold. Empty: it is another one.
std::string RuleAtRandom(Choices& choices, int streams, const std::string& id) {
  if (choices.OneIn(3)) {
    WindowSpec rule = RandomWindow(choices, streams);
    rule.id = id;
    return rule.ToYaml();
  }
  RuleSpec rule = RandomRule(choices, streams, false);
  if (rule.more.find("limits") == std::string::npos) return "";  // it could hold too much
  rule.id = id;
  return rule.ToYaml();
}

// Two to four rules that load, each by itself.
Scenario RulesAtRandom(Choices& choices) {
  Scenario scenario;
  scenario.streams = RandomStreams(choices);
  const int wanted = choices.Between(2, 4);
  for (int tries = 0, made = 0; made < wanted && tries < 20; ++tries) {
    Scenario alone = scenario;
    alone.rules = RuleAtRandom(choices, static_cast<int>(scenario.streams.size()),
                               "r" + std::to_string(made));
    if (alone.rules.empty() || Compile(alone) == nullptr) continue;
    scenario.rules += (made == 0 ? "" : "---\n") + alone.rules;
    ++made;
  }
  scenario.events = RandomWindowEvents(choices, scenario.streams, kEvents);
  return scenario;
}

// The partitions in another order of reading, where no event is late in any: lateness is for a
// partition by itself.
Scenario Reread(Scenario scenario, Choices& choices) {
  std::vector<ScenarioEvent> events;
  std::vector<ScenarioEvent>& left = scenario.events;
  while (!left.empty()) {
    const ScenarioEvent one = left[static_cast<size_t>(
        choices.Between(0, static_cast<int>(std::min<size_t>(left.size(), 200)) - 1))];
    const auto first = std::find_if(left.begin(), left.end(), [&](const ScenarioEvent& event) {
      return event.stream == one.stream && event.partition == one.partition;
    });
    events.push_back(*first);
    left.erase(first);
  }
  scenario.events = std::move(events);
  return scenario;
}

EngineSetting SettingAtRandom(Choices& choices) {
  EngineSetting setting;
  setting.workers = static_cast<uint32_t>(choices.Between(1, 5));
  setting.batch_events = static_cast<uint32_t>(choices.Between(1, 40));
  setting.flush_every = static_cast<uint32_t>(choices.Between(1, 30));
  return setting;
}

// How many alerts there were.
size_t ExpectTheModelsAlerts(uint64_t seed) {
  Choices choices(seed);
  const Scenario scenario = RulesAtRandom(choices);
  std::string diagnostics;
  const auto rules = Compile(scenario, &diagnostics);
  if (rules == nullptr) {
    ADD_FAILURE() << "TELLTALE_SEED=" << seed << "\n" << diagnostics;
    return 0;
  }
  const ReferenceResult expected = RunReference(scenario, *rules);
  std::vector<std::string> bodies;
  for (int setting = 0; setting < 3; ++setting) {
    const Scenario read = setting == 0 ? scenario : Reread(scenario, choices);
    const EngineResult got = RunEngine(read, rules, SettingAtRandom(choices));
    EXPECT_EQ(got.recode_error, "");
    EXPECT_TRUE(got.Outcomes() == expected.outcomes) << "TELLTALE_SEED=" << seed << "\n"
                                                     << Print(read) << "expected:\n"
                                                     << Print(expected.outcomes) << "got:\n"
                                                     << Print(got.Outcomes());
    if (setting == 0) bodies = got.Bodies();
    EXPECT_TRUE(got.Bodies() == bodies) << "TELLTALE_SEED=" << seed << ": other bytes";
    std::set<engine::Hash128> ids;
    for (const engine::Alert& alert : got.alerts) {
      EXPECT_TRUE(ids.insert(alert.id).second) << "TELLTALE_SEED=" << seed << ": an id comes twice";
    }
    if (testing::Test::HasFailure()) break;
  }
  return bodies.size();
}

TEST(RandomRules, TheAlertsAreTheModels) {
  if (const uint64_t only = Seed(0); only != 0) {
    ExpectTheModelsAlerts(only);
    return;
  }
  size_t alerts = 0;
  const uint64_t runs = Runs();
  for (uint64_t seed = 1; seed <= runs && !HasFailure(); ++seed)
    alerts += ExpectTheModelsAlerts(seed);
  std::cout << alerts << " alerts of " << runs << " rule sets\n";
  EXPECT_TRUE(HasFailure() || alerts > runs) << "inputs on which little happens prove little";
}

}  // namespace
}  // namespace telltale::model
