// `telltale check --sample` from the outside.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/process.h"
#include "tests/support/temp_dir.h"

namespace telltale {
namespace {

using testing::HasSubstr;
using testing::Not;

class CheckSample : public testing::Test {
 protected:
  CheckSample() {
    folder_.Write("telltale.yml",
                  "streams: { logins: { time: { field: t } }, pays: { time: { field: t } } }\n");
    folder_.Write("rules.yml",
                  "id: a\nby: user\nwithin: 1h\nsequence:\n"
                  "  - fail: { on: logins, where: result == \"failure\" && mfaa != \"x\" }\n"
                  "  - ok: { on: logins, where: result == \"success\" }\n");
    folder_.Write("logins.ndjson",
                  "{\"t\": 1, \"user\": \"ann\", \"result\": \"failure\", \"mfa\": \"sms\"}\n"
                  "{\"t\": 2, \"user\": \"ann\", \"result\": \"success\"}\n"
                  "{\"t\": 3, \"user\": \"bob\", \"result\": \"success\"}\n"
                  "what\n");
  }
  support::ProcessResult Check(std::vector<std::string> args) {
    args.insert(args.begin(), {support::Binary("telltale"), "check"});
    support::ProcessOptions options;
    options.args = std::move(args);
    options.directory = folder_.path();
    return support::RunProcess(options, absl::Seconds(60));
  }
  support::TempDir folder_;
};

TEST_F(CheckSample, WarnsAndShowsWhatTheEventsAre) {
  const auto result = Check({"--sample", "logins=logins.ndjson", "rules.yml"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.err,
              HasSubstr("rules.yml:5:55: warning[R0951]: the field 'mfaa' is in no event of the "
                        "sample of 'logins' (3 events) (did you mean 'mfa'?)\n"));
  EXPECT_EQ(result.out,
            "1 rule in 1 file: 0 errors, 1 warning\n"
            "\n"
            "logins: 3 events, 1 bad line (not_json 1)\n"
            "FIELD   TYPES   EVENTS      %\n"
            "result  string       3  100.0\n"
            "t       int          3  100.0\n"
            "user    string       3  100.0\n"
            "mfa     string       1   33.3\n"
            "\n"
            "RULE  STEP  STREAM  FIT     %  ERRORS\n"
            "a     fail  logins    0   0.0       1\n"
            "a     ok    logins    2  66.7       0\n");
}

TEST_F(CheckSample, ShowsTheMostFrequentFieldsAndSmallSharesAsSuch) {
  std::string wide = R"({"t": 1, "user": "ann", "result": "success", "all": 1)";
  for (int i = 100; i < 160; ++i) wide += ", \"f" + std::to_string(i) + "\": 1";
  std::string lines = wide + "}\n";
  for (int i = 0; i < 1999; ++i)
    lines += R"({"t": 1, "user": "ann", "result": "failure", "all": 1})" + std::string("\n");
  folder_.Write("logins.ndjson", lines + R"({"t": 1, "user": "ann", "result": "failure"})");
  const auto result = Check({"--sample", "logins=logins.ndjson", "rules.yml"});
  EXPECT_THAT(result.out, HasSubstr("\nall     int       2000  >99.9\n"));
  EXPECT_THAT(result.out, HasSubstr("\nf145    int          1  <0.1\n"
                                    "and 14 more\n"));
  EXPECT_THAT(result.out, HasSubstr("a     ok    logins    1  <0.1       0\n"));
}

TEST_F(CheckSample, IsStrictWhereThatIsWanted) {
  EXPECT_EQ(Check({"--strict", "rules.yml"}).exit_code, 0);
  EXPECT_EQ(Check({"--strict", "--sample", "logins=logins.ndjson", "rules.yml"}).exit_code, 1);
}

TEST_F(CheckSample, IsToldInJson) {
  const auto result = Check({"--sample=logins=logins.ndjson", "--format=json", "rules.yml"});
  EXPECT_THAT(result.out, HasSubstr("\"code\":\"R0951\""));
  EXPECT_THAT(result.out, HasSubstr("\"text\":\"mfa\"}"));
  EXPECT_THAT(result.out,
              HasSubstr("\"sample\":{\"streams\":[{\"stream\":\"logins\",\"events\":3,"
                        "\"bad_lines\":1,\"bad_reasons\":{\"not_json\":1},\"fields\":[{\"path\":"
                        "\"result\",\"events\":3,\"types\":[\"string\"]}"));
  EXPECT_THAT(result.out, HasSubstr("{\"rule\":\"a\",\"step\":\"ok\",\"stream\":\"logins\","
                                    "\"fits\":2,\"errors\":0}]}}\n"));
  EXPECT_THAT(Check({"--format=json", "rules.yml"}).out, Not(HasSubstr("\"sample\"")));
}

TEST_F(CheckSample, SaysWhatIsWrongWithTheCommandLine) {
  const struct {
    std::vector<std::string> args;
    const char* message;
  } cases[] = {
      {{"--sample", "login=logins.ndjson", "rules.yml"},
       "the config declares no stream 'login' (did you mean 'logins'?)"},
      {{"--sample", "logins", "rules.yml"}, "'logins' is not STREAM=FILE"},
      {{"--sample", "logins=nowhere.ndjson", "rules.yml"}, "nowhere.ndjson"},
      {{"--sample", "logins=-", "--sample", "pays=-", "rules.yml"}, "standard input"},
      {{"--daemon", "--sample", "logins=logins.ndjson"}, "--sample is read here"},
      {{"--explain", "R0101", "--format", "json"}, "--explain goes with CODEs alone"},
      {{"--explain", "--sample", "logins=logins.ndjson"}, "--explain goes with CODEs alone"},
  };
  for (const auto& [args, message] : cases) {
    const auto result = Check(args);
    EXPECT_EQ(result.exit_code, 3) << message;
    EXPECT_THAT(result.err, HasSubstr(message));
    EXPECT_EQ(result.out, "");
  }
}

TEST_F(CheckSample, RulesThatDoNotLoadAreToldAlone) {
  folder_.Write("rules.yml", "id: a\non: logins\nwhere: user ==\n");
  const auto result = Check({"--sample", "logins=logins.ndjson", "rules.yml"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_EQ(result.out, "");
}

}  // namespace
}  // namespace telltale
