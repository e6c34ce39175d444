// What `telltale explain` tells of the rules in explain/: NAME.txt is the text, NAME.dot the graph,
// to the byte. TELLTALE_UPDATE_GOLDEN=1 writes both anew: look at the difference before it is
// committed.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "daemon/config/config.h"
#include "daemon/explain/drawing.h"
#include "daemon/explain/explanation.h"
#include "rules/load/load.h"

namespace telltale {
namespace {

namespace fs = std::filesystem;

const fs::path kFolder = fs::path(TELLTALE_SOURCE_DIR) / "tests/golden";

std::string ReadText(const fs::path& path) {
  std::ifstream stream(path, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

std::vector<std::string> Names() {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(kFolder / "explain")) {
    if (entry.path().extension() == ".yml") names.push_back(entry.path().stem().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

class Explained : public testing::TestWithParam<std::string> {};

TEST_P(Explained, IsAsExpected) {
  const config::ConfigResult config =
      config::LoadConfig((kFolder / "telltale.yml").string(), config::Use::kReplay);
  ASSERT_TRUE(config.config.has_value());
  const fs::path path = kFolder / "explain" / GetParam();
  const rules::LoadResult loaded =
      rules::Load({std::make_shared<const rules::SourceFile>(GetParam() + ".yml",
                                                             ReadText(path.string() + ".yml"))},
                  config.config->catalog);
  ASSERT_NE(loaded.rules, nullptr) << Render(loaded.diagnostics);
  const auto explanation = explain::Explain(*loaded.rules, loaded.rules->rules.front());
  ASSERT_TRUE(explanation.ok()) << explanation.status();
  const std::string text = explain::ToText(*explanation);
  const std::string dot = explain::ToDot(explanation->automaton);
  if (std::getenv("TELLTALE_UPDATE_GOLDEN") != nullptr) {
    std::ofstream(path.string() + ".txt", std::ios::binary) << text;
    std::ofstream(path.string() + ".dot", std::ios::binary) << dot;
    return;
  }
  EXPECT_EQ(text, ReadText(path.string() + ".txt"));
  EXPECT_EQ(dot, ReadText(path.string() + ".dot"));
}

INSTANTIATE_TEST_SUITE_P(Rules, Explained, testing::ValuesIn(Names()),
                         [](const auto& entry) { return entry.param; });

}  // namespace
}  // namespace telltale
