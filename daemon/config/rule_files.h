// The rule files that a config, or a command line, names: files, folders and globs.
//
// What is there by the very name is no glob. A folder stands for all *.yml and *.yaml files in and
// below it. Order is fixed: patterns as they stand, the files of each by name; a file that several
// patterns name is read once. Names that begin with a dot are passed over in folders. A name that
// ends in .test.yml or .test.yaml is one of a file of tests, which holds no rules, however it was
// named.
//
// Owner: the caller. Thread: any. Errors: diagnostics R0009 and C0118 (a file that cannot be read,
// or is not there, or that a command line's glob or folder does not have), C0901 (the same of a
// config's).
#ifndef TELLTALE_DAEMON_CONFIG_RULE_FILES_H_
#define TELLTALE_DAEMON_CONFIG_RULE_FILES_H_

#include <string>
#include <vector>

#include "daemon/config/config.h"
#include "rules/model/diagnostic.h"
#include "rules/model/source.h"

namespace telltale::config {

struct RuleFiles {
  std::vector<rules::SourcePtr> files;  // those that could be read
  std::vector<rules::SourcePtr> tests;  // likewise, of tests
  rules::Diagnostics diagnostics;
};

// Whether its name is one of a file of rules or tests: it ends in .yml or .yaml.
bool HasRuleFileName(const std::string& path);

// The config's own `rules`, relative to its folder.
RuleFiles ReadRuleFiles(const Config& config);
// Those named on a command line, relative to the working directory. `tests_beside`: where a rule
// file NAME.yml is named, NAME.test.yml beside it is read, too, if it is there.
RuleFiles ReadRuleFiles(const std::vector<std::string>& patterns, bool tests_beside = false);

}  // namespace telltale::config

#endif  // TELLTALE_DAEMON_CONFIG_RULE_FILES_H_
