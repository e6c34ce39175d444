// Many tests over several threads; the results are in the order of the tests, however they were
// spread.
//
// Owner: the `test` command. Thread: RunSuite's caller, which waits for the threads that it starts.
// Errors: a test that could not be run says why in its result.
#ifndef TELLTALE_DAEMON_TESTING_SUITE_H_
#define TELLTALE_DAEMON_TESTING_SUITE_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "daemon/config/config.h"
#include "daemon/testing/coverage.h"
#include "daemon/testing/test_run.h"
#include "daemon/testing/verdict.h"
#include "rules/model/rule.h"
#include "rules/model/rule_test.h"

namespace telltale::testing {

struct TestResult {
  const rules::RuleTest* test = nullptr;
  bool ran = false;     // false: an earlier test failed and nothing more was wanted
  std::string problem;  // why it could not be run; empty: it was
  double seconds = 0;
  Verdict verdict;
  TestRun run;  // of a test that failed: what the verdict points to

  bool passed() const { return ran && problem.empty() && verdict.passed(); }
  bool failed() const { return ran && !passed(); }
};

struct Suite {
  const config::Config* config = nullptr;
  std::shared_ptr<const rules::RuleSet> rules;
  std::vector<const rules::RuleTest*> tests;  // outlive the results
  uint32_t threads = 1;
  bool fail_fast = false;        // no test is begun after one has failed
  Coverage* coverage = nullptr;  // null: it is not wanted
};

std::vector<TestResult> RunSuite(const Suite& suite);

}  // namespace telltale::testing

#endif  // TELLTALE_DAEMON_TESTING_SUITE_H_
