// The texts of `telltale check --explain`: every code has one, its wrong example gives this very
// code and no other, its right one nothing at all; and the tables of codes in the references are
// those that the program knows. TELLTALE_UPDATE_GOLDEN=1 writes the tables anew.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>

#include "daemon/config/explained.h"
#include "rules/model/explained.h"
#include "tests/golden/diagnose.h"

namespace telltale {
namespace {

// What no example between two fences can show, and why.
const std::map<std::string, std::string>& WithoutExamples() {
  static const std::map<std::string, std::string> codes = {
      {"R0002", "a file of megabytes"},
      {"R0003", "bytes that are no text"},
      {"R0004", "bytes that are no text"},
      {"R0009", "a file that cannot be read"},
      {"R0310", "hundreds of brackets"},
      {"R0311", "64 KiB of text"},
      {"R0607", "a file of tests"},
      {"R0608", "a file of tests"},
      {"R0807", "a correlation, of which this version warns"},
      {"R0808", "a correlation, of which this version warns"},
      {"R0809", "a correlation, of which this version warns"},
      {"R0810", "a correlation, of which this version warns"},
      {"R0811", "a correlation, of which this version warns"},
      {"R0704", "a data file"},
      {"R0705", "a data file"},
      {"R0951", "a sample of events"},
      {"R0952", "a sample of events"},
      {"C0132", "a data file"},
      {"C0911", "a data file"},
      {"C0117", "a config that cannot be read"},
  };
  return codes;
}

struct Folder {
  std::span<const rules::ExplainedCode> codes;
  std::string texts;   // the folder of the texts
  std::string header;  // where the codes are declared
  std::string readme;  // with a table of them
};

std::vector<Folder> Folders() {
  return {{rules::RuleCodes(), "rules/model/explain", "rules/model/codes.h", "rules/README.md"},
          {config::ConfigCodes(), "daemon/config/explain", "daemon/config/config_codes.h",
           "daemon/config/README.md"}};
}

std::vector<rules::ExplainedCode> AllCodes() {
  std::vector<rules::ExplainedCode> all;
  for (const Folder& folder : Folders())
    all.insert(all.end(), folder.codes.begin(), folder.codes.end());
  return all;
}

// The ```yaml blocks of a text.
std::vector<std::string> Examples(const std::string& text) {
  std::vector<std::string> examples;
  constexpr std::string_view kOpen = "\n```yaml\n";
  constexpr std::string_view kClose = "\n```\n";
  for (size_t at = 0; (at = text.find(kOpen, at)) != std::string::npos;) {
    at += kOpen.size();
    const size_t end = text.find(kClose, at);
    examples.push_back(text.substr(at, end - at) + "\n");
    at = end;
  }
  return examples;
}

class Explained : public testing::TestWithParam<rules::ExplainedCode> {};

TEST_P(Explained, SaysWhatIsMeantAndWhy) {
  const std::string text(GetParam().text);
  ASSERT_FALSE(text.empty()) << GetParam().id << " has no text: write explain/" << GetParam().id
                             << ".md beside the header that declares it (rules/model/explained.h "
                                "says what is in it)";
  EXPECT_GE(text.size(), 100u);
  EXPECT_EQ(text.back(), '\n');
  for (const char c : text) EXPECT_TRUE(c == '\n' || (c >= ' ' && c <= '~')) << "only ASCII";
  for (size_t at = 0; at < text.size(); at = text.find('\n', at) + 1) {
    EXPECT_LE(text.find('\n', at) - at, 100u) << "a long line: " << text.substr(at, 60);
  }
}

TEST_P(Explained, ItsExamplesAreOne) {
  const std::string id(GetParam().id);
  const std::vector<std::string> examples = Examples(std::string(GetParam().text));
  if (WithoutExamples().contains(id)) {
    EXPECT_TRUE(examples.empty()) << "take it off the list of those without";
    return;
  }
  ASSERT_EQ(examples.size(), 2u) << id << ": a wrong example, then a right one";
  std::set<std::string> given;
  const rules::Diagnostics wrong = Diagnose(id + ".yml", examples[0]);
  for (const rules::Diagnostic& diagnostic : wrong.list()) given.insert(diagnostic.code.id);
  EXPECT_EQ(given, std::set<std::string>{id}) << examples[0] << Render(wrong);
  EXPECT_EQ(Render(Diagnose(id + ".yml", examples[1])), "") << examples[1];
}

INSTANTIATE_TEST_SUITE_P(Codes, Explained, testing::ValuesIn(AllCodes()),
                         [](const auto& code) { return std::string(code.param.id); });

TEST(ExplainedCodes, AreThoseOfTheHeaders) {
  for (const Folder& folder : Folders()) {
    const std::string declared = ReadSourceFile(folder.header);
    const std::regex pattern(R"re(\bCode k\w+\{\s*"([RC][0-9]{4})",\s*"([^"]*)"\})re");
    std::map<std::string, std::string> codes;
    for (std::sregex_iterator it(declared.begin(), declared.end(), pattern), end; it != end; ++it)
      codes.emplace((*it)[1], (*it)[2]);
    std::map<std::string, std::string> known;
    for (const rules::ExplainedCode& code : folder.codes) known.emplace(code.id, code.title);
    EXPECT_EQ(known, codes);
  }
}

TEST(ExplainedCodes, NoTextIsLeftOver) {
  for (const Folder& folder : Folders()) {
    std::set<std::string> known;
    for (const rules::ExplainedCode& code : folder.codes) known.emplace(code.id);
    const auto texts = std::filesystem::path(TELLTALE_SOURCE_DIR) / folder.texts;
    for (const auto& entry : std::filesystem::directory_iterator(texts)) {
      EXPECT_TRUE(known.contains(entry.path().stem().string()))
          << entry.path() << " explains no code: delete it";
    }
  }
}

std::string Table(std::span<const rules::ExplainedCode> codes) {
  std::string table = "| code | |\n|---|---|\n";
  for (const rules::ExplainedCode& code : codes) {
    table += "| " + std::string(code.id) + " | " + std::string(code.title) + " |\n";
  }
  return table;
}

TEST(ExplainedCodes, StandInTheReferences) {
  for (const Folder& folder : Folders()) {
    const std::string readme = ReadSourceFile(folder.readme);
    const size_t begin = readme.find("| code | |\n");
    ASSERT_NE(begin, std::string::npos) << folder.readme;
    size_t end = begin;
    while (end < readme.size() && readme[end] == '|') end = readme.find('\n', end) + 1;
    const std::string table = Table(folder.codes);
    if (std::getenv("TELLTALE_UPDATE_GOLDEN") != nullptr) {
      std::ofstream(std::filesystem::path(TELLTALE_SOURCE_DIR) / folder.readme, std::ios::binary)
          << readme.substr(0, begin) << table << readme.substr(end);
      continue;
    }
    EXPECT_EQ(readme.substr(begin, end - begin), table)
        << folder.readme << ": write the table anew with TELLTALE_UPDATE_GOLDEN=1";
  }
}

}  // namespace
}  // namespace telltale
