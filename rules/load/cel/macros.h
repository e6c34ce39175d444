// Calls that are no calls: has(field), and what has variables of its own, most of them over a list
// or a map: items.all(i, i.price > 10.0), cel.bind(t, a.b.c, t.x == t.y).
//
// The parser reads them as calls; here their arguments are looked at. Source: the CEL
// specification, "Macros". Owner, thread: the parser's. Errors: go to the token reader; a
// placeholder stands for the call then.
#ifndef TELLTALE_RULES_LOAD_CEL_MACROS_H_
#define TELLTALE_RULES_LOAD_CEL_MACROS_H_

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "rules/load/cel/token_reader.h"
#include "rules/load/cel/tree_builder.h"

namespace telltale::rules {

// A macro as the reference shows it.
struct Macro {
  std::string_view name;
  std::string_view usage;
  std::string_view summary;
  size_t min_args = 0;  // with what it runs over
  size_t max_args = 0;
  size_t min_variables = 1;
  size_t max_variables = 1;
};

// All of them; has() and cel.bind() first.
std::span<const Macro> AllMacros();
// Whether items.NAME(...) is one.
bool IsMacro(std::string_view name);
// Whether `name`, called on the operand, is cel.bind.
bool IsBind(const Expr& operand, const Token& name);

// REQUIRES of all three: the call was just read.
Subtree MakeHas(const Token& name, std::vector<Subtree> args, TokenReader& in, TreeBuilder& tree);
Subtree MakeBind(const Token& name, uint32_t begin, std::vector<Subtree> args, TokenReader& in,
                 TreeBuilder& tree);
// `args` begin with what it runs over; `begin` is where it begins.
Subtree MakeMacro(const Token& name, uint32_t begin, std::vector<Subtree> args, TokenReader& in,
                  TreeBuilder& tree);

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_LOAD_CEL_MACROS_H_
