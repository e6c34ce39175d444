#include "daemon/app/rule_log.h"

#include <memory>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace telltale::app {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

class RuleLogTest : public ::testing::Test {
 protected:
  telemetry::LogOptions Options(telemetry::LogFormat format) {
    telemetry::LogOptions options;
    options.format = format;
    options.write = [this](std::string_view line) { lines_.emplace_back(line); };
    options.now = [] { return int64_t{1'772'359'235'000'000'000}; };
    return options;
  }

  rules::Diagnostics Mistakes() {
    auto file = std::make_shared<const rules::SourceFile>("r.yml", "id: a\non: logns\n");
    rules::Diagnostics diagnostics;
    rules::Diagnostic& error =
        diagnostics.Error(rules::kUnknownStream, {file, 10, 15}, "no stream 'logns'");
    error.suggestion = "logins";
    error.notes = {"rule 'a'", "step \"x\"\n"};
    diagnostics.Warning(rules::kStateForEver, {}, "for ever");
    return diagnostics;
  }

  std::vector<std::string> lines_;
};

TEST_F(RuleLogTest, InJsonAMistakeIsOneRecord) {
  telemetry::Logger log(Options(telemetry::LogFormat::kJson));
  LogDiagnostics(Mistakes(), log);
  EXPECT_THAT(
      lines_,
      ElementsAre("{\"time\":\"2026-03-01T10:00:35.000Z\",\"level\":\"error\",\"message\":"
                  "\"a stream that the config does not declare\",\"code\":\"R0201\","
                  "\"file\":\"r.yml\",\"line\":2,\"column\":5,\"detail\":\"no stream 'logns'\","
                  "\"suggestion\":\"logins\",\"notes\":\"rule 'a'; step \\\"x\\\"\\n\"}\n",
                  HasSubstr("\"level\":\"warning\",\"message\":\"a pattern that can hold state for "
                            "ever\",\"code\":\"R0902\",\"file\":\"\",\"line\":0,")));
}

TEST_F(RuleLogTest, OnATerminalItIsTheTextOfCheck) {
  telemetry::Logger log(Options(telemetry::LogFormat::kText));
  ::testing::internal::CaptureStderr();
  LogDiagnostics(Mistakes(), log);
  EXPECT_THAT(::testing::internal::GetCapturedStderr(),
              StartsWith("r.yml:2:5: error[R0201]: no stream 'logns' (did you mean 'logins'?)\n"
                         "   2 | on: logns\n"));
  EXPECT_THAT(lines_, ElementsAre());
}

TEST_F(RuleLogTest, AReloadSaysWhatItDid) {
  telemetry::Logger log(Options(telemetry::LogFormat::kText));
  ReloadOutcome outcome;
  outcome.accepted = true;
  outcome.generation = 4;
  outcome.added = {"a"};
  outcome.changed = {"b", "c"};
  outcome.dropped_partial_matches = 7;
  LogReload(outcome, log);
  EXPECT_THAT(lines_, ElementsAre(HasSubstr("rules reloaded generation=4 added=1 changed=2 "
                                            "removed=0 unchanged=0 given_up=7\n")));
}

TEST_F(RuleLogTest, ARefusedOneSaysThatTheOldRulesStay) {
  telemetry::Logger log(Options(telemetry::LogFormat::kJson));
  ReloadOutcome outcome;
  outcome.diagnostics = Mistakes();
  outcome.generation = 3;
  LogReload(outcome, log);
  EXPECT_THAT(lines_, ElementsAre(HasSubstr("R0201"), HasSubstr("R0902"),
                                  HasSubstr("\"message\":\"rules not reloaded, the old ones stay\","
                                            "\"error\":\"they do not load\",\"errors\":1,"
                                            "\"generation\":3}")));
}

}  // namespace
}  // namespace telltale::app
