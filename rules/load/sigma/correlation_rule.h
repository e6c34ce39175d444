// A correlation to the rule that evaluates it: the events that its rules find are the sources of an
// aggregate over a sliding window of its timespan, and its condition is the aggregate's (V3).
//
// Source: Sigma correlation rules specification 2.1. Owner: the rule is the caller's. Thread: no
// shared state. Errors: a diagnostic where the rule would be too large.
#ifndef TELLTALE_RULES_LOAD_SIGMA_CORRELATION_RULE_H_
#define TELLTALE_RULES_LOAD_SIGMA_CORRELATION_RULE_H_

#include <functional>
#include <optional>
#include <string>

#include "rules/load/sigma/rule_draft.h"
#include "rules/model/correlation.h"
#include "rules/model/rule.h"

namespace telltale::rules::sigma {

// Why this version does not evaluate the correlation; empty: it does. `is_correlation`: of an id.
std::string WhyNotRun(const Correlation& correlation,
                      const std::function<bool(const std::string&)>& is_correlation);

// None where no stream serves any of its rules, or it was told why. `find`: the draft of a rule's
// id. REQUIRES: WhyNotRun says nothing.
std::optional<Rule> MakeRule(const Correlation& correlation,
                             const std::function<const RuleDraft*(const std::string&)>& find,
                             const StreamCatalog& streams, Diagnostics& diagnostics);

}  // namespace telltale::rules::sigma

#endif  // TELLTALE_RULES_LOAD_SIGMA_CORRELATION_RULE_H_
