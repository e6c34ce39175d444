// The value of a detection as patterns of text: placeholders filled in, wildcards read, and the
// modifiers that change a text applied in their order.
//
// Owner: values. Thread: no shared state. Errors: diagnostics R0802 and R0805 at the value.
#ifndef TELLTALE_RULES_LOAD_SIGMA_VALUE_PATTERN_H_
#define TELLTALE_RULES_LOAD_SIGMA_VALUE_PATTERN_H_

#include <optional>
#include <string>
#include <vector>

#include "rules/load/sigma/field_test.h"
#include "rules/load/sigma/modifier.h"
#include "rules/load/sigma/value_text.h"
#include "rules/load/yaml/node.h"

namespace telltale::rules::sigma {

// Any of them will do. REQUIRES: CheckModifiers; value is a scalar and not null.
std::optional<std::vector<TextPattern>> PatternsOf(const FieldKey& key, const Node& value,
                                                   ReadContext& context);

// The text for every choice of the placeholders' values; `expand` is where it was asked for.
std::optional<std::vector<std::string>> Expanded(const PlacedModifier& expand, const Node& value,
                                                 ReadContext& context);

}  // namespace telltale::rules::sigma

#endif  // TELLTALE_RULES_LOAD_SIGMA_VALUE_PATTERN_H_
