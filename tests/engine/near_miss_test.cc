// Why a rule did not alert: each obstacle once, as it is told.
#include "engine/reading/near_miss.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "engine/reading/way_walk.h"
#include "engine/reading/window_story.h"
#include "tests/model/scenario.h"

namespace telltale::engine {
namespace {

using model::Scenario;
using testing::HasSubstr;

constexpr int64_t kSecond = model::kSecond;

// A scenario of streams a, b and c, read again for one key.
class NearMissTest : public ::testing::Test {
 protected:
  void Event(const char* stream, int64_t seconds, std::map<std::string, model::FieldValue> fields) {
    const auto offset = static_cast<int64_t>(scenario_.events.size());
    scenario_.events.push_back({.stream = static_cast<uint32_t>(stream[0] - 'a'),
                                .partition = 0,
                                .offset = offset,
                                .time = seconds * kSecond,
                                .fields = std::move(fields)});
  }

  std::string Why(const std::string& rule, const Key& key) {
    scenario_.streams = {{"a", 1, 0}, {"b", 1, 0}, {"c", 1, 0}};
    scenario_.rules = rule;
    std::string diagnostics;
    const auto compiled = model::Compile(scenario_, &diagnostics);
    if (compiled == nullptr) return diagnostics;
    std::vector<std::vector<uint64_t>> blocks;
    model::EventMaker maker(*compiled);
    for (const model::ScenarioEvent& event : scenario_.events) {
      const engine::Event& made = maker.Make(event);
      blocks.emplace_back(made.byte_size / sizeof(uint64_t));
      std::copy_n(reinterpret_cast<const char*>(&made), made.byte_size,
                  reinterpret_cast<char*>(blocks.back().data()));
    }
    std::vector<const engine::Event*> events;
    for (const auto& block : blocks)
      events.push_back(reinterpret_cast<const engine::Event*>(block.data()));
    const rules::Rule& checked = compiled->rules->rules[0];
    const RuleReading reading =
        RuleReading::Make(checked, compiled->layouts, *compiled->inputs).value();
    const Names names{.event = [](const engine::Event& e) { return absl::StrCat("#", e.offset); },
                      .time = [](int64_t time) { return absl::StrCat(time / kSecond, "s"); }};
    if (checked.aggregate || checked.new_terms) {
      const auto story = TellWindow(reading, events, key, scratch_, watermark_);
      return story.ok() ? Describe(*story, checked, events, names) : story.status().ToString();
    }
    if (watermark_ == kForever)
      return Describe(FindNearMiss(reading, events, key, scratch_), checked, events, names);
    return Describe(TellKey(reading, events, key, scratch_, watermark_), checked, events, names);
  }

