// What is usual for a key (W1, `baseline`), from the definition: each pane of time is computed from
// scratch from the list of the key's events.
//
// It is meant for the small numbers of tests: values of panes whose sum is exact in multiples of
// 2^-60, of `stddev` in multiples of 1/1024. Owner: plain data. Thread: any. Units: nanoseconds.
#ifndef TELLTALE_TESTS_MODEL_BASELINE_REFERENCE_H_
#define TELLTALE_TESTS_MODEL_BASELINE_REFERENCE_H_

#include <cstdint>
#include <functional>
#include <vector>

#include "rules/model/aggregate.h"
#include "tests/model/window_values.h"

namespace telltale::model {

// `of`, for the values of its calls.
using PaneValue = std::function<Datum(const Tuple&)>;

// Where the baseline of a window with this begin begins itself.
int64_t BaselineBegin(const rules::Aggregate& aggregate, int64_t start);

// What `function`, one of a baseline's, is for a window with this begin. `events`: those of the key
// in total order, all that come before the window among them. REQUIRES: a baseline.
Datum BaselineValue(const rules::Aggregate& aggregate, rules::AggregateFunction function,
                    const std::vector<WindowEvent>& events, const PaneValue& of, int64_t start);

}  // namespace telltale::model

#endif  // TELLTALE_TESTS_MODEL_BASELINE_REFERENCE_H_
