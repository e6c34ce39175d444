// A config and its rules from disk, with all that is wrong in them.
//
// Owner: the command. Thread: one. Errors: diagnostics, in order; what could not be made is null
// or empty.
#ifndef TELLTALE_DAEMON_COMMANDS_LOADED_H_
#define TELLTALE_DAEMON_COMMANDS_LOADED_H_

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daemon/config/config.h"
#include "rules/model/diagnostic.h"
#include "rules/model/rule.h"

namespace telltale::commands {

struct Loaded {
  std::optional<config::Config> config;         // none: it has errors
  std::shared_ptr<const rules::RuleSet> rules;  // null: they have errors
  size_t rule_files = 0;
  rules::Diagnostics diagnostics;  // of the config, then of the rules

  // kExitOk, kExitRules or kExitUsage.
  int exit_code() const;
};

// The config as its file has it, and for a run also by what librdkafka says of its properties.
config::ConfigResult ReadConfig(const std::string& path, config::Use use);

// `rule_files` are taken instead of the config's own where there are any.
Loaded Load(const std::string& config, config::Use use, const std::vector<std::string>& rule_files);

}  // namespace telltale::commands

#endif  // TELLTALE_DAEMON_COMMANDS_LOADED_H_