  Scenario scenario_;
  int64_t watermark_ = kForever;
  Scratch scratch_;
};

constexpr char kRule[] = R"(id: r
by: k
sequence:
  - first: { on: a, where: 'x == 1 && y != "n"' }
  - not: { on: c, where: 'stop' }
  - second: { on: b, where: 'v > first.x && (w == 1 || w == 2)', within: 60s, repeat: { min: 2, max: 2, within: 60s } }
within: 5m
)";

TEST_F(NearMissTest, NothingBegan) {
  Event("a", 0, {{"k", "u"}, {"x", int64_t{2}}, {"y", "n"}});
  Event("a", 1, {{"k", "u"}, {"x", int64_t{1}}});
  Event("a", 2, {{"k", "other"}, {"x", int64_t{1}}, {"y", "y"}});
  EXPECT_EQ(Why(kRule, {"u"}), R"(no event began it
step 'first' was never passed  scenario.yml:4:5
  #0 does not fit
    x == 1 is false  scenario.yml:4:29
      x is 2
    y != "n" is false  scenario.yml:4:39
      y is "n"
  #1 does not fit
    y != "n" is an error: no such field  scenario.yml:4:39
      y is absent
)");
}

TEST_F(NearMissTest, OtherKeysAreToldWhereNothingOfThisOneCame) {
  Event("a", 0, {{"k", "v"}, {"x", int64_t{1}}, {"y", "y"}});
  Event("a", 1, {{"x", int64_t{1}}, {"y", "y"}});
  EXPECT_EQ(Why(kRule, {"u"}), R"(no event began it
step 'first' was never passed  scenario.yml:4:5
  #0 has another key: v
  #1 has no key
)");
  scenario_.events.clear();
  EXPECT_EQ(Why(kRule, {"u"}), R"(no event began it
step 'first' was never passed  scenario.yml:4:5
  no event of its stream came
)");
}

TEST_F(NearMissTest, AStepThatWasNeverPassed) {
  Event("a", 0, {{"k", "u"}, {"x", int64_t{1}}, {"y", "y"}});
  Event("b", 1, {{"k", "u"}, {"v", int64_t{1}}, {"w", int64_t{3}}});
  EXPECT_EQ(Why(kRule, {"u"}), R"('first' took #0
step 'second' was never passed  scenario.yml:6:5
  #1 does not fit
    v > first.x is false  scenario.yml:6:30
      v is 1
      first.x is 1
    w == 1 || w == 2 is false  scenario.yml:6:46
      w is 3
)");
}

TEST_F(NearMissTest, ARepeatThatTookTooFew) {
  Event("a", 0, {{"k", "u"}, {"x", int64_t{1}}, {"y", "y"}});
  Event("b", 1, {{"k", "u"}, {"v", int64_t{2}}, {"w", int64_t{1}}});
  Event("b", 62, {{"k", "u"}, {"v", int64_t{2}}, {"w", int64_t{1}}});
  EXPECT_EQ(Why(kRule, {"u"}), R"('first' took #0, 'second' took #1
step 'second' took too few events  scenario.yml:6:5
  #2 fits, and is too late: 'within' of 'second' ended at 61s
)");
}

TEST_F(NearMissTest, ANotOnTheWay) {
  Event("a", 0, {{"k", "u"}, {"x", int64_t{1}}, {"y", "y"}});
  Event("c", 1, {{"k", "u"}, {"stop", true}});
  Event("b", 2, {{"k", "u"}, {"v", int64_t{2}}, {"w", int64_t{1}}});
  EXPECT_EQ(Why(kRule, {"u"}), R"('first' took #0
step 'second' was never passed  scenario.yml:6:5
  #1 is one that a 'not' on the way forbids  scenario.yml:5:5
)");
}

TEST_F(NearMissTest, AnyAlternativeOfAPlaceLeadsOn) {
  constexpr char kEither[] = R"(id: r
by: k
sequence:
  - any_of: [ one: { on: a, where: 'x == 1' }, or: { on: b } ]
  - any_of:
      - two: { on: c, where: 'x == 2' }
      - or2: { on: a, where: 'x == 3' }
)";
  Event("c", 0, {{"k", "u"}, {"x", int64_t{2}}});
  Event("b", 1, {{"k", "u"}});
  Event("c", 2, {{"k", "u"}, {"x", int64_t{1}}});
  EXPECT_EQ(Why(kEither, {"u"}), R"('or' took #1
step 'two' was never passed  scenario.yml:6:9
  #2 does not fit
    x == 2 is false  scenario.yml:6:31
      x is 1
step 'or2' was never passed  scenario.yml:7:9
  no event of its stream came
)");
  Event("c", 3, {{"k", "u"}, {"x", int64_t{2}}});
  EXPECT_EQ(Why(kEither, {"u"}).substr(0, 51),
            "'or' took #1, 'two' took #3\nall steps are done: wha");
}

// Each of these rules tells of its own kind of obstacle.
std::string Rule(const std::string& sequence) { return "id: r\nby: k\nsequence:\n" + sequence; }

TEST_F(NearMissTest, OnlyTheVeryNextEventCounts) {
  const std::string rule = Rule(
      "  - one: { on: a }\n"
      "  - two: { on: b, where: 'v == 1', contiguity: strict }\n");
  Event("a", 0, {{"k", "u"}});
  Event("c", 1, {{"k", "u"}});  // of no step's stream: the rule does not see it
  Event("b", 2, {{"k", "u"}, {"v", int64_t{2}}});
  Event("b", 3, {{"k", "u"}, {"v", int64_t{1}}});
  EXPECT_EQ(Why(rule, {"u"}), R"('one' took #0
step 'two' was never passed  scenario.yml:5:5
  #2 does not fit, and only the very next event counts (strict)
    v == 1 is false  scenario.yml:5:27
      v is 2
)");
  scenario_.events.pop_back();
  scenario_.events.back().stream = 0;
  scenario_.events.back().fields["v"] = int64_t{1};
  EXPECT_EQ(Why(rule, {"u"}), R"('one' took #0
step 'two' was never passed  scenario.yml:5:5
  #2 came first, and only the very next event counts (strict)
)");
}

