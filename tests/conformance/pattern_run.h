// Runs conformance cases of patterns through the ordinary rule loader and the engine, or through
// the loader and the reference of tests/model.
//
// Owner, thread: the caller's. Errors: outcomes, not statuses.
#ifndef TELLTALE_TESTS_CONFORMANCE_PATTERN_RUN_H_
#define TELLTALE_TESTS_CONFORMANCE_PATTERN_RUN_H_

#include <iosfwd>
#include <string>
#include <vector>

#include "tests/conformance/case_file.h"
#include "tests/conformance/pattern_case.h"

namespace telltale::conformance {

enum class Matching { kEngine, kReference };

struct PatternOutcome {
  MatchSet matches;
  std::string diagnostics;  // of a rule that does not load; then there are no matches
  bool operator==(const PatternOutcome&) const = default;
};

PatternOutcome RunPattern(const PatternCase& test, Matching matching);

// Runs all cases of a file and names those that fail. A listed case has to give what is listed, and
// fails as stale where it meets its expectation; more than kMostDeviating listed ones are one more
// failure.
Tally RunPatterns(const std::vector<PatternCase>& cases,
                  const std::vector<PatternDeviation>& deviations, Matching matching,
                  std::ostream& report);

}  // namespace telltale::conformance

#endif  // TELLTALE_TESTS_CONFORMANCE_PATTERN_RUN_H_
