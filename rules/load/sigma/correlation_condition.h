// What a correlation's count or value has to meet: `condition: { gte: 10, field: User }`.
//
// Source: Sigma correlation rules specification 2.1, "Condition". Owner: the correlation that it
// fills. Thread: no shared state. Errors: diagnostics R0810, and the warning R0907 for bounds that
// nothing can meet.
#ifndef TELLTALE_RULES_LOAD_SIGMA_CORRELATION_CONDITION_H_
#define TELLTALE_RULES_LOAD_SIGMA_CORRELATION_CONDITION_H_

#include "rules/load/yaml/values.h"
#include "rules/model/correlation.h"

namespace telltale::rules::sigma {

bool IsTemporal(CorrelationType type);
bool NeedsField(CorrelationType type);
bool CountsWhole(CorrelationType type);  // its bounds are whole numbers

// REQUIRES: node is a map; the correlation's type is set.
void ReadBounds(const Node& node, ValueReader& values, Correlation& correlation);

}  // namespace telltale::rules::sigma

#endif  // TELLTALE_RULES_LOAD_SIGMA_CORRELATION_CONDITION_H_
