// The expressions of rules/README.md: each line of its ```cel blocks gives what it says.
#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "rules/load/cel/functions.h"
#include "rules/load/cel/macros.h"
#include "tests/engine/condition_cases.h"

namespace telltale::engine {
namespace {

std::string Trimmed(const std::string& text) {
  const size_t begin = text.find_first_not_of(' ');
  if (begin == std::string::npos) return "";
  return text.substr(begin, text.find_last_not_of(' ') - begin + 1);
}

// Expressions and what they give.
std::vector<std::pair<std::string, std::string>> Examples() {
  std::ifstream file(std::string(TELLTALE_SOURCE_DIR) + "/rules/README.md");
  std::vector<std::pair<std::string, std::string>> examples;
  std::string line;
  bool inside = false;
  while (std::getline(file, line)) {
    if (line.starts_with("```")) {
      inside = line == "```cel";
    } else if (inside) {
      const size_t comment = line.rfind("//");
      const bool said = comment != std::string::npos;
      EXPECT_TRUE(said) << line;
      if (said)
        examples.emplace_back(Trimmed(line.substr(0, comment)), Trimmed(line.substr(comment + 2)));
    }
  }
  return examples;
}

TEST(ConditionReference, ExamplesGiveWhatTheySay) {
  const auto examples = Examples();
  EXPECT_GT(examples.size(), 50U);
  for (const auto& [expression, result] : examples) {
    CompiledCondition condition(expression);
    EXPECT_EQ(condition.Result({}), result) << expression;
  }
}

// A function counts as shown where its name, with its namespace, is called.
TEST(ConditionReference, EveryFunctionAndMacroHasAnExample) {
  std::string all;
  for (const auto& [expression, result] : Examples()) all += expression + "\n";
  const auto expect_shown = [&all](std::string_view name) {
    EXPECT_NE(all.find(std::string(name) + "("), std::string::npos)
        << "rules/README.md has no example of " << name;
  };
  for (const rules::FunctionTable& table : rules::AllFunctions()) {
    for (const rules::Function& function : table) {
      if (!function.is_operator()) expect_shown(function.name);
    }
  }
  for (const rules::Macro& macro : rules::AllMacros()) expect_shown(macro.name);
}

}  // namespace
}  // namespace telltale::engine
