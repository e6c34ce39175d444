// A correlation to the rule that evaluates it: the events that its rules find, and the alerts of
// correlations that it refers to (A5), are the sources of an aggregate over a sliding window of its
// timespan, and its condition is the aggregate's (V3).
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

// What the ids that a correlation refers to stand for: one of the two.
struct Referred {
  const RuleDraft* rule = nullptr;
  const Correlation* correlation = nullptr;
};

// None where no stream serves any of its rules, or it was told why.
std::optional<Rule> MakeRule(const Correlation& correlation,
                             const std::function<Referred(const std::string&)>& find,
                             const StreamCatalog& streams, Diagnostics& diagnostics);

}  // namespace telltale::rules::sigma

#endif  // TELLTALE_RULES_LOAD_SIGMA_CORRELATION_RULE_H_
