// Runs conformance cases through the ordinary checker, compiler and evaluator.
//
// The bindings of a case are the fields of one event of a stream that declares them, the expression
// is a condition on that stream. A case that expects an error is met by any error, at check or at
// evaluation; a failure of our own (an expression that the checker lets pass and the compiler does
// not take) meets nothing.
//
// Owner, thread: the caller's. Errors: outcomes, not statuses.
#ifndef TELLTALE_TESTS_CONFORMANCE_CEL_RUN_H_
#define TELLTALE_TESTS_CONFORMANCE_CEL_RUN_H_

#include <cstddef>
#include <iosfwd>
#include <string>
#include <vector>

#include "tests/conformance/case_file.h"
#include "tests/conformance/cel_case.h"

namespace telltale::conformance {

struct Outcome {
  enum class Kind { kValue, kError, kFailure };
  Kind kind = Kind::kValue;
  std::string text;  // of the value, of the error, of the diagnostics in one line
};

Outcome RunCase(const CelCase& test);
// As it stands in a report: "error" where an error is expected.
std::string Expected(const CelCase& test);
bool Meets(const CelCase& test, const Outcome& outcome);

// Runs all cases of a file and names those that fail. A listed case has to give what is listed, and
// fails as stale where it meets its expectation; more than kMostDeviating listed ones are one more
// failure.
Tally RunCases(const std::vector<CelCase>& cases, const std::vector<Deviation>& deviations,
               std::ostream& report);

}  // namespace telltale::conformance

#endif  // TELLTALE_TESTS_CONFORMANCE_CEL_RUN_H_
