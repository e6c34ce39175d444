// Rules that change while events flow (C2, C3): at random moments another rule set takes over, with
// rules added, removed, changed and left alone. What comes out is what the reference says when each
// rule acts from one switch to another, and so does not hang on the shards, nor on what was
// buffered when the switch came.
#include <gtest/gtest.h>

#include <random>
#include <utility>

#include "tests/model/agreement.h"
#include "tests/sim/switching.h"

namespace telltale::model {
namespace {

// $ is a number that makes a variant.
constexpr const char* kTemplates[] = {
    R"(
id: pair
by: user
title: Only text, $
sequence:
  - a: { on: logins, where: 't == "a"' }
  - b: { on: devices, by: account, where: 't == "b"' }
within: 30s
match: latest
suppress: { by: [user], for: 20s }
)",
    R"(
id: changing
by: user
sequence:
  - a: { on: logins, where: 'v >= $' }
  - b: { on: devices, by: account, repeat: { min: 2, max: 3 } }
within: 40s
)",
    R"(
id: absence
by: account
sequence:
  - a: { on: devices, where: 't == "c"' }
  - not: { on: logins, by: user, within: 1$s }
)",
    R"(
id: leading
by: user
sequence:
  - not: { on: logins, where: 't == "c"', within: 8s }
  - a: { on: logins, where: 't == "a"' }
  - b: { on: logins, where: 'w == $', optional: true }
within: 20s
after_match: skip_past_last
)",
    R"(
id: single
on: devices
where: 'v == $ && w == 1'
)"};

std::string RulesAtRandom(std::mt19937_64& random) {
  std::string text;
  for (const char* rule : kTemplates) {
    if (random() % 4 == 0) continue;
    std::string variant = rule;
    variant.replace(variant.find('$'), 1, std::to_string(random() % 2));
    text += (text.empty() ? "" : "---") + variant;
  }
  return text;
}

void MakePartition(uint32_t stream, uint32_t number, std::mt19937_64& random, Scenario& scenario) {
  int64_t now = 0;
  for (int64_t offset = 0; offset < 250; ++offset) {
    now += static_cast<int64_t>(random() % 1500) * kSecond / 1000;
    const int64_t behind = random() % 5 == 0 ? static_cast<int64_t>(random() % 6) * kSecond : 0;
    ScenarioEvent event{.stream = stream,
                        .partition = number,
                        .offset = offset,
                        .time = now - behind,
                        .fields = {}};
    event.fields[stream == 0 ? "user" : "account"] = static_cast<int64_t>(random() % 8);
    event.fields["t"] = std::string(1, static_cast<char>('a' + random() % 3));
    event.fields["v"] = static_cast<int64_t>(random() % 3);
    event.fields["w"] = static_cast<int64_t>(random() % 3);
    scenario.events.push_back(std::move(event));
  }
}

size_t ExpectReigns(uint64_t seed) {
  std::mt19937_64 random(seed);
  Scenario scenario;
  scenario.streams = {{.name = "logins", .partitions = 2, .max_out_of_orderness = 2 * kSecond},
                      {.name = "devices", .partitions = 2, .max_out_of_orderness = 5 * kSecond}};
  for (uint32_t number = 0; number < 4; ++number)
    MakePartition(number / 2, number % 2, random, scenario);
  std::vector<RulesPtr> sets;
  for (int set = 0; set < 4; ++set) {
    Scenario one = scenario;
    one.rules = RulesAtRandom(random);
    sets.push_back(Compile(one));
  }
  Switching switching(std::move(scenario), std::move(sets), random, std::mt19937_64(seed), {});
  return ExpectReigns(switching, static_cast<uint32_t>(1 + seed % 4), seed);
}

TEST(Switch, EachRuleActsFromItsSwitchToTheNext) {
  if (const uint64_t only = Seed(0); only != 0) {
    ExpectReigns(only);
    return;
  }
  size_t switches = 0;
  for (uint64_t seed = 1; seed <= 60 && !HasFailure(); ++seed) switches += ExpectReigns(seed);
  EXPECT_TRUE(HasFailure() || switches > 60) << switches << " switches";
}

// A stream that no old rule names can be behind the switch when the old set is done. What comes of
// it with a time up to the switch is for the old set, and so for nobody.
TEST(Switch, AStreamBehindTheSwitchIsNotForTheNewSet) {
  ExpectReigns(102);
  ExpectReigns(150);
}

}  // namespace
}  // namespace telltale::model
