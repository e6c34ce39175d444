// The values that something can have, given what it was compared with.
//
// Comparisons are added one by one; Empty() says whether none is left. Numbers of all types are one
// kind and are compared exactly, as CEL does; values of two kinds are never equal.
//
// Owner: value type; holds copies of small constants. Thread: plain data. Errors: none.
#ifndef TELLTALE_RULES_LOAD_CEL_VALUE_RANGE_H_
#define TELLTALE_RULES_LOAD_CEL_VALUE_RANGE_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "rules/model/expression.h"

namespace telltale::rules {

enum class Comparison : uint8_t { kEqual, kNotEqual, kLess, kAtMost, kGreater, kAtLeast };

Comparison Negated(Comparison comparison);
// a < b is b > a.
Comparison Mirrored(Comparison comparison);

// Whether `a COMPARISON b` is true; false where the kinds do not compare.
bool Holds(const Constant& a, Comparison comparison, const Constant& b);
// Whether the two can be compared by order.
bool SameKind(const Constant& a, const Constant& b);

class ValueRange {
 public:
  // `integral`: the thing is a whole number, so that nothing is between 1 and 2.
  explicit ValueRange(bool integral = false) : integral_(integral) {}

  void Add(Comparison comparison, const Constant& value);
  void AddOneOf(const std::vector<Constant>& values);
  bool Empty() const;

 private:
  struct Bound {
    Constant value;
    bool closed = true;
  };
  bool Allows(const Constant& value) const;
  // Of a whole number, `> 1` is `>= 2`.
  Bound Tightened(const Constant& value, bool closed, int64_t step) const;

  bool integral_ = false;
  std::optional<Bound> low_;
  std::optional<Bound> high_;
  std::optional<std::vector<Constant>> one_of_;
  std::vector<Constant> none_of_;
};

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_LOAD_CEL_VALUE_RANGE_H_
