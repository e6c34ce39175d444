// The `lists` and `tables` of a test: what they hold while it runs, instead of what they hold
// elsewhere.
//
//   lists:  { test_accounts: [u7, u8] }
//   tables: { users: { u1: { home_country: DE } } }         # rows by their keys
//
// Owner: the contents are the test's. Thread: no shared state, any. Errors: diagnostics, R0709 for
// a name that nothing declares.
#ifndef TELLTALE_RULES_LOAD_TESTS_TEST_INPUTS_H_
#define TELLTALE_RULES_LOAD_TESTS_TEST_INPUTS_H_

#include "rules/load/rule/rule_context.h"
#include "rules/load/yaml/node.h"
#include "rules/load/yaml/values.h"
#include "rules/model/rule_test.h"

namespace telltale::rules {

void ReadTestLists(const Node& node, const ReadInputs& inputs, ValueReader& values, RuleTest& test);
void ReadTestTables(const Node& node, const ReadInputs& inputs, ValueReader& values,
                    RuleTest& test);

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_LOAD_TESTS_TEST_INPUTS_H_
