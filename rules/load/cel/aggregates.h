// The aggregates that expressions over a window may call (W1): how they are written, and what they
// take and give.
//
// They are no functions: `sum(amount)` has its argument evaluated for each event of the window,
// while `amounts.sum()` is a function of a list. Owner: static tables. Thread: any. Errors: none.
#ifndef TELLTALE_RULES_LOAD_CEL_AGGREGATES_H_
#define TELLTALE_RULES_LOAD_CEL_AGGREGATES_H_

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "rules/model/aggregate.h"
#include "rules/model/expression.h"
#include "rules/model/type.h"

namespace telltale::rules {

struct AggregateForm {
  std::string_view name;
  AggregateFunction function = AggregateFunction::kCount;
  std::string_view usage;    // "sum(x)"
  std::string_view summary;  // one line, without a full stop
  size_t min_args = 0;
  size_t max_args = 0;
  // The type of the value for arguments of these types; none: it does not take them.
  std::optional<Type> (*result)(const std::vector<Type>& args) = nullptr;
};

inline constexpr size_t kMostDistinct = 8;  // arguments of count_distinct

std::span<const AggregateForm> AllAggregates();
// Null where there is none of this name.
const AggregateForm* FindAggregate(std::string_view name);

// The node with its text in `text` as an expression of its own.
Expression MakeArgument(const LocatedText& text, ExprPtr root, uint32_t locals);

// The place of the call among `calls`, where it is added unless an equal one is there.
uint32_t AddCall(AggregateCall call, std::vector<AggregateCall>& calls);

// A variable of a macro around the argument, which no event has a value of; null: none.
const Expr* FindForeignLocal(const Expr& argument);

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_LOAD_CEL_AGGREGATES_H_
