// What may come next, by hand: of small sequences, after some of their steps have taken an event
// each. Here is all of P1, P2, P4, P5 and P8 that the reference reads off a tree of places.
#include "tests/model/ways.h"

#include <gtest/gtest.h>

#include <ostream>
#include <sstream>
#include <string>
#include <vector>

#include "tests/model/letters.h"
#include "tests/model/scenario.h"

namespace telltale::model {
namespace {

std::string LetterOf(const rules::Selector& selector) { return kLetters[selector.stream]; }

std::string Nots(const rules::Rule& rule, const char* word, const std::vector<uint32_t>& nots) {
  std::string text;
  for (const uint32_t absence : nots) text += word + LetterOf(rule.absences[absence].selector);
  return text;
}

// As "B any within 5 from 0": the step; how near; how soon; the event from which on, where it is
// not the last one; what must not be between; what ends it.
std::string Text(const rules::Rule& rule, const Way& way, size_t last) {
  std::string text = rule.steps[way.step].name;
  if (way.contiguity == rules::Contiguity::kStrict) text += " next";
  if (way.contiguity == rules::Contiguity::kAny) text += " any";
  if (way.within != kForever) text += " within " + std::to_string(way.within / kSecond);
  if (way.anchor != last) text += " from " + std::to_string(way.anchor);
  text += Nots(rule, " no ", way.nots) + Nots(rule, " right behind no ", way.strict_nots);
  for (const uint32_t until : way.not_untils)
    text += " itself no " + LetterOf(rule.untils[until].selector);
  for (const Ending& ending : way.ends_at) {
    text += " until " + LetterOf(rule.untils[ending.until].selector);
    text += " after " + std::to_string(ending.since);
  }
  for (const Way& greedy : way.yields) text += " unless " + rule.steps[greedy.step].name;
  return text;
}

struct Next {
  const char* sequence;
  const char* taken;  // steps, of which the first takes event 0, and so on
  const char* next;   // ways, then "end" where nothing more is needed
};

std::ostream& operator<<(std::ostream& out, const Next& next) {
  return out << next.sequence << " after '" << next.taken << "'";
}

std::string NextOf(const Next& test) {
  const rules::Rule rule =
      LetterRule("within: 1h\nsequence: [" + std::string(test.sequence) + "]\n");
  Position position;
  std::istringstream steps(test.taken);
  size_t events = 0;
  for (std::string name; steps >> name; ++events) {
    const Onward onward = WaysFrom(rule.pattern, position);
    bool found = false;
    for (const Way& way : onward.ways) {
      if (found || rule.steps[way.step].name != name) continue;
      found = true;
      position = Settled(way.to, events);
    }
    if (!found) return "no way to " + name;
  }
  const Onward onward = WaysFrom(rule.pattern, position);
  std::string text;
  for (const Way& way : onward.ways)
    text += (text.empty() ? "" : ", ") + Text(rule, way, events == 0 ? kNoEvent : events - 1);
  if (!onward.may_end || events == 0) return text;
  text += text.empty() ? "end" : ", end";
  for (const Way& greedy : onward.yields) text += " unless " + rule.steps[greedy.step].name;
  return text;
}

class Ways : public testing::TestWithParam<Next> {};

TEST_P(Ways, AreTheseByHand) { EXPECT_EQ(NextOf(GetParam()), GetParam().next); }

constexpr Next kSteps[] = {
    {"A: {on: a}, B: {on: b}", "", "A"},
    {"A: {on: a}, B: {on: b}", "A", "B"},
    {"A: {on: a}, B: {on: b}", "A B", "end"},
    {"A: {on: a}, B: {on: b, contiguity: strict, within: 5s}", "A", "B next within 5"},
    {"A: {on: a}, B: {on: b, contiguity: any, optional: true}, C: {on: c}", "A", "B any, C"},
    {"A: {on: a, optional: true}, B: {on: b, optional: true}", "", "A, B"},
    {"A: {on: a, optional: true}, B: {on: b, optional: true}", "A", "B, end"},
};

constexpr Next kRepeats[] = {
    {"A: {on: a}, B: {on: b, repeat: {min: 2, max: 3, inside: any, within: 4s}}, C: {on: c}", "A",
     "B"},
    {"A: {on: a}, B: {on: b, repeat: {min: 2, max: 3, inside: any, within: 4s}}, C: {on: c}", "A B",
     "B any within 4"},
    {"A: {on: a}, B: {on: b, repeat: {min: 2, max: 3, inside: any, within: 4s}}, C: {on: c}",
     "A B B", "B any within 4, C"},
    {"A: {on: a}, B: {on: b, repeat: {min: 2, max: 3, inside: any, within: 4s}}, C: {on: c}",
     "A B B B", "C"},
    // P5: before it has taken an event the until is only not taken.
    {"A: {on: a}, B: {on: b, repeat: {min: 1, until: {on: x}}}, C: {on: c}", "A", "B itself no x"},
    {"A: {on: a}, B: {on: b, repeat: {min: 1, until: {on: x}}}, C: {on: c}", "A B",
     "B until x after 1, C"},
    // P8.
    {"A: {on: a}, B: {on: b, repeat: {min: 1, greedy: true}}, C: {on: c}", "A", "B"},
    {"A: {on: a}, B: {on: b, repeat: {min: 1, greedy: true}}, C: {on: c}", "A B", "B, C unless B"},
    {"A: {on: a}, B: {on: b, optional: true, repeat: {min: 1, greedy: true}}, C: {on: c}", "A",
     "B, C unless B"},
    {"A: {on: a}, B: {on: b, repeat: {min: 1, greedy: true}}", "A B", "B, end unless B"},
};

constexpr Next kGroups[] = {
    {"A: {on: a}, group: {steps: [B: {on: b}, C: {on: c}], repeat: {max: 2, inside: strict}}",
     "A B", "C"},
    {"A: {on: a}, group: {steps: [B: {on: b}, C: {on: c}], repeat: {max: 2, inside: strict}}",
     "A B C", "B next, end"},
    {"A: {on: a}, group: {steps: [B: {on: b}, C: {on: c}], repeat: {max: 2, inside: strict}}",
     "A B C B C", "end"},
    // P2: the group's contiguity is that of its first place.
    {"A: {on: a}, group: {steps: [B: {on: b, optional: true}, C: {on: c}], contiguity: any}", "A",
     "B any, C"},
    {"A: {on: a}, any_of: {steps: [B: {on: b}, C: {on: c, within: 2s}], contiguity: strict}", "A",
     "B next, C next within 2"},
    {"any_of: [B: {on: b}, group: [C: {on: c}, D: {on: a}]], E: {on: x}", "B", "E"},
    {"any_of: [B: {on: b}, group: [C: {on: c}, D: {on: a}]], E: {on: x}", "C", "D"},
    // P6: the inner repeat is first.
    {"group: {steps: [B: {on: b, repeat: {min: 1, inside: any}}], repeat: {max: 3}}", "B",
     "B any, B, end"},
};

constexpr Next kNots[] = {
    {"A: {on: a}, not: {on: x}, B: {on: b}", "A", "B no x"},
    {"A: {on: a}, not: {on: x, contiguity: strict}, B: {on: b}", "A", "B right behind no x"},
    // P4: where an optional place beside it is skipped, it still acts.
    {"A: {on: a}, not: {on: x}, B: {on: b, optional: true}, not: {on: y}, C: {on: c}", "A",
     "B no x, C no x no y"},
    {"A: {on: a}, not: {on: x}, B: {on: b, optional: true}, not: {on: y}, C: {on: c}", "A B",
     "C no y"},
    // Not between the events of a repeat beside it.
    {"A: {on: a, repeat: {min: 1}}, not: {on: x}, B: {on: b}", "A", "A, B no x"},
};

constexpr Next kMembers[] = {
    {"A: {on: a}, all_of: [B: {on: b, contiguity: any}, C: {on: c, within: 3s}]", "A",
     "B any, C within 3"},
    // A member that has taken nothing waits from before the all_of.
    {"A: {on: a}, all_of: [B: {on: b, contiguity: any}, C: {on: c, within: 3s}]", "A B",
     "C within 3 from 0"},
    {"A: {on: a}, all_of: [B: {on: b, contiguity: any}, C: {on: c, within: 3s}]", "A B C", "end"},
    // One that is under way from where it is itself.
    {"A: {on: a}, all_of: [group: [B: {on: b}, D: {on: x}], C: {on: c}]", "A B C", "D from 1"},
    // What is said of the first event is not said of those that wait.
    {"A: {on: a}, not: {on: y}, group: {steps: [all_of: [B: {on: b}, C: {on: c}]], contiguity: "
     "any, "
     "within: 4s}",
     "A", "B any within 4 no y, C any within 4 no y"},
    {"A: {on: a}, not: {on: y}, group: {steps: [all_of: [B: {on: b}, C: {on: c}]], contiguity: "
     "any, "
     "within: 4s}",
     "A B", "C from 0"},
    {"all_of: {steps: [B: {on: b}, C: {on: c, contiguity: any}], repeat: {max: 2, inside: strict}}",
     "B C", "B next, C next, end"},
    {"all_of: {steps: [B: {on: b}, C: {on: c, contiguity: any}], repeat: {max: 2, inside: strict}}",
     "B C B", "C any from 1"},
    // One that may be left out belongs to this time or to the next.
    {"all_of: {steps: [B: {on: b}, C: {on: c, optional: true}], repeat: {max: 2, inside: any}}",
     "B", "C, B any, C any, end"},
};

INSTANTIATE_TEST_SUITE_P(Steps, Ways, testing::ValuesIn(kSteps));
INSTANTIATE_TEST_SUITE_P(Repeats, Ways, testing::ValuesIn(kRepeats));
INSTANTIATE_TEST_SUITE_P(Groups, Ways, testing::ValuesIn(kGroups));
INSTANTIATE_TEST_SUITE_P(Nots, Ways, testing::ValuesIn(kNots));
INSTANTIATE_TEST_SUITE_P(Members, Ways, testing::ValuesIn(kMembers));

}  // namespace
}  // namespace telltale::model
