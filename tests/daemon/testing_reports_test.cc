// What is told of a run of tests: why an alert did not come, JUnit's XML, JSON, and coverage.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <simdjson.h>

#include <string>

#include "daemon/testing/coverage.h"
#include "daemon/testing/json_report.h"
#include "daemon/testing/junit_report.h"
#include "daemon/testing/text_report.h"
#include "tests/daemon/testing_harness.h"
#include "tests/support/process.h"
#include "tests/support/temp_dir.h"

namespace telltale::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kRule[] = R"(id: r
by: user
sequence:
  - login: { on: logins, where: 'result == "ok"' }
  - seen: { on: devices, optional: true }
  - not: { on: logins, where: 'mfa || recovered' }
  - transfer: { on: transactions, where: 'amount > 100.0 && (fast ? n == 1 : n == 2)', within: 5m }
suppress: { for: 1h }
tests:
)";

std::string WithTests(const char* tests) { return std::string(kRule) + tests; }

TEST(WhyNot, TheStepAndTheFalsePartAreTold) {
  TestingHarness harness;
  EXPECT_EQ(harness.Failures(WithTests(R"(
  - name: below
    events:
      - { at: 0s, on: logins, user: u1, result: ok }
      - { at: 1m, on: transactions, user: u1, amount: 99, fast: true, n: 1 }
      - { at: 7m, on: transactions, user: u1, amount: 101, fast: true, n: 1 }
    alerts: [ { key: u1, at: 1m } ]
)")),
            R"(r/below
    alert 0 did not come, nor one like it  rules.yml:16:17
           expected
      key  u1
      at   1m
    why there is none for key u1
      'login' took event 0 (logins at 0s)
      step 'seen' was never passed  rules.yml:5:5
        no event of its stream came
      step 'transfer' was never passed  rules.yml:7:5
        event 1 (transactions at 1m) does not fit
          amount > 100.0 is false  rules.yml:7:43
            amount is 99.0
        event 2 (transactions at 7m) fits, and is too late: 'within' of 'transfer' ended at 5m
      conditions that ended in an error: 1
)");
}

TEST(WhyNot, WhatTheEngineKeptBackIsCounted) {
  TestingHarness harness;
  const std::string why = harness.Failures(WithTests(R"(
  - name: suppressed
    events:
      - { at: 0s, on: logins, user: u1, result: ok }
      - { at: 1m, on: transactions, user: u1, amount: 101, fast: true, n: 1 }
      - { at: 2m, on: logins, user: u1, result: ok }
      - { at: 3m, on: transactions, user: u1, amount: 101, fast: true, n: 1 }
      - { at: 3m, on: transactions, amount: 101, fast: true, n: 1 }
    alerts: [ { at: 1m }, { evidence: [2, 3] } ]
)"));
  EXPECT_THAT(why, HasSubstr("why there is none for key u1\n"));
  EXPECT_THAT(why, HasSubstr("all steps are done"));
  EXPECT_THAT(why, HasSubstr("alerts that 'suppress' kept back: "));
  EXPECT_THAT(why, HasSubstr("events without a key: 1\n"));
}

TEST(WhyNot, WithoutAKeyOfWhichToTellNothingIsTold) {
  TestingHarness harness;
  const std::string why = harness.Failures(WithTests(R"(
  - name: two keys
    events: [ { at: 0s, on: logins, user: u1 }, { at: 0s, on: logins, user: u2 } ]
    alerts: [ {} ]
)"));
  EXPECT_THAT(why, HasSubstr("alert 0 did not come"));
  EXPECT_THAT(why, Not(HasSubstr("why there is none")));
}

TEST(JunitReport, IsWellFormedWhateverTheTextsHold) {
  TestingHarness harness;
  const std::string report = JunitReport(harness.Run(R"(
id: r
by: user
on: logins
alert: { title: '{{logins.text}}' }
tests:
  - { name: "passes <&>\"'", events: [], alerts: [] }
  - name: "fails ü"
    events: [ { at: 0s, on: logins, user: u, text: "\e[0m<b>&\uFFFE\n]]>" } ]
    alerts: [ { title: "<&>" } ]
)"));
  EXPECT_THAT(
      report,
      HasSubstr(
          R"(<testsuites name="telltale test" tests="2" failures="1" errors="0" skipped="0" time=")"));
  EXPECT_THAT(report, HasSubstr(R"(<testsuite name="r" tests="2" failures="1")"));
  EXPECT_THAT(
      report,
      HasSubstr(
          R"(<testcase name="passes &lt;&amp;&gt;&quot;'" classname="r" file="rules.yml" line="7" time=")"));
  EXPECT_THAT(report, HasSubstr("<failure message=\"alert 0 is not as expected"));
  support::TempDir folder;
  const std::string file = folder.Write("junit.xml", report);
  support::ProcessOptions options;
  options.args = {"python3", "-c",
                  "import sys, xml.etree.ElementTree as t\n"
                  "root = t.parse(sys.argv[1]).getroot()\n"
                  "print(root.tag, [c.get('name') for c in root.iter('testcase')])",
                  file};
  const support::ProcessResult parsed = support::RunProcess(options, absl::Seconds(30));
  EXPECT_EQ(parsed.exit_code, 0) << parsed.err << report;
  EXPECT_THAT(parsed.out, HasSubstr("testsuites ['passes <&>\"\\'', 'fails ü']"));
}

TEST(JunitReport, TestsThatWereNotRunAreSkipped) {
  TestingHarness harness;
  harness.suite().fail_fast = true;
  EXPECT_THAT(JunitReport(harness.Run(R"(
id: r
by: user
on: logins
tests: [ { name: a, events: [], alerts: [ {} ] }, { name: b, events: [], alerts: [] } ]
)")),
              HasSubstr("><skipped/></testcase>"));
}

TEST(JsonReport, SaysWhatTheTextSays) {
  TestingHarness harness;
  const std::vector<TestResult> results = harness.Run(WithTests(R"(
  - name: wrong
    events:
      - { at: 0s, on: logins, user: u1, result: ok }
      - { at: 1m, on: transactions, user: u1, amount: 101, fast: true, n: 1 }
    alerts: [ { key: u1, at: 2m } ]
  - { name: right, events: [], alerts: [] }
)"));
  simdjson::dom::parser parser;
  simdjson::dom::element report;
  ASSERT_EQ(parser.parse(JsonReport(results, nullptr)).get(report), simdjson::SUCCESS);
  EXPECT_EQ(uint64_t(report["passed"]), 1u);
  EXPECT_EQ(uint64_t(report["failed"]), 1u);
  EXPECT_EQ(std::string_view(report.at_pointer("/tests/0/result")), "failed");
  EXPECT_EQ(std::string_view(report.at_pointer("/tests/0/rules/0")), "r");
  EXPECT_EQ(uint64_t(report.at_pointer("/tests/0/line")), 11u);
  EXPECT_EQ(std::string_view(report.at_pointer("/tests/0/failures/0/attributes/1/expected")), "2m");
  EXPECT_EQ(std::string_view(report.at_pointer("/tests/0/failures/0/attributes/1/got")), "1m");
  EXPECT_EQ(std::string_view(report.at_pointer("/tests/1/result")), "passed");
}

// The name of a file may be any bytes; what programs read must be UTF-8 all the same.
TEST(Reports, AreUtf8ThoughTheNameOfAFileIsNot) {
  TestingHarness harness;
  const std::vector<TestResult> results =
      harness.Run(WithTests("  - { name: wrong, events: [], alerts: [ {} ] }\n"));
  rules::RuleTest test = *results.at(0).test;
  const rules::SourceFile& file = *test.span.file;
  test.span.file =
      std::make_shared<const rules::SourceFile>("r\xE9gle.yml", std::string(file.text()));
  std::vector<TestResult> elsewhere(1);
  elsewhere[0].test = &test;
  elsewhere[0].ran = true;
  elsewhere[0].problem = "too large";
  simdjson::dom::parser parser;
  simdjson::dom::element report;
  ASSERT_EQ(parser.parse(JsonReport(elsewhere, nullptr)).get(report), simdjson::SUCCESS);
  EXPECT_EQ(std::string_view(report.at_pointer("/tests/0/file")), "r\uFFFDgle.yml");
  EXPECT_THAT(JunitReport(elsewhere), HasSubstr(" file=\"r?gle.yml\""));
  EXPECT_EQ(PlaceText(test.span), "r?gle.yml:10:13");
}

TEST(Coverage, WhatNoTestReachesIsToldWithItsPlace) {
  TestingHarness harness;
  Coverage coverage;
  harness.suite().coverage = &coverage;
  harness.Run(WithTests(R"(
  - name: one
    events:
      - { at: 0s, on: logins, user: u1, result: ok }
      - { at: 1m, on: transactions, user: u1, amount: 101, fast: true, n: 1 }
    alerts: [ { key: u1 } ]
)"));
  const std::string text = CoverageText(Summarize(coverage, *harness.suite().rules));
  EXPECT_THAT(text, HasSubstr("coverage: 38% (8 of 21) of 1 rule\n  r: 38% (8 of 21)\n"));
  for (const char* missed :
       {"rules.yml:1:5: it is never quiet", "'result == \"ok\"' is never false",
        "rules.yml:5:5: step 'seen' is never taken",
        "rules.yml:7:5: 'within' of step 'transfer' never runs out",
        "'amount > 100.0' is never false", "'fast' is never false",
        "rules.yml:6:5: the 'not' is never broken", "'mfa' is never true", "'mfa' is never false",
        "'recovered' is never true", "rules.yml:1:5: 'suppress' keeps nothing back"}) {
    EXPECT_THAT(text, HasSubstr(missed));
  }
}

TEST(Coverage, TestsTogetherReachEverything) {
  TestingHarness harness;
  Coverage coverage;
  harness.suite().coverage = &coverage;
  harness.suite().threads = 4;
  const std::vector<TestResult> results = harness.Run(WithTests(R"(
  - name: with a device, and suppressed
    events:
      - { at: 0s, on: logins, user: u1, result: ok }
      - { at: 30s, on: devices, user: u1 }
      - { at: 1m, on: transactions, user: u1, amount: 101, fast: true, n: 1 }
      - { at: 2m, on: logins, user: u1, result: ok }
      - { at: 3m, on: transactions, user: u1, amount: 101, fast: false, n: 2 }
    alerts: [ { at: 1m } ]
  - name: quiet
    events:
      - { at: 0s, on: logins, user: u1, result: failure, mfa: false, recovered: false }
      - { at: 0s, on: logins, user: u1, result: ok, mfa: false, recovered: false }
      - { at: 10s, on: transactions, user: u1, amount: 10, fast: true, n: 2 }
      - { at: 20s, on: transactions, user: u1, amount: 101, fast: false, n: 1 }
      - { at: 6m, on: transactions, user: u1, amount: 101, fast: false, n: 2 }
      - { at: 7m, on: logins, user: u1, result: ok, mfa: false, recovered: false }
      - { at: 8m, on: logins, user: u1, mfa: true, recovered: false }
      - { at: 9m, on: logins, user: u1, result: ok, mfa: false, recovered: false }
      - { at: 10m, on: logins, user: u1, mfa: false, recovered: true }
    alerts: []
)"));
  for (const TestResult& result : results) EXPECT_TRUE(result.passed()) << FailureText(result);
  const std::vector<RuleCoverage> rules = Summarize(coverage, *harness.suite().rules);
  ASSERT_EQ(rules.size(), 1u);
  EXPECT_EQ(rules[0].tests, 2u);
  EXPECT_EQ(rules[0].percent(), 100) << CoverageText(rules);
}

constexpr char kEveryConstruct[] = R"(
id: r
by: user
within: 10m
sequence:
  - a: { on: logins }
  - group:
      steps:
        - b: { on: devices, optional: true }
        - c: { on: devices, where: 'n == 1', repeat: { min: 1, max: 3, within: 1m, until: { on: logins } } }
      optional: true
      repeat: { min: 1, max: 2, within: 2m }
  - any_of: [ d: { on: transactions, where: 'n == 1' }, e: { on: transactions, where: 'n == 2' } ]
until: { on: devices, where: 'n == 9' }
on_timeout: { from: a }
tests:
)";

TEST(Coverage, EveryConstructHasItsPoints) {
  TestingHarness harness;
  Coverage coverage;
  harness.suite().coverage = &coverage;
  harness.Run(absl::StrCat(kEveryConstruct, R"(
  - name: nothing
    events: [ { at: 0s, on: logins, user: u } ]
    end: drain
    alerts: []
)"));
  const std::string text = CoverageText(Summarize(coverage, *harness.suite().rules));
  for (const char* missed :
       {"it never times out", "step 'b' is never left out", "the group is never left out",
        "'within' in the repeat of step 'c' never runs out",
        "'within' in the repeat of the group never runs out", "step 'd' is never taken",
        "step 'e' is never taken", "rules.yml:10:91: the 'until' never ends anything",
        "rules.yml:14:1: the 'until' never ends anything", "'n == 9' is never true"}) {
    EXPECT_THAT(text, HasSubstr(missed));
  }
}

TEST(Coverage, EveryConstructIsReached) {
  TestingHarness harness;
  Coverage coverage;
  harness.suite().coverage = &coverage;
  const std::vector<TestResult> results = harness.Run(absl::StrCat(kEveryConstruct, R"(
  - name: the group is left out
    events:
      - { at: 0s, on: logins, user: u }
      - { at: 1s, on: transactions, user: u, n: 1 }
    alerts: [ { evidence: [0, 1] } ]
  - name: the group comes without its first step
    events:
      - { at: 0s, on: logins, user: u }
      - { at: 1s, on: devices, user: u, n: 1 }
      - { at: 2s, on: logins, user: v }
      - { at: 3m, on: devices, user: u, n: 1 }
      - { at: 4m, on: transactions, user: u, n: 2 }
    alerts: [ {}, {}, {}, { key: v, kind: timeout } ]
  - name: until and timeout
    events:
      - { at: 0s, on: logins, user: u }
      - { at: 1s, on: devices, user: u, n: 1 }
      - { at: 2s, on: logins, user: u }
      - { at: 3s, on: devices, user: u, n: 9 }
      - { at: 11m, on: transactions, user: v, n: 0 }
    alerts: []
)"));
  for (const TestResult& result : results) EXPECT_TRUE(result.passed()) << FailureText(result);
  const std::vector<RuleCoverage> rules = Summarize(coverage, *harness.suite().rules);
  const std::string text = CoverageText(rules);
  for (const char* reached : {"it never times out", "is never left out", "in the repeat of",
                              "is never taken", "never ends anything"}) {
    EXPECT_THAT(text, Not(HasSubstr(reached)));
  }
}

TEST(Coverage, RulesWithoutTestsAreNamed) {
  TestingHarness harness;
  Coverage coverage;
  harness.suite().coverage = &coverage;
  harness.Run(R"(
- { id: none, by: user, on: logins }
- id: some
  by: user
  on: logins
  tests: [ { name: a, events: [ { at: 0s, on: logins, user: u } ], alerts: [ {} ] }, { name: b, events: [], alerts: [] } ]
)");
  EXPECT_EQ(CoverageText(Summarize(coverage, *harness.suite().rules)),
            "coverage: 50% (3 of 6) of 2 rules, 1 without tests\n"
            "  none: no tests  rules.yml:2:9\n"
            "  some: 100% (3 of 3)\n");
}

}  // namespace
}  // namespace telltale::testing
