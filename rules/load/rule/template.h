// Text with {{expression}} holes.
//
// A hole ends with the first "}}" outside of a string of its expression; "}}" outside of a hole is
// text. Owner: the template is the caller's. Thread: one, as the context is. Errors: diagnostics
// R0109 for the braces, and those of the expressions.
#ifndef TELLTALE_RULES_LOAD_RULE_TEMPLATE_H_
#define TELLTALE_RULES_LOAD_RULE_TEMPLATE_H_

#include <optional>

#include "rules/load/rule/rule_context.h"

namespace telltale::rules {

std::optional<Template> ReadTemplate(RuleContext& context, const LocatedText& text);

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_LOAD_RULE_TEMPLATE_H_
