#include "tests/rules/schema_judge.h"

#include <gtest/gtest.h>

#include <memory>

#include "absl/strings/str_cat.h"
#include "rules/load/yaml/json_value.h"
#include "rules/load/yaml/reader.h"
#include "rules/model/diagnostic.h"
#include "tests/support/process.h"
#include "tests/support/temp_dir.h"

namespace telltale::rules {

SourcePtr CaseFile(const std::string& text) {
  return std::make_shared<const SourceFile>("case.yml", text);
}

std::vector<Node> Parsed(const std::string& yaml) {
  Diagnostics diagnostics;
  std::vector<Node> documents = ReadYaml(CaseFile(yaml), diagnostics);
  EXPECT_FALSE(diagnostics.has_errors()) << Render(diagnostics);
  return documents;
}

std::string ToJson(const Node& node) {
  Diagnostics diagnostics;
  std::string json;
  AppendJson(JsonValue(node, diagnostics), json);
  EXPECT_FALSE(diagnostics.has_errors()) << Render(diagnostics);
  return json;
}

void SchemaCases::Add(const std::string& json, bool accepted) {
  absl::StrAppend(&lines_, "{\"document\": ", json, ", \"accepted\": ", accepted ? "true" : "false",
                  "}\n");
  ++(accepted ? accepted_ : refused_);
}

void SchemaCases::ExpectJudged(const std::string& schema) const {
  const support::TempDir folder;
  support::ProcessOptions options;
  options.args = {"python3", std::string(TELLTALE_SOURCE_DIR) + "/tests/rules/schema_check.py",
                  folder.Write("schema.json", schema), folder.Write("cases", lines_)};
  const support::ProcessResult result = support::RunProcess(options, absl::Seconds(200));
  EXPECT_EQ(result.exit_code, 0) << result.out << result.err;
}

}  // namespace telltale::rules