TEST_F(NearMissTest, AnUntilEndsARepeat) {
  const std::string rule = Rule(
      "  - one: { on: a }\n"
      "  - two: { on: b, repeat: { min: 3, until: { on: c, where: 'stop' } } }\n");
  Event("a", 0, {{"k", "u"}});
  Event("c", 1, {{"k", "u"}, {"stop", true}});  // before it has begun
  Event("b", 2, {{"k", "u"}});
  Event("b", 3, {{"k", "u"}});
  Event("c", 4, {{"k", "u"}, {"stop", true}});
  Event("b", 5, {{"k", "u"}});
  EXPECT_EQ(Why(rule, {"u"}), R"('one' took #0, 'two' took #2, 'two' took #3
step 'two' took too few events  scenario.yml:5:5
  #4 ends the repeat: it is one that 'until' means  scenario.yml:5:44
)");
}

TEST_F(NearMissTest, AGreedyRepeatTookIt) {
  const std::string rule = Rule(
      "  - one: { on: a, repeat: { min: 1, greedy: true } }\n"
      "  - two: { on: a, where: 'v == 1' }\n");
  Event("a", 0, {{"k", "u"}, {"v", int64_t{0}}});
  Event("a", 1, {{"k", "u"}, {"v", int64_t{1}}});
  EXPECT_EQ(Why(rule, {"u"}), R"('one' took #0, 'one' took #1
step 'one' took too few events  scenario.yml:4:5
  no event of its stream came
step 'two' was never passed  scenario.yml:5:5
  #1 fits, and the greedy 'one' took it
)");
}

TEST_F(NearMissTest, WhatIsMissingOfAnAllOf) {
  const std::string rule = Rule(
      "  - one: { on: a }\n"
      "  - all_of: [ two: { on: b, where: 'v == 1' }, three: { on: b, where: 'v == 2' }, "
      "four: { on: c } ]\n");
  Event("a", 0, {{"k", "u"}});
  Event("c", 1, {{"k", "u"}});
  Event("b", 2, {{"k", "u"}, {"v", int64_t{2}}});
  EXPECT_EQ(Why(rule, {"u"}), R"('one' took #0, 'four' took #1, 'three' took #2
step 'two' is missing of the all_of  scenario.yml:5:15
  #2 does not fit
    v == 1 is false  scenario.yml:5:37
      v is 2
)");
}

TEST_F(NearMissTest, AMemberOfAnAllOfThatWasBrokenOnTheWay) {
  const std::string rule = Rule(
      "  - one: { on: a }\n"
      "  - all_of: [ two: { on: b, contiguity: strict }, three: { on: c } ]\n");
  Event("a", 0, {{"k", "u"}});
  Event("c", 1, {{"k", "u"}});
  EXPECT_EQ(Why(rule, {"u"}), R"('one' took #0, 'three' took #1
step 'two' is missing of the all_of  scenario.yml:5:15
  #1 came first, and only the very next event counts (strict)
)");
}

TEST_F(NearMissTest, TheWindowThatClosedIsNamed) {
  const std::string rule = Rule(
      "  - one: { on: a }\n"
      "  - two: { on: b, within: 10s }\n"
      "within: 1m\n");
  Event("a", 0, {{"k", "u"}});
  Event("b", 11, {{"k", "u"}});
  EXPECT_THAT(Why(rule, {"u"}), HasSubstr("too late: 'within' of 'two' ended at 10s"));
  scenario_.events.back().time = 61 * kSecond;
  EXPECT_THAT(Why(rule, {"u"}), HasSubstr("too late: the rule's 'within' ended at 10s"));
  scenario_.events.pop_back();
  EXPECT_THAT(Why(rule, {"u"}),
              HasSubstr("no event of its stream came up to 10s, when its window ended"));
}

