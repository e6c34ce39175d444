// The `baseline` of an aggregate: what is usual for a key, to compare its window with.
//
// Owner: ReadAggregate. Thread: one. Units: nanoseconds. Errors: diagnostics.
#ifndef TELLTALE_RULES_LOAD_WINDOW_BASELINE_READER_H_
#define TELLTALE_RULES_LOAD_WINDOW_BASELINE_READER_H_

#include <optional>

#include "rules/load/rule/rule_context.h"

namespace telltale::rules {

// None: told. REQUIRES: the sources are in the context's window, and where it could be read the
// window itself.
std::optional<Baseline> ReadBaseline(RuleContext& context, const Entry& entry);

// Of a baseline that nothing reads. REQUIRES: all of the rule is read.
void WarnOfUnreadBaseline(RuleContext& context, const Aggregate& aggregate);

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_LOAD_WINDOW_BASELINE_READER_H_
