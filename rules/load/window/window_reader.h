// The `window` of an aggregate: which kind it is, and how long.
//
// Owner: ReadAggregate. Thread: one. Units: nanoseconds. Errors: diagnostics; what could not be
// read stays at its default.
#ifndef TELLTALE_RULES_LOAD_WINDOW_WINDOW_READER_H_
#define TELLTALE_RULES_LOAD_WINDOW_WINDOW_READER_H_

#include "rules/load/rule/rule_context.h"

namespace telltale::rules {

// False: told, and there is no window to go on with.
bool ReadWindow(RuleContext& context, const Node& node, Window& window);

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_LOAD_WINDOW_WINDOW_READER_H_
