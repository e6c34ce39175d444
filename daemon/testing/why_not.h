// Why an expected alert did not come, in lines for people: the near miss of its key
// (engine/reading), and what the engine kept back.
//
// Owner: the text is the caller's. Thread: any. Errors: empty where the expectation names no key
// and its events lead to none.
#ifndef TELLTALE_DAEMON_TESTING_WHY_NOT_H_
#define TELLTALE_DAEMON_TESTING_WHY_NOT_H_

#include <string>

#include "daemon/testing/test_run.h"
#include "rules/model/rule_test.h"

namespace telltale::testing {

std::string WhyNot(const rules::ExpectedAlert& expected, const rules::RuleTest& test,
                   const TestRun& run);

}  // namespace telltale::testing

#endif  // TELLTALE_DAEMON_TESTING_WHY_NOT_H_
