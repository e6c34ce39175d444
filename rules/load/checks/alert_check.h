// What is told of rules on rules (A5), once all rules are read and linked: circles, alerts that can
// never come, keys that none of them has.
//
// Owner: the rules are the caller's. Thread: no shared state, any. Errors: diagnostics R0210,
// R0217, R0241, R0242, and the warnings R0931 to R0933.
#ifndef TELLTALE_RULES_LOAD_CHECKS_ALERT_CHECK_H_
#define TELLTALE_RULES_LOAD_CHECKS_ALERT_CHECK_H_

#include <set>
#include <string>
#include <vector>

#include "rules/model/diagnostic.h"
#include "rules/model/rule.h"

namespace telltale::rules {

// `blocks`: the ids of those that are building blocks because their authors say so, and not because
// a correlation of Sigma refers to them. REQUIRES: LinkAlerts, and no error so far.
void CheckAlertReads(const std::vector<Rule>& rules, const StreamCatalog& streams,
                     const std::set<std::string>& blocks, Diagnostics& diagnostics);

// A3: of a rule that suppresses alerts of different keys together. `rule` is read, but for what it
// reads.
void CheckJointSuppression(const Rule& rule, const StreamCatalog& streams,
                           Diagnostics& diagnostics);

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_LOAD_CHECKS_ALERT_CHECK_H_
