// Conditions taken apart: which of their conjuncts look at an event alone, and which at what was
// taken before.
//
// Owner: parts keep the whole tree alive. Thread: immutable, any. Errors: none.
#ifndef TELLTALE_ENGINE_PATTERN_CONJUNCTS_H_
#define TELLTALE_ENGINE_PATTERN_CONJUNCTS_H_

#include <optional>
#include <vector>

#include "rules/model/expression.h"

namespace telltale::engine {

// A subexpression as an expression of its own, which keeps the whole tree alive.
rules::Expression PartOf(const rules::Expression& whole, const rules::Expr& part);
// The operands of the outermost chain of &&, from left to right; of another condition itself.
std::vector<rules::Expression> Conjuncts(const rules::Expression& whole);

// The conjuncts of a condition, split by whether they refer to steps. What is in neither list is
// always true.
struct SplitCondition {
  std::vector<rules::Expression> local;
  std::optional<rules::Expression> cross;  // all conjuncts that refer to steps, in order
};
SplitCondition Split(const std::optional<rules::Expression>& where);

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_PATTERN_CONJUNCTS_H_
