// `telltale test` from the outside, by the built binary: which tests it runs, what it prints, how
// it exits.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "tests/support/process.h"
#include "tests/support/temp_dir.h"

namespace telltale {
namespace {

using support::ProcessResult;
using testing::HasSubstr;
using testing::StartsWith;

constexpr char kConfig[] = R"(streams:
  logins: { topic: auth.logins, time: { field: ts } }
rules: [ rules ]
)";

constexpr char kRule[] = R"(id: login
by: user
on: logins
where: result == "ok"
tests:
  - name: inline
    events: [ { at: 0s, on: logins, user: u1, result: ok } ]
    alerts: [ { key: u1 } ]
)";

constexpr char kTests[] = R"(rule: login
tests:
  - name: failure
    events: [ { at: 0s, on: logins, user: u1, result: failure } ]
    alerts: []
)";

class TestCommandTest : public testing::Test {
 protected:
  TestCommandTest() {
    std::filesystem::create_directory(folder_.File("rules"));
    folder_.Write("telltale.yml", kConfig);
    folder_.Write("rules/login.yml", kRule);
    folder_.Write("rules/login.test.yml", kTests);
  }

  ProcessResult Telltale(std::vector<std::string> args, std::string directory = "") {
    args.insert(args.begin(), support::Binary("telltale"));
    support::ProcessOptions options;
    options.args = std::move(args);
    options.directory = directory.empty() ? folder_.path() : std::move(directory);
    return support::RunProcess(options, absl::Seconds(60));
  }
  ProcessResult Test(std::vector<std::string> args = {}) {
    args.insert(args.begin(), "test");
    return Telltale(std::move(args));
  }

  support::TempDir folder_;
};

