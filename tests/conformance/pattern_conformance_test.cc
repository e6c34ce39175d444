// The runner of conformance cases of patterns itself: what a case becomes as a rule, which forms
// are read, what the list of deviations does.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "tests/conformance/pattern_rule.h"
#include "tests/conformance/pattern_run.h"

namespace telltale::conformance {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string WriteFile(const std::string& name, const std::string& text) {
  const std::string path = testing::TempDir() + name;
  std::ofstream(path, std::ios::binary) << text;
  return path;
}

// A case over events named by letters, one a unit of time.
PatternCase Case(const std::string& pattern, const std::string& letters,
                 const std::string& after_match = "\"no_skip\"",
                 const std::string& matches = "[]") {
  std::string events;
  for (size_t i = 0; i < letters.size(); ++i) {
    events += (i > 0 ? ", " : "") + std::string("{\"ts\": ") + std::to_string(i) +
              ", \"name\": \"" + letters[i] + "\"}";
  }
  const auto cases = ReadPatternCases(
      WriteFile("case.json", "[{\"name\": \"case\", \"pattern\": " + pattern +
                                 ", \"after_match\": " + after_match + ", \"events\": [" + events +
                                 "], \"matches\": " + matches + "}]"));
  EXPECT_TRUE(cases.ok()) << cases.status().message();
  return cases.ok() ? cases->front() : PatternCase();
}

std::string RuleOf(const PatternCase& test) { return ScenarioOf(test).rules; }

// By both; they have to agree.
std::string MatchesOf(const PatternCase& test) {
  const PatternOutcome outcome = RunPattern(test, Matching::kReference);
  EXPECT_EQ(RunPattern(test, Matching::kEngine), outcome);
  return outcome.diagnostics + Text(outcome.matches);
}

constexpr char kA[] = R"({"step": "a", "where": "name == \"a\""})";

TEST(PatternCase, BecomesARule) {
  const std::string rule =
      RuleOf(Case("[" + std::string(kA) +
                      R"(, {"step": "no", "contiguity": "not_next", "where": "name == \"c\""},
              {"step": "b", "contiguity": "any", "where": "name == \"b\"", "optional": true,
               "repeat": {"min": 2, "within": 3}, "inside": "strict", "greedy": true, "until": "name == \"x\""},
              {"step": "c", "contiguity": "strict", "where": "name == \"c\"", "within": {"first_to_last": 9}}])",
                  "abc"));
  EXPECT_THAT(rule, HasSubstr("- { a: { on: events, where: 'name == \"a\"' } }"));
  EXPECT_THAT(rule,
              HasSubstr("- { not: { on: events, where: 'name == \"c\"', contiguity: strict } }"));
  EXPECT_THAT(rule, HasSubstr("contiguity: any, optional: true, repeat: { min: 2, inside: strict, "
                              "within: 25ms, greedy: true, until: 'name == \"x\"' }"));
  EXPECT_THAT(rule, HasSubstr("within: 85ms\n"));
}

TEST(PatternCase, AGapConcernsItsOwnStep) {
  const std::string rule = RuleOf(
      Case("[" + std::string(kA) +
               R"(, {"step": "b", "repeat": {"min": 1}, "within": {"previous_to_current": 2}}])",
           "ab"));
  EXPECT_THAT(rule, HasSubstr("b: { on: events, within: 15ms, repeat: { min: 1, within: 15ms } }"));
  EXPECT_THAT(rule, Not(HasSubstr("\nwithin")));
}

TEST(PatternCase, StepsAreListsInConditions) {
  const std::string rule = RuleOf(Case(
      R"([{"step": "x", "optional": true}, {"step": "many", "repeat": {"min": 1}},
          {"step": "y", "where": "a.x == 'x' && x[0].v == 1 && size(many) > size(y) && size(z) == 0"},
          {"step": "z"}])",
      "ab"));
  EXPECT_THAT(rule, HasSubstr("a.x == ''x'' && (has(x.ts) ? [x] : [])[0].v == 1 && "
                              "size(many) > size([]) && size([]) == 0"));
}

TEST(PatternCase, NamesThatAreNoneWithUsAreReplaced) {
  const PatternCase test =
      Case(R"([{"step": "a or b"}, {"step": "not"}])", "ab", R"({"skip_to_last": "not"})");
  EXPECT_THAT(RuleOf(test), HasSubstr("step_0: {"));
  EXPECT_THAT(RuleOf(test), HasSubstr("skip_to_last: step_1"));
  EXPECT_EQ(MatchesOf(test), "{[0, 1]}");
}

