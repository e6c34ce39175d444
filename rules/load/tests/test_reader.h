// The tests of rules: a rule's own `tests`, and the documents of test files, which name their rule.
//
// A value is checked against the rules that the test runs, so these are read first. Owner: the
// tests are the caller's; rules are only looked at. Thread: no shared state, any. Units:
// nanoseconds since the epoch. Errors: diagnostics; a test with any is not given.
#ifndef TELLTALE_RULES_LOAD_TESTS_TEST_READER_H_
#define TELLTALE_RULES_LOAD_TESTS_TEST_READER_H_

#include <string>
#include <vector>

#include "rules/load/rule/rule_context.h"
#include "rules/load/yaml/node.h"
#include "rules/model/diagnostic.h"
#include "rules/model/rule.h"
#include "rules/model/rule_test.h"

namespace telltale::rules {

// The rules of the tests in one list. A rule with mistakes of its own is known by its id alone, and
// nothing is checked against it.
struct TestedRules {
  std::vector<std::string> ids;
  std::vector<const Rule*> rules;  // as many; null: it has errors
  bool in_rule = false;            // the tests stand in the rule
};

// `node`: the value of `tests`.
void ReadTests(const Node& node, const TestedRules& tested, const ReadInputs& inputs,
               Diagnostics& diagnostics, std::vector<RuleTest>& tests);

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_LOAD_TESTS_TEST_READER_H_
