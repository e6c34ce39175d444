// Whether a condition can be true at all, or is whatever the event: what its author surely did not
// mean.
//
// Looked at are comparisons of the same thing with constants (==, !=, <, in ...), joined by && ||
// !, and what compares with itself: `a == 1 && a == 2`, `a != 1 || a != 2`, `size(x) < 0`, `x ==
// x`, `x.matches(".*")`. "Never" is exact: no event makes the condition true, be it false or an
// error. "Always" is meant of the events for which it is no error. Anything else is open.
//
// Owner: the verdict points into the expression. Thread: no state, any. Cost: linear in the
// expression, but for the comparisons of one thing in one conjunction, which are few. Errors: none.
#ifndef TELLTALE_RULES_LOAD_CEL_TRUTH_H_
#define TELLTALE_RULES_LOAD_CEL_TRUTH_H_

#include <cstdint>
#include <functional>

#include "rules/model/expression.h"

namespace telltale::rules {

enum class Truth : uint8_t { kOpen, kNever, kAlways };

struct TruthVerdict {
  Truth truth = Truth::kOpen;
  const Expr* decider = nullptr;  // the part that decides; not null where the truth is not open
  const Expr* against = nullptr;  // another part that it contradicts, or null
};

// REQUIRES: a checked expression of type bool.
TruthVerdict JudgeTruth(const Expr& condition);

// Calls `tell` for the largest parts of the condition that are not open.
void VisitDecided(const Expr& condition,
                  const std::function<void(const Expr&, const TruthVerdict&)>& tell);

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_LOAD_CEL_TRUTH_H_