TEST_F(NearMissTest, TheRulesUntilDropsIt) {
  const std::string rule = Rule(
      "  - one: { on: a }\n"
      "  - two: { on: b }\n"
      "until: { on: c, where: 'stop' }\n");
  Event("a", 0, {{"k", "u"}});
  Event("c", 1, {{"k", "u"}, {"stop", true}});
  Event("b", 2, {{"k", "u"}});
  EXPECT_EQ(Why(rule, {"u"}), R"('one' took #0
#1 drops it: it is one that the rule's 'until' means  scenario.yml:6:1
step 'two' was never passed  scenario.yml:5:5
  no event of its stream came
)");
}

TEST_F(NearMissTest, AStrictNotSpeaksOfTheVeryNextEvent) {
  const std::string rule = Rule(
      "  - one: { on: a }\n"
      "  - not: { on: c, contiguity: strict }\n"
      "  - two: { on: b }\n");
  Event("a", 0, {{"k", "u"}});
  Event("c", 1, {{"k", "u"}});
  EXPECT_THAT(Why(rule, {"u"}), HasSubstr("#1 is one that a 'not' on the way forbids"));
  Event("a", 2, {{"k", "u"}});
  Event("b", 3, {{"k", "u"}});
  EXPECT_THAT(Why(rule, {"u"}), HasSubstr("all steps are done"));
}

TEST_F(NearMissTest, ARepeatedGroupWaitsForItsNextTime) {
  const std::string rule = Rule(
      "  - group: { steps: [ one: { on: a }, two: { on: b } ], repeat: { min: 2, within: 5s } }\n");
  Event("a", 0, {{"k", "u"}});
  Event("b", 1, {{"k", "u"}});
  Event("a", 7, {{"k", "u"}});
  EXPECT_EQ(Why(rule, {"u"}), R"('one' took #0, 'two' took #1
step 'one' took too few events  scenario.yml:4:23
  #2 fits, and is too late: 'within' of 'one' ended at 6s
)");
}

// While events are still to come, it is told what they are waited for.
TEST_F(NearMissTest, WhatItWaitsForAndUntilWhen) {
  watermark_ = 3 * kSecond;
  const std::string rule = Rule(
      "  - one: { on: a }\n"
      "  - two: { on: b, within: 10s }\n"
      "  - not: { on: c, within: 20s }\n");
  Event("a", 0, {{"k", "u"}});
  EXPECT_EQ(Why(rule, {"u"}), "'one' took #0\nwaits for step 'two' until 10s  scenario.yml:5:5\n");
  Event("b", 2, {{"k", "u"}});
  EXPECT_EQ(Why(rule, {"u"}),
            "'one' took #0, 'two' took #1\nall steps are done: it waits until nothing that the "
            "'not' at the end forbids can come, up to 22s\n");
  watermark_ = 11 * kSecond;
  scenario_.events.pop_back();
  EXPECT_THAT(Why(rule, {"u"}), HasSubstr("step 'two' was never passed"));
}

TEST_F(NearMissTest, MatchesAndWhatHasBegunSince) {
  const std::string rule = Rule(
      "  - one: { on: a }\n"
      "  - two: { on: b, within: 10s }\n");
  for (const int64_t at : {0, 20, 40}) {
    Event("a", at, {{"k", "u"}});
    if (at < 40) Event("b", at + 5, {{"k", "u"}});
  }
  watermark_ = 41 * kSecond;
  EXPECT_EQ(Why(rule, {"u"}),
            "all steps were done 2 times, the last time: 'one' took #2, 'two' took #3\n"
            "'one' took #4\n"
            "waits for step 'two' until 50s  scenario.yml:5:5\n");
  watermark_ = 51 * kSecond;
  EXPECT_EQ(Why(rule, {"u"}),
            "all steps were done 2 times, the last time: 'one' took #2, 'two' took #3\n"
            "'one' took #4\n"
            "step 'two' was never passed  scenario.yml:5:5\n"
            "  no event of its stream came up to 50s, when its window ended\n");
  scenario_.events.pop_back();
  EXPECT_EQ(Why(rule, {"u"}),
            "all steps were done 2 times, the last time: 'one' took #2, 'two' took #3\n");
}

