// What the tables of functions (functions_*.cc) say types with.
//
// Owner, thread, errors: none.
#ifndef TELLTALE_RULES_LOAD_CEL_SIGNATURE_H_
#define TELLTALE_RULES_LOAD_CEL_SIGNATURE_H_

#include <optional>
#include <vector>

#include "rules/load/cel/functions.h"
#include "rules/model/type.h"

namespace telltale::rules {

using Args = std::vector<Type>;
using Result = std::optional<Type>;

constexpr bool IsNumber(TypeKind kind) {
  return kind == TypeKind::kInt || kind == TypeKind::kUint || kind == TypeKind::kDouble;
}

// Of a list, a map's values, an optional; dyn where it is not known.
inline Type ElementOf(const Type& type) {
  return type.element == nullptr ? Type::Dyn() : *type.element;
}
inline Type KeyOf(const Type& type) {
  if (type.kind == TypeKind::kEvent) return Type::Of(TypeKind::kString);
  return type.key == nullptr ? Type::Dyn() : *type.key;
}

// Whether the type is dyn or one of the kinds.
template <typename... Kinds>
bool Fits(const Type& type, Kinds... kinds) {
  return IsDyn(type) || ((type.kind == kinds) || ...);
}

// A rule for what takes these kinds, one an argument (of optional arguments as many as there are),
// and gives that: Takes<TypeKind::kBool, TypeKind::kString, TypeKind::kString>.
template <TypeKind result, TypeKind... kinds>
Result Takes(const Args& args) {
  constexpr TypeKind kKinds[] = {kinds...};
  for (size_t i = 0; i < args.size(); ++i) {
    if (!Fits(args[i], kKinds[i])) return std::nullopt;
  }
  return Type::Of(result);
}

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_LOAD_CEL_SIGNATURE_H_
