// The `metric` of a rule's `output`: Prometheus series that its results are shown in.
//
// Names are Prometheus' (data model, and OpenMetrics for the ending of counters), and none that
// Telltale or Prometheus itself gives. Owner: ReadOutput, whose context it fills. Thread: one.
// Errors: diagnostics; what could not be read is left out.
#ifndef TELLTALE_RULES_LOAD_RULE_METRIC_READER_H_
#define TELLTALE_RULES_LOAD_RULE_METRIC_READER_H_

#include "rules/load/rule/rule_context.h"

namespace telltale::rules {

void ReadMetric(RuleContext& context, const Entry& entry, Output& output);

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_LOAD_RULE_METRIC_READER_H_
