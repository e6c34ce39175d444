// What can name a rule, and the id of a rule that gives itself none.
//
// Owner: none. Thread: no state, any. Errors: none.
#ifndef TELLTALE_RULES_MODEL_RULE_ID_H_
#define TELLTALE_RULES_MODEL_RULE_ID_H_

#include <cstddef>
#include <string>
#include <string_view>

namespace telltale::rules {

inline constexpr size_t kLongestRuleId = 128;

// Letters, digits, '-', '_' and '.', a letter or digit first, at most kLongestRuleId; and the same
// as a pattern of ECMA 262.
inline constexpr std::string_view kRuleIdPattern = "^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$";
bool IsRuleId(std::string_view id);

// The text in lower case, with a '-' for whatever an id cannot have, and none at its ends: "Many
// failed logins (SSH)" is "many-failed-logins-ssh". Empty where nothing is left.
std::string RuleIdOf(std::string_view text);

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_MODEL_RULE_ID_H_
