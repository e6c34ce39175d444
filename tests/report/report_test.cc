// The forms of a report, to the byte. check_formats.py holds them against their schemas.
#include "daemon/report/report.h"

#include <gtest/gtest.h>

#include "daemon/report/json_writer.h"
#include "daemon/report/place.h"
#include "daemon/telemetry/version.h"

namespace telltale::report {
namespace {

constexpr rules::Code kCode{"R0202", "a step name that is taken"};

rules::SourcePtr File(std::string path, std::string text) {
  return std::make_shared<const rules::SourceFile>(std::move(path), std::move(text));
}

rules::Diagnostics Example() {
  rules::Diagnostics diagnostics;
  const rules::SourcePtr file = File("a,b:c%.yml", "id: \xC3\xA9 logn\n");
  rules::Diagnostic& error = diagnostics.Error(kCode, {file, 7, 11}, "no 'logn', 100%");
  error.suggestion = "logins";
  error.labels.push_back({{file, 0, 2}, "by this"});
  error.labels.push_back({{}, "somewhere"});
  error.notes.push_back("rule 'a'");
  diagnostics.Warning(kCode, {}, "no place");
  return diagnostics;
}

TEST(Json, HoldsAllThatIsKnown) {
  const rules::Diagnostics diagnostics = Example();
  EXPECT_EQ(
      Render({diagnostics, false, 0, 1}, Format::kJson),
      "{\"version\":1,\"telltale\":\"" + std::string(telemetry::kVersion) +
          "\",\"loads\":false,\"rules\":0,\"files\":1,\"errors\":1,\"warnings\":1,\"left_out\":0,"
          "\"diagnostics\":["
          "{\"severity\":\"error\",\"code\":\"R0202\",\"title\":\"a step name that is taken\","
          "\"message\":\"no 'logn', 100%\",\"suggestion\":\"logins\","
          "\"place\":{\"file\":\"a,b:c%.yml\",\"begin\":{\"byte\":7,\"line\":1,\"column\":7},"
          "\"end\":{\"byte\":11,\"line\":1,\"column\":11}},"
          "\"labels\":[{\"message\":\"by this\",\"place\":{\"file\":\"a,b:c%.yml\","
          "\"begin\":{\"byte\":0,\"line\":1,\"column\":1},\"end\":{\"byte\":2,\"line\":1,"
          "\"column\":3}}},{\"message\":\"somewhere\"}],\"notes\":[\"rule 'a'\"],"
          "\"fix\":{\"place\":{\"file\":\"a,b:c%.yml\",\"begin\":{\"byte\":7,\"line\":1,"
          "\"column\":7},\"end\":{\"byte\":11,\"line\":1,\"column\":11}},\"text\":\"logins\"}},"
          "{\"severity\":\"warning\",\"code\":\"R0202\",\"title\":\"a step name that is taken\","
          "\"message\":\"no place\",\"labels\":[],\"notes\":[]}]}\n");
}

TEST(Github, EscapesWhatItsCommandsMean) {
  const rules::Diagnostics diagnostics = Example();
  EXPECT_EQ(Render({diagnostics, false, 0, 1}, Format::kGithub),
            "::error file=a%2Cb%3Ac%25.yml,line=1,endLine=1,col=7,endColumn=11,title=R0202::"
            "no 'logn', 100%25 (did you mean 'logins'?)%0Aa,b:c%25.yml:1:1: by this%0Asomewhere"
            "%0Arule 'a'\n"
            "::warning title=R0202::no place\n");
}

TEST(Github, TellsNoColumnsOverLines) {
  rules::Diagnostics diagnostics;
  diagnostics.Error(kCode, {File("a.yml", "ab\ncd\n"), 1, 4}, "two\nlines");
  EXPECT_EQ(Render({diagnostics, false, 0, 1}, Format::kGithub),
            "::error file=a.yml,line=1,endLine=2,title=R0202::two lines\n");
}

TEST(Sarif, HasTheExplanationAsHelp) {
  const rules::Diagnostics diagnostics = Example();
  const std::string text = Render({diagnostics, false, 0, 1}, Format::kSarif);
  EXPECT_NE(text.find("\"help\":{\"text\":\"Two steps of a sequence"), std::string::npos);
  EXPECT_NE(text.find("\"uri\":\"./a,b:c%25.yml\""), std::string::npos);
  EXPECT_NE(text.find("\"insertedContent\":{\"text\":\"logins\"}"), std::string::npos);
  EXPECT_NE(text.find("\"relatedLocations\":[{\"id\":1,"), std::string::npos);
  EXPECT_EQ(text.find("\"locations\":[]"), std::string::npos);
  EXPECT_NE(text.find("\"toolConfigurationNotifications\":[{\"associatedRule\":{\"id\":\""),
            std::string::npos);
}

TEST(AllForms, SayHowManyAreLeftOut) {
  rules::Diagnostics diagnostics;
  const rules::SourcePtr file = File("a.yml", "x");
  for (size_t i = 0; i < rules::Diagnostics::kMostKept + 2; ++i)
    diagnostics.Error(kCode, {file, 0, 1}, "again");
  const Report report = {diagnostics, false, 0, 1};
  EXPECT_NE(Render(report, Format::kText).find("... and 2 more\n"), std::string::npos);
  EXPECT_NE(Render(report, Format::kJson).find("\"left_out\":2"), std::string::npos);
  EXPECT_NE(Render(report, Format::kGithub).find("and 2 more\n"), std::string::npos);
  EXPECT_NE(Render(report, Format::kSarif).find("2 more results are left out"), std::string::npos);
}

TEST(AllForms, WithoutFindings) {
  const rules::Diagnostics diagnostics;
  const Report report = {diagnostics, true, 3, 1};
  EXPECT_EQ(Render(report, Format::kText), "");
  EXPECT_EQ(Render(report, Format::kGithub), "");
  EXPECT_NE(Render(report, Format::kJson).find("\"loads\":true,\"rules\":3"), std::string::npos);
  EXPECT_NE(Render(report, Format::kSarif).find("\"results\":[]"), std::string::npos);
}

TEST(FormatOf, KnowsItsWords) {
  EXPECT_EQ(FormatOf("text"), Format::kText);
  EXPECT_EQ(FormatOf("json"), Format::kJson);
  EXPECT_EQ(FormatOf("github"), Format::kGithub);
  EXPECT_EQ(FormatOf("sarif"), Format::kSarif);
  EXPECT_EQ(FormatOf("xml"), std::nullopt);
}

TEST(UriOf, EscapesPaths) {
  EXPECT_EQ(UriOf("rules/a b.yml"), "rules/a%20b.yml");
  EXPECT_EQ(UriOf("/srv/rules/\xC3\xA9.yml"), "file:///srv/rules/%C3%A9.yml");
  EXPECT_EQ(UriOf("c:d.yml"), "./c:d.yml");
  EXPECT_EQ(UriOf("a/c:d#?.yml"), "a/c:d%23%3F.yml");
}

TEST(JsonWriter, SetsCommasAndEscapes) {
  JsonWriter json;
  json.BeginObject().Key("a").BeginArray().Number(1).Text("\"\n\xFF").Bool(false).EndArray();
  json.Key("b").BeginObject().EndObject().EndObject();
  EXPECT_EQ(json.Take(), "{\"a\":[1,\"\\\"\\n\xEF\xBF\xBD\",false],\"b\":{}}");
}

}  // namespace
}  // namespace telltale::report
