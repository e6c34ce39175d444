// What one event is to a partial match, by hand: taken, passed over, or the end of a way; and what
// windows and absences allow (P2 to P5, P9).
#include "tests/model/shape.h"

#include <gtest/gtest.h>

#include <ostream>
#include <string>

#include "tests/model/letters.h"
#include "tests/model/scenario.h"

namespace telltale::model {
namespace {

struct Meeting {
  const char* rule;    // the sequence, and more
  const char* events;  // the first begins the match
  const char* met;  // of each event behind it what it is to the first way: t(aken), p(assed over),
                    // x: it ends the way and is not taken, T: both; -: the way is over
};

std::ostream& operator<<(std::ostream& out, const Meeting& meeting) {
  return out << meeting.rule << " on '" << meeting.events << "'";
}

std::string MetBy(const Meeting& test) {
  const rules::Rule rule = LetterRule("sequence: [" + std::string(test.rule) + "\n");
  const LetterHistory history(test.events);
  const Shape shape(rule, history);
  const std::vector<Chain> starts = shape.Starts(0);
  if (starts.empty()) return "nothing begins";
  Way way = shape.Next(starts.front()).ways.front();
  std::string met;
  for (size_t event = 1; event < history.size(); ++event) {
    if (way.over) {
      met += '-';
      continue;
    }
    const bool takes = shape.Meets(starts.front(), way, event);
    met += takes ? (way.over ? 'T' : 't') : (way.over ? 'x' : 'p');
  }
  return met;
}

class Meetings : public testing::TestWithParam<Meeting> {};

TEST_P(Meetings, AreTheseByHand) { EXPECT_EQ(MetBy(GetParam()), GetParam().met); }

constexpr Meeting kContiguity[] = {
    {"A: {on: a}, B: {on: b}]", "a x b b", "pT-"},
    {"A: {on: a}, B: {on: b, contiguity: any}]", "a x b b", "ptt"},
    {"A: {on: a}, B: {on: b, contiguity: strict}]", "a x b", "x-"},
    {"A: {on: a}, B: {on: b, contiguity: strict}]", "a b b", "T-"},
    // The condition sees what was taken: only the same digit fits.
    {"A: {on: a}, B: {on: b}]", "a1 b2 b1", "pT"},
};

constexpr Meeting kWindows[] = {
    {"A: {on: a}, B: {on: b, within: 3s}]", "a@0 x@1 b@3", "pT"},  // closed
    {"A: {on: a}, B: {on: b, within: 3s}]", "a@0 b@4 b@5", "x-"},
    {"A: {on: a}, B: {on: b}]\nwithin: 3s", "a@0 b@4", "x"},
    {"A: {on: a}, B: {on: b, contiguity: any, within: 3s}]", "a@0 b@2 b@3 b@4", "ttx"},
};

constexpr Meeting kNots[] = {
    {"A: {on: a}, not: {on: x}, B: {on: b}]", "a y x b", "px-"},
    {"A: {on: a}, not: {on: b}, B: {on: b}]", "a b", "T"},  // what a step can take is taken
    {"A: {on: a}, not: {on: x, contiguity: strict}, B: {on: b}]", "a y x b", "ppT"},
    {"A: {on: a}, not: {on: x, contiguity: strict}, B: {on: b}]", "a x b", "x-"},
    {"A: {on: a}, not: {on: b, contiguity: strict}, B: {on: b}]", "a b b", "x-"},
};

constexpr Meeting kUntils[] = {
    // Before the repeat has begun, the first that fits is used up.
    {"A: {on: a}, B: {on: b, repeat: {min: 1, until: {on: b}}}, C: {on: c}]", "a b b", "x-"},
    {"A: {on: a}, B: {on: b, contiguity: any, repeat: {min: 1, until: {on: b}}}, C: {on: c}]",
     "a b b", "pp"},
    {"B: {on: b, repeat: {min: 1, until: {on: x}}}, C: {on: c}]", "b y x b", "px-"},
};

INSTANTIATE_TEST_SUITE_P(Contiguity, Meetings, testing::ValuesIn(kContiguity));
INSTANTIATE_TEST_SUITE_P(Windows, Meetings, testing::ValuesIn(kWindows));
INSTANTIATE_TEST_SUITE_P(Nots, Meetings, testing::ValuesIn(kNots));
INSTANTIATE_TEST_SUITE_P(Untils, Meetings, testing::ValuesIn(kUntils));

// P2: what another member has taken uses up no first fit, and passes for strict.
TEST(Shape, WhatAnotherMemberTakesIsNoFirstFit) {
  for (const bool strict : {false, true}) {
    const rules::Rule rule =
        LetterRule(std::string("sequence: [A: {on: a}, all_of: [B: {on: b}, C: {on: b") +
                   (strict ? ", contiguity: strict" : "") + "}]]\n");
    const LetterHistory history("a b b");
    const Shape shape(rule, history);
    const Chain begun = shape.Starts(0).front();
    const Chain longer = shape.Extended(begun, shape.Next(begun).ways.front(), 1);
    Way waits = shape.Next(longer).ways.front();
    EXPECT_EQ(waits.over.has_value(), strict);
    EXPECT_EQ(shape.Meets(longer, waits, 2), !strict);
  }
}

// P4.
TEST(Shape, ALeadingNotLooksBackToItsBound) {
  const rules::Rule rule =
      LetterRule("sequence: [not: {on: x, within: 2s}, A: {on: a}, B: {on: b}]\n");
  for (const auto& [events, begin] :
       {std::pair("x@0 a@2", 0u), std::pair("x@0 a@3", 1u), std::pair("y@2 a@2", 1u)}) {
    EXPECT_EQ(Shape(rule, LetterHistory(events)).Starts(1).size(), begin) << events;
  }
}

// P4: the earlier of its own window and the rule's, and of several the latest.
TEST(Shape, TrailingNotsHaveDeadlines) {
  const LetterHistory history("a@0 b@4");
  const auto deadline = [&](const std::string& nots) {
    const rules::Rule rule =
        LetterRule("within: 6s\nsequence: [A: {on: a}, B: {on: b}" + nots + "]\n");
    const Shape shape(rule, history);
    const Chain begun = shape.Starts(0).front();
    return shape.Deadline(shape.Extended(begun, shape.Next(begun).ways.front(), 1)) / kSecond;
  };
  EXPECT_EQ(deadline(", not: {on: x, within: 1s}"), 5);
  EXPECT_EQ(deadline(", not: {on: x, within: 9s}"), 6);
  EXPECT_EQ(deadline(", not: {on: x}"), 6);
  EXPECT_EQ(deadline(", not: {on: x, within: 1s}, not: {on: y, within: 2s}"), 6);
}

// P5: of the rule.
TEST(Shape, AnUntilOfTheRuleDrops) {
  const rules::Rule rule = LetterRule("until: {on: x}\nsequence: [A: {on: a}, B: {on: b}]\n");
  const LetterHistory history("a x b");
  const Shape shape(rule, history);
  EXPECT_FALSE(shape.Drops(0));
  EXPECT_TRUE(shape.Drops(1));
}

// P9: from the step on, or a later one of the text.
TEST(Shape, TimeoutsBeginAtAStep) {
  const rules::Rule rule = LetterRule(
      "within: 9s\non_timeout: {from: B}\nsequence: [A: {on: a}, B: {on: b}, C: {on: c}]\n");
  const LetterHistory history("a b");
  const Shape shape(rule, history);
  const Chain begun = shape.Starts(0).front();
  EXPECT_FALSE(shape.ReachesTimeout(begun));
  EXPECT_TRUE(shape.ReachesTimeout(shape.Extended(begun, shape.Next(begun).ways.front(), 1)));
}

}  // namespace
}  // namespace telltale::model
