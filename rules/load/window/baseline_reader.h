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

// A baseline that nothing reads. REQUIRES: all calls of the rule are there.
void WarnOfUnreadBaseline(const Aggregate& aggregate, Diagnostics& diagnostics);

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_LOAD_WINDOW_BASELINE_READER_H_
