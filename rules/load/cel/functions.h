// The operators and functions that conditions have, and which types they take.
//
// Operators stand under their CEL names (_+_, @in). A type that is not known before evaluation
// (dyn) fits everything; numbers are compared across int, uint and double, but never converted by
// themselves in arithmetic. An event counts as a map from string to dyn.
//
// Source: the CEL specification, "List of Standard Definitions"; lowerAscii and upperAscii from its
// string extension; sum, avg, min, max are ours (semantics V5). Owner: static tables. Thread: any.
// Errors: none.
#ifndef TELLTALE_RULES_LOAD_CEL_FUNCTIONS_H_
#define TELLTALE_RULES_LOAD_CEL_FUNCTIONS_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rules/model/type.h"

namespace telltale::rules {

struct Function {
  std::string_view name;
  std::string_view usage;  // "text.startsWith(prefix)"
  size_t arity = 0;        // with the operand of a member call
  bool global = false;     // may be called as f(x)
  bool member = false;     // may be called as x.f()
  // The type of the result for these arguments (as many as `arity`); none: it does not take them.
  std::optional<Type> (*result)(const std::vector<Type>& args) = nullptr;
};

// Null where there is no such function or operator.
const Function* FindFunction(std::string_view name);
// Functions of CEL's standard or extensions, or of our own language, that a later version brings.
bool IsLaterFunction(std::string_view name);
// What such functions are called on: math.greatest(...), cel.bind(...).
bool IsLaterNamespace(std::string_view name);
// The function or macro that the author of an unknown word will have meant; empty: none.
std::string NearestFunction(std::string_view word);

// Whether values of the two types can be equal: the same kind (lists and maps whatever they hold),
// both numbers, or either dyn or null.
bool Comparable(const Type& a, const Type& b);
// The type of what is sometimes of one type and sometimes of the other; dyn where they differ.
Type Join(const Type& a, const Type& b);
bool IsDyn(const Type& type);

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_LOAD_CEL_FUNCTIONS_H_
