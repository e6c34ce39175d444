// The reference's tables of functions are what the checker's tables say, and every example in them
// gives what stands beside it.
//
// TELLTALE_UPDATE_GOLDEN=1 writes the tables into rules/README.md, between the two marks.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "rules/load/cel/aggregates.h"
#include "rules/load/cel/functions.h"
#include "tests/engine/condition_cases.h"

namespace telltale {
namespace {

constexpr char kReadme[] = TELLTALE_SOURCE_DIR "/rules/README.md";
constexpr std::string_view kBegin =
    "<!-- The tables of functions are written by golden_functions_test. -->\n";
constexpr std::string_view kEnd = "<!-- The end of the tables of functions. -->\n";

// What may stand in a cell of a table.
std::string Cell(std::string_view text) {
  std::string cell;
  for (const char c : text) {
    if (c == '|') cell += '\\';
    cell += c;
  }
  return cell;
}

std::string Row(const rules::Function& function) {
  return "| `" + Cell(function.usage) + "` | " + Cell(function.summary) + " | `" +
         Cell(function.example) + "` | `" + Cell(function.gives) + "` |\n";
}

// A table a family, in the order of the checker's tables.
std::string Tables() {
  std::vector<std::pair<std::string_view, std::string>> families;
  for (const rules::FunctionTable& table : rules::AllFunctions()) {
    for (const rules::Function& function : table) {
      if (function.is_operator()) continue;
      auto family = families.begin();
      while (family != families.end() && family->first != function.family) ++family;
      if (family == families.end()) family = families.insert(family, {function.family, ""});
      family->second += Row(function);
    }
  }
  std::string text;
  for (const auto& [family, rows] : families) {
    text += "\n| " + std::string(family) + " | | example | gives |\n|---|---|---|---|\n" + rows;
  }
  return text + "\n";
}

constexpr std::string_view kAggregatesBegin =
    "<!-- The table of aggregates is written by golden_functions_test. -->\n";
constexpr std::string_view kAggregatesEnd = "<!-- The end of the table of aggregates. -->\n";

std::string AggregateTable() {
  std::string text = "\n| aggregate | |\n|---|---|\n";
  for (const rules::AggregateForm& form : rules::AllAggregates())
    text += "| `" + Cell(form.usage) + "` | " + Cell(form.summary) + " |\n";
  return text + "\n";
}

std::string ReadReadme() {
  std::ostringstream text;
  text << std::ifstream(kReadme, std::ios::binary).rdbuf();
  return text.str();
}

// Holds what stands between the two marks against `table`, or writes it there.
void HoldAgainst(std::string_view begin_mark, std::string_view end_mark, const std::string& table) {
  const std::string text = ReadReadme();
  const size_t begin = text.find(begin_mark);
  const size_t end = text.find(end_mark);
  ASSERT_NE(begin, std::string::npos);
  ASSERT_NE(end, std::string::npos);
  const size_t from = begin + begin_mark.size();
  if (std::getenv("TELLTALE_UPDATE_GOLDEN") != nullptr) {
    std::ofstream(kReadme, std::ios::binary) << text.substr(0, from) << table << text.substr(end);
    return;
  }
  EXPECT_EQ(text.substr(from, end - from), table)
      << "TELLTALE_UPDATE_GOLDEN=1 build/dev/bin/golden_functions_test writes it anew";
}

TEST(FunctionReference, IsWhatTheCheckerKnows) { HoldAgainst(kBegin, kEnd, Tables()); }

TEST(FunctionReference, AggregatesAreThoseOfTheChecker) {
  HoldAgainst(kAggregatesBegin, kAggregatesEnd, AggregateTable());
}

TEST(FunctionReference, ExamplesGiveWhatIsSaid) {
  for (const rules::FunctionTable& table : rules::AllFunctions()) {
    for (const rules::Function& function : table) {
      if (function.is_operator()) continue;
      const std::string example(function.example);
      const std::string gives(function.gives);
      EXPECT_NE(example.find(function.name), std::string::npos)
          << function.name << "() needs an example that calls it";
      engine::CompiledCondition same("(" + example + ") == (" + gives + ")");
      EXPECT_EQ(same.Result({}), "true") << example << " and " << gives;
      engine::CompiledCondition alike("type(" + example + ") == type(" + gives + ")");
      EXPECT_EQ(alike.Result({}), "true") << example << " and " << gives;
    }
  }
}

}  // namespace
}  // namespace telltale
