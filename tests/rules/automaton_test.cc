// The automaton of a pattern, by its print: what may follow what, over repeats, groups,
// alternatives and members in any order. Steps are numbers in the order of the text.
#include "rules/model/automaton.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace telltale::rules {
namespace {

using Kind = Place::Kind;

Place Step(uint32_t index, Contiguity contiguity = Contiguity::kRelaxed) {
  Place place;
  place.index = index;
  place.contiguity = contiguity;
  return place;
}

Place Not(uint32_t index, Contiguity contiguity = Contiguity::kRelaxed) {
  Place place{.kind = Kind::kNot, .index = index};
  place.contiguity = contiguity;
  return place;
}

Place Of(Kind kind, std::vector<Place> places) {
  return {.kind = kind, .places = std::move(places)};
}

Place Group(std::vector<Place> places) { return Of(Kind::kGroup, std::move(places)); }

Place Times(Place place, uint32_t min, uint32_t max) {
  place.repeat.min = min;
  place.repeat.max = max;
  return place;
}

Place Greedy(Place place) {
  place.repeat.greedy = true;
  return place;
}

Place Optional(Place place) {
  place.optional = true;
  return place;
}

std::string Print(std::vector<Place> places, bool bounded = false) {
  const auto built = BuildAutomaton(Group(std::move(places)), bounded);
  const auto* automaton = std::get_if<Automaton>(&built);
  return automaton == nullptr ? "fault" : automaton->ToString();
}

using Faults = std::vector<AutomatonFault::Kind>;

Faults FaultsOf(std::vector<Place> places, bool bounded = false) {
  const auto built = BuildAutomaton(Group(std::move(places)), bounded);
  Faults kinds;
  if (const auto* faults = std::get_if<std::vector<AutomatonFault>>(&built)) {
    for (const AutomatonFault& fault : *faults) kinds.push_back(fault.kind);
  }
  return kinds;
}

TEST(Automaton, OfStepsInARow) {
  EXPECT_EQ(Print({Step(0), Step(1, Contiguity::kStrict), Step(2, Contiguity::kAny)}),
            "0 place 0\n"
            "  0: step 0 -> 1 opens 0\n"
            "1 place 1\n"
            "  0: step 1 next -> 2 opens 0\n"
            "2 place 2\n"
            "  0: step 2 any -> 3\n"
            "3 place 3 match\n");
}

TEST(Automaton, OptionalStepsMakeWaysSideBySide) {
  EXPECT_EQ(Print({Step(0), Optional(Step(1)), Step(2)}),
            "0 place 0\n"
            "  0: step 0 -> 1 opens 0,1\n"
            "1 place 1\n"
            "  0: step 1 -> 2 opens 0\n"
            "  1: step 2 -> 3\n"
            "2 place 2\n"
            "  0: step 2 -> 3\n"
            "3 place 3 match\n");
}

TEST(Automaton, NotsStandBetweenWhatIsTaken) {
  EXPECT_EQ(Print({Not(0), Step(0), Not(1), Optional(Step(1)), Not(2, Contiguity::kStrict), Step(2),
                   Not(3)}),
            "leading not 0 trailing not 3\n"
            "0 place 0\n"
            "  0: step 0 -> 1 opens 0,1\n"
            "1 place 1\n"
            "  0: step 1 not 1 -> 2 opens 0\n"
            "  1: step 2 not 1 not next 2 -> 3\n"
            "2 place 2\n"
            "  0: step 2 not next 2 -> 3\n"
            "3 place 3 match\n");
}

TEST(Automaton, CountsBeyondMinAreOnePlace) {
  Place b = Times(Step(1), 2, 3);
  b.repeat.inside = Contiguity::kAny;
  b.repeat.within = 7;
  b.within = 5;
  b.repeat.until = 0;
  EXPECT_EQ(Print({Step(0), b, Step(2)}),
            "0 place 0\n"
            "  0: step 0 -> 1 opens 0\n"
            "1 place 1\n"
            "  0: step 1 within 5 no until 0 -> 2 opens 0\n"
            "2 place 2\n"
            "  0: step 1 any within 7 until 0 -> 3 opens 0,1\n"
            "3 place 3\n"
            "  0: step 1 any within 7 until 0 -> 4 opens 0\n"
            "  1: step 2 -> 5\n"
            "4 place 3\n"
            "  0: step 2 -> 5\n"
            "5 place 4 match\n");
}

TEST(Automaton, UnboundedRepeatsEndInALoop) {
  EXPECT_EQ(Print({Times(Step(0), 2, kUnbounded)}),
            "0 place 0\n"
            "  0: step 0 -> 1 opens 0\n"
            "1 place 1\n"
            "  0: step 0 -> 2 opens 0\n"
            "2 place 2 match\n"
            "  0: step 0 -> 2 opens 0\n");
}

TEST(Automaton, WhatIsBehindAGreedyRepeatYieldsToIt) {
  EXPECT_EQ(Print({Step(0), Optional(Greedy(Times(Step(1), 1, kUnbounded))), Step(2)}),
            "0 place 0\n"
            "  0: step 0 -> 1 opens 0,1\n"
            "1 place 1\n"
            "  0: step 1 -> 2 opens 0,1\n"
            "  1: step 2 yields 0 -> 3\n"
            "2 place 2\n"
            "  0: step 1 -> 2 opens 0,1\n"
            "  1: step 2 yields 0 -> 3\n"
            "3 place 3 match\n");
}

TEST(Automaton, AMatchWaitsForAGreedyTail) {
  Place tail = Greedy(Times(Step(1), 1, kUnbounded));
  tail.repeat.inside = Contiguity::kStrict;
  EXPECT_EQ(Print({Step(0), tail}),
            "0 place 0\n"
            "  0: step 0 -> 1 opens 0\n"
            "1 place 1\n"
            "  0: step 1 -> 2 opens 0\n"
            "2 place 2 match yields 0\n"
            "  0: step 1 next -> 2 opens 0\n");
}

TEST(Automaton, GroupsRepeatAsAWhole) {
  Place group = Times(Group({Step(0), Step(1, Contiguity::kStrict)}), 1, kUnbounded);
  group.repeat.inside = Contiguity::kAny;
  EXPECT_EQ(Print({group, Step(2)}),
            "0 place 0\n"
            "  0: step 0 -> 1 opens 0\n"
            "1 place 1\n"
            "  0: step 1 next -> 2 opens 0,1\n"
            "2 place 2\n"
            "  0: step 0 any -> 1 opens 0\n"
            "  1: step 2 -> 3\n"
            "3 place 3 match\n");
}

TEST(Automaton, TheFirstPlaceOfAGroupHasTheGroupsContiguity) {
  Place group = Group({Optional(Step(1)), Step(2, Contiguity::kAny)});
  group.contiguity = Contiguity::kStrict;
  group.within = 9;
  EXPECT_EQ(Print({Step(0), group}),
            "0 place 0\n"
            "  0: step 0 -> 1 opens 0,1\n"
            "1 place 1\n"
            "  0: step 1 next within 9 -> 2 opens 0\n"
            "  1: step 2 any within 9 -> 3\n"
            "2 place 2\n"
            "  0: step 2 any -> 3\n"
            "3 place 3 match\n");
}

TEST(Automaton, OneOfTheAlternativesIsTaken) {
  EXPECT_EQ(Print({Of(Kind::kAnyOf, {Step(0), Group({Step(1), Step(2)})}), Step(3)}),
            "0 place 0\n"
            "  0: step 0 -> 1 opens 0\n"
            "  1: step 1 -> 2 opens 0\n"
            "1 place 1\n"
            "  0: step 3 -> 3\n"
            "2 place 2\n"
            "  0: step 2 -> 4 opens 0\n"
            "3 place 3 match\n"
            "4 place 4\n"
            "  0: step 3 -> 3\n");
}

// Of a member the ways stay open while another takes; only what follows begins anew.
TEST(Automaton, MembersInAnyOrderWaitSideBySide) {
  EXPECT_EQ(Print({Step(0), Of(Kind::kAllOf, {Step(1), Step(2)}), Step(3)}),
            "0 place 0\n"
            "  0: step 0 -> 1 opens 0,1,4,5\n"
            "1 place 1\n"
            "  0: step 1 -> 2 wakes 5\n"
            "  1: step 2 -> 3 wakes 4\n"
            "  4: asleep step 1\n"
            "  5: asleep step 2\n"
            "2 place 2\n"
            "  3: step 2 -> 4 opens 0\n"
            "3 place 3\n"
            "  2: step 1 -> 4 opens 0\n"
            "4 place 4\n"
            "  0: step 3 -> 5\n"
            "5 place 5 match\n");
}

// P2: what is said of the first event around an all_of is not said of the members that it leaves
// waiting: they are asleep with what is their own.
TEST(Automaton, WhatIsSaidOfTheFirstEventIsNotSaidOfThoseAsleep) {
  EXPECT_EQ(Print({Step(0), Not(7), Of(Kind::kAllOf, {Step(1), Step(2, Contiguity::kStrict)})}),
            "0 place 0\n"
            "  0: step 0 -> 1 opens 0,1,4,5\n"
            "1 place 1\n"
            "  0: step 1 not 7 -> 2 wakes 5\n"
            "  1: step 2 next not 7 -> 3 wakes 4\n"
            "  4: asleep step 1\n"
            "  5: asleep step 2 next\n"
            "2 place 2\n"
            "  3: step 2 next -> 4\n"
            "3 place 3\n"
            "  2: step 1 -> 4\n"
            "4 place 4 match\n");
}

// P4: the guard of a strict `not` is there until the next event, whoever takes that.
TEST(Automaton, AStrictNotInAMemberHasAGuard) {
  EXPECT_EQ(
      Print({Of(Kind::kAllOf, {Step(0), Group({Step(1), Not(7, Contiguity::kStrict), Step(2)})})}),
      "0 place 0\n"
      "  0: step 0 -> 1 opens 5\n"
      "  1: step 1 -> 2 opens 2,3,4\n"
      "1 place 1\n"
      "  5: step 1 -> 3 opens 2,3\n"
      "2 place 2\n"
      "  4: step 0 -> 3 keeps 2,3\n"
      "  2: step 2 not next 7 guarded by 3 -> 4 keeps 4\n"
      "3 place 3\n"
      "  2: step 2 not next 7 guarded by 3 -> 5\n"
      "4 place 4\n"
      "  4: step 0 -> 5\n"
      "5 place 5 match\n");
}

TEST(Automaton, AMatchTakesAtLeastOneEvent) {
  EXPECT_EQ(Print({Optional(Step(0)), Optional(Step(1))}),
            "0 place 0\n"
            "  0: step 0 -> 1 opens 0\n"
            "  1: step 1 -> 2\n"
            "1 place 1 match\n"
            "  0: step 1 -> 2\n"
            "2 place 2 match\n");
}

TEST(Automaton, SaysWhatCannotBeBuilt) {
  using Fault = AutomatonFault::Kind;
  EXPECT_EQ(FaultsOf({Times(Step(0), 1, kMostStates + 1)}), Faults{Fault::kTooManyStates});
  // Far fewer states, but 20 moves from each.
  std::vector<Place> alternatives;
  for (uint32_t step = 0; step < 20; ++step) alternatives.push_back(Step(step));
  EXPECT_EQ(FaultsOf({Times(Of(Kind::kAnyOf, std::move(alternatives)), 1, 500)}),
            Faults{Fault::kTooManyStates});
  EXPECT_EQ(FaultsOf({Step(0), Greedy(Times(Step(1), 1, kUnbounded))}),
            Faults{Fault::kEndlessGreedy});
  EXPECT_NE(Print({Step(0), Greedy(Times(Step(1), 1, kUnbounded))}, true), "fault");
  const auto nested = [] {
    return Times(Of(Kind::kAllOf, {Step(0), Optional(Of(Kind::kAllOf, {Step(1), Step(2)}))}), 2, 2);
  };
  EXPECT_EQ(FaultsOf({nested()}), Faults{Fault::kTwiceAsleep});
  const auto both_twice = [] { return Times(Of(Kind::kAllOf, {Step(1), Step(2)}), 1, 2); };
  EXPECT_EQ(FaultsOf({Times(Of(Kind::kAllOf, {Step(0), both_twice()}), 1, 2)}),
            Faults{Fault::kTwiceAsleep});
  // Where what may come again is not what the next time begins with, it is told apart.
  EXPECT_EQ(FaultsOf({Times(Of(Kind::kAllOf, {Step(0), Group({Step(3), both_twice()})}), 1, 2)}),
            Faults{});
  EXPECT_EQ(FaultsOf({Times(Of(Kind::kAllOf, {Step(0), Group({both_twice(), Step(3)})}), 1, 2)}),
            Faults{});
  // All of it at once.
  EXPECT_EQ(FaultsOf({nested(), Greedy(Times(Step(3), 1, kUnbounded)),
                      Optional(Greedy(Times(Step(4), 1, kUnbounded)))}),
            (Faults{Fault::kTwiceAsleep, Fault::kEndlessGreedy, Fault::kEndlessGreedy}));
  std::vector<Place> many = {Step(0)};
  for (uint32_t step = 1; step <= kMostWays + 1; ++step) many.push_back(Optional(Step(step)));
  EXPECT_EQ(FaultsOf(std::move(many)), Faults{Fault::kTooManyWays});
}

}  // namespace
}  // namespace telltale::rules
