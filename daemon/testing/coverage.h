// What the tests of rules reach: of each rule its steps, the sides of its conditions, its `not`s,
// windows, suppression and limits.
//
// A test is read again for each key by the rule's definitions (engine/reading), which sees what the
// matcher forgets: events that did not fit, ways that ended. Owner: the suite; one for each of its
// threads, put together at the end. Thread: one at a time. Errors: a rule that cannot be read again
// counts as not reached.
#ifndef TELLTALE_DAEMON_TESTING_COVERAGE_H_
#define TELLTALE_DAEMON_TESTING_COVERAGE_H_

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "daemon/testing/coverage_points.h"
#include "daemon/testing/test_run.h"
#include "rules/model/rule.h"

namespace telltale::testing {

class RuleProbe;

class Coverage {
 public:
  Coverage();
  ~Coverage();
  Coverage(Coverage&&) noexcept;

  void Note(const TestRun& run);
  void Merge(const Coverage& other);

  // Of a rule, how many tests ran it, and which of its points they reached.
  struct Reached {
    size_t tests = 0;
    std::vector<bool> points;  // by index; empty: no test ran it
  };
  const std::map<std::string, Reached>& rules() const { return reached_; }

 private:
  RuleProbe* ProbeOf(const CompiledPtr& rules, const rules::Rule& rule);

  std::map<std::string, Reached> reached_;
  std::map<std::pair<CompiledPtr, std::string>, std::unique_ptr<RuleProbe>> probes_;
};

// What is to be told of one rule.
struct RuleCoverage {
  const rules::Rule* rule = nullptr;
  size_t tests = 0;
  size_t points = 0;
  std::vector<CoveragePoint> missed;

  size_t reached() const { return points - missed.size(); }
  int percent() const { return points == 0 ? 100 : static_cast<int>(reached() * 100 / points); }
};

// Of all the rules, in the order of their ids.
std::vector<RuleCoverage> Summarize(const Coverage& coverage, const rules::RuleSet& rules);

// For people: the rules with what no test reaches.
std::string CoverageText(const std::vector<RuleCoverage>& rules);

}  // namespace telltale::testing

#endif  // TELLTALE_DAEMON_TESTING_COVERAGE_H_
