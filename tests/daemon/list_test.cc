// `telltale list` over files.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/process.h"
#include "tests/support/temp_dir.h"

namespace telltale {
namespace {

using testing::HasSubstr;

class ListCommand : public testing::Test {
 protected:
  ListCommand() {
    folder_.Write("telltale.yml",
                  "streams: { logins: { time: { field: t } }, pays: { time: { field: t } } }\n"
                  "rules: [ rules.yml ]\n");
    folder_.Write("rules.yml",
                  "- { id: b, on: pays, level: high, tags: [x, y], title: \"The \\\"b\\\"\" }\n"
                  "- { id: a, by: [user, ip], mode: shadow, within: 1h,\n"
                  "    sequence: [ l: { on: logins }, p: { on: pays } ] }\n");
  }
  support::ProcessResult List(std::vector<std::string> args) {
    args.insert(args.begin(), {support::Binary("telltale"), "list"});
    support::ProcessOptions options;
    options.args = std::move(args);
    options.directory = folder_.path();
    return support::RunProcess(options, absl::Seconds(60));
  }
  support::TempDir folder_;
};

TEST_F(ListCommand, ShowsTheRulesOfFiles) {
  const std::string table =
      "RULE  LEVEL   MODE    STREAMS      KEY      TESTS  TAGS  TITLE\n"
      "a     medium  shadow  logins,pays  user,ip      0        a\n"
      "b     high    live    pays                      0  x,y   The \"b\"\n";
  EXPECT_EQ(List({"--offline"}).out, table);
  EXPECT_EQ(List({"rules.yml"}).out, table);
}

TEST_F(ListCommand, ShowsJson) {
  const std::string out = List({"--offline", "--format", "json"}).out;
  EXPECT_THAT(out, HasSubstr("{\"rules\":[{\"id\":\"a\",\"title\":\"a\",\"level\":\"medium\","
                             "\"mode\":\"shadow\",\"fingerprint\":\""));
  EXPECT_THAT(out, HasSubstr("\"streams\":[\"logins\",\"pays\"],\"key\":[\"user\",\"ip\"],"
                             "\"tags\":[],\"tests\":0,\"file\":\"rules.yml\",\"line\":2}"));
  EXPECT_THAT(out, HasSubstr("\"title\":\"The \\\"b\\\"\""));
}

TEST_F(ListCommand, CountsTheTestsOfARule) {
  folder_.Write("rules.test.yml",
                "rules: [a, b]\ntests:\n- { name: none, events: [], alerts: [] }\n"
                "- { name: neither, events: [], alerts: [] }\n");
  const std::string out = List({"rules.yml", "--format", "json"}).out;
  EXPECT_THAT(out, HasSubstr("\"tests\":2,\"file\":\"rules.yml\",\"line\":1}"));
  EXPECT_THAT(out, HasSubstr("\"tests\":2,\"file\":\"rules.yml\",\"line\":2}"));
}

TEST_F(ListCommand, ShowsCorrelationsAsRules) {
  folder_.Write(
      "sigma.yml",
      "title: Failed\nid: 11111111-1111-4111-8111-111111111111\nname: failed\n"
      "logsource: { category: authentication }\n"
      "detection: { s: { result: failure }, condition: s }\nlevel: low\n"
      "---\ntitle: Many\nname: many\ntags: [attack.t1110]\ncorrelation: { type: event_count, "
      "rules: [failed],\n  group-by: [user], timespan: 10m, condition: { gte: 10 } }\nlevel: high\n"
      "---\ntitle: Many times\nname: often\ntags: [attack.t1110]\ncorrelation: { type: "
      "event_count, "
      "rules: [many],\n  group-by: [user], timespan: 1h, condition: { gte: 3 } }\n"
      "---\ntitle: Either\nname: either\ntags: [attack.t1110]\ncorrelation: { type: "
      "temporal_ordered, rules: [failed, many],\n  group-by: [user], timespan: 1h, "
      "condition: failed or many }\n");
  folder_.Write(
      "telltale.yml",
      "streams: { logins: { time: { field: t }, logsource: { category: authentication } } "
      "}\nrules: [ sigma.yml ]\n");
  EXPECT_THAT(List({"--offline"}).out,
              testing::ContainsRegex("\nmany +high +building_block +logins +user +0 +attack.t1110 "
                                     "+Many\n"));
  EXPECT_THAT(List({"--offline"}).out,
              testing::ContainsRegex("\noften +high +live +alerts +user +0 +attack.t1110 "
                                     "+Many times\n"));
  EXPECT_THAT(List({"--offline"}).out,
              testing::ContainsRegex("\neither +high +live +logins,alerts +user +0 +attack.t1110 "
                                     "+Either\n"));
}

TEST_F(ListCommand, FiltersByTagLevelAndStream) {
  EXPECT_THAT(List({"--offline", "--tag", "y"}).out, HasSubstr("\nb "));
  EXPECT_THAT(List({"--offline", "--tag", "y"}).out, testing::Not(HasSubstr("\na ")));
  EXPECT_THAT(List({"--offline", "--level=high"}).out, testing::Not(HasSubstr("\na ")));
  EXPECT_THAT(List({"--offline", "--stream", "logins"}).out, testing::Not(HasSubstr("\nb ")));
  EXPECT_THAT(List({"--offline", "--stream", "logins", "--stream", "pays"}).out, HasSubstr("\nb "));
}

TEST_F(ListCommand, SaysWhatIsWrong) {
  EXPECT_THAT(List({"--offline", "--level", "hihg"}).err, HasSubstr("did you mean 'high'?"));
  EXPECT_EQ(List({"--offline", "--level", "hihg"}).exit_code, 3);
  EXPECT_EQ(List({"--offline", "--stream", "none"}).exit_code, 3);
  EXPECT_EQ(List({"--tag", "x"}).exit_code, 3);
  EXPECT_EQ(List({"--offline", "--format", "xml"}).exit_code, 3);
  folder_.Write("bad.yml", "id: a\non: nothing\n");
  EXPECT_EQ(List({"bad.yml"}).exit_code, 2);
}

}  // namespace
}  // namespace telltale
