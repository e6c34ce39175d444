// Partial matches that share a representation: they are found by the same rules as those that are
// kept one by one, their limits count nodes, and they cost the same however many there are.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <random>
#include <string>
#include <vector>

#include "engine/runtime/routing.h"
#include "tests/engine/engine_harness.h"

namespace telltale::engine {
namespace {

using ::testing::ElementsAre;
using ::testing::ElementsAreArray;

const std::vector<std::string> kStreams = {"a", "b", "c", "d", "e"};

// "abcb" is an event of each of these streams, a second apart.
std::vector<TestEvent> Events(const std::string& letters) {
  std::vector<TestEvent> events;
  for (const char letter : letters) {
    TestEvent event;
    event.stream = static_cast<uint32_t>(letter - 'a');
    event.time_ms = 1000 * static_cast<int64_t>(events.size());
    event.fields["k"] = std::string("u1");
    events.push_back(std::move(event));
  }
  return events;
}

bool IsShared(const std::string& rule) {
  const auto compiled = CompileText(rule, TestStreams(kStreams));
  return compiled != nullptr && compiled->routing->patterns.front().shared;
}

std::vector<std::string> Matches(const std::string& rule, const std::string& letters) {
  return Summaries(RunRules(rule, kStreams, Events(letters)));
}

std::string Rule(const std::string& sequence, const std::string& more = "within: 1h\n") {
  return "id: r\nby: k\nsequence: [" + sequence + "]\n" + more;
}

TEST(SharedMatcher, TakesEachEventThatFits) {
  const std::string rule = Rule("{a: {on: a}}, {b: {on: b, contiguity: any}}, {c: {on: c}}");
  EXPECT_TRUE(IsShared(rule));
  EXPECT_THAT(Matches(rule, "abbcb"),
              ElementsAre("3000: a@0 b@1000 c@3000", "3000: a@0 b@2000 c@3000"));
}

TEST(SharedMatcher, IsForWhatNothingTellsApart) {
  EXPECT_FALSE(IsShared(Rule("{a: {on: a}}, {b: {on: b}}")));
  EXPECT_FALSE(IsShared(Rule("{a: {on: a}}, {b: {on: b, contiguity: any, where: k == a.k}}")));
  EXPECT_FALSE(
      IsShared(Rule("{a: {on: a}}, {b: {on: b, contiguity: any}}", "within: 1h\nmatch: latest\n")));
  EXPECT_FALSE(IsShared(Rule("{a: {on: a}}, {b: {on: b, contiguity: any}}",
                             "within: 1h\nafter_match: skip_past_last\n")));
}

// --- Against the matcher that keeps partial matches one by one ---

class RuleMaker {
 public:
  explicit RuleMaker(uint64_t seed) : random_(seed) {}

  size_t Below(size_t n) { return std::uniform_int_distribution<size_t>(0, n - 1)(random_); }

  // `apart`: with a condition that is always true and looks at an earlier step, so that partial
  // matches are kept one by one.
  std::pair<std::string, std::string> Make() {
    std::string sequence = "{first: {on: a}}, ";
    const size_t places = 1 + Below(3);
    for (size_t i = 0; i < places; ++i) sequence += Place(2) + ", ";
    std::string more = Below(3) == 0 ? "" : "within: " + std::to_string(2 + Below(8)) + "s\n";
    if (Below(6) == 0) more += "until: { on: e }\n";
    const std::string last = "{last: {on: d, contiguity: any";
    return {Rule(sequence + last + "}}", more),
            Rule(sequence + last + ", where: k == first.k}}", more)};
  }

  std::string Letters(size_t length) {
    std::string letters;
    while (letters.size() < length) letters += static_cast<char>('a' + Below(5));
    return letters;
  }

 private:
  std::string Quantity() {
    std::string text;
    static const char* const kContiguity[] = {"relaxed", "any", "any", "strict"};
    text += std::string(", contiguity: ") + kContiguity[Below(4)];
    if (Below(3) == 0) text += ", within: " + std::to_string(1 + Below(4)) + "s";
    if (Below(4) == 0) text += ", optional: true";
    if (Below(3) == 0) {
      const size_t min = 1 + Below(2);
      text += ", repeat: { min: " + std::to_string(min);
      if (Below(2) == 0) text += ", max: " + std::to_string(min + 1 + Below(2));
      text += std::string(", inside: ") + kContiguity[Below(4)];
      if (Below(3) == 0) text += ", within: " + std::to_string(1 + Below(4)) + "s";
      if (Below(4) == 0) text += ", until: { on: e }";
      text += " }";
    }
    return text;
  }

  std::string Place(size_t depth) {
    if (Below(7) == 0) return "{not: {on: e}}";
    if (depth > 0 && Below(5) == 0) {
      std::string steps = Step("");
      const size_t more = 1 + Below(2);
      for (size_t i = 0; i < more; ++i) steps += ", " + Step(", contiguity: any");
      const std::string kind = Below(3) == 0 ? "any_of" : "group";
      if (kind == "any_of") steps = Step("") + ", " + Step("");
      return "{" + kind + ": {steps: [" + steps + "]" + Quantity() + "}}";
    }
    return Step(Quantity());
  }

