// What a sample of events says against rules (R0951, R0952), and how many events fit their steps.
#include "daemon/sample/sample_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/config/config.h"
#include "daemon/sample/field_uses.h"
#include "rules/load/load.h"
#include "tests/support/temp_dir.h"

namespace telltale::sample {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr char kConfig[] =
    "streams:\n"
    "  logins: { time: { source: kafka } }\n"
    "  pays: { time: { field: t }, fields: { amount: double, payer.id: string } }\n";

class SampleCheck : public testing::Test {
 protected:
  SampleCheck() {
    config::ConfigResult result = config::ParseConfig(
        std::make_shared<const rules::SourceFile>("telltale.yml", kConfig), config::Use::kReplay);
    EXPECT_TRUE(result.config.has_value()) << rules::Render(result.diagnostics);
    config_ = std::move(result.config);
  }

  void Load(const std::string& yaml) {
    rules::LoadResult loaded =
        rules::Load({std::make_shared<const rules::SourceFile>("r.yml", yaml)}, config_->catalog);
    ASSERT_NE(loaded.rules, nullptr) << rules::Render(loaded.diagnostics);
    loaded_ = std::move(loaded.diagnostics);
    rules_ = std::move(loaded.rules);
  }

  // `files`: lines of each stream.
  Sample Read(const std::vector<std::pair<std::string, std::string>>& files) {
    std::vector<Input> inputs;
    for (const auto& [stream, lines] : files) {
      const std::string name = std::to_string(inputs.size());
      auto reader = replay::LineReader::Open(folder_.Write(name, lines));
      EXPECT_TRUE(reader.ok());
      inputs.push_back({*config_->catalog->Find(stream), *std::move(reader)});
    }
    auto sample = ReadSample(*rules_, *config_, std::move(inputs));
    EXPECT_TRUE(sample.ok()) << sample.status();
    return *std::move(sample);
  }

  // "line:column code message (suggestion)".
  std::vector<std::string> Check(const std::vector<std::pair<std::string, std::string>>& files) {
    const Sample sample = Read(files);
    std::vector<std::string> lines;
    const rules::Diagnostics warnings = CheckSample(*rules_, sample);
    for (const rules::Diagnostic& found : warnings.list()) {
      const rules::LineColumn at = found.span.file->Locate(found.span.begin);
      lines.push_back(std::to_string(at.line) + ":" + std::to_string(at.column) + " " +
                      found.code.id + " " + rules::MessageOf(found));
      EXPECT_EQ(found.severity, rules::Severity::kWarning);
      EXPECT_EQ(found.notes.size(), 1u);
    }
    return lines;
  }

