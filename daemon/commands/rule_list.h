// The rules of a set as `telltale list --offline` shows them.
//
// Owner: the caller. Thread: any. Errors: none.
#ifndef TELLTALE_DAEMON_COMMANDS_RULE_LIST_H_
#define TELLTALE_DAEMON_COMMANDS_RULE_LIST_H_

#include <string>
#include <vector>

#include "rules/model/rule.h"

namespace telltale::commands {

// What a rule must have to be listed; an empty list asks nothing.
struct RuleFilter {
  std::vector<std::string> tags;     // one of these
  std::vector<std::string> levels;   // likewise
  std::vector<std::string> streams;  // likewise, by name
};

std::vector<const rules::Rule*> Filtered(const rules::RuleSet& set, const RuleFilter& filter);

// A table, and one JSON object; both end with a newline.
std::string RuleTable(const rules::RuleSet& set, const std::vector<const rules::Rule*>& listed);
std::string RuleJson(const rules::RuleSet& set, const std::vector<const rules::Rule*>& listed);

}  // namespace telltale::commands

#endif  // TELLTALE_DAEMON_COMMANDS_RULE_LIST_H_
