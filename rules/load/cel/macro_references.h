// Which names in the text of a macro may mean other macros, for finding macros that come back to
// themselves.
//
// Parameters and variables that the text binds are no such names. Owner: value type. Thread: any.
// Errors: none.
#ifndef TELLTALE_RULES_LOAD_CEL_MACRO_REFERENCES_H_
#define TELLTALE_RULES_LOAD_CEL_MACRO_REFERENCES_H_

#include <cstdint>
#include <string>
#include <vector>

#include "rules/load/cel/definitions.h"

namespace telltale::rules {

struct MacroReference {
  std::string name;
  uint32_t begin = 0;  // in the macro's text
  uint32_t end = 0;
};

// REQUIRES: the macro has a body. In the order of the tree.
std::vector<MacroReference> MacroReferences(const MacroDefinition& macro);

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_LOAD_CEL_MACRO_REFERENCES_H_