  std::string Step(const std::string& quantity) {
    return "{s" + std::to_string(++names_) + ": {on: " + std::string(1, char('b' + Below(3))) +
           quantity + "}}";
  }

  std::mt19937_64 random_;
  int names_ = 0;
};

TEST(SharedMatcher, FindsWhatTheOtherFinds) {
  const char* given = std::getenv("TELLTALE_SEED");
  const uint64_t begin = given != nullptr ? std::strtoull(given, nullptr, 10) : 1;
  const char* runs = std::getenv("TELLTALE_MODEL_RUNS");
  const uint64_t count = runs != nullptr ? std::strtoull(runs, nullptr, 10) : 400;
  const uint64_t end = begin + (given != nullptr ? 1 : count);
  size_t shared = 0;
  size_t matches = 0;
  for (uint64_t seed = begin; seed < end; ++seed) {
    RuleMaker maker(seed);
    const auto [together, apart] = maker.Make();
    if (!IsShared(together)) continue;
    ASSERT_FALSE(IsShared(apart));
    ++shared;
    for (int run = 0; run < 4; ++run) {
      const std::string letters = maker.Letters(14);
      const std::vector<std::string> expected = Matches(apart, letters);
      matches += expected.size();
      ASSERT_THAT(Matches(together, letters), ElementsAreArray(expected))
          << "TELLTALE_SEED=" << seed << "\n"
          << together << letters;
    }
  }
  std::cout << shared << " rules share, " << matches << " matches\n";
  EXPECT_TRUE(given != nullptr || shared > (end - begin) / 2);
}

// --- Limits (P10) ---

const char* const kAnyB =
    "{a: {on: a}}, {b: {on: b, contiguity: any}}, {c: {on: c, contiguity: any}}";

size_t LimitAlerts(const std::vector<Alert>& alerts) {
  return static_cast<size_t>(std::count_if(alerts.begin(), alerts.end(), [](const Alert& alert) {
    return alert.kind == AlertKind::kLimit;
  }));
}

std::vector<std::string> MatchesOf(std::vector<Alert> alerts) {
  std::erase_if(alerts, [](const Alert& alert) { return alert.kind == AlertKind::kLimit; });
  return Summaries(alerts);
}

// An event that is forgotten takes with it all partial matches that hold it.
TEST(SharedMatcher, LimitsForgetTheOldestEvents) {
  const std::string rule =
      Rule(kAnyB, "within: 1h\nlimits: { partial_matches: 3, on_limit: evict_oldest }\n");
  const std::vector<Alert> alerts = RunRules(rule, kStreams, Events("abbabc"));
  EXPECT_EQ(LimitAlerts(alerts), 1u);
  EXPECT_THAT(MatchesOf(alerts), ElementsAre("5000: a@3000 b@4000 c@5000"));
}

TEST(SharedMatcher, LimitsRejectTheNewestEvents) {
  const std::string rule =
      Rule(kAnyB, "within: 1h\nlimits: { partial_matches: 3, on_limit: reject_new }\n");
  const std::vector<Alert> alerts = RunRules(rule, kStreams, Events("abbabc"));
  EXPECT_EQ(LimitAlerts(alerts), 1u);
  EXPECT_THAT(MatchesOf(alerts), ElementsAre("5000: a@0 b@1000 c@5000", "5000: a@0 b@2000 c@5000"));
}

TEST(SharedMatcher, OfTooManyMatchesTheFirstOrTheLastStay) {
  const std::string limits = "within: 1h\nlimits: { matches: 2, on_limit: ";
  EXPECT_THAT(
      MatchesOf(RunRules(Rule(kAnyB, limits + "reject_new }\n"), kStreams, Events("abbabc"))),
      ElementsAre("5000: a@0 b@1000 c@5000", "5000: a@0 b@2000 c@5000"));
  EXPECT_THAT(
      MatchesOf(RunRules(Rule(kAnyB, limits + "evict_oldest }\n"), kStreams, Events("abbabc"))),
      ElementsAre("5000: a@0 b@4000 c@5000", "5000: a@3000 b@4000 c@5000"));
}

// 2^40 partial matches, of which 20 are wanted.
TEST(SharedMatcher, ManyMatchesCostNothingBeforeTheyAreWanted) {
  const std::string rule =
      Rule("{a: {on: a}}, {b: {on: b, repeat: {min: 1, inside: any}}}, {c: {on: c}}",
           "within: 1h\nlimits: { matches: 20, on_limit: reject_new }\n");
  const std::vector<Alert> alerts =
      RunRules(rule, kStreams, Events("a" + std::string(40, 'b') + "c"));
  EXPECT_EQ(LimitAlerts(alerts), 1u);
  const std::vector<std::string> matches = MatchesOf(alerts);
  ASSERT_EQ(matches.size(), 20u);
  EXPECT_EQ(std::count(matches.front().begin(), matches.front().end(), 'b'), 40);
}

}  // namespace
}  // namespace telltale::engine
