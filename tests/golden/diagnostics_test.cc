// Every diagnostic as an author sees it. diagnostics/NAME.yml is a rule file (or a config, where it
// has a line that begins with "streams:", for a replay where it begins with "# replay: STREAM
// ..."), NAME.txt what loading it prints, to the byte. TELLTALE_UPDATE_GOLDEN=1 writes the texts
// anew: look at the difference before it is committed. Every code must be shown by one of them.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <sstream>

#include "daemon/config/config.h"
#include "daemon/config/rule_files.h"
#include "daemon/kafka/property_check.h"
#include "daemon/tables/table_files.h"
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

std::shared_ptr<const rules::StreamCatalog> Streams() {
  const config::ConfigResult result =
      config::LoadConfig((kFolder / "telltale.yml").string(), config::Use::kReplay);
  EXPECT_TRUE(result.config.has_value()) << Render(result.diagnostics);
  return result.config->catalog;
}

// Data files stand beside the rule files' folder, so that none of them is taken for a rule file.
class GoldenData : public rules::DataFiles {
 public:
  rules::DataFile Read(std::string_view name, const rules::SourceFile&) override {
    const fs::path path = kFolder / std::string(name);
    if (!fs::exists(path)) return {nullptr, "No such file or directory"};
    return {std::make_shared<const rules::SourceFile>(std::string(name), ReadText(path)), ""};
  }
};

std::string DiagnoseRules(const rules::SourcePtr& file,
                          std::shared_ptr<const rules::StreamCatalog> streams) {
  GoldenData data;
  rules::LoadInputs inputs;
  inputs.streams = std::move(streams);
  inputs.tables = std::make_shared<const rules::TableCatalog>(
      std::map<std::string, rules::TableDeclaration, std::less<>>{{"users", {}}});
  inputs.data = &data;
  inputs.now = int64_t{1'772'323'200} * 1'000'000'000;  // 2026-03-01
  return Render(rules::Load({file}, inputs).diagnostics);
}

// The streams that a config is to be replayed with.
std::vector<std::string> Replayed(const std::string& text) {
  constexpr std::string_view kMark = "# replay: ";
  if (!text.starts_with(kMark)) return {};
  std::istringstream words(text.substr(kMark.size(), text.find('\n') - kMark.size()));
  return {std::istream_iterator<std::string>(words), {}};
}

std::string Diagnose(const std::string& name) {
  const std::string text = ReadText(kFolder / "diagnostics" / name);
  const auto file = std::make_shared<const rules::SourceFile>(name, text);
  if (text.find("\nstreams:") == std::string::npos && !text.starts_with("streams:")) {
    auto streams = Streams();
    if (text.starts_with("# co_partitioned: true\n")) {
      streams = std::make_shared<const rules::StreamCatalog>(streams->streams(), true);
    }
    return DiagnoseRules(file, streams);
  }
  const std::vector<std::string> replayed = Replayed(text);
  config::ConfigResult result =
      config::ParseConfig(file, replayed.empty() ? config::Use::kRun : config::Use::kReplay);
  if (result.config && !replayed.empty()) {
    std::vector<rules::StreamIndex> streams;
    for (const std::string& stream : replayed) {
      streams.push_back(result.config->catalog->Find(stream).value());
    }
    result.diagnostics.Append(config::CheckReplay(*result.config, streams));
  } else if (result.config) {
    result.config->folder = kFolder.string();
    result.diagnostics.Append(kafka::CheckProperties(*result.config));
    result.diagnostics.Append(config::ReadRuleFiles(*result.config).diagnostics);
    result.diagnostics.Append(tables::LoadTables(*result.config).diagnostics);
  }
  std::string shown = Render(result.diagnostics);
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
  const std::string shown = Diagnose(GetParam() + ".yml");
  const fs::path expected = kFolder / "diagnostics" / (GetParam() + ".txt");
  if (std::getenv("TELLTALE_UPDATE_GOLDEN") != nullptr) {
    std::ofstream(expected, std::ios::binary) << shown;
    return;
  }
  EXPECT_EQ(shown, ReadText(expected));
  EXPECT_NE(shown.find("[" + GetParam().substr(0, 5) + "]"), std::string::npos)
      << "does not show its code";
}

INSTANTIATE_TEST_SUITE_P(Diagnostics, Golden, testing::ValuesIn(Names()), [](const auto& entry) {
  return std::regex_replace(entry.param, std::regex("[^A-Za-z0-9]"), "_");
});

TEST(Codes, EachIsGivenOnceAndShown) {
  std::string all;
  for (const std::string& name : Names())
    all += ReadText(kFolder / "diagnostics" / (name + ".txt"));
  for (const char* header : {"rules/model/codes.h", "daemon/config/config_codes.h"}) {
    const std::string text = ReadText(fs::path(TELLTALE_SOURCE_DIR) / header);
    const std::regex code("\"([RC][0-9]{4})\"");
    std::vector<std::string> seen;
    for (std::sregex_iterator it(text.begin(), text.end(), code), end; it != end; ++it) {
      const std::string id = (*it)[1];
      EXPECT_EQ(std::count(seen.begin(), seen.end(), id), 0) << id << " is given twice";
      seen.push_back(id);
      // A config that is not there has no place to show; rule_files_test has it.
      if (id == "C0117") continue;
      EXPECT_NE(all.find("[" + id + "]"), std::string::npos) << id << " is shown by no file";
    }
    EXPECT_GT(seen.size(), 10u);
  }
}

}  // namespace
}  // namespace telltale
