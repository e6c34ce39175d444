// The JSON Schemas (draft-07) of rule files and of test files.
//
// They say what can be said of the structure: which maps have which keys, and what these take. What
// expressions mean, which names exist and how steps stand together is for `telltale check`.
//
// Owner: the caller. Thread: any. Errors: none.
#ifndef TELLTALE_RULES_LOAD_SCHEMA_RULE_SCHEMA_H_
#define TELLTALE_RULES_LOAD_SCHEMA_RULE_SCHEMA_H_

#include <string>

namespace telltale::rules {

// Laid out for people; ends with a newline.
std::string RuleSchema();
std::string TestFileSchema();

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_LOAD_SCHEMA_RULE_SCHEMA_H_
