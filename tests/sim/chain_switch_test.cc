// Rules on rules (A5) that come, go and change while alerts are on their way (C2, C3), by shards of
// their own threads and without: each rule acts from its switch to the next, on the alerts of the
// rules that act at their times. The seed of a failure is printed; TELLTALE_SEED=N tries that one
// alone, TELLTALE_MODEL_RUNS says how many are tried without it.
#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>
#include <string>
#include <utility>
#include <vector>

#include "tests/model/agreement.h"
#include "tests/model/random_chain.h"
#include "tests/model/random_rule.h"
#include "tests/model/random_window.h"
#include "tests/sim/switching.h"

namespace telltale::model {
namespace {

constexpr int kEvents = 70;
constexpr int kSets = 5;

uint64_t Runs() {
  const char* runs = std::getenv("TELLTALE_MODEL_RUNS");
  return runs != nullptr ? std::strtoull(runs, nullptr, 10) : 300;
}

// Of which matches wait, often through several switches, for older partial matches (P7).
std::string RuleThatWaits(Choices& choices, const std::string& id) {
  return "id: " + id + "\nby: k\nwithin: " + std::to_string(choices.Between(4, 20)) +
         "s\nsequence:\n  - a: { on: s0, where: 'v > 1' }\n  - b: { on: s0, where: 'v == a.v' }\n" +
         "after_match: skip_past_last\nwarm_up: assume_empty\n" +
         "limits: { partial_matches: 30, matches: 20 }\nalert: { risk_score: 20 }\n";
}

// Two forms of each of six rules: three over events, and three that read their alerts and one
// another's.
std::vector<std::pair<std::string, std::string>> RulesAtRandom(Choices& choices,
                                                               const Scenario& scenario) {
  const int streams = static_cast<int>(scenario.streams.size());
  std::vector<std::pair<std::string, std::string>> rules;
  std::vector<std::string> ids;
  for (const std::string id : {"m", "c"}) {
    const auto make = [&] { return RandomRuleOnEvents(choices, scenario, id, true); };
    std::string one = make();
    rules.emplace_back(std::move(one), make());
    ids.push_back(id);
  }
  std::string waits = RuleThatWaits(choices, "w");
  rules.emplace_back(std::move(waits), RuleThatWaits(choices, "w"));
  ids.push_back("w");
  for (const std::string id : {"n", "b", "z"}) {
    const auto make = [&]() -> std::string {
      for (int tries = 0; tries < 20; ++tries) {
        Scenario alone = scenario;
        alone.rules = RandomRuleOnAlerts(choices, id, streams, ids, true);
        if (Compile(alone) != nullptr) return alone.rules;
      }
      return "";
    };
    std::string one = make();
    rules.emplace_back(std::move(one), make());
    ids.push_back(id);
  }
  return rules;
}

std::vector<RulesPtr> SetsAtRandom(Choices& choices, const Scenario& scenario) {
  const auto rules = RulesAtRandom(choices, scenario);
  std::vector<RulesPtr> sets;
  while (sets.size() < kSets) {
    Scenario some = scenario;
    for (const auto& [one, other] : rules) {
      const std::string& rule = choices.OneIn(3) ? other : one;
      if (rule.empty() || choices.OneIn(5)) continue;
      some.rules += (some.rules.empty() ? "" : "---\n") + rule;
    }
    // A rule may be named of which the alerts have no bound (R0242).
    if (RulesPtr set = Compile(some)) sets.push_back(std::move(set));
  }
  return sets;
}

size_t ExpectOne(uint64_t seed) {
  Choices choices(seed);
  Scenario scenario;
  scenario.streams = RandomStreams(choices);
  std::vector<RulesPtr> sets = SetsAtRandom(choices, scenario);
  if (testing::Test::HasFailure()) return 0;
  scenario.events = RandomWindowEvents(choices, scenario.streams, kEvents);
  const Switching::Pace pace{.turns_a_set = 2, .turns_a_recode = 5};
  Switching switching(std::move(scenario), std::move(sets), std::mt19937_64(seed),
                      std::mt19937_64(seed + 1), pace);
  return ExpectReigns(switching, static_cast<uint32_t>(1 + seed % 4), seed, seed % 2 == 0);
}

TEST(ChainSwitch, EachRuleActsOnTheAlertsOfItsReign) {
  if (const uint64_t only = Seed(0); only != 0) {
    ExpectOne(only);
    return;
  }
  size_t switches = 0;
  for (uint64_t seed = 1; seed <= Runs() && !HasFailure(); ++seed) switches += ExpectOne(seed);
  std::cout << switches << " switches in " << Runs() << " runs\n";
  EXPECT_TRUE(HasFailure() || switches >= Runs() / 4) << switches << " switches";
}

}  // namespace
}  // namespace telltale::model
