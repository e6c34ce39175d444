#include "daemon/commands/loaded.h"

#include <utility>

#include "absl/time/clock.h"
#include "daemon/commands/command.h"
#include "daemon/config/data_files.h"
#include "daemon/config/rule_files.h"
#include "daemon/kafka/property_check.h"
#include "daemon/tables/table_files.h"
#include "rules/load/load.h"

namespace telltale::commands {

int Loaded::exit_code() const {
  if (!config) return kExitUsage;
  return rules == nullptr ? kExitRules : kExitOk;
}

config::ConfigResult ReadConfig(const std::string& path, config::Use use) {
  config::ConfigResult result = config::LoadConfig(path, use);
  const std::optional<config::Config>& read = result.config ? result.config : result.draft;
  if (use == config::Use::kRun && read) {
    result.diagnostics.Append(kafka::CheckProperties(*read));
    if (result.diagnostics.has_errors() && result.config)
      result.draft = std::exchange(result.config, std::nullopt);
  }
  result.diagnostics.Sort();
  return result;
}

Loaded Load(const std::string& config, config::Use use, const std::vector<std::string>& files,
            TestFiles test_files) {
  Loaded loaded;
  config::ConfigResult result = ReadConfig(config, use);
  loaded.diagnostics.Append(std::move(result.diagnostics));
  loaded.config = std::move(result.config);
  const config::Config* streams = loaded.config  ? &*loaded.config
                                  : result.draft ? &*result.draft
                                                 : nullptr;
  if (streams == nullptr) return loaded;
  config::RuleFiles named;
  if (!files.empty()) named = config::ReadRuleFiles(files, test_files == TestFiles::kBesideRules);
  const bool tests_alone = named.files.empty() && !named.tests.empty();
  config::RuleFiles read =
      files.empty() || tests_alone ? config::ReadRuleFiles(*streams) : config::RuleFiles();
  read.diagnostics.Append(std::move(named.diagnostics));
  if (!files.empty()) read.tests = std::move(named.tests);
  if (!tests_alone && !files.empty()) read.files = std::move(named.files);
  loaded.rule_files = read.files.size();
  tables::LoadedTables tables = tables::LoadTables(*streams);
  const bool all_read = !read.diagnostics.has_errors() && !tables.diagnostics.has_errors();
  config::DataFilesOnDisk data;
  rules::LoadResult rules = rules::Load(read.files, {.streams = streams->catalog,
                                                     .tables = tables.catalog,
                                                     .data = &data,
                                                     .now = absl::GetCurrentTimeNanos(),
                                                     .test_files = read.tests});
  read.diagnostics.Append(std::move(tables.diagnostics));
  read.diagnostics.Append(std::move(rules.diagnostics));
  read.diagnostics.Sort(read.files);
  loaded.diagnostics.Append(std::move(read.diagnostics));
  if (!all_read || !loaded.config) return loaded;
  loaded.rules = std::move(rules.rules);
  loaded.tests = std::move(rules.tests);
  if (tests_alone) std::erase_if(loaded.tests, [](const auto& test) { return test.in_rule; });
  return loaded;
}

}  // namespace telltale::commands
