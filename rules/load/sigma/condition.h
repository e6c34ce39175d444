// The conditions of Sigma: of a detection over its search identifiers, and of a correlation over
// its rules.
//
//   condition  = or ;
//   or         = and { "or" and } ;
//   and        = not { "and" not } ;
//   not        = "not" not | primary ;
//   primary    = "(" or ")" | quantity "of" ( "them" | pattern ) | name ;
//   quantity   = "all" | "any" | number ;
//   name       = letter or digit or one of _ - . , one or more ;
//   pattern    = a name with any number of "*" (any text) and "?" (one character) in it ;
//
// Words may be in upper case. `any` is 1. A correlation has names only.
//
// Source: Sigma rules specification 2.1, "Condition". Owner: values. Thread: no shared state.
// Errors: diagnostics R0803 (and R0806 for aggregations of Sigma 1); then there is no tree.
#ifndef TELLTALE_RULES_LOAD_SIGMA_CONDITION_H_
#define TELLTALE_RULES_LOAD_SIGMA_CONDITION_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rules/model/diagnostic.h"
#include "rules/model/source.h"

namespace telltale::rules::sigma {

inline constexpr uint32_t kAllOfThem = 0;

struct Condition {
  enum class Kind : uint8_t { kName, kQuantity, kAnd, kOr, kNot };
  Kind kind = Kind::kName;
  std::string name;    // of kName; of kQuantity the pattern, empty: "them"
  uint32_t least = 1;  // of kQuantity; kAllOfThem
  Span span;
  std::vector<Condition> parts;
};

enum class ConditionOf : uint8_t { kDetection, kCorrelation };

std::optional<Condition> ParseCondition(const LocatedText& text, ConditionOf what,
                                        Diagnostics& diagnostics);

// Whether the pattern of a quantity fits the name.
bool FitsPattern(std::string_view pattern, std::string_view name);

}  // namespace telltale::rules::sigma

#endif  // TELLTALE_RULES_LOAD_SIGMA_CONDITION_H_
