// The automaton that is shown is the pattern that runs; bounds of memory; the command.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_join.h"
#include "daemon/explain/explanation.h"
#include "daemon/explain/meaning.h"
#include "tests/daemon/explain_rules.h"
#include "tests/support/process.h"
#include "tests/support/temp_dir.h"

namespace telltale::explain {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::vector<std::string> Ways(const Automaton& automaton) {
  std::vector<std::string> ways;
  for (const Edge& edge : automaton.edges) {
    ways.push_back(automaton.states[edge.from].name + " " + automaton.states[edge.to].name +
                   (edge.conditions.empty() ? "" : ": " + absl::StrJoin(edge.conditions, "; ")));
  }
  return ways;
}

TEST(MakeAutomaton, SkipsOptionalStepsAtBothEnds) {
  const TestRules rules(
      "id: r\nby: user_id\nwithin: 1h\nsequence:\n"
      "  - a: { on: logins, optional: true }\n"
      "  - b: { on: logins }\n"
      "  - c: { on: logins, optional: true }\n");
  EXPECT_THAT(Ways(rules.Automaton()),
              ElementsAre("start a", "start b", "a b", "b c", "b match", "c match"));
}

TEST(MakeAutomaton, PutsEachNotOnTheWaysItBars) {
  const TestRules rules(
      "id: r\nby: user_id\nwithin: 1h\nsequence:\n"
      "  - not: { on: devices, by: account, within: 1d, where: 'x == 1' }\n"
      "  - a: { on: logins }\n"
      "  - not: { on: devices }\n"
      "  - b: { on: logins, optional: true, within: 5m }\n"
      "  - c: { on: logins }\n"
      "  - not: { on: devices, by: account }\n"
      "  - not: { on: logins, within: 2m }\n");
  EXPECT_THAT(Ways(rules.Automaton()),
              ElementsAre("start a: no devices (by account) in the 1d before where x == 1",
                          "a b: within 5m; no devices", "a c: no devices", "b c",
                          "c match: no devices (by account) up to 1h after the first event; "
                          "no logins in the 2m after"));
}

TEST(MakeAutomaton, LoopsWhereAStepRepeats) {
  const TestRules rules(
      "id: r\nby: user_id\nwithin: 1h\nsequence:\n"
      "  - a: { on: logins, repeat: { min: 3, max: 3, within: 10s } }\n"
      "  - b: { on: logins, repeat: { min: 1 } }\n"
      "  - c: { on: logins, repeat: { min: 2, max: 9 } }\n");
  EXPECT_THAT(
      Ways(rules.Automaton()),
      ElementsAre("start a", "a a: one more, up to 3; within 10s", "a b: after 3 events",
                  "b b: one more", "b c", "c c: one more, up to 9", "c match: from 2 events on"));
}

TEST(MakeAutomaton, LeadsBackWhereAGroupRepeats) {
  const TestRules rules(
      "id: r\nby: user_id\nwithin: 1h\nsequence:\n"
      "  - group:\n"
      "      steps:\n"
      "        - a: { on: logins }\n"
      "        - b: { on: logins, repeat: { min: 2, max: 3 } }\n"
      "      repeat: { min: 2, max: 9, within: 10s, inside: strict }\n"
      "  - c: { on: logins }\n");
  EXPECT_THAT(Ways(rules.Automaton()),
              ElementsAre("start a", "a b",
                          "b a: from 2 events on; again, up to 9 times; the very next event; "
                          "within 10s",
                          "b b: one more, up to 3", "b c: from 2 events on; from 2 times a, b on",
                          "c match"));
}

TEST(MakeAutomaton, DrawsTheMembersOfAnAllOfBesideOneAnother) {
  const TestRules rules(
      "id: r\nby: user_id\nwithin: 1h\nsequence:\n"
      "  - a: { on: logins }\n"
      "  - all_of: [ b: { on: logins }, group: [ c: { on: logins }, d: { on: logins } ] ]\n"
      "  - e: { on: logins }\n");
  const Automaton automaton = rules.Automaton();
  EXPECT_THAT(Ways(automaton),
              ElementsAre("start a", "a b", "a c", "b e", "c d", "d e", "e match"));
  EXPECT_THAT(automaton.states[2].parts, ElementsAre("all of b, (c, d), in any order"));
}

TEST(MakeAutomaton, IsSmallHoweverManyStatesAreUnrolled) {
  const TestRules rules(
      "id: r\nby: user_id\nwithin: 1h\nsequence:\n"
      "  - a: { on: logins, repeat: { min: 1000, max: 2000, greedy: true } }\n"
      "  - b: { on: logins }\n");
  EXPECT_GT(rules.Compiled().states.size(), 2000u);
  EXPECT_THAT(Ways(rules.Automaton()),
              ElementsAre("start a", "a a: one more, up to 2000",
                          "a b: from 1000 events on; what a can not take", "b match"));
}

TEST(BoundsOf, CountsStatesWhereOnePartialMatchIsKeptOfEach) {
  const std::string steps =
      "sequence:\n"
      "  - a: { on: logins, repeat: 3 }\n"
      "  - b: { on: logins }\n";
  const auto bounds = [&](const std::string& more) {
    const TestRules rules("id: r\nby: user_id\nwithin: 1h\n" + steps + more);
    return BoundsOf(rules.rule(), rules.Compiled(), rules.layouts());
  };
  EXPECT_EQ(bounds("").partial_matches, 1000u);
  EXPECT_EQ(bounds("").events, 10000u);
  // a once, twice, three times; b ends the match and is never held.
  EXPECT_EQ(bounds("match: latest\n").partial_matches, 3u);
  EXPECT_EQ(bounds("match: latest\n").events, 9u);
  EXPECT_EQ(bounds("match: first\nlimits: { partial_matches: 2, events: 5 }\n").partial_matches,
            2u);
  EXPECT_EQ(bounds("match: first\nlimits: { partial_matches: 2, events: 5 }\n").events, 5u);
  EXPECT_GT(bounds("").bytes, 10000u * 32);
}

TEST(BoundsOf, AreNothingForSingleEvents) {
  const TestRules rules("id: r\non: logins\n");
  EXPECT_EQ(BoundsOf(rules.rule(), rules.Compiled(), rules.layouts()).bytes, 0u);
  EXPECT_THAT(MemoryText(rules.rule(), rules.Compiled(), rules.layouts(), *rules.set().streams),
              ElementsAre("It holds nothing."));
}

std::string HeldFor(const std::string& yaml) {
  const TestRules rules("id: r\nby: user_id\n" + yaml);
  return MemoryText(rules.rule(), rules.Compiled(), rules.layouts(), *rules.set().streams).at(1);
}

TEST(MemoryText, SaysForHowLong) {
  EXPECT_THAT(HeldFor("within: 1h\nsequence: [ a: { on: logins }, b: { on: logins } ]"),
              HasSubstr("than 1h "));
  EXPECT_THAT(HeldFor("sequence: [ a: { on: logins }, b: { on: logins, within: 3m } ]"),
              HasSubstr("than 3m "));
  EXPECT_THAT(
      HeldFor(
          "sequence: [ a: { on: logins, repeat: { min: 3, max: 3, within: 1m } }, b: { on: logins, "
          "within: 3m }, not: { on: logins, within: 1h } ]"),
      HasSubstr("than 1h5m "));
  EXPECT_THAT(HeldFor("within: 2m\nsequence: [ a: { on: logins }, b: { on: logins, within: 3m } ]"),
              HasSubstr("than 2m "));
  EXPECT_THAT(HeldFor("sequence: [ a: { on: logins }, b: { on: logins } ]"),
              HasSubstr("Nothing bounds"));
  EXPECT_THAT(HeldFor("sequence: [ a: { on: logins, repeat: { min: 2, within: 3m } } ]"),
              HasSubstr("Nothing bounds"));
}

TEST(Meaning, SaysWhatWindowsHold) {
  const TestRules rules(
      "id: r\nby: user_id\nwindows:\n  - { name: w, on: logins, where: a == 1, window: { sliding: "
      "10m "
      "}, values: { n: count() } }\nsequence:\n  - login: { on: logins, where: w.n > 3 }\n"
      "  - device: { on: devices }\nwithin: 1h\n");
  EXPECT_THAT(
      Meaning(rules.rule(), rules.Compiled(), *rules.set().streams),
      testing::Contains("Of the events of logins where a == 1 up to 10m before the one that "
                        "is tried, which is among them where it is one: w.n is count()."));
  EXPECT_THAT(MemoryText(rules.rule(), rules.Compiled(), rules.layouts(), *rules.set().streams),
              testing::Contains(HasSubstr("In the window w at most 10,000 events of a key")));
  EXPECT_THAT(Ways(rules.Automaton()), ElementsAre("start login", "login device", "device match"))
      << "what a window is about is no state";
}

// The loader refuses such a rule; whoever made it by other means is told, too.
TEST(Explain, RefusesWhatHasNoAutomaton) {
  const TestRules rules("id: r\non: logins\n");
  rules::Rule rule = rules.rule();
  rule.pattern.places[0].repeat = {.min = 1, .max = 30'000};
  EXPECT_FALSE(Explain(rules.set(), rule).ok());
}

class ExplainCommand : public testing::Test {
 protected:
  ExplainCommand() {
    folder_.Write("telltale.yml", "streams: { logins: { time: { field: ts } } }\n");
    folder_.Write("rule.yml", "id: some-rule\non: logins\n");
  }
  support::ProcessResult Explain(std::vector<std::string> args) {
    args.insert(args.begin(), {support::Binary("telltale"), "explain"});
    support::ProcessOptions options;
    options.args = std::move(args);
    options.directory = folder_.path();
    return support::RunProcess(options, absl::Seconds(60));
  }
  support::TempDir folder_;
};

TEST_F(ExplainCommand, PrintsTextDotAndSvg) {
  EXPECT_THAT(Explain({"some-rule", "rule.yml"}).out, HasSubstr("In words\n"));
  EXPECT_THAT(Explain({"--dot", "some-rule", "rule.yml"}).out, HasSubstr("digraph"));
  EXPECT_THAT(Explain({"some-rule", "--format=dot", "rule.yml"}).out, HasSubstr("digraph"));
  EXPECT_THAT(Explain({"some-rule", "rule.yml", "--svg"}).out, HasSubstr("<svg "));
}

TEST_F(ExplainCommand, SaysWhatIsWrong) {
  const support::ProcessResult unknown = Explain({"some-role", "rule.yml"});
  EXPECT_EQ(unknown.exit_code, 3);
  EXPECT_THAT(unknown.err, HasSubstr("did you mean 'some-rule'?"));
  EXPECT_THAT(Explain({"rule", "rule.yml"}).err, HasSubstr("did you mean 'some-rule'?"));
  EXPECT_THAT(Explain({"", "rule.yml"}).err, Not(HasSubstr("did you mean")));
  EXPECT_EQ(Explain({}).exit_code, 3);
  EXPECT_EQ(Explain({"--dot", "--svg", "some-rule", "rule.yml"}).exit_code, 3);
  EXPECT_EQ(Explain({"--format", "png", "some-rule", "rule.yml"}).exit_code, 3);
  EXPECT_EQ(Explain({"-c", "none.yml", "some-rule", "rule.yml"}).exit_code, 3);
  folder_.Write("bad.yml", "id: some-rule\non: nothing\n");
  const support::ProcessResult bad = Explain({"some-rule", "bad.yml"});
  EXPECT_EQ(bad.exit_code, 2);
  EXPECT_THAT(bad.err, HasSubstr("R0201"));
}

}  // namespace
}  // namespace telltale::explain
