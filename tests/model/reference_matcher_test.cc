// The reference matcher against matches that were worked out by hand; letters.h says how events are
// written.
#include "tests/model/reference_matcher.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/model/letters.h"
#include "tests/model/scenario.h"

namespace telltale::model {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

// As "0 2 3"; a deadline's time in seconds behind it: "0 2 @14".
std::string Text(const Match& match) {
  std::string text;
  for (const auto& [step, event] : match.events)
    text += (text.empty() ? "" : " ") + std::to_string(event);
  return match.deadline ? text + " @" + std::to_string(match.time / kSecond) : text;
}

std::vector<std::string> Texts(const std::vector<Match>& matches) {
  std::vector<std::string> texts;
  for (const Match& match : matches) texts.push_back(Text(match));
  return texts;
}

std::vector<std::string> MatchesOf(const std::string& body, const std::string& events,
                                   int64_t watermark = kForever) {
  const rules::Rule rule = LetterRule(body);
  const LetterHistory history(events);
  const std::vector<Match> found = FindMatches(rule, history, watermark);
  if (rule.match == rules::MatchMode::kAll && rule.after_match.kind == rules::SkipKind::kNoSkip) {
    EXPECT_EQ(Texts(SimulateMatches(rule, history, watermark)), Texts(found))
        << "the two readings differ";
  }
  return Texts(found);
}

constexpr char kAB[] = "sequence: [{A: {on: a}}, {B: {on: b}}]\n";
constexpr char kABplusC[] =
    "sequence: [{A: {on: a}}, {B: {on: b, repeat: {min: 1}}}, {C: {on: c}}]\n";

TEST(ReferenceMatcher, EachEventThatFitsStarts) {
  EXPECT_THAT(MatchesOf(kAB, "a a b"), ElementsAre("0 2", "1 2"));
}

TEST(ReferenceMatcher, RelaxedTakesTheFirstThatFits) {
  EXPECT_THAT(MatchesOf(kAB, "a x b b"), ElementsAre("0 2"));
}

TEST(ReferenceMatcher, ARepeatIsReluctant) {
  EXPECT_THAT(MatchesOf(kABplusC, "a b b c"), ElementsAre("0 1 2 3", "0 1 3"));
  EXPECT_THAT(MatchesOf(kABplusC, "a b c b c"), ElementsAre("0 1 2", "0 1 3 4"));
}

TEST(ReferenceMatcher, ARepeatCountsBetweenMinAndMax) {
  const std::string rule = "sequence: [{A: {on: a}}, {B: {on: b, repeat: {min: 2, max: 3}}}]\n";
  EXPECT_THAT(MatchesOf(rule, "a b"), IsEmpty());
  EXPECT_THAT(MatchesOf(rule, "a b b b b"), ElementsAre("0 1 2", "0 1 2 3"));
}

TEST(ReferenceMatcher, AnOptionalStepMayBeSkipped) {
  const std::string rule = "sequence: [{A: {on: a}}, {B: {on: b, optional: true}}, {C: {on: c}}]\n";
  EXPECT_THAT(MatchesOf(rule, "a b c"), ElementsAre("0 1 2", "0 2"));
  EXPECT_THAT(MatchesOf(rule, "a c b c"), ElementsAre("0 1", "0 2 3"));
}

TEST(ReferenceMatcher, AnOptionalTailMatchesWithAndWithout) {
  EXPECT_THAT(MatchesOf("sequence: [{A: {on: a}}, {B: {on: b, optional: true}}]\n", "a b"),
              ElementsAre("0", "0 1"));
}

TEST(ReferenceMatcher, TheSameEventsUnderOtherNamesAreOneMatch) {
  const rules::Rule rule = LetterRule(
      "sequence: [{A: {on: a, repeat: {min: 1, max: 2}}}, {B: {on: a, repeat: {min: 1, max: "
      "2}}}]\n");
  const std::vector<Match> found = FindMatches(rule, LetterHistory("a a a"));
  EXPECT_THAT(Texts(found), ElementsAre("0 1", "0 1 2", "1 2"));
  EXPECT_EQ(found[1].events[1].first, 0u) << "the earliest steps take first";
}

TEST(ReferenceMatcher, WindowsAreClosed) {
  EXPECT_THAT(MatchesOf(std::string(kAB) + "within: 5s\n", "a@0 b@5"), ElementsAre("0 1"));
  EXPECT_THAT(MatchesOf(std::string(kAB) + "within: 5s\n", "a@0 b@6"), IsEmpty());
  const std::string step =
      "sequence: [{A: {on: a}}, {B: {on: b, within: 2s, repeat: {min: 2, max: 2, within: 2s}}}]\n";
  EXPECT_THAT(MatchesOf(step, "a@0 b@2 b@4"), ElementsAre("0 1 2"));
  EXPECT_THAT(MatchesOf(step, "a@0 b@2 b@5"), IsEmpty()) << "between the events of a repeat too";
  EXPECT_THAT(MatchesOf(step, "a@0 b@3 b@4"), IsEmpty());
}

TEST(ReferenceMatcher, ANotBetweenTwoSteps) {
  const std::string rule = "sequence: [{A: {on: a}}, {not: {on: x}}, {B: {on: b}}]\n";
  EXPECT_THAT(MatchesOf(rule, "a x b"), IsEmpty());
  EXPECT_THAT(MatchesOf(rule, "a x a b x"), ElementsAre("2 3"));
}

TEST(ReferenceMatcher, ANotActsAfterARepeatsLastEvent) {
  const std::string rule =
      "sequence: [{A: {on: a}}, {B: {on: b, repeat: {min: 1}}}, {not: {on: x}}, {C: {on: c}}]\n";
  EXPECT_THAT(MatchesOf(rule, "a b x b c"), ElementsAre("0 1 3 4"));
}

TEST(ReferenceMatcher, ANotBesideASkippedStepStaysWhereItIs) {
  const std::string rule =
      "sequence: [{A: {on: a}}, {not: {on: x}}, {B: {on: b, optional: true}}, {not: {on: y}}, {C: "
      "{on: c}}]\n";
  EXPECT_THAT(MatchesOf(rule, "a x b c"), IsEmpty());
  EXPECT_THAT(MatchesOf(rule, "a y b c"), ElementsAre("0 2 3")) << "y bars the way without b only";
  EXPECT_THAT(MatchesOf(rule, "a b y c"), IsEmpty());
}

TEST(ReferenceMatcher, ALeadingNotLooksBack) {
  const std::string rule = "sequence: [{not: {on: x, within: 5s}}, {A: {on: a}}, {B: {on: b}}]\n";
  EXPECT_THAT(MatchesOf(rule, "x@0 a@5 b@6"), IsEmpty());
  EXPECT_THAT(MatchesOf(rule, "x@0 a@6 b@7"), ElementsAre("1 2"));
  EXPECT_THAT(MatchesOf(rule, "a@1 x@1 b@7"), ElementsAre("0 2"))
      << "before the first in total order only";
}

TEST(ReferenceMatcher, ATrailingNotWaitsForItsDeadline) {
  const std::string rule = "sequence: [{A: {on: a}}, {not: {on: x, within: 5s}}]\n";
  EXPECT_THAT(MatchesOf(rule, "a@0"), ElementsAre("0 @5"));
  EXPECT_THAT(MatchesOf(rule, "a@0 x@5"), IsEmpty()) << "the deadline is closed";
  EXPECT_THAT(MatchesOf(rule, "a@0 x@6"), ElementsAre("0 @5"));
  EXPECT_THAT(MatchesOf(rule, "a@0", 5 * kSecond), IsEmpty()) << "the watermark has not passed it";
  EXPECT_THAT(MatchesOf(rule + "within: 3s\n", "a@0 x@4"), ElementsAre("0 @3"))
      << "the earlier of the two";
}

TEST(ReferenceMatcher, OnlyWhatIsSettledCounts) {
  EXPECT_THAT(MatchesOf(kAB, "a b", kSecond), IsEmpty());
  EXPECT_THAT(MatchesOf(kAB, "a b", kSecond + 1), ElementsAre("0 1"));
}

TEST(ReferenceMatcher, LatestKeepsTheNewestStart) {
  EXPECT_THAT(MatchesOf(std::string(kAB) + "match: latest\n", "a a b b"), ElementsAre("1 2"));
  EXPECT_THAT(MatchesOf(std::string(kABplusC) + "match: latest\n", "a b b c"),
              ElementsAre("0 1 2 3"));
  EXPECT_THAT(MatchesOf(std::string(kABplusC) + "match: latest\n", "a b a b c"),
              ElementsAre("2 3 4"));
}

TEST(ReferenceMatcher, FirstKeepsTheOldestStart) {
  EXPECT_THAT(MatchesOf(std::string(kAB) + "match: first\n", "a a b b"), ElementsAre("0 2"));
  EXPECT_THAT(MatchesOf(std::string(kABplusC) + "match: first\n", "a b b c"), ElementsAre("0 1 3"));
  EXPECT_THAT(MatchesOf(std::string(kAB) + "match: first\nwithin: 3s\n", "a@0 a@2 b@4"), IsEmpty())
      << "one that was dropped does not come back";
}

TEST(ReferenceMatcher, WhatANotDropsFreesItsPlace) {
  const std::string rule = "sequence: [{A: {on: a}}, {not: {on: x}}, {B: {on: b}}]\nmatch: first\n";
  EXPECT_THAT(MatchesOf(rule, "a x a b"), ElementsAre("2 3"));
}

TEST(ReferenceMatcher, WhatALeadingNotBarsDisplacesNothing) {
  const std::string rule =
      "sequence: [{not: {on: x, within: 2s}}, {A: {on: a}}, {B: {on: b}}]\nmatch: latest\n";
  EXPECT_THAT(MatchesOf(rule, "a@10 x@20 a@21 b@30"), ElementsAre("0 3"));
}

TEST(ReferenceMatcher, AWaitForADeadlineTakesNoPlace) {
  const std::string rule = "sequence: [{A: {on: a}}, {not: {on: x, within: 5s}}]\nmatch: latest\n";
  EXPECT_THAT(MatchesOf(rule, "a@0 a@1 a@2"), ElementsAre("0 @5", "1 @6", "2 @7"));
}

TEST(ReferenceMatcher, AReluctantTailAlertsAtEachEvent) {
  const std::string rule = "sequence: [{A: {on: a}}, {B: {on: b, repeat: {min: 2}}}]\n";
  EXPECT_THAT(MatchesOf(rule + "match: first\n", "a b b b"), ElementsAre("0 1 2", "0 1 2 3"));
  EXPECT_THAT(MatchesOf(rule + "match: latest\n", "a b b b"), ElementsAre("0 1 2", "0 1 2 3"));
  EXPECT_THAT(MatchesOf(rule + "after_match: skip_to_next\n", "a b b b"), ElementsAre("0 1 2"));
}

TEST(ReferenceMatcher, SkippingDropsWhatBeganInTheMatch) {
  const std::string threes = "sequence: [{A: {on: a, repeat: {min: 3, max: 3}}}]\n";
  EXPECT_THAT(MatchesOf(threes, "a a a a a a"), ElementsAre("0 1 2", "1 2 3", "2 3 4", "3 4 5"));
  EXPECT_THAT(MatchesOf(threes + "after_match: skip_past_last\n", "a a a a a a"),
              ElementsAre("0 1 2", "3 4 5"));
  EXPECT_THAT(MatchesOf(threes + "after_match: {skip_to_last: A}\n", "a a a a a a"),
              ElementsAre("0 1 2", "2 3 4"));
  EXPECT_THAT(MatchesOf(threes + "after_match: {skip_to_first: A}\n", "a a a a"),
              ElementsAre("0 1 2", "1 2 3"));
  EXPECT_THAT(MatchesOf(std::string(kABplusC) + "after_match: skip_to_next\n", "a b b c"),
              ElementsAre("0 1 2 3"));
}

TEST(ReferenceMatcher, AFinishedMatchWaitsForOlderOnesThatHaveAWindow) {
  const std::string rule = std::string(kAB) + "after_match: skip_past_last\n";
  EXPECT_THAT(MatchesOf(rule + "within: 8s\n", "a1@0 a2@1 b2@2 b1@3"), ElementsAre("0 3"));
  EXPECT_THAT(MatchesOf(rule + "within: 8s\n", "a1@0 a2@1 b2@2 b1@9"), ElementsAre("1 2"));
  EXPECT_THAT(MatchesOf(rule, "a1@0 a2@1 b2@2 b1@3"), ElementsAre("1 2", "0 3"))
      << "without a window nothing waits, and an older one is not the younger's to drop";
}

TEST(ReferenceMatcher, WhatSkippingDropsWhileItWaitsDoesNotMatch) {
  // {1 3} is complete at 3 s and waits until 8 s; {2 4} began inside of it and may not go out
  // before.
  const std::string rule = std::string(kAB) + "after_match: skip_past_last\nwithin: 8s\n";
  EXPECT_THAT(MatchesOf(rule, "a1@0 a2@1 a3@2 b2@3 b3@4"), ElementsAre("1 3"));
}

TEST(ReferenceMatcher, ACapOnPartialMatches) {
  const std::string cap = std::string(kAB) + "limits: {partial_matches: 2, on_limit: ";
  EXPECT_THAT(MatchesOf(cap + "evict_oldest}\n", "a a a b"), ElementsAre("1 3", "2 3"));
  EXPECT_THAT(MatchesOf(cap + "reject_new}\n", "a a a b"), ElementsAre("0 3", "1 3"));
}

TEST(ReferenceMatcher, ACapOnTheMatchesOfAnEvent) {
  const std::string cap = std::string(kAB) + "limits: {matches: 2, on_limit: ";
  EXPECT_THAT(MatchesOf(cap + "evict_oldest}\n", "a a a b"), ElementsAre("1 3", "2 3"));
  EXPECT_THAT(MatchesOf(cap + "reject_new}\n", "a a a b"), ElementsAre("0 3", "1 3"));
}

TEST(ReferenceMatcher, TiesFollowTheTotalOrderGiven) {
  EXPECT_THAT(MatchesOf(kAB, "a@1 b@1"), ElementsAre("0 1"));
  EXPECT_THAT(MatchesOf(kAB, "b@1 a@1"), IsEmpty());
}

}  // namespace
}  // namespace telltale::model