TEST_F(NearMissTest, AGreedyRepeatAtTheEndHoldsTheMatchBack) {
  watermark_ = 3 * kSecond;
  const std::string rule =
      Rule("  - one: { on: a, repeat: { min: 2, greedy: true, within: 10s } }\n");
  Event("a", 0, {{"k", "u"}});
  Event("a", 1, {{"k", "u"}});
  EXPECT_EQ(
      Why(rule + "within: 1h\n", {"u"}),
      "'one' took #0, 'one' took #1\nall steps are done: it waits until the greedy repeat can "
      "take no more, up to 11s\n");
}

// A way is as long as its events: nothing of it may stand on the machine's stack.
TEST_F(NearMissTest, AWalkGoesAsDeepAsThereAreEvents) {
  for (int64_t i = 0; i < 50'000; ++i) Event("a", i, {{"k", "u"}});
  const std::string rule = Rule(
      "  - one: { on: a, repeat: { min: 1, greedy: true } }\n"
      "  - two: { on: b }\n");
  EXPECT_THAT(Why(rule, {"u"}), HasSubstr("... 49980 more ..."));
  EXPECT_THAT(Why(rule, {"u"}), HasSubstr("'one' took #49999\nstep 'one'"));
}

TEST_F(NearMissTest, ALeadingAndATrailingNot) {
  constexpr char kAround[] = R"(id: r
by: k
sequence:
  - not: { on: b, within: 10s }
  - it: { on: a }
  - not: { on: c, within: 10s }
)";
  Event("b", 0, {{"k", "u"}});
  Event("a", 5, {{"k", "u"}});
  EXPECT_EQ(Why(kAround, {"u"}), R"(no event began it
step 'it' was never passed  scenario.yml:5:5
  #1 fits, and may not begin: #0 is one that the leading 'not' forbids  scenario.yml:4:5
)");
  scenario_.events.clear();
  Event("a", 5, {{"k", "u"}});
  Event("c", 15, {{"k", "u"}});
  EXPECT_EQ(Why(kAround, {"u"}), R"('it' took #0
#1 is one that the 'not' at the end forbids  scenario.yml:6:5
)");
  scenario_.events.pop_back();
  EXPECT_EQ(Why(kAround, {"u"}).substr(0, 38), "'it' took #0\nall steps are done: what ");
}

TEST_F(NearMissTest, TheWayThatGotFarthestIsTold) {
  Event("a", 0, {{"k", "u"}, {"x", int64_t{1}}, {"y", "y"}});
  Event("a", 100, {{"k", "u"}, {"x", int64_t{1}}, {"y", "y"}});
  Event("b", 110, {{"k", "u"}, {"v", int64_t{2}}, {"w", int64_t{1}}});
  EXPECT_EQ(Why(kRule, {"u"}).substr(0, 35), "'first' took #1, 'second' took #2\ns");
}

TEST_F(NearMissTest, ManyObstaclesAreCounted) {
  for (int64_t i = 0; i < 8; ++i) Event("a", i, {{"k", "u"}, {"x", int64_t{2}}, {"y", "y"}});
  const std::string why = Why(kRule, {"u"});
  EXPECT_NE(why.find("#4 does not fit"), std::string::npos);
  EXPECT_EQ(why.find("#5"), std::string::npos);
  EXPECT_NE(why.find("  and 3 more\n"), std::string::npos) << why;
}

TEST_F(NearMissTest, AWalkEndsHoweverManyWaysThereAre) {
  for (int64_t i = 0; i < 60; ++i) Event("a", i, {{"k", "u"}});
  constexpr char kMany[] = R"(id: r
by: k
sequence:
  - one: { on: a, repeat: { min: 1, max: 40 } }
  - two: { on: a, repeat: { min: 1, max: 40 } }
  - three: { on: a, repeat: { min: 1, max: 40 } }
  - four: { on: b }
)";
  EXPECT_NE(Why(kMany, {"u"}).find("step 'four' was never passed"), std::string::npos);
}

TEST_F(NearMissTest, AWalkEndsHoweverManyEventsMightBarABeginning) {
  for (int64_t i = 0; i < 3'000; ++i) Event("a", i, {{"k", "u"}, {"x", i == 0 ? i : int64_t{1}}});
  constexpr char kBarred[] = R"(id: r
by: k
sequence:
  - not: { on: a, where: 'x == 5', within: 1h }
  - not: { on: a, where: 'x == 0', within: 1h }
  - it: { on: a, where: 'x == 1' }
)";
  const std::string why = Why(kBarred, {"u"});
  EXPECT_EQ(why.substr(0, why.find('\n')), "no event began it");
  EXPECT_NE(why.find("#1 fits, and may not begin: #0 is one that"), std::string::npos) << why;
}

