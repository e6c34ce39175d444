#include "daemon/commands/loaded.h"

#include <utility>

#include "daemon/commands/command.h"
#include "daemon/config/rule_files.h"
#include "rules/load/load.h"

namespace telltale::commands {

int Loaded::exit_code() const {
  if (!config) return kExitUsage;
  return rules == nullptr ? kExitRules : kExitOk;
}

Loaded Load(const std::string& config, config::Use use,
            const std::vector<std::string>& rule_files) {
  Loaded loaded;
  config::ConfigResult result = config::LoadConfig(config, use);
  result.diagnostics.Sort();
  loaded.diagnostics.Append(std::move(result.diagnostics));
  loaded.config = std::move(result.config);
  const config::Config* streams = loaded.config  ? &*loaded.config
                                  : result.draft ? &*result.draft
                                                 : nullptr;
  if (streams == nullptr) return loaded;
  config::RuleFiles files =
      rule_files.empty() ? config::ReadRuleFiles(*streams) : config::ReadRuleFiles(rule_files);
  loaded.rule_files = files.files.size();
  const bool all_read = !files.diagnostics.has_errors();
  rules::LoadResult rules = rules::Load(files.files, streams->catalog);
  files.diagnostics.Append(std::move(rules.diagnostics));
  files.diagnostics.Sort();
  loaded.diagnostics.Append(std::move(files.diagnostics));
  if (all_read && loaded.config) loaded.rules = std::move(rules.rules);
  return loaded;
}

}  // namespace telltale::commands
