// The rules of a set as `telltale list --offline` shows them.
//
// Owner: the caller. Thread: any. Errors: none.
#ifndef TELLTALE_DAEMON_COMMANDS_RULE_LIST_H_
#define TELLTALE_DAEMON_COMMANDS_RULE_LIST_H_

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "rules/model/rule.h"
#include "rules/model/rule_test.h"

namespace telltale::commands {

// What a rule must have to be listed; an empty list asks nothing.
struct RuleFilter {
  std::vector<std::string> tags;     // one of these
  std::vector<std::string> levels;   // likewise
  std::vector<std::string> streams;  // likewise, by name
};

struct Listed {
  std::shared_ptr<const rules::StreamCatalog> streams;
  std::vector<const rules::Rule*> rules;
  std::map<std::string, size_t> tests;  // how many run it, by the rule's id
};

// What points into `set` and `tests` is no longer valid than these.
Listed Filtered(const rules::RuleSet& set, const std::vector<rules::RuleTest>& tests,
                const RuleFilter& filter);

// A table, and one JSON object; both end with a newline.
std::string RuleTable(const Listed& listed);
std::string RuleJson(const Listed& listed);

}  // namespace telltale::commands

#endif  // TELLTALE_DAEMON_COMMANDS_RULE_LIST_H_
