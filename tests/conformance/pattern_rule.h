// A conformance case of a pattern as a rule of our own language, with its events.
//
// A unit of `ts` is ten milliseconds, so that `less than n` is the closed `10 n - 5 ms`. Earlier
// steps are lists in all conditions of a case; with us one that does not repeat is an event, and
// stands there as a list of one.
//
// Owner, thread: the caller's. Units: nanoseconds in what it gives.
#ifndef TELLTALE_TESTS_CONFORMANCE_PATTERN_RULE_H_
#define TELLTALE_TESTS_CONFORMANCE_PATTERN_RULE_H_

#include "tests/conformance/pattern_case.h"
#include "tests/model/scenario.h"

namespace telltale::conformance {

// One stream, one partition; the offset of an event is its index.
model::Scenario ScenarioOf(const PatternCase& test);

// The end of the list is the end of the input only then.
bool EndsInAbsence(const PatternCase& test);

}  // namespace telltale::conformance

#endif  // TELLTALE_TESTS_CONFORMANCE_PATTERN_RULE_H_
