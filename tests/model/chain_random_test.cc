// Sets of rules at random over one to three levels of alerts: patterns of the whole language and
// windows below, and above them sequences, absences, windows and new terms over their alerts, alone
// and beside events, by the same key, by others and by none, with suppression, building blocks and
// shadows. The engine has any number of shards, with and without threads, and its state goes
// through bytes now and then: what goes out is what the levels give one after the other
// (chain_run.h), to the byte. The seed of a failure is printed; TELLTALE_SEED=N tries that one
// alone, TELLTALE_MODEL_RUNS says how many are tried without it.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "tests/model/agreement.h"
#include "tests/model/chain_run.h"
#include "tests/model/early_reference.h"
#include "tests/model/engine_run.h"
#include "tests/model/random_chain.h"
#include "tests/model/random_rule.h"
#include "tests/model/random_window.h"

namespace telltale::model {
namespace {

uint64_t Runs() {
  const char* runs = std::getenv("TELLTALE_MODEL_RUNS");
  return runs != nullptr ? std::strtoull(runs, nullptr, 10) : 1'000;
}

Scenario ChainAtRandom(Choices& choices) {
  Scenario scenario;
  scenario.streams = RandomStreams(choices);
  const int streams = static_cast<int>(scenario.streams.size());
  std::vector<std::string> ids;
  const auto add = [&](const std::string& id, const std::string& rule) {
    if (rule.empty()) return;
    scenario.rules += (scenario.rules.empty() ? "" : "---\n") + rule;
    ids.push_back(id);
  };
  const std::string names[] = {"m", "c", "x"};  // so that readers stand before and behind
  for (int rule = 0; rule < choices.Between(1, 2); ++rule)
    add(names[rule], RandomRuleOnEvents(choices, scenario, names[rule], false));
  if (ids.empty()) return scenario;
  const std::string readers[] = {"n", "b", "z"};
  const int most = choices.Between(1, 3);
  for (int rule = 0; rule < most; ++rule) {
    const std::string& id = readers[rule];
    for (int tries = 0; tries < 10; ++tries) {
      Scenario more = scenario;
      const std::string text = RandomRuleOnAlerts(choices, id, streams, ids, false);
      more.rules += "---\n" + text;
      if (Compile(more) == nullptr) continue;
      add(id, text);
      break;
    }
  }
  scenario.events = RandomWindowEvents(choices, scenario.streams, choices.Between(20, 80));
  return scenario;
}

EngineSetting SettingFor(uint64_t seed) {
  return {.workers = static_cast<uint32_t>(1 + seed % 4),
          .threads = seed % 3 == 0,
          .batch_events = static_cast<uint32_t>(1 + seed % 7),
          .flush_every = static_cast<uint32_t>(1 + seed % 11),
          .warm_keys = static_cast<uint32_t>(1 + seed % 3),
          .recode_percent = seed % 2 == 0 ? 30u : 0u,
          .recode_seed = seed};
}

std::string Without(const std::vector<std::string>& some, const std::vector<std::string>& others) {
  std::vector<std::string> left;
  std::set_difference(some.begin(), some.end(), others.begin(), others.end(),
                      std::back_inserter(left));
  std::string text;
  for (const std::string& body : left) text += "  " + body + "\n";
  return text;
}

struct Totals {
  size_t levels[4] = {};
  size_t telling = 0;
};

void ExpectSame(uint64_t seed, Totals& totals) {
  Choices choices(seed);
  const Scenario scenario = ChainAtRandom(choices);
  const auto rules = Compile(scenario);
  ASSERT_NE(rules, nullptr) << "TELLTALE_SEED=" << seed << "\n" << Print(scenario);
  const ChainResult expected = RunLevels(scenario, *rules);
  ASSERT_EQ(expected.error, "") << "TELLTALE_SEED=" << seed << "\n" << Print(scenario);
  const EngineResult got = RunEngine(scenario, rules, SettingFor(seed));
  ++totals.levels[std::min<size_t>(expected.levels, 3)];
  totals.telling += expected.from_alerts > 0 ? 1 : 0;
  EXPECT_EQ(got.recode_error, "");
  const std::vector<std::string> bodies = got.Bodies();
  EXPECT_TRUE(bodies == expected.bodies) << "TELLTALE_SEED=" << seed << "\n"
                                         << Print(scenario) << "missing:\n"
                                         << Without(expected.bodies, bodies) << "spurious:\n"
                                         << Without(bodies, expected.bodies);
}

TEST(ChainRandom, WhatGoesOutIsWhatTheLevelsGive) {
  Totals totals;
  if (const uint64_t only = Seed(0); only != 0) return ExpectSame(only, totals);
  for (uint64_t seed = 1; seed <= Runs() && !HasFailure(); ++seed) ExpectSame(seed, totals);
  if (HasFailure()) return;
  std::cout << totals.telling << " of " << Runs()
            << " sets have results from alerts; levels: " << totals.levels[1] << " "
            << totals.levels[2] << " " << totals.levels[3] << "\n";
  EXPECT_GT(totals.telling, Runs() / 4) << "rules that find nothing prove little";
  EXPECT_GT(totals.levels[2], Runs() / 10);
  EXPECT_GT(totals.levels[3], 0u);
}

// The same rules, of which some tell early what they find (T5), readers and those they read.
std::string SomeEarly(Choices& choices, const std::string& rules) {
  constexpr std::string_view kBetween = "---\n";
  std::string text;
  for (size_t begin = 0; begin < rules.size();) {
    size_t end = rules.find(kBetween, begin);
    if (end == std::string::npos) end = rules.size();
    std::string rule = rules.substr(begin, end - begin);
    begin = end + kBetween.size();
    if (!choices.OneIn(4)) {
      const size_t emit = rule.find("\nemit: ");
      if (emit == std::string::npos) {
        rule += "emit: early\n";
      } else {
        const size_t value = emit + std::string_view("\nemit: ").size();
        const size_t line = rule.find('\n', value);
        rule = rule.substr(0, value) + "[early, " + rule.substr(value, line - value) + "]" +
               rule.substr(line);
      }
    }
    text += (text.empty() ? "" : std::string(kBetween)) + rule;
  }
  return text;
}

// What is final is what the levels give, whatever was told before it, and all that is told is told
// well: a reader takes what is settled (A5), so nothing that is taken back has reached it.
TEST(ChainRandom, WhatIsToldEarlyChangesNothingThatIsFinal) {
  const uint64_t only = Seed(0);
  const uint64_t first = only != 0 ? only : 1;
  const uint64_t last = only != 0 ? only : Runs() / 2;
  size_t early = 0;
  size_t retracted = 0;
  for (uint64_t seed = first; seed <= last && !HasFailure(); ++seed) {
    Choices choices(seed);
    const Scenario settled = ChainAtRandom(choices);
    Scenario scenario = settled;
    scenario.rules = SomeEarly(choices, settled.rules);
    const auto rules = Compile(scenario);
    if (rules == nullptr) continue;
    EngineResult got = RunEngine(scenario, rules, SettingFor(seed));
    EXPECT_EQ(got.recode_error, "");
    EXPECT_EQ(Untellable(StoriesOf(got.delivered)), "") << "TELLTALE_SEED=" << seed << "\n"
                                                        << Print(scenario);
    for (const engine::Alert& alert : got.delivered) {
      const bool of_alerts =
          std::any_of(alert.evidence.begin(), alert.evidence.end(),
                      [](const engine::Evidence& evidence) { return !evidence.alert_id.empty(); });
      early += alert.status == engine::AlertStatus::kEarly && of_alerts ? 1 : 0;
      retracted += alert.status == engine::AlertStatus::kRetracted ? 1 : 0;
    }
    for (engine::Alert& alert : got.alerts) alert.revision = 0;
    const ChainResult expected = RunLevels(settled, *Compile(settled));
    const std::vector<std::string> bodies = got.Bodies();
    EXPECT_TRUE(bodies == expected.bodies) << "TELLTALE_SEED=" << seed << "\n"
                                           << Print(scenario) << "missing:\n"
                                           << Without(expected.bodies, bodies) << "spurious:\n"
                                           << Without(bodies, expected.bodies);
  }
  std::cout << early << " alerts of alerts are told early, " << retracted << " are taken back\n";
  if (only != 0 || HasFailure()) return;
  EXPECT_GT(early, Runs() / 10);
  EXPECT_GT(retracted, Runs() / 20);
}

}  // namespace
}  // namespace telltale::model
