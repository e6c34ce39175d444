// `exceptions` of a rule: which of its alerts are kept back, and until when.
//
//   exceptions:
//     - { name: test accounts, where: 'user_id in lists.test_accounts', expires: 2027-01-01 }
//
// A condition sees what alerts see; that of a rule over single events also the fields of its event,
// as the rule's own `where` does. A date is its beginning in UTC.
//
// Owner: the rule of the context. Thread: one, as the context is. Errors: diagnostics; a warning
// about one that has expired, where the time is known.
#ifndef TELLTALE_RULES_LOAD_RULE_EXCEPTION_READER_H_
#define TELLTALE_RULES_LOAD_RULE_EXCEPTION_READER_H_

#include "rules/load/rule/rule_context.h"
#include "rules/load/yaml/node.h"

namespace telltale::rules {

// REQUIRES: the rule's steps and key were read.
void ReadExceptions(RuleContext& context, const Node& node);

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_LOAD_RULE_EXCEPTION_READER_H_
