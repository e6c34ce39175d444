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

// The conjuncts of a condition, split by what they look at: those that the event alone decides, and
// the whole where some need more. At most one of `measured` and `cross` is there.
struct SplitCondition {
  std::vector<rules::Expression> local;
  std::optional<rules::Expression> measured;  // some read windows (W3), none refers to steps
  std::optional<rules::Expression> cross;     // some refer to steps; they may read windows, too
};
SplitCondition Split(const std::optional<rules::Expression>& where);

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_PATTERN_CONJUNCTS_H_
