// Calls that are no calls: has(field), and what runs over a list with a variable of its own.
//
// The parser reads them as calls; here their arguments are looked at. Source: the CEL
// specification, "Macros". Owner, thread: the parser's. Errors: go to the token reader; a
// placeholder stands for the call then.
#ifndef TELLTALE_RULES_LOAD_CEL_MACROS_H_
#define TELLTALE_RULES_LOAD_CEL_MACROS_H_

#include <cstdint>
#include <string_view>
#include <vector>

#include "rules/load/cel/token_reader.h"
#include "rules/load/cel/tree_builder.h"

namespace telltale::rules {

// Whether items.NAME(...) is one.
bool IsMacro(std::string_view name);

// REQUIRES of both: the call was just read.
Subtree MakeHas(const Token& name, std::vector<Subtree> args, TokenReader& in, TreeBuilder& tree);
// `args` begin with the list or the map; `begin` is where it begins.
Subtree MakeMacro(const Token& name, uint32_t begin, std::vector<Subtree> args, TokenReader& in,
                  TreeBuilder& tree);

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_LOAD_CEL_MACROS_H_
