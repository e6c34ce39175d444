// What is told of the metrics of several rules (`output: { metric }`): Prometheus knows one type,
// one text and, as people use it, one set of labels for each name.
//
// Owner: the rules are the caller's. Thread: no shared state, any. Errors: diagnostics R0233.
#ifndef TELLTALE_RULES_LOAD_CHECKS_METRIC_CHECK_H_
#define TELLTALE_RULES_LOAD_CHECKS_METRIC_CHECK_H_

#include <vector>

#include "rules/model/diagnostic.h"
#include "rules/model/rule.h"

namespace telltale::rules {

// REQUIRES: `rules` in order of their ids.
void CheckMetrics(const std::vector<Rule>& rules, Diagnostics& diagnostics);

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_LOAD_CHECKS_METRIC_CHECK_H_
