#include "rules/load/cel/value_range.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace telltale::rules {
namespace {

// Exact for every int64, uint64 and double, where long double has 64 bits of mantissa or more.
std::optional<long double> NumberOf(const Constant& value) {
  if (const auto* i = std::get_if<int64_t>(&value)) return static_cast<long double>(*i);
  if (const auto* u = std::get_if<uint64_t>(&value)) return static_cast<long double>(*u);
  if (const auto* d = std::get_if<double>(&value)) return static_cast<long double>(*d);
  return std::nullopt;
}

template <typename T>
bool Ordered(const T& a, Comparison comparison, const T& b) {
  switch (comparison) {
    case Comparison::kEqual:
      return a == b;
    case Comparison::kNotEqual:
      return a != b;
    case Comparison::kLess:
      return a < b;
    case Comparison::kAtMost:
      return a <= b;
    case Comparison::kGreater:
      return a > b;
    case Comparison::kAtLeast:
      return a >= b;
  }
  return false;
}

}  // namespace

Comparison Negated(Comparison comparison) {
  switch (comparison) {
    case Comparison::kEqual:
      return Comparison::kNotEqual;
    case Comparison::kNotEqual:
      return Comparison::kEqual;
    case Comparison::kLess:
      return Comparison::kAtLeast;
    case Comparison::kAtMost:
      return Comparison::kGreater;
    case Comparison::kGreater:
      return Comparison::kAtMost;
    case Comparison::kAtLeast:
      return Comparison::kLess;
  }
  return comparison;
}

Comparison Mirrored(Comparison comparison) {
  switch (comparison) {
    case Comparison::kLess:
      return Comparison::kGreater;
    case Comparison::kAtMost:
      return Comparison::kAtLeast;
    case Comparison::kGreater:
      return Comparison::kLess;
    case Comparison::kAtLeast:
      return Comparison::kAtMost;
    default:
      return comparison;
  }
}

bool SameKind(const Constant& a, const Constant& b) {
  return (NumberOf(a) && NumberOf(b)) || a.index() == b.index();
}

bool Holds(const Constant& a, Comparison comparison, const Constant& b) {
  const auto x = NumberOf(a);
  const auto y = NumberOf(b);
  if (x && y) return Ordered(*x, comparison, *y);
  if (a.index() != b.index()) return comparison == Comparison::kNotEqual;
  if (const auto* text = std::get_if<std::string>(&a))
    return Ordered(*text, comparison, std::get<std::string>(b));
  if (const auto* truth = std::get_if<bool>(&a))
    return Ordered(*truth, comparison, std::get<bool>(b));
  if (comparison == Comparison::kEqual) return a == b;
  return comparison == Comparison::kNotEqual && !(a == b);
}

ValueRange::Bound ValueRange::Tightened(const Constant& value, bool closed, int64_t step) const {
  const auto* whole = std::get_if<int64_t>(&value);
  const int64_t end =
      step > 0 ? std::numeric_limits<int64_t>::max() : std::numeric_limits<int64_t>::min();
  if (!integral_ || closed || whole == nullptr || *whole == end) return {value, closed};
  return {*whole + step, true};
}

void ValueRange::Add(Comparison comparison, const Constant& value) {
  switch (comparison) {
    case Comparison::kEqual:
      return AddOneOf({value});
    case Comparison::kNotEqual:
      none_of_.push_back(value);
      return;
    case Comparison::kLess:
    case Comparison::kAtMost: {
      Bound bound = Tightened(value, comparison == Comparison::kAtMost, -1);
      const bool tighter = !high_ || Holds(bound.value, Comparison::kLess, high_->value) ||
                           (Holds(bound.value, Comparison::kEqual, high_->value) && !bound.closed);
      // Bounds of two kinds contradict each other: nothing is below both.
      if (high_ && !SameKind(bound.value, high_->value)) one_of_ = std::vector<Constant>{};
      if (tighter) high_ = std::move(bound);
      return;
    }
    case Comparison::kGreater:
    case Comparison::kAtLeast: {
      Bound bound = Tightened(value, comparison == Comparison::kAtLeast, 1);
      const bool tighter = !low_ || Holds(bound.value, Comparison::kGreater, low_->value) ||
                           (Holds(bound.value, Comparison::kEqual, low_->value) && !bound.closed);
      if (low_ && !SameKind(bound.value, low_->value)) one_of_ = std::vector<Constant>{};
      if (tighter) low_ = std::move(bound);
      return;
    }
  }
}

void ValueRange::AddOneOf(const std::vector<Constant>& values) {
  if (!one_of_) {
    one_of_ = values;
    return;
  }
  std::erase_if(*one_of_, [&](const Constant& kept) {
    return std::none_of(values.begin(), values.end(), [&](const Constant& value) {
      return Holds(kept, Comparison::kEqual, value);
    });
  });
}

bool ValueRange::Allows(const Constant& value) const {
  if (low_ &&
      !Holds(value, low_->closed ? Comparison::kAtLeast : Comparison::kGreater, low_->value))
    return false;
  if (high_ && !Holds(value, high_->closed ? Comparison::kAtMost : Comparison::kLess, high_->value))
    return false;
  return std::none_of(none_of_.begin(), none_of_.end(), [&](const Constant& barred) {
    return Holds(value, Comparison::kEqual, barred);
  });
}

bool ValueRange::Empty() const {
  if (one_of_) {
    return std::none_of(one_of_->begin(), one_of_->end(),
                        [&](const Constant& value) { return Allows(value); });
  }
  if (!low_ || !high_) return false;
  if (!SameKind(low_->value, high_->value)) return true;
  if (Holds(low_->value, Comparison::kGreater, high_->value)) return true;
  if (!Holds(low_->value, Comparison::kEqual, high_->value)) return false;
  return !low_->closed || !high_->closed || !Allows(low_->value);
}

}  // namespace telltale::rules