TEST(PatternCase, AFieldWithAFractionHasOneEverywhere) {
  const auto cases = ReadPatternCases(WriteFile(
      "case.json",
      R"([{"name": "case", "pattern": [{"step": "a", "where": "price + 0.5 < 3.0", "repeat": {"min": 2, "max": 2}}],
           "after_match": "no_skip", "events": [{"ts": 0, "price": 2}, {"ts": 1, "price": 0.5}], "matches": []}])"));
  ASSERT_TRUE(cases.ok()) << cases.status().message();
  EXPECT_EQ(MatchesOf(cases->front()), "{[0, 1]}");
}

TEST(PatternCase, RefusesWhatIsNotOfTheForm) {
  for (
      const char* wrong :
      {R"({"pattern": [{"step": "a"}], "events": [], "matches": []})",
       R"({"name": "x", "pattern": [], "events": [], "matches": []})",
       R"({"name": "x", "pattern": [{"where": "true"}], "events": [], "matches": []})",
       R"({"name": "x", "pattern": [{"step": "a", "contiguity": "near"}], "events": [], "matches": []})",
       R"({"name": "x", "pattern": [{"step": "a", "within": {"days": 3}}], "events": [], "matches": []})",
       R"({"name": "x", "pattern": [{"step": "a", "repeat": {"min": "2"}}], "events": [], "matches": []})",
       R"({"name": "x", "pattern": [{"step": "a"}], "events": [{"id": 1}], "matches": []})",
       R"({"name": "x", "pattern": [{"step": "a"}], "events": [{"ts": 1, "l": []}], "matches": []})",
       R"({"name": "x", "pattern": [{"step": "a"}], "events": [], "matches": [[0, "b"]]})",
       R"({"name": "x", "pattern": [{"step": "a"}], "after_match": {}, "events": [], "matches": []})"}) {
    EXPECT_FALSE(ReadPatternCases(WriteFile("wrong.json", "[" + std::string(wrong) + "]")).ok())
        << wrong;
  }
  EXPECT_FALSE(ReadPatternCases("/nowhere.json").ok());
}

TEST(PatternRun, TheEndOfTheListIsTheEndOfTheInputAfterAnAbsenceOnly) {
  const std::string absence =
      R"(, {"step": "n", "contiguity": "not_followed_by", "where": "name == \"b\"", "within": {"first_to_last": 5}}])";
  EXPECT_EQ(MatchesOf(Case("[" + std::string(kA) + absence, "ac")), "{[0]}");
  const std::string greedy =
      R"([{"step": "a", "repeat": {"min": 1}, "greedy": true, "within": {"first_to_last": 5}}])";
  EXPECT_EQ(MatchesOf(Case(greedy, "aa")), "{}") << "its window is still open";
}

TEST(PatternRun, ARuleThatDoesNotLoadMeetsNothing) {
  const PatternCase test = Case(R"([{"step": "a", "where": "1 +"}])", "a");
  EXPECT_THAT(RunPattern(test, Matching::kEngine).diagnostics, HasSubstr("error"));
  std::ostringstream report;
  EXPECT_EQ(RunPatterns({test}, {}, Matching::kEngine, report).failed, 1u);
  EXPECT_THAT(report.str(), HasSubstr("FAIL case"));
}

TEST(PatternRun, DeviationsArePinned) {
  // One in a hundred may deviate.
  std::vector<PatternCase> cases(100,
                                 Case("[" + std::string(kA) + "]", "ab", "\"no_skip\"", "[[0]]"));
  cases[7].name = "listed";
  cases[7].matches = {{1}};
  std::ostringstream report;
  Tally tally = RunPatterns(cases, {{"listed", {{0}}, "why"}}, Matching::kReference, report);
  EXPECT_EQ(tally.passed, 99u);
  EXPECT_EQ(tally.deviating, 1u);
  EXPECT_EQ(tally.failed, 0u) << report.str();
  tally = RunPatterns(cases, {{"listed", {{2}}, "why"}}, Matching::kReference, report);
  EXPECT_EQ(tally.failed, 1u) << "it gives something else than what is listed";
  cases[7].matches = {{0}};
  tally = RunPatterns(cases, {{"listed", {{1}}, "why"}}, Matching::kReference, report);
  EXPECT_EQ(tally.failed, 1u);
  EXPECT_THAT(report.str(), HasSubstr("stale"));
  cases.resize(10);
  cases[7].matches = {{1}};
  tally = RunPatterns(cases, {{"listed", {{0}}, "why"}}, Matching::kReference, report);
  EXPECT_EQ(tally.failed, 1u) << "too many deviate";
}

TEST(PatternDeviations, EachHasAReason) {
  const auto deviations = ReadPatternDeviations(TELLTALE_PATTERN_DEVIATIONS);
  ASSERT_TRUE(deviations.ok()) << deviations.status().message();
  EXPECT_FALSE(
      ReadPatternDeviations(WriteFile("d.json", R"([{"case": "x", "matches": []}])")).ok());
}

}  // namespace
}  // namespace telltale::conformance
