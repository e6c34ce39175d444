// What of a rule shows in its alerts and listings and in nothing else: the fingerprint (A1) leaves
// it out, so that it may change without the rule's state being lost.
//
// Owner: value types. Thread: any. Errors: none.
#ifndef TELLTALE_DAEMON_EXPLAIN_OUTPUT_PARTS_H_
#define TELLTALE_DAEMON_EXPLAIN_OUTPUT_PARTS_H_

#include <string>
#include <vector>

#include "rules/model/rule.h"

namespace telltale::explain {

struct OutputPart {
  std::string name;   // as the rule file calls it, "alert.title"
  std::string value;  // empty: it has none
};

// The same names in the same order for every rule.
std::vector<OutputPart> OutputParts(const rules::Rule& rule);

// As the rule file spells it.
std::string ModeName(rules::Mode mode);

}  // namespace telltale::explain

#endif  // TELLTALE_DAEMON_EXPLAIN_OUTPUT_PARTS_H_
