// A detection to the checked expression that the engine compiles: its fields become paths into the
// events of one stream, its tests calls that no CEL text can spell (`@sigma.is(...)`).
//
// Those calls are two-valued: an absent field, or one of another type, makes them false, and never
// an error. So `not` is plain negation, whatever the event lacks (V3).
//
// Owner: the expression is the caller's. Thread: no shared state, any. Errors: none.
#ifndef TELLTALE_RULES_LOAD_SIGMA_LOWERING_H_
#define TELLTALE_RULES_LOAD_SIGMA_LOWERING_H_

#include <vector>

#include "rules/load/sigma/detection.h"
#include "rules/model/expression.h"
#include "rules/model/logsource.h"
#include "rules/model/stream.h"

namespace telltale::rules::sigma {

ExprPtr Lower(const Detection& detection, StreamIndex stream, const FieldMapping& fields,
              const StreamCatalog& streams);

// Balanced, so that a thousand operands are not nested a thousand deep. Of none: true and false.
ExprPtr AllOf(std::vector<ExprPtr> operands);
ExprPtr AnyOf(std::vector<ExprPtr> operands);

// The field of an event: of the one under test, or of the one that a step has taken.
ExprPtr FieldOf(ExprPtr event, FieldPath path, bool test = false);
ExprPtr EventOf(StreamIndex stream);
ExprPtr StepOf(uint32_t step, StreamIndex stream);

ExprPtr ConstantOf(Constant constant);
// An operator between two bools or numbers: "_>=_".
ExprPtr Pair(const char* name, ExprPtr a, ExprPtr b);
ExprPtr Negation(ExprPtr operand);
// A value of the window: a call by its place in Aggregate::calls.
ExprPtr WindowValue(uint32_t call, Type type);

ExprPtr Choose(ExprPtr condition, ExprPtr then, ExprPtr otherwise);

// With what it reads.
Expression MakeExpression(ExprPtr root, LocatedText text);

}  // namespace telltale::rules::sigma

#endif  // TELLTALE_RULES_LOAD_SIGMA_LOWERING_H_
