// A test file: documents `{ rule: ID, tests: [...] }`, or `rules: [ID, ...]` for rules that are
// tested together, or a list of such.
//
// Owner: the tests are the caller's. Thread: no shared state, any. Errors: diagnostics.
#ifndef TELLTALE_RULES_LOAD_TESTS_TEST_FILE_H_
#define TELLTALE_RULES_LOAD_TESTS_TEST_FILE_H_

#include <map>
#include <string>
#include <vector>

#include "rules/load/rule/rule_context.h"
#include "rules/model/diagnostic.h"
#include "rules/model/rule.h"
#include "rules/model/rule_test.h"
#include "rules/model/source.h"

namespace telltale::rules {

// All the rules of a set by their ids; null: it has errors.
using RulesById = std::map<std::string, const Rule*>;

void ReadTestFile(const SourcePtr& file, const RulesById& rules, const ReadInputs& inputs,
                  Diagnostics& diagnostics, std::vector<RuleTest>& tests);

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_LOAD_TESTS_TEST_FILE_H_
