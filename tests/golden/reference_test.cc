// The references rules/README.md and daemon/config/README.md: their examples load without a word,
// and the tests in them pass.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "daemon/config/config.h"
#include "daemon/testing/suite.h"
#include "daemon/testing/text_report.h"
#include "rules/load/load.h"

namespace telltale {
namespace {

std::string ReadText(const std::string& name) {
  std::ifstream stream(std::string(TELLTALE_SOURCE_DIR) + "/" + name, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

// The ```yaml blocks, each with its line numbers kept by leading empty lines.
std::vector<rules::SourcePtr> Examples(const std::string& name) {
  std::vector<rules::SourcePtr> examples;
  std::istringstream lines(ReadText(name));
  std::string line;
  std::string before;
  std::string block;
  bool inside = false;
  while (std::getline(lines, line)) {
    if (inside && line == "```") {
      examples.push_back(std::make_shared<const rules::SourceFile>(name, before + block));
      before +=
          std::string(static_cast<size_t>(std::count(block.begin(), block.end(), '\n')), '\n');
      block.clear();
      inside = false;
    } else if (inside) {
      block += line + "\n";
      continue;
    } else if (line == "```yaml") {
      inside = true;
    }
    before += "\n";
  }
  return examples;
}

// The files that the examples name.
class ExampleData : public rules::DataFiles {
 public:
  rules::DataFile Read(std::string_view name, const rules::SourceFile&) override {
    const char* text = name == "vips.txt"      ? "# since 2020\nu7\n"
                       : name == "blocked.csv" ? "user_id;reason\nu9;fraud\n"
                                               : nullptr;
    if (text == nullptr) return {nullptr, "no such example"};
    return {std::make_shared<const rules::SourceFile>(std::string(name), text), ""};
  }
};

TEST(RuleReference, ExamplesLoadWithoutAWordAndPassTheirTests) {
  const std::vector<rules::SourcePtr> examples = Examples("rules/README.md");
  ASSERT_GE(examples.size(), 5u);
  const config::ConfigResult config = config::ParseConfig(examples[0], config::Use::kReplay);
  ASSERT_TRUE(config.config.has_value()) << Render(config.diagnostics);
  ExampleData data;
  std::map<std::string, rules::TableDeclaration, std::less<>> tables;
  for (const config::TableConfig& table : config.config->tables) tables[table.name];
  const rules::LoadResult result =
      rules::Load({examples.begin() + 1, examples.end()},
                  {.streams = config.config->catalog,
                   .tables = std::make_shared<const rules::TableCatalog>(std::move(tables)),
                   .data = &data});
  EXPECT_EQ(Render(result.diagnostics), "");
  ASSERT_NE(result.rules, nullptr);
  EXPECT_GE(result.rules->rules.size(), 5u);
  testing::Suite suite{.config = &*config.config, .rules = result.rules, .tests = {}};
  for (const rules::RuleTest& test : result.tests) suite.tests.push_back(&test);
  EXPECT_GE(suite.tests.size(), 3u);
  for (const testing::TestResult& test : testing::RunSuite(suite))
    EXPECT_TRUE(test.passed()) << test.test->Path() << "\n" << testing::FailureText(test);
}

TEST(ConfigReference, ExampleLoadsWithoutAWord) {
  for (const rules::SourcePtr& example : Examples("daemon/config/README.md")) {
    EXPECT_EQ(Render(config::ParseConfig(example).diagnostics), "");
  }
}

}  // namespace
}  // namespace telltale
