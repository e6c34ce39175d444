// The `alert` and `suppress` maps of a rule.
//
// Owner: ReadRule, whose context they fill. Thread: one. Errors: diagnostics; what could not be
// read stays at its default.
#ifndef TELLTALE_RULES_LOAD_RULE_ALERT_READER_H_
#define TELLTALE_RULES_LOAD_RULE_ALERT_READER_H_

#include <string>
#include <utility>
#include <vector>

#include "rules/load/rule/rule_context.h"

namespace telltale::rules {

void ReadAlert(RuleContext& context, const Node& node);
void ReadSuppress(RuleContext& context, const Node& node);
// A map of names and expressions over the result.
std::vector<std::pair<std::string, Expression>> ReadFields(RuleContext& context, const Node& node,
                                                           const std::string& what = "'fields'");

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_LOAD_RULE_ALERT_READER_H_
