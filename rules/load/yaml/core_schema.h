// What a plain YAML scalar is by its text (YAML 1.2, core schema): 17 is an int, "yes" a string.
//
// Thread: no state, any. Errors: none.
#ifndef TELLTALE_RULES_LOAD_YAML_CORE_SCHEMA_H_
#define TELLTALE_RULES_LOAD_YAML_CORE_SCHEMA_H_

#include <string_view>

#include "rules/load/yaml/node.h"

namespace telltale::rules {

// Sets kind, and boolean, integer or number with it.
void ResolvePlain(std::string_view text, Node& node);

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_LOAD_YAML_CORE_SCHEMA_H_
