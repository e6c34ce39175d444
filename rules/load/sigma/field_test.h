// One entry of a detection's map, `field|modifier|...: value` or a list of values, as tests.
//
// Modifiers act in the order in which they are written: those that change the text, then what it is
// compared as. What cannot go together, or cannot be done with a value, is told at the modifier or
// the value.
//
// Source: Sigma modifiers specification 2.1. Owner: values. Thread: no shared state. Errors:
// diagnostics R0203, R0407 and R080x; then there is no test.
#ifndef TELLTALE_RULES_LOAD_SIGMA_FIELD_TEST_H_
#define TELLTALE_RULES_LOAD_SIGMA_FIELD_TEST_H_

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "rules/load/sigma/detection.h"
#include "rules/load/sigma/modifier.h"
#include "rules/load/yaml/node.h"

namespace telltale::rules::sigma {

// What |expand puts in the place of a %name%: the values of a list; null: there is no such list.
struct Placeholders {
  std::function<const std::vector<std::string>*(const std::string& name)> find;
  std::vector<std::string> names;  // for suggestions
};

struct ReadContext {
  Diagnostics& diagnostics;
  const Placeholders& placeholders;
};

std::optional<Detection> ReadFieldTest(const FieldKey& key, const Node& value,
                                       ReadContext& context);

// The values that stand without a field: they are looked for in all values of the event.
std::optional<Detection> ReadKeywords(const std::vector<const Node*>& values, ReadContext& context);

}  // namespace telltale::rules::sigma

#endif  // TELLTALE_RULES_LOAD_SIGMA_FIELD_TEST_H_
