// Random rules of the whole language that come, go and change while events flow (C2, C3), with
// state that goes through bytes on the way, also while a switch is under way: the alerts are those
// of the reference, limit alerts among them, and what rules tell early (T5) is told to its end. The
// seed of a failure is printed; TELLTALE_SEED=N tries that one alone, TELLTALE_MODEL_RUNS says how
// many are tried without it.
#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "tests/model/agreement.h"
#include "tests/model/random_rule.h"
#include "tests/model/random_window.h"
#include "tests/sim/switching.h"

namespace telltale::model {
namespace {

constexpr int kEvents = 60;
constexpr int kRules = 3;
constexpr int kSets = 3;

uint64_t Runs() {
  const char* runs = std::getenv("TELLTALE_MODEL_RUNS");
  return runs != nullptr ? std::strtoull(runs, nullptr, 10) : 1'000;
}

// A rule that loads and whose caps bound what it can hold. Empty: there was none.
std::string RuleAtRandom(Choices& choices, const Scenario& scenario, const std::string& id,
                         bool early) {
  for (int tries = 0; tries < 20; ++tries) {
    const int streams = static_cast<int>(scenario.streams.size());
    Scenario alone = scenario;
    if (choices.OneIn(3)) {
      WindowSpec rule = RandomWindow(choices, streams);
      rule.id = id;
      if (early) rule.emit = rule.emit.empty() ? "early" : "[early, " + rule.emit + "]";
      alone.rules = rule.ToYaml();
    } else {
      RuleSpec rule = RandomRule(choices, streams, false);
      if (rule.more.find("limits") == std::string::npos) continue;
      rule.id = id;
      if (early) rule.more += "emit: early\n";
      alone.rules = rule.ToYaml();
    }
    if (Compile(alone) != nullptr) return alone.rules;
  }
  return "";
}

// Each has some of the rules, in one of two forms.
std::vector<RulesPtr> SetsAtRandom(Choices& choices, Choices& early, const Scenario& scenario) {
  std::vector<std::pair<std::string, std::string>> rules;
  for (int rule = 0; rule < kRules; ++rule) {
    const std::string id = "r" + std::to_string(rule);
    std::string one = RuleAtRandom(choices, scenario, id, early.OneIn(2));
    rules.emplace_back(std::move(one), RuleAtRandom(choices, scenario, id, early.OneIn(2)));
  }
  std::vector<RulesPtr> sets;
  for (int set = 0; set < kSets; ++set) {
    Scenario some = scenario;
    for (const auto& [one, other] : rules) {
      const std::string& rule = choices.OneIn(3) ? other : one;
      if (rule.empty() || choices.OneIn(4)) continue;
      some.rules += (some.rules.empty() ? "" : "---\n") + rule;
    }
    std::string diagnostics;
    sets.push_back(Compile(some, &diagnostics));
    EXPECT_NE(sets.back(), nullptr) << diagnostics;
  }
  return sets;
}

size_t ExpectReigns(uint64_t seed) {
  Choices choices(seed);
  Scenario scenario;
  scenario.streams = RandomStreams(choices);
  Choices early(seed + 1);
  std::vector<RulesPtr> sets = SetsAtRandom(choices, early, scenario);
  if (testing::Test::HasFailure()) return 0;
  scenario.events = RandomWindowEvents(choices, scenario.streams, kEvents);
  const Switching::Pace pace{.turns_a_set = 4, .turns_a_recode = 3};
  Switching switching(std::move(scenario), std::move(sets), std::mt19937_64(seed),
                      std::mt19937_64(seed + 1), pace);
  return ExpectReigns(switching, static_cast<uint32_t>(1 + seed % 4), seed);
}

TEST(RandomSwitch, EachRuleActsFromItsSwitchToTheNext) {
  if (const uint64_t only = Seed(0); only != 0) {
    ExpectReigns(only);
    return;
  }
  size_t switches = 0;
  for (uint64_t seed = 1; seed <= Runs() && !HasFailure(); ++seed) switches += ExpectReigns(seed);
  std::cout << switches << " switches in " << Runs() << " runs\n";
  EXPECT_TRUE(HasFailure() || switches >= Runs() / 2) << switches << " switches";
}

}  // namespace
}  // namespace telltale::model
