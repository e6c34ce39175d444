// Windows that conditions of a sequence read (W3): which events they hold, when, for whom; what
// limits, warm-up and absences do with them. All of it with state as bytes after each event, too.
#include <gtest/gtest.h>

#include "tests/engine/window_cases.h"

namespace telltale::engine {
namespace {

// A sequence x, y over stream a, with a window w of 10 ms over all events of a.
std::string Rule(const std::string& y, const std::string& values = "n: count(), s: sum(v)",
                 const std::string& window = "on: a", const std::string& more = "") {
  return "windows:\n  - { name: w, " + window + ", window: { sliding: 10ms }, values: { " + values +
         " } }\nsequence:\n  - x: { on: b }\n  - y: { on: a, where: '" + y +
         "' }\nwithin: 1s\nmatch: latest\n" + more;
}
TestEvent B(int64_t time_ms, const std::string& key = "x", int64_t v = 1) {
  return At(time_ms, key, v, 1);
}

TEST(StepWindow, HoldsTheEventThatIsTriedAndBothItsEnds) {
  EXPECT_EQ(Results(Rule("w.n == 3"), {B(0), At(1, "x"), At(5, "x"), At(11, "x"), At(12, "x")}),
            (Lines{"11 x | 0 11"}))
      << "at 11 the event of 1 is still in it, at 12 it is not, and the match of 11 has gone out";
  EXPECT_EQ(Results(Rule("w.n == 3"), {B(0), At(1, "x"), At(5, "x"), At(12, "x")}), Lines());
}

TEST(StepWindow, HoldsWhatMeetsItsOwnConditionAlone) {
  const std::string rule =
      Rule("v > 5 && w.n == 2 && w.s == 3", "n: count(), s: sum(v)", "on: a, where: 'v < 5'");
  EXPECT_EQ(
      Results(rule, {B(0), At(1, "x", int64_t{1}), At(2, "x", int64_t{2}), At(3, "x", int64_t{9})}),
      (Lines{"3 x | 0 3"}))
      << "the event that is tried is not among them";
}

TEST(StepWindow, WasThereBeforeTheSequenceBegan) {
  EXPECT_EQ(Results(Rule("w.n >= 3"), {At(0, "x"), At(1, "x"), B(2), At(3, "x")}),
            (Lines{"3 x | 2 3"}));
}

TEST(StepWindow, IsTheKeysOwn) {
  EXPECT_EQ(Results(Rule("w.n >= 2"), {B(0), B(0, "z"), At(1, "x"), At(2, "z"), At(3, "z")}),
            (Lines{"3 z | 0 3"}));
}

TEST(StepWindow, OfOneTimeThoseBeforeInTotalOrder) {
  EXPECT_EQ(Results(Rule("w.n == 2", "n: count()", "any_of: [ { on: a }, { on: b } ]"),
                    {B(0), At(20, "x"), B(20), At(40, "x"), At(40, "x")}),
            (Lines{"40 x | 20 40"}))
      << "at 20 the event of b comes behind that of a, whose rank is lower";
}

TEST(StepWindow, OfAnotherStreamUnderAnotherName) {
  const std::string rule =
      "windows:\n  - { name: w, on: b, by: other, window: { sliding: 10ms }, values: { n: count() "
      "} "
      "}\nsequence:\n  - x: { on: a, where: 'v == 1' }\n  - y: { on: a, where: 'v == 2 && w.n > 1' "
      "}\nwithin: 1s\n";
  const auto other = [](int64_t time_ms) {
    return TestEvent{.stream = 1, .time_ms = time_ms, .fields = {{"other", "x"}, {"k", "z"}}};
  };
  EXPECT_EQ(Results(rule, {At(0, "x"), other(1), other(2), At(3, "x", int64_t{2})}),
            (Lines{"3 x | 0 3"}));
}

TEST(StepWindow, OfNoEventsCountsAndSumsAreNothingAndOthersErrors) {
  const std::string none = "on: a, where: 'v > 100'";
  EXPECT_EQ(
      Results(Rule("w.n == 0 && w.s == 0", "n: count(), s: sum(v)", none), {B(0), At(1, "x")}),
      (Lines{"1 x | 0 1"}));
  EXPECT_EQ(Results(Rule("w.m < 1 || w.m >= 1", "m: max(v)", none), {B(0), At(1, "x")}), Lines());
  EXPECT_EQ(Results(Rule("!(w.m < 1)", "m: avg(v)", none), {B(0), At(1, "x")}), Lines());
}

TEST(StepWindow, ValuesAreExpressions) {
  EXPECT_EQ(
      Results(Rule("w.share > 0.6 && w.some && w.who == \"x\"",
                   "share: double(count_if(v > 5)) / double(count()), some: '[1, 2].exists(i, "
                   "i == count() - 1)', who: last(k)"),
              {B(0), At(1, "x", int64_t{9}), At(2, "x", int64_t{1}), At(3, "x", int64_t{9})}),
      (Lines{"3 x | 0 3"}));
}

TEST(StepWindow, BesideWhatEarlierStepsHaveTaken) {
  EXPECT_EQ(Results(Rule("w.n > x.v"), {B(0, "x", 2), At(1, "x"), At(2, "x"), At(3, "x")}),
            (Lines{"3 x | 0 3"}));
  EXPECT_EQ(Results(Rule("x.v == w.n"), {B(0, "x", 2), At(1, "x"), At(2, "x"), At(3, "x")}),
            (Lines{"2 x | 0 2"}));
}

TEST(StepWindow, ANotReadsIt) {
  const std::string rule =
      "windows:\n  - { name: w, on: a, window: { sliding: 10ms }, values: { n: count() } }\n"
      "sequence:\n  - x: { on: b, where: 'v == 1' }\n  - not: { on: a, where: 'w.n >= 3' }\n"
      "  - y: { on: b, where: 'v == 2' }\nwithin: 1s\n";
  EXPECT_EQ(Results(rule, {B(0), At(1, "x"), At(2, "x"), B(3, "x", 2)}), (Lines{"3 x | 0 3"}));
  EXPECT_EQ(Results(rule, {B(0), At(1, "x"), At(2, "x"), At(2, "x"), B(3, "x", 2)}), Lines());
}

TEST(StepWindow, AnUntilReadsIt) {
  const std::string rule =
      Rule("v == 2", "n: count()", "on: a", "until: { on: a, where: 'w.n == 2' }\n");
  EXPECT_EQ(Results(rule, {B(0), At(1, "x"), At(20, "x", int64_t{2})}), (Lines{"20 x | 0 20"}));
  EXPECT_EQ(Results(rule, {B(0), At(1, "x"), At(9, "x", int64_t{2})}), Lines());
}

TEST(StepWindow, BesideARuleOverSingleEvents) {
  const std::string rule =
      "on: a\nwhere: 'v > 1 && w.n >= 2'\nwindows:\n  - { name: w, on: a, window: { sliding: 10ms "
      "}, "
      "values: { n: count() } }\n";
  EXPECT_EQ(Results(rule, {At(0, "x"), At(1, "z", int64_t{5}), At(3, "x", int64_t{5}),
                           At(14, "x", int64_t{5})}),
            (Lines{"3 x | 3"}));
}

TEST(StepWindow, ItsEventsCountAsNext) {
  const std::string rule =
      "windows:\n  - { name: w, on: b, window: { sliding: 10ms }, values: { n: count() } }\n"
      "sequence:\n  - x: { on: a, where: 'v == 1' }\n"
      "  - y: { on: a, where: 'v == 2 && w.n >= 0', contiguity: strict }\nwithin: 1s\n";
  EXPECT_EQ(Results(rule, {At(0, "x"), At(1, "x", int64_t{2})}), (Lines{"1 x | 0 1"}));
  EXPECT_EQ(Results(rule, {At(0, "x"), B(1), At(2, "x", int64_t{2})}), Lines());
}

TEST(StepWindow, BeyondTheLimitItIsKeptInPartsAndSaysSo) {
  // The parts are of 10 ms / 64: what is no more than that too old may still be in it.
  const std::string rule = Rule("w.n >= 5", "n: count()", "on: a", "limits: { events: 4 }\n");
  EXPECT_EQ(
      Results(rule, {At(0, "x"), At(1, "x"), At(2, "x"), B(2), At(3, "x"), At(4, "x"), At(5, "x")}),
      (Lines{"4 x ~ | 2 4", "4 x limit ~ |"}))
      << "one limit alert an hour, though 5 is beyond it, too";
  EXPECT_EQ(
      Results(Rule("w.n == 1", "n: count()", "on: a", "limits: { events: 4 }\n"),
              {At(0, "x"), At(1, "x"), At(2, "x"), At(3, "x"), At(4, "x"), B(30), At(31, "x")}),
      (Lines{"4 x limit ~ |", "31 x | 30 31"}))
      << "it was empty in between";
}

// C5: quiet is what looked at a window from before the first event of the rule's streams.
TEST(StepWindow, IsQuietWhereItLooksBackTooFar) {
  const auto results = [](const std::string& warm_up, const std::vector<TestEvent>& events) {
    return Told(RunRules("id: r\nby: k\n" + warm_up + Rule("w.n >= 1"), {"a", "b"}, events));
  };
  const std::vector<TestEvent> early = {B(0), At(9, "x")};
  EXPECT_EQ(results("", early), Lines());
  EXPECT_EQ(results("warm_up: assume_empty\n", early), (Lines{"9 x | 0 9"}));
  EXPECT_EQ(results("", {B(0), At(10, "x")}), (Lines{"10 x | 0 10"}));
  EXPECT_EQ(results("", {B(0, "other"), B(5), At(12, "x")}), (Lines{"12 x | 5 12"}))
      << "whatever the key of the first event";
}

TEST(StepWindow, IsQuietWhereANotHasReadItTooEarly) {
  const std::string rule =
      "id: r\nby: k\nwindows:\n  - { name: w, on: a, window: { sliding: 10ms }, values: { n: "
      "count() "
      "} }\nsequence:\n  - not: { on: a, where: 'w.n >= 2', within: 5ms }\n  - x: { on: b }\n"
      "  - y: { on: a }\nwithin: 1s\n";
  EXPECT_EQ(Told(RunRules(rule, {"a", "b"}, {B(0, "z"), B(14), At(15, "x")})), Lines());
  EXPECT_EQ(Told(RunRules(rule, {"a", "b"}, {B(0, "z"), B(15), At(16, "x")})),
            (Lines{"16 x | 15 16"}))
      << "5 ms before the first event a `not` looks back another 10";
}

TEST(StepWindow, ErrorsAreCountedOnceAnEvent) {
  const auto compiled =
      CompileText("id: r\nby: k\nwarm_up: assume_empty\n" + Rule("v > 1 && w.m > 2", "m: max(u)"),
                  TestStreams({"a", "b"}));
  ASSERT_NE(compiled, nullptr);
  CollectingSink sink;
  const auto engine = MakeEngine(compiled, {.threads = false}, sink);
  engine->AddPartition({0, 0}, {});
  engine->AddPartition({1, 0}, {});
  EventBuilder builder;
  engine->Offer(*Build(builder, *compiled, B(0), 0));
  engine->Offer(*Build(builder, *compiled, At(1, "x", int64_t{1}), 0));
  engine->Offer(*Build(builder, *compiled, At(2, "x", int64_t{2}), 1));
  engine->Finish();
  EXPECT_EQ(engine->Stats().rules[0].condition_errors, 3u)
      << "u is in neither event, and of v > 1 the maximum of nothing was asked";
}

}  // namespace
}  // namespace telltale::engine
