// The rule files that a config, or a command line, names: files, folders and globs.
//
// A folder stands for all *.yml and *.yaml files in and below it. Order is fixed: patterns as they
// stand, the files of each by name; a file that several patterns name is read once. Names that
// begin with a dot are passed over in folders.
//
// Thread: any. Errors: diagnostics R0009 and C0118 (a file that cannot be read, or is not there),
// C0901 (a glob that matches nothing).
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
  rules::Diagnostics diagnostics;
};

// The config's own `rules`, relative to its folder.
RuleFiles ReadRuleFiles(const Config& config);
// Those named on a command line, relative to the working directory.
RuleFiles ReadRuleFiles(const std::vector<std::string>& patterns);

}  // namespace telltale::config

#endif  // TELLTALE_DAEMON_CONFIG_RULE_FILES_H_
