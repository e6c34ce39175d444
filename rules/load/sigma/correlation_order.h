// `temporal_ordered` with a condition: the ways in which a correlation's rules can be in order.
//
// Sigma says that the events come in the order of `rules`, and that a condition may ask for some of
// the rules; how the two go together it leaves open (V3). A *case* is one way to meet the
// condition: events of some rules, each before the next in the order of `rules`, and none of some
// others in the window.
//
// Owner: values. Thread: no shared state. Errors: none where the cases would be too many.
#ifndef TELLTALE_RULES_LOAD_SIGMA_CORRELATION_ORDER_H_
#define TELLTALE_RULES_LOAD_SIGMA_CORRELATION_ORDER_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "rules/model/correlation.h"

namespace telltale::rules::sigma {

inline constexpr size_t kMostCases = 64;

// Indexes into Correlation::rules, ascending.
struct OrderedCase {
  std::vector<uint32_t> in_order;
  std::vector<uint32_t> unseen;
  bool operator==(const OrderedCase&) const = default;
};

// Any of them will do. Those that another one is a part of are left out, as are those that nothing
// can meet.
std::optional<std::vector<OrderedCase>> CasesOf(const CorrelationExpr& condition);

// How many of the rules are in order: from `least` to `greatest` of `rules`.
struct OrderedCount {
  uint32_t least = 0;
  uint32_t greatest = 0;
  bool operator==(const OrderedCount&) const = default;
};

// The stretches of counts up to `rules` that meet all the bounds, ascending.
std::vector<OrderedCount> CountsOf(const std::vector<CorrelationBound>& bounds, uint32_t rules);

// All choices of `count` of the first `rules` numbers.
std::optional<std::vector<std::vector<uint32_t>>> ChoicesOf(uint32_t count, uint32_t rules);

}  // namespace telltale::rules::sigma

#endif  // TELLTALE_RULES_LOAD_SIGMA_CORRELATION_ORDER_H_
