// Cases that once told the engine and the reference apart, in their smallest form.
#include "tests/model/agreement.h"

#include <gtest/gtest.h>

namespace telltale::model {
namespace {

struct At {
  int64_t milliseconds;
  const char* t;
  int64_t v = 0;
};

// One stream, one partition, one key.
std::string DifferenceOf(const std::string& rule, const std::vector<At>& events) {
  Scenario scenario;
  scenario.streams = {{.name = "s", .partitions = 1, .max_out_of_orderness = 0}};
  scenario.rules = "id: r\nby: k\n" + rule;
  for (const At& event : events) {
    scenario.events.push_back(
        {.stream = 0,
         .partition = 0,
         .offset = static_cast<int64_t>(scenario.events.size()),
         .time = event.milliseconds * 1'000'000,
         .fields = {{"k", int64_t{1}}, {"t", std::string(event.t)}, {"v", event.v}}});
  }
  std::string diagnostics;
  if (Compile(scenario, &diagnostics) == nullptr) return diagnostics;
  Case found;
  found.scenario = scenario;
  if (Compare(scenario, {.workers = 1, .threads = false, .batch_events = 1, .flush_every = 1}) ==
      Agreement::kSame) {
    return "";
  }
  const auto rules = Compile(scenario);
  return Print(scenario) + "engine:\n" + Print(RunEngine(scenario, rules, {}).Outcomes());
}

TEST(Agreement, APlainSequence) {
  EXPECT_EQ(DifferenceOf("sequence:\n  - A: { on: s, where: 't == \"a\"' }\n  - B: { on: s, where: "
                         "'t == \"b\"' }\n",
                         {{0, "a"}, {1000, "x"}, {2000, "b"}}),
            "");
}

// P6: what can take nothing any more is dead, and holds no place. Here the way to B is over at 2 s,
// so at 8.5 s the longer A takes the place of the shorter.
TEST(Agreement, ALapsedWayHoldsNoPlace) {
  EXPECT_EQ(DifferenceOf("sequence:\n"
                         "  - A: { on: s, repeat: { min: 1, max: 3 } }\n"
                         "  - B: { on: s, optional: true, within: 2s }\n"
                         "match: first\n",
                         {{0, "a"}, {8500, "a"}, {12000, "a"}}),
            "");
}

// A3: a match that had to wait (P7) has the time of its last event, and the episode of that time
// still counts.
TEST(Agreement, AnEpisodeOutlivesAWait) {
  EXPECT_EQ(DifferenceOf("sequence:\n"
                         "  - A: { on: s, where: 't == \"a\"' }\n"
                         "  - B: { on: s, where: 't == \"b\"', optional: true }\n"
                         "within: 4s\n"
                         "after_match: { skip_to_last: A }\n"
                         "suppress: { by: [k], for: 1s }\n",
                         {{2000, "b"}, {3000, "a"}, {4000, "a"}, {6000, "x"}, {14000, "b"}}),
            "");
}

// P7: as Flink's words have it, what began before the match is not the match's to drop. Without a
// `within` such partial matches are alive.
TEST(Agreement, SkippingLeavesOlderPartialMatchesAlone) {
  EXPECT_EQ(DifferenceOf("sequence:\n"
                         "  - A: { on: s, where: 't == \"a\"' }\n"
                         "  - B: { on: s, where: 't == \"b\"', optional: true }\n"
                         "after_match: { skip_to_first: A }\n",
                         {{0, "b"}, {1000, "a"}, {2000, "a"}, {3000, "b"}}),
            "");
}

// P10: of the partial matches that one event makes, the order of T7 says which are first, in every
// match mode.
TEST(Agreement, LimitsFollowTheOrderInEveryMode) {
  EXPECT_EQ(
      DifferenceOf("sequence:\n"
                   "  - A: { on: s, repeat: { min: 3, max: 4 } }\n"
                   "  - B: { on: s, repeat: { min: 3, max: 3 } }\n"
                   "match: first\n"
                   "limits: { events: 5, on_limit: reject_new }\n",
                   {{0, "a"}, {1000, "a"}, {2000, "a"}, {3000, "a"}, {4000, "a"}, {5000, "a"}}),
      "");
}

// A3: what an exception keeps back opens no episode of suppression, and is not counted in one.
TEST(Agreement, ExceptionsComeBeforeSuppression) {
  const std::string rule =
      "sequence:\n"
      "  - A: { on: s, where: 't == \"a\"' }\n"
      "  - B: { on: s, where: 't == \"b\"', repeat: { min: 1, max: 2 } }\n"
      "exceptions:\n"
      "  - { name: small, where: 'A.v < 2 && B.exists(b, b.v < 2)', expires: "
      "'1970-01-01T00:00:07Z' }\n"
      "  - { name: error, where: 'A.none == 1' }\n"
      "  - { name: listed, where: 'k in lists.one && B[0].v == 9' }\n"
      "suppress: { by: [k], for: 3s }\n"
      "---\nlists: { one: ['1'] }\n";
  EXPECT_EQ(DifferenceOf(rule, {{0, "a", 1},
                                {1000, "b", 1},
                                {2000, "b", 9},
                                {3000, "a", 1},
                                {4000, "b", 9},
                                {5000, "a", 5},
                                {6000, "b", 1},
                                {6500, "b", 2},
                                {7000, "a", 1},
                                {8000, "b", 1},
                                {9000, "b", 1}}),
            "");
}

// P2: a member of an all_of whose time is over when another one takes an event is no way that is
// left.
TEST(Agreement, AMemberOutOfTimeIsNoWayLeft) {
  EXPECT_EQ(DifferenceOf("sequence:\n"
                         "  - A: { on: s }\n"
                         "  - all_of: [ B: { on: s }, C: { on: s, within: 2s } ]\n"
                         "on_timeout: { from: A }\n",
                         {{0, "a"}, {3000, "b"}}),
            "");
}

// P2: a member waits by its own contiguity while the all_of has not begun, so what it has let pass
// is its first fit, whatever brings in the member that begins.
TEST(Agreement, AMemberThatHasLetItsEventPassIsOver) {
  const std::vector<At> events = {{0, "a"}, {1000, "b"}, {2000, "c"}, {3000, "d"}, {4000, "e"}};
  EXPECT_EQ(DifferenceOf("sequence:\n"
                         "  - all_of: { steps: [ A: { on: s }, B: { on: s } ], repeat: { min: 1, "
                         "inside: any } }\n",
                         events),
            "");
  EXPECT_EQ(DifferenceOf("sequence:\n"
                         "  - A: { on: s, where: 't == \"a\"' }\n"
                         "  - group:\n"
                         "      steps: [ all_of: [ B: { on: s }, C: { on: s } ], D: { on: s } ]\n"
                         "      contiguity: any\n",
                         events),
            "");
}

// P5: the `until` of a repeat is nothing to the members of an all_of in it before the repeat has
// taken an event.
TEST(Agreement, AnUntilBeforeTheRepeatEndsNoMember) {
  EXPECT_EQ(
      DifferenceOf("sequence:\n"
                   "  - A: { on: s }\n"
                   "  - all_of:\n"
                   "      steps: [ B: { on: s, where: 't == \"b\"' }, C: { on: s, where: 't == "
                   "\"c\"' } ]\n"
                   "      repeat: { min: 1, until: { on: s, where: 't == \"u\"' } }\n"
                   "within: 9s\n"
                   "on_timeout: { from: B }\n",
                   {{0, "a"}, {1000, "u"}, {2000, "b"}, {3000, "c"}, {4000, "u"}, {5000, "c"}}),
      "");
}

// P4: to a member, what another one takes is an event like any other, also the very next one.
TEST(Agreement, AStrictNotInAMemberLooksAtTheNextEventOfAll) {
  const std::string rule =
      "sequence:\n"
      "  - all_of:\n"
      "      - group:\n"
      "          - A: { on: s, where: 't == \"a\"' }\n"
      "          - not: { on: s, where: 't == \"c\"', contiguity: strict }\n"
      "          - B: { on: s, where: 't == \"b\"' }\n"
      "      - C: { on: s, where: 't == \"c\"' }\n"
      "      - D: { on: s, where: 't == \"d\"' }\n";
  EXPECT_EQ(DifferenceOf(rule, {{0, "a"}, {1, "c"}, {2, "d"}, {3, "b"}}), "");
  EXPECT_EQ(DifferenceOf(rule, {{0, "a"}, {1, "d"}, {2, "c"}, {3, "b"}}), "");
  EXPECT_EQ(DifferenceOf(rule, {{0, "d"}, {1, "a"}, {2, "x"}, {3, "c"}, {4, "b"}}), "");
}

// P1: an event can be the left out member's of this time, or begin the next time.
TEST(Agreement, AnOptionalMemberOfARepeatedAllOf) {
  EXPECT_EQ(DifferenceOf("sequence:\n"
                         "  - all_of: { steps: [ A: { on: s }, B: { on: s, optional: true, within: "
                         "2s } ], repeat: { min: 1, max: 3 } }\n",
                         {{0, "a"}, {1000, "b"}, {2500, "c"}, {4000, "d"}}),
            "");
}

// P6: partial matches over the same events in one state are two where a member waits from different
// events on.
TEST(Agreement, WhatWaitsFromDifferentEventsIsNotOne) {
  EXPECT_EQ(
      DifferenceOf(
          "sequence:\n"
          "  - all_of:\n"
          "      steps: [ A: { on: s, repeat: { min: 1, inside: any } }, B: { on: s, "
          "where: 'v > 2', optional: true, within: 4s } ]\n"
          "      repeat: { min: 1, inside: any }\n"
          "  - C: { on: s, where: 'v == 1' }\n",
          {{0, "a"}, {1000, "a", 3}, {2000, "a"}, {3000, "a", 3}, {5000, "a", 4}, {6000, "a", 1}}),
      "");
}

// P6: of two ways to one step that of the inner repeat is gone first.
TEST(Agreement, OfWaysToOneStepTheInnerRepeatIsFirst) {
  const std::string rule =
      "sequence:\n"
      "  - A: { on: s, where: 't == \"a\"' }\n"
      "  - group:\n"
      "      steps: [ B: { on: s, where: 't == \"b\"', repeat: { min: 1, within: 2s } } ]\n"
      "      repeat: { min: 1, max: 2 }\n"
      "match: ";
  for (const char* match : {"first\n", "latest\n"}) {
    EXPECT_EQ(DifferenceOf(rule + match, {{0, "a"}, {1000, "b"}, {2000, "b"}, {4500, "b"}}), "");
  }
}

// P9: a match that is not known yet, and that a trailing `not` has broken, is no match that keeps
// others from timing out if its repeat takes more.
TEST(Agreement, WhatIsBrokenAndGoesOnHasNotCompleted) {
  EXPECT_EQ(
      DifferenceOf("sequence:\n"
                   "  - A: { on: s }\n"
                   "  - all_of: { steps: [ B: { on: s }, C: { on: s } ], optional: true, repeat: "
                   "{ min: 1, greedy: true } }\n"
                   "  - not: { on: s }\n"
                   "within: 4s\n"
                   "on_timeout: { from: B }\n",
                   {{0, "a"}, {1000, "b"}}),
      "");
}

// P8: the greedy ways have ended, one by the event and another by time before it.
TEST(Agreement, GreedyWaysThatEndTogether) {
  EXPECT_EQ(
      DifferenceOf("sequence:\n"
                   "  - A: { on: s, where: 't == \"a\"' }\n"
                   "  - all_of: { steps: [ B: { on: s }, C: { on: s, within: 3s } ], optional: "
                   "true, repeat: { min: 1, greedy: true, until: { on: s, where: 't == \"u\"' } } "
                   "}\n",
                   {{0, "a"}, {6000, "u"}}),
      "");
}

// P10: what is complete is counted once for its events, and a cap that drops nothing has not acted.
TEST(Agreement, WhatIsCompleteIsCountedAndNotDropped) {
  EXPECT_EQ(DifferenceOf("sequence:\n"
                         "  - A: { on: s, where: 't == \"a\"' }\n"
                         "  - B: { on: s, where: 't == \"b\"' }\n"
                         "limits: { events: 5, on_limit: reject_new }\n",
                         {{0, "a"}, {1000, "a"}, {2000, "a"}, {3000, "b"}}),
            "");
  EXPECT_EQ(
      DifferenceOf("sequence:\n"
                   "  - any_of: { steps: [ A: { on: s }, all_of: { steps: [ B: { on: s }, C: { "
                   "on: s, optional: true } ] } ], repeat: { min: 1 } }\n"
                   "limits: { events: 5 }\n",
                   {{0, "a"}, {1000, "b"}, {12000, "c"}, {13000, "d"}}),
      "");
}

// P10: by 55.5 s the window is over for what came to one of the nodes of 54 s, and not for what
// came to the others, so all of them are counted, and the cap acts again.
TEST(Agreement, TheNodesOfAnEventGoTogether) {
  EXPECT_EQ(
      DifferenceOf("sequence:\n"
                   "  - A: { on: s, where: 't == \"a\"', optional: true }\n"
                   "  - B: { on: s, where: 't != \"c\"', contiguity: strict, repeat: { min: 3 } }\n"
                   "within: 9s\n"
                   "match: count\n"
                   "limits: { events: 5, on_limit: evict_oldest }\n",
                   {{45500, "b"},
                    {48000, "a"},
                    {49500, "c"},
                    {50500, "c"},
                    {54000, "b"},
                    {55500, "a"},
                    {55600, "a"},
                    {57600, "c"}}),
      "");
}

// P10: the same where one node is over before another that was made later, and the other way round.
TEST(Agreement, WhichNodeOfAnEventWasMadeFirstDoesNotShow) {
  const std::vector<At> acts = {{0, "b"}, {1500, "b"}, {3000, "b"}};
  const std::vector<At> goes_on = {{0, "b"},    {500, "a"},  {1250, "a"},
                                   {2000, "a"}, {2750, "b"}, {3000, "a"}};
  for (const char* repeated : {"repeat: { min: 1, max: 4 }",
                               "contiguity: strict, repeat: { min: 3, max: 5, inside: relaxed }"}) {
    const std::string rule =
        std::string(
            "sequence:\n  - A: { on: s, where: 't == \"b\"', optional: true }\n  - B: { on: s, ") +
        repeated + " }\nwithin: 2s\nmatch: count\nlimits: { events: 5, on_limit: evict_oldest }\n";
    EXPECT_EQ(DifferenceOf(rule, acts), "");
    EXPECT_EQ(DifferenceOf(rule, goes_on), "");
  }
}

TEST(Agreement, ExceptionsOfSingleEvents) {
  EXPECT_EQ(DifferenceOf("on: s\nexceptions: [ { name: x, where: 'v > 1 && s.t == \"a\"' } ]\n",
                         {{0, "a", 1}, {1000, "a", 2}, {2000, "b", 2}}),
            "");
}

}  // namespace
}  // namespace telltale::model