TEST_F(TestCommandTest, RunsTheConfigsRulesAndTheTestsBesideThem) {
  const ProcessResult result = Test({"--verbose"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.out, "ok    login/inline\nok    login/failure\n2 tests: 2 passed, 0 failed\n");
  EXPECT_EQ(result.err, "");
}

TEST_F(TestCommandTest, RunsWhatIsNamed) {
  // A rule file, with the tests beside it; a test file alone, for the config's rules; a folder.
  EXPECT_EQ(Test({"--verbose", "rules/login.yml"}).out,
            "ok    login/inline\nok    login/failure\n2 tests: 2 passed, 0 failed\n");
  EXPECT_EQ(Test({"--verbose", "rules/login.test.yml"}).out,
            "ok    login/failure\n1 test: 1 passed, 0 failed\n");
  EXPECT_EQ(Test({"rules"}).out, "2 tests: 2 passed, 0 failed\n");
}

TEST_F(TestCommandTest, FiltersByRuleAndName) {
  EXPECT_EQ(Test({"--filter", "login/in*"}).out, "1 test: 1 passed, 0 failed\n");
  EXPECT_EQ(Test({"--filter", "failure"}).out, "1 test: 1 passed, 0 failed\n");
  EXPECT_EQ(Test({"--filter", "log?n"}).out, "2 tests: 2 passed, 0 failed\n");
  const ProcessResult none = Test({"--filter", "logout*"});
  EXPECT_EQ(none.exit_code, 3);
  EXPECT_THAT(none.err, HasSubstr("no test fits '--filter logout*'"));
}

TEST_F(TestCommandTest, AFailedTestIsShownAndExitsWith1) {
  folder_.Write("rules/wrong.test.yml", R"(rule: login
tests:
  - name: wrong
    events:
      - { at: 0s, on: logins, user: u1, result: oK }
      - { at: 1s, on: logins, user: u2, result: ok }
    alerts: [ { key: u1, at: 0s } ]
)");
  const ProcessResult result = Test({});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_EQ(result.out, R"(FAIL  login/wrong
      rules/wrong.test.yml:3:11
    alert 0 did not come, nor one like it  rules/wrong.test.yml:7:17
           expected
      key  u1
      at   0s
    why there is none for key u1
      no event began it
      step 'logins' was never passed  rules/login.yml:3:5
        event 0 (logins at 0s) does not fit
          result == "ok" is false  rules/login.yml:4:8
            result is "oK"
    an alert came that is not expected
                got
      key       u2
      at        1s
      evidence  logins 1
      title     login

3 tests: 2 passed, 1 failed
)");
}

TEST_F(TestCommandTest, MistakesInTestsAreDiagnosticsOfCheckToo) {
  folder_.Write("rules/bad.test.yml",
                "rule: logon\ntests: [ { name: a, events: [], alerts: [] } ]\n");
  for (const char* command : {"test", "check"}) {
    const ProcessResult result = Telltale({command, "rules"});
    EXPECT_EQ(result.exit_code, 2);
    EXPECT_THAT(result.err, StartsWith("rules/bad.test.yml:1:7: error[R0607]: there is no rule "
                                       "'logon' to test (did you mean 'login'?)\n"));
  }
}

TEST_F(TestCommandTest, WritesJunitAndJson) {
  const ProcessResult result = Test({"--junit", "out.xml", "--format", "json", "--coverage"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(support::ReadFile(folder_.File("out.xml")),
              HasSubstr("<testsuite name=\"login\" tests=\"2\""));
  EXPECT_THAT(result.out, HasSubstr("\"passed\":2,\"failed\":0,\"skipped\":0,\"coverage\":[{"
                                    "\"rule\":\"login\",\"tests\":2,\"points\":5,\"reached\":5,"
                                    "\"missed\":[]}]}\n"));
  const ProcessResult unwritable = Test({"--junit", "no/such/folder.xml"});
  EXPECT_EQ(unwritable.exit_code, 1);
  EXPECT_THAT(unwritable.err, HasSubstr("no/such/folder.xml"));
}

TEST_F(TestCommandTest, CoverageIsToldBehindTheTests) {
  EXPECT_EQ(Test({"--coverage", "--filter", "inline"}).out,
            "1 test: 1 passed, 0 failed\n"
            "coverage: 60% (3 of 5) of 1 rule\n"
            "  login: 60% (3 of 5)\n"
            "    rules/login.yml:1:5: it is never quiet\n"
            "    rules/login.yml:4:8: 'result == \"ok\"' is never false\n");
}

TEST_F(TestCommandTest, WrongCommandLines) {
  EXPECT_EQ(Test({"-c", "nosuch.yml"}).exit_code, 3);
  EXPECT_EQ(Test({"--format", "yaml"}).exit_code, 3);
  EXPECT_EQ(Test({"-j", "0x"}).exit_code, 3);
  EXPECT_EQ(Test({"--jobs", "1000"}).exit_code, 3);
  EXPECT_EQ(Test({"--nosuch"}).exit_code, 3);
  EXPECT_EQ(Test({"nosuch.yml"}).exit_code, 2);
}

TEST_F(TestCommandTest, WhatNamesNothingIsAMistake) {
  std::filesystem::create_directory(folder_.File("empty"));
  for (const char* command : {"check", "test", "list", "fmt", "diff"}) {
    for (const char* pattern : {"empty", "no*.yml"}) {
      std::vector<std::string> args = {command, pattern};
      if (args[0] == "diff") args.emplace_back("rules");
      const ProcessResult result = Telltale(args);
      EXPECT_EQ(result.exit_code, 2) << command << " " << pattern;
      EXPECT_THAT(result.err, HasSubstr("error[C0118]")) << command;
    }
  }
}

TEST_F(TestCommandTest, CheckReadsTheTestsBesideANamedFile) {
  folder_.Write("rules/login.test.yml", "rule: login\ntests: [ { name: n, alerts: [] } ]\n");
  EXPECT_THAT(Telltale({"check", "rules/login.yml"}).err, HasSubstr("login.test.yml:2"));
}

TEST_F(TestCommandTest, OptionsThatWouldDoNothingAreRefused) {
  const std::vector<std::vector<std::string>> lines = {
      {"check", "--address", "localhost:1", "rules"},
      {"check", "--timeout", "3", "rules"},
      {"check", "--daemon", "--strict"},
      {"list", "--offline", "--address", "localhost:1"},
      {"fmt", "-c", "telltale.yml", "rules/login.yml"},
      {"demo", "--http", "localhost:1"}};
  for (const std::vector<std::string>& line : lines)
    EXPECT_EQ(Telltale(line).exit_code, 3) << absl::StrJoin(line, " ");
}

TEST_F(TestCommandTest, RulesWithoutTestsAreNoFailure) {
  folder_.Write("bare.yml", "id: bare\non: logins\n");
  const ProcessResult result = Test({"bare.yml"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(result.out, "0 tests: 0 passed, 0 failed\n");
}

// The rules that users copy first are an example of how it is done.
TEST_F(TestCommandTest, TheSampleRulesPassTheirTestsWhichReachEverything) {
  const ProcessResult result = Telltale({"test", "--coverage", "-c", "telltale.yml"},
                                        absl::StrCat(TELLTALE_SOURCE_DIR, "/deploy/sample"));
  EXPECT_EQ(result.exit_code, 0) << result.out << result.err;
  EXPECT_THAT(result.out, HasSubstr(" 0 failed\ncoverage: 100% "));
  const ProcessResult laid_out =
      Telltale({"fmt", "--check"}, absl::StrCat(TELLTALE_SOURCE_DIR, "/deploy/sample"));
  EXPECT_EQ(laid_out.exit_code, 0) << laid_out.out << laid_out.err;
}

class RulePack : public TestCommandTest, public testing::WithParamInterface<const char*> {
 protected:
  ProcessResult InPack(std::vector<std::string> args) {
    return Telltale(std::move(args),
                    absl::StrCat(TELLTALE_SOURCE_DIR, "/rules/packs/", GetParam()));
  }
};

TEST_P(RulePack, PassesItsTestsWhichReachEverythingWithoutAWarningAndIsLaidOut) {
  const ProcessResult tested = InPack({"test", "--coverage", "-c", "telltale.yml"});
  EXPECT_EQ(tested.exit_code, 0) << tested.out << tested.err;
  EXPECT_THAT(tested.out, HasSubstr(" 0 failed\ncoverage: 100% "));
  const ProcessResult checked = InPack({"check", "--strict", "-c", "telltale.yml"});
  EXPECT_EQ(checked.exit_code, 0) << checked.out << checked.err;
  const ProcessResult laid_out = InPack({"fmt", "--check", "rules", "telltale.yml"});
  EXPECT_EQ(laid_out.exit_code, 0) << laid_out.out << laid_out.err;
}

INSTANTIATE_TEST_SUITE_P(All, RulePack,
                         testing::Values("account-takeover", "payment-fraud", "web-sessions",
                                         "infrastructure"));

}  // namespace
}  // namespace telltale
