#include "tests/golden/diagnose.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <vector>

#include "daemon/config/config.h"
#include "daemon/config/rule_files.h"
#include "daemon/kafka/property_check.h"
#include "daemon/tables/table_files.h"
#include "rules/load/load.h"

namespace telltale {
namespace {

const std::filesystem::path kFolder = std::filesystem::path(TELLTALE_SOURCE_DIR) / "tests/golden";

std::shared_ptr<const rules::StreamCatalog> Streams() {
  const config::ConfigResult result =
      config::LoadConfig((kFolder / "telltale.yml").string(), config::Use::kReplay);
  EXPECT_TRUE(result.config.has_value()) << Render(result.diagnostics);
  return result.config->catalog;
}

// The streams that a config is to be replayed with.
std::vector<std::string> Replayed(const std::string& text) {
  constexpr std::string_view kMark = "# replay: ";
  if (!text.starts_with(kMark)) return {};
  std::istringstream words(text.substr(kMark.size(), text.find('\n') - kMark.size()));
  return {std::istream_iterator<std::string>(words), {}};
}

// Data files stand beside the rule files' folder, so that none of them is taken for a rule file.
class GoldenData : public rules::DataFiles {
 public:
  rules::DataFile Read(std::string_view name, const rules::SourceFile&) override {
    if (!std::filesystem::exists(kFolder / std::string(name)))
      return {nullptr, "No such file or directory"};
    return {std::make_shared<const rules::SourceFile>(
                std::string(name), ReadSourceFile("tests/golden/" + std::string(name))),
            ""};
  }
};

rules::Diagnostics DiagnoseRules(const rules::SourcePtr& file,
                                 std::shared_ptr<const rules::StreamCatalog> streams) {
  GoldenData data;
  rules::LoadInputs inputs;
  inputs.streams = std::move(streams);
  inputs.tables = std::make_shared<const rules::TableCatalog>(
      std::map<std::string, rules::TableDeclaration, std::less<>>{{"users", {}}});
  inputs.data = &data;
  inputs.now = int64_t{1'772'323'200} * 1'000'000'000;  // 2026-03-01
  return rules::Load({file}, inputs).diagnostics;
}

rules::Diagnostics DiagnoseConfig(const rules::SourcePtr& file) {
  const std::vector<std::string> replayed = Replayed(std::string(file->text()));
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
  return std::move(result.diagnostics);
}

}  // namespace

std::string ReadSourceFile(const std::string& path) {
  std::ifstream stream(std::filesystem::path(TELLTALE_SOURCE_DIR) / path, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

rules::Diagnostics Diagnose(const std::string& name, const std::string& text) {
  const auto file = std::make_shared<const rules::SourceFile>(name, text);
  if (name.ends_with(".test.yml")) {
    const auto tested = std::make_shared<const rules::SourceFile>(
        "tested_rules.yml", ReadSourceFile("tests/golden/tested_rules.yml"));
    return rules::Load({tested}, {.streams = Streams(), .test_files = {file}}).diagnostics;
  }
  if (text.find("\nstreams:") != std::string::npos || text.starts_with("streams:")) {
    return DiagnoseConfig(file);
  }
  auto streams = Streams();
  if (text.starts_with("# co_partitioned: true\n")) {
    streams = std::make_shared<const rules::StreamCatalog>(streams->streams(), true);
  }
  return DiagnoseRules(file, std::move(streams));
}

}  // namespace telltale
