// An alert beside what a test expects of it, attribute by attribute.
//
// Owner: values. Thread: any. Errors: none.
#ifndef TELLTALE_DAEMON_TESTING_ALERT_ATTRIBUTES_H_
#define TELLTALE_DAEMON_TESTING_ALERT_ATTRIBUTES_H_

#include <vector>

#include "daemon/testing/verdict.h"
#include "engine/alert/alert.h"
#include "rules/model/rule_test.h"

namespace telltale::testing {

// Either may be null. What the test does not speak of differs in nothing, and of it only what tells
// alerts apart is there.
std::vector<Attribute> Compare(const rules::ExpectedAlert* expected, const engine::Alert* got,
                               const rules::RuleTest& test);

// Whether the alert is as expected.
bool AsExpected(const rules::ExpectedAlert& expected, const engine::Alert& got,
                const rules::RuleTest& test);

}  // namespace telltale::testing

#endif  // TELLTALE_DAEMON_TESTING_ALERT_ATTRIBUTES_H_
