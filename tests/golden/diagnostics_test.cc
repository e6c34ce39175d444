// Every diagnostic as an author sees it. diagnostics/NAME.yml is a rule file or a config
// (diagnose.h says how they are told apart), NAME.txt what loading it prints, to the byte.
// TELLTALE_UPDATE_GOLDEN=1 writes the texts anew: look at the difference before it is committed.
// Every code must be shown by one of them.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <regex>

#include "tests/golden/diagnose.h"

namespace telltale {
namespace {

namespace fs = std::filesystem;

const fs::path kFolder = fs::path(TELLTALE_SOURCE_DIR) / "tests/golden";

std::string ReadText(const std::string& name) {
  return ReadSourceFile("tests/golden/diagnostics/" + name);
}

std::string Shown(const std::string& name) {
  std::string shown = Render(Diagnose(name, ReadText(name)));
  // Where the checkout stands is no part of the message.
  for (size_t at = 0; (at = shown.find(kFolder.string(), at)) != std::string::npos;) {
    shown.replace(at, kFolder.string().size(), "FOLDER");
  }
  return shown;
}

std::vector<std::string> Names() {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(kFolder / "diagnostics")) {
    if (entry.path().extension() == ".yml") names.push_back(entry.path().stem().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

class Golden : public testing::TestWithParam<std::string> {};

TEST_P(Golden, IsShownAsExpected) {
  const std::string shown = Shown(GetParam() + ".yml");
  const fs::path expected = kFolder / "diagnostics" / (GetParam() + ".txt");
  if (std::getenv("TELLTALE_UPDATE_GOLDEN") != nullptr) {
    std::ofstream(expected, std::ios::binary) << shown;
    return;
  }
  EXPECT_EQ(shown, ReadText(GetParam() + ".txt"));
  EXPECT_NE(shown.find("[" + GetParam().substr(0, 5) + "]"), std::string::npos)
      << "does not show its code";
}

INSTANTIATE_TEST_SUITE_P(Diagnostics, Golden, testing::ValuesIn(Names()), [](const auto& entry) {
  return std::regex_replace(entry.param, std::regex("[^A-Za-z0-9]"), "_");
});

TEST(Codes, EachIsGivenOnceAndShown) {
  std::string all;
  for (const std::string& name : Names()) all += ReadText(name + ".txt");
  for (const char* header : {"rules/model/codes.h", "daemon/config/config_codes.h"}) {
    const std::string text = ReadSourceFile(header);
    const std::regex code("\"([RC][0-9]{4})\"");
    std::vector<std::string> seen;
    for (std::sregex_iterator it(text.begin(), text.end(), code), end; it != end; ++it) {
      const std::string id = (*it)[1];
      EXPECT_EQ(std::count(seen.begin(), seen.end(), id), 0) << id << " is given twice";
      seen.push_back(id);
      // A config that is not there has no place to show; rule_files_test has it. A sample of events
      // is none of a rule file's texts; sample_check_test has them.
      if (id == "C0117" || id == "R0951" || id == "R0952") continue;
      EXPECT_NE(all.find("[" + id + "]"), std::string::npos) << id << " is shown by no file";
    }
    EXPECT_GT(seen.size(), 10u);
  }
}

}  // namespace
}  // namespace telltale
