// A config and its rules from disk, with all that is wrong in them.
//
// Owner: the command. Thread: one. Errors: diagnostics, in order; what could not be made is null
// or empty.
#ifndef TELLTALE_DAEMON_COMMANDS_LOADED_H_
#define TELLTALE_DAEMON_COMMANDS_LOADED_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daemon/config/config.h"
#include "rules/model/diagnostic.h"
#include "rules/model/rule.h"
#include "rules/model/rule_test.h"

namespace telltale::commands {

struct Loaded {
  std::optional<config::Config> config;         // none: it has errors
  std::shared_ptr<const rules::RuleSet> rules;  // null: they have errors
  std::vector<rules::RuleTest> tests;           // of the rules; none where there are errors
  size_t rule_files = 0;
  rules::Diagnostics diagnostics;  // of the config, then of the rules

  // kExitOk, kExitRules or kExitUsage.
  int exit_code() const;
};

// The config as its file has it, and for a run also by what librdkafka says of its properties.
config::ConfigResult ReadConfig(const std::string& path, config::Use use);

// Which files of tests are read: those that are named, or those beside named rules as well.
enum class TestFiles : uint8_t { kNamed, kBesideRules };

// `files` are taken instead of the config's own where there are any. Where they are tests alone,
// the rules are the config's own, without the tests that stand in them.
Loaded Load(const std::string& config, config::Use use, const std::vector<std::string>& files,
            TestFiles test_files = TestFiles::kNamed);

}  // namespace telltale::commands

#endif  // TELLTALE_DAEMON_COMMANDS_LOADED_H_