  support::TempDir folder_;
  std::optional<config::Config> config_;
  std::shared_ptr<const rules::RuleSet> rules_;
  rules::Diagnostics loaded_;
};

TEST_F(SampleCheck, TellsAFieldThatNoEventHasOnceARule) {
  Load(
      "- { id: a, on: logins, by: usr, where: usr != \"root\" && has(ip), suppress: { for: 1h } }\n"
      "- { id: b, on: logins, where: usr == \"bob\" }\n");
  EXPECT_THAT(
      Check({{"logins", "{\"user\": \"ann\", \"ip\": \"::1\"}\n{\"user\": \"bob\"}\n"}}),
      ElementsAre("1:28 R0951 the field 'usr' is in no event of the sample of 'logins' (2 events) "
                  "(did you mean 'user'?)",
                  "2:31 R0951 the field 'usr' is in no event of the sample of 'logins' (2 events) "
                  "(did you mean 'user'?)"));
}

TEST_F(SampleCheck, FindsThePlaceInFoldedAndQuotedText) {
  Load(
      "- id: a\n"
      "  on: logins\n"
      "  where: >-\n"
      "    user == \"ann\" &&\n"
      "    payer.idd == \"x\"\n"
      "- id: b\n"
      "  on: logins\n"
      "  where: \"user == \\\"a\\\" && usr == \\\"b\\\"\"\n");
  EXPECT_THAT(
      Check({{"logins", "{\"user\": \"ann\", \"payer\": {\"id\": \"x\"}}"}}),
      ElementsAre("5:5 R0951 the field 'payer.idd' is in no event of the sample of 'logins' "
                  "(1 event) (did you mean 'payer.id'?)",
                  "8:28 R0951 the field 'usr' is in no event of the sample of 'logins' "
                  "(1 event) (did you mean 'user'?)"));
}

TEST_F(SampleCheck, LooksAtTheFieldsOfStepsAndAlertsByTheirStreams) {
  Load(
      "id: a\n"
      "by: user\n"
      "within: 1h\n"
      "sequence:\n"
      "  - l: { on: logins }\n"
      "  - p: { on: pays, where: amount > 5.0 && city != l.cty }\n"
      "alert: { fields: { from: l.ipp } }\n");
  const std::string logins = R"({"user": "ann", "city": "Ulm", "ip": "::1"})";
  EXPECT_THAT(Check({{"logins", logins}}), ElementsAre(HasSubstr("6:53 R0951 the field 'cty'"),
                                                       HasSubstr("7:28 R0951 the field 'ipp'")));
  // Of a stream without a sample, or without an event in it, nothing is known.
  EXPECT_THAT(Check({{"pays", ""}}), IsEmpty());
  EXPECT_THAT(Check({{"pays", "{\"t\": 1, \"user\": \"u\", \"city\": \"Ulm\", \"amount\": 1}"}}),
              IsEmpty());
}

TEST_F(SampleCheck, TellsADeclaredTypeThatNoValueHas) {
  Load("id: a\non: pays\nwhere: amount > 5.0 && payer.id == \"x\"\n");
  EXPECT_THAT(Check({{"pays", R"({"t": 1, "amount": "7", "payer": {"id": "x"}})"
                              "\n"
                              R"({"t": 2, "amount": "8", "payer": {"id": 3}})"}}),
              ElementsAre("3:8 R0952 the field 'amount' is declared double, and is string in the "
                          "sample of 'pays' (2 events)"));
  EXPECT_THAT(Check({{"pays", R"({"t": 1, "amount": "7", "payer": {"id": "x"}})"
                              "\n"
                              R"({"t": 2, "amount": 8})"}}),
              IsEmpty());
}

TEST_F(SampleCheck, TellsAFieldThatIsComparedWithAnotherType) {
  Load(
      "- { id: a, on: logins, where: n > 5 && 3 + n < 9 }\n"
      "- { id: b, on: logins, where: \"n in ['a', 'b'] || n > 1\" }\n"
      "- { id: c, on: logins, where: double(n) > 5.0 || n == 3 }\n"
      "- { id: d, on: logins, where: has(n) && n != null && !ok }\n"
      "- { id: e, on: logins, where: ok.startsWith(\"x\") }\n");
  EXPECT_THAT(
      Check({{"logins", "{\"n\": \"5\", \"ok\": 1}\n{\"n\": null, \"ok\": 2.5}"}}),
      ElementsAre("1:31 R0952 the field 'n' is compared with numbers only, and is string or "
                  "null in the sample of 'logins' (2 events)",
                  HasSubstr("4:55 R0952 the field 'ok' is compared with bools only, and is "
                            "int or double"),
                  HasSubstr("5:31 R0952 the field 'ok' is compared with strings only")));
  EXPECT_THAT(Check({{"logins", "{\"n\": \"5\", \"ok\": true}\n{\"n\": 1, \"ok\": \"x\"}"}}),
              IsEmpty());
  EXPECT_THAT(Check({{"logins", "{\"n\": null, \"ok\": null}"}}), IsEmpty());
}

TEST_F(SampleCheck, KeepsToWhatTheRuleAllows) {
  Load(
      "- { id: a, on: logins, where: usr == \"x\" && n > 5, allow: [R0951] }\n"
      "- { id: b, on: logins, where: usr == \"y\" && n > 6, allow: [R0952] }\n");
  EXPECT_TRUE(loaded_.empty()) << rules::Render(loaded_);  // no R0915 without a sample
  EXPECT_THAT(Check({{"logins", "{\"n\": \"5\"}"}}),
              ElementsAre(HasSubstr("1:45 R0952"), HasSubstr("2:31 R0951")));
}

TEST_F(SampleCheck, SuggestsOnlyWhatCanBeWritten) {
  Load("id: a\non: logins\nwhere: usr_id == \"x\"\n");
  EXPECT_THAT(Check({{"logins", R"({"usr-id": 1})"}}), ElementsAre(testing::EndsWith("(1 event)")));
}

TEST_F(SampleCheck, CountsWhatFitsEachStepByTheEventAlone) {
  Load(
      "id: a\n"
      "by: user\n"
      "within: 1h\n"
      "sequence:\n"
      "  - l: { on: logins, where: ok }\n"
      "  - not: { on: logins, where: user == \"bob\" }\n"
      "  - p: { on: pays, where: amount > 5.0 && user == l.user && size(payer.id) > 1 }\n"
      "mode: \"off\"\n");
  const Sample sample =
      Read({{"pays",
             "{\"t\": 1, \"user\": \"a\", \"amount\": 6, \"payer\": {\"id\": \"xy\"}}\n"
             "\n"
             "{\"t\": 2, \"amount\": 7}\n"
             "{\"t\": 3, \"amount\": 1}\n"
             "{\"amount\": 6}\n"
             "no JSON\n"
             "{\"t\": 4, \"x\": [01]}\n"},
            {"logins", "{\"user\": \"bob\", \"ok\": true}\n"},
            {"logins", "{\"user\": \"ann\", \"ok\": 1}\n{\"user\": \"bob\"}\n"}});
  ASSERT_EQ(sample.streams.size(), 2u);
  EXPECT_EQ(sample.streams[0].profile.events(), 3);  // both files
  EXPECT_EQ(sample.streams[0].bad_lines, 0);
  EXPECT_EQ(sample.streams[1].profile.events(), 3);
  EXPECT_EQ(sample.streams[1].bad_lines, 3);
  EXPECT_THAT(
      sample.streams[1].bad_reasons,
      ElementsAre(std::pair("bad_value", 1), std::pair("no_time", 1), std::pair("not_json", 1)));
  std::vector<std::string> steps;
  for (const StepFit& fit : sample.steps) {
    steps.push_back(fit.step + " " + std::to_string(fit.fits) + " " + std::to_string(fit.errors));
  }
  EXPECT_THAT(steps, ElementsAre("l 1 2", "p 1 1", "not 2 0"));
}

TEST(FieldUses, AreEachGivenOnceWithAllTheirUses) {
  const auto streams = std::make_shared<const rules::StreamCatalog>(
      std::vector<rules::Stream>{{"logins", "auth", {}, 1'000'000}});
  const rules::LoadResult loaded =
      rules::Load({std::make_shared<const rules::SourceFile>(
                      "r.yml",
                      "{ id: a, on: logins, by: [user], where: n > 1 && s == \"x\" && t == s,\n"
                      "  exceptions: [ { name: e, where: n == \"lab\" } ] }\n")},
                  streams);
  ASSERT_NE(loaded.rules, nullptr) << rules::Render(loaded.diagnostics);
  const std::vector<FieldUse> uses = FieldUses(loaded.rules->rules.at(0));
  std::vector<std::string> names;
  for (const FieldUse& use : uses) names.push_back(PathText(use.path));
  EXPECT_THAT(names, ElementsAre("user", "n", "s", "t"));
  EXPECT_FALSE(uses[0].with_strings || uses[0].otherwise);
  EXPECT_TRUE(uses[1].with_numbers && uses[1].with_strings && !uses[1].otherwise);
  EXPECT_TRUE(uses[2].with_strings && uses[2].otherwise);  // beside a field of any type
}

}  // namespace
}  // namespace telltale::sample
