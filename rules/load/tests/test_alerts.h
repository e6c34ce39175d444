// The `alerts` that a test expects.
//
// Owner: the alerts are the caller's. Thread: no shared state, any. Errors: diagnostics, R0605
// where no alert of the tested rules can be as expected.
#ifndef TELLTALE_RULES_LOAD_TESTS_TEST_ALERTS_H_
#define TELLTALE_RULES_LOAD_TESTS_TEST_ALERTS_H_

#include <vector>

#include "rules/load/tests/test_reader.h"
#include "rules/load/yaml/node.h"
#include "rules/load/yaml/values.h"
#include "rules/model/rule_test.h"

namespace telltale::rules {

// Of the test whose events have been read.
std::vector<ExpectedAlert> ReadExpectedAlerts(const Node& node, const RuleTest& test,
                                              const TestedRules& tested, ValueReader& values);

// Indexes into the test's events, ascending.
std::vector<uint32_t> ReadEventIndexes(const Node& node, std::string_view what,
                                       const RuleTest& test, ValueReader& values);

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_LOAD_TESTS_TEST_ALERTS_H_
