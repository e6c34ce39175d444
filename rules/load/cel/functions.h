// The operators and functions that conditions have, and which types they take.
//
// Operators stand under their CEL names (_+_, @in), functions with their namespace ("math.abs"). A
// type that is not known before evaluation (dyn) fits everything; numbers are compared across int,
// uint and double, but never converted by themselves in arithmetic. An event counts as a map from
// string to dyn.
//
// To add a function: a line in the table of its family (functions_*.cc) with its types, how it is
// called and one line of what it does, from which the reference is made; and a line in the engine's
// table (engine/condition/functions_*.cc). A test holds the tables against each other. A new family
// is a new file, with a line in AllFunctions. One name is one line: overloads by number and types
// of arguments are told apart in its `result`.
//
// Source: the CEL specification, "List of Standard Definitions", and the extensions of its
// libraries; sum, avg, min, max are ours (semantics V5). Owner: static tables. Thread: any. Errors:
// none.
#ifndef TELLTALE_RULES_LOAD_CEL_FUNCTIONS_H_
#define TELLTALE_RULES_LOAD_CEL_FUNCTIONS_H_

#include <cstddef>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "rules/model/type.h"

namespace telltale::rules {

inline constexpr size_t kVariadic = std::numeric_limits<size_t>::max();

struct Function {
  std::string_view name;
  std::string_view usage;    // "text.startsWith(prefix)"; empty: an operator
  std::string_view summary;  // one line, without a full stop
  std::string_view family;   // the heading under which the reference has it
  size_t min_args = 0;       // with the operand of a member call
  size_t max_args = 0;
  bool global = false;  // may be called as f(x)
  bool member = false;  // may be called as x.f()
  // The type of the result for these arguments (as many as it takes); none: it does not take them.
  std::optional<Type> (*result)(const std::vector<Type>& args) = nullptr;
  // For the reference: a call of it, and an expression that is equal to what it gives. A test
  // evaluates both.
  std::string_view example = {};
  std::string_view gives = {};

  bool is_operator() const { return usage.empty(); }
};

using FunctionTable = std::span<const Function>;

// Null where there is no such function or operator.
const Function* FindFunction(std::string_view name);
// All of them, a family a table.
std::span<const FunctionTable> AllFunctions();

FunctionTable Operators();            // functions_operator.cc
FunctionTable AggregateFunctions();   // functions_aggregate.cc
FunctionTable CharacterFunctions();   // functions_character.cc
FunctionTable ContainerFunctions();   // functions_container.cc
FunctionTable ConversionFunctions();  // functions_conversion.cc
FunctionTable ListFunctions();        // functions_list.cc
FunctionTable MathFunctions();        // functions_math.cc
FunctionTable NetworkFunctions();     // functions_network.cc
FunctionTable PatternFunctions();     // functions_pattern.cc
FunctionTable OptionalFunctions();    // functions_optional.cc
FunctionTable TextFunctions();        // functions_text.cc
FunctionTable TimeFunctions();        // functions_time.cc

// Whether functions are called on this word: math.greatest(...).
bool IsNamespace(std::string_view word);
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