// --- Windows ---

constexpr char kSliding[] =
    "id: r\nby: k\naggregate: { on: a, where: x == 1, window: { sliding: 10s }, "
    "having: 'count_distinct(u) >= 3 && count() < 9' }\n";

TEST_F(NearMissTest, AWindowTellsWhereItCameNearest) {
  Event("a", 0, {{"k", "k1"}, {"x", 1}, {"u", "p"}});
  Event("a", 4, {{"k", "k1"}, {"x", 1}, {"u", "q"}});
  Event("a", 5, {{"k", "k2"}, {"x", 1}, {"u", "r"}});
  Event("a", 6, {{"k", "k1"}, {"x", 2}, {"u", "s"}});
  Event("a", 20, {{"k", "k1"}, {"x", 1}, {"u", "t"}});
  EXPECT_EQ(Why(kSliding, {"k1"}),
            "3 events came into the window, the last one #4\n"
            "it was never true, and nearest at #1, over -6s to 4s with 2 events:\n"
            "  count_distinct(u) >= 3 was false\n"
            "    count_distinct(u) was 2\n");
}

TEST_F(NearMissTest, AWindowTellsWhatWasUsual) {
  for (const int64_t time : {0, 1, 12, 35, 36}) Event("a", time, {{"k", "k1"}, {"x", 1}});
  EXPECT_EQ(Why("id: r\nby: k\naggregate:\n  on: a\n  window: { sliding: 5s }\n"
                "  baseline: { of: count(), every: 10s, over: 30s }\n"
                "  having: 'count() > 1 && count() > 3.0 * baseline.avg'\n",
                {"k1"}),
            "5 events came into the window, the last one #4\n"
            "the condition was true at 1 look of it\n"
            "where not, nearest at #4, over 31s to 36s with 2 events:\n"
            "  count() > 3.0 * baseline.avg was false\n"
            "    count() was 2\n"
            "    baseline.avg was 1.0\n");
}

TEST_F(NearMissTest, AWindowThatIsTrueHasToBeFalseFirst) {
  for (const char* user : {"p", "q", "r", "s"})
    Event("a", static_cast<int64_t>(scenario_.events.size()), {{"k", "k1"}, {"x", 1}, {"u", user}});
  watermark_ = 5 * kSecond;
  EXPECT_EQ(Why(kSliding, {"k1"}),
            "4 events came into the window, the last one #3\n"
            "the condition was true at 2 looks of it\n"
            "it was true the last time: it has to be false before it counts again\n");
}

TEST_F(NearMissTest, AWindowThatEndsIsToldAtItsEnd) {
  Event("a", 1, {{"k", "k1"}, {"u", 5}});
  EXPECT_EQ(
      Why("id: r\nby: k\naggregate: { on: a, window: { tumbling: 10s }, having: sum(u) > 7 }\n",
          {"k1"}),
      "1 event came into the window, the last one #0\n"
      "it was never true, and nearest at 10s, over 0s to 10s with 1 event:\n"
      "  sum(u) > 7 was false\n"
      "    sum(u) was 5\n");
}

TEST_F(NearMissTest, NewTermsTellWhereTheValueWasSeen) {
  Event("a", 0, {{"k", "k1"}, {"u", 17}});
  Event("a", 5, {{"k", "k1"}, {"u", "17"}});
  Event("a", 9, {{"k", "k1"}, {"u", 17}});
  Event("a", 30, {{"k", "k1"}, {"u", 17}});
  const std::string rule = "id: r\nby: k\nnew_terms: { on: a, field: u, history: 10s }\n";
  EXPECT_EQ(Why(rule, {"k1"}),
            "4 events were looked at, the last one #3\n3 values were new\n"
            "what #2 has was seen before, in #0\n");
  Event("a", 31, {{"k", "k1"}});
  EXPECT_THAT(Why(rule, {"k1"}), HasSubstr("the last one without a value was #4\n"));
}

}  // namespace
}  // namespace telltale::engine
