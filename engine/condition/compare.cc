// Equality and order of values.
#include <algorithm>
#include <cmath>
#include <cstring>

#include "engine/condition/condition.h"
#include "engine/condition/operations.h"

namespace telltale::engine {
namespace {

constexpr double kTwo63 = 9223372036854775808.0;
constexpr double kTwo64 = 18446744073709551616.0;

template <typename T>
Order Ordered(T a, T b) {
  return a < b ? Order::kLess : b < a ? Order::kGreater : Order::kEqual;
}

Order Reversed(Order order) {
  return order == Order::kLess ? Order::kGreater : order == Order::kGreater ? Order::kLess : order;
}

Order OrderDoubles(double a, double b) {
  return std::isnan(a) || std::isnan(b) ? Order::kUnordered : Ordered(a, b);
}

// `low` and `high`: the integer type's range is [low, high).
template <typename Integer>
Order OrderWithDouble(Integer a, double b, double low, double high) {
  if (std::isnan(b)) return Order::kUnordered;
  if (b >= high) return Order::kLess;
  if (b < low) return Order::kGreater;
  const double whole = std::floor(b);
  const Order order = Ordered(a, static_cast<Integer>(whole));
  return order == Order::kEqual && b > whole ? Order::kLess : order;
}

Order OrderIntUint(int64_t a, uint64_t b) {
  return a < 0 ? Order::kLess : Ordered(static_cast<uint64_t>(a), b);
}

Order OrderText(std::string_view a, std::string_view b) { return Ordered(a.compare(b), 0); }

// Of two times.
Order OrderTimes(Value a, Value b) {
  const Order order = Ordered(a.seconds(), b.seconds());
  return order == Order::kEqual ? Ordered(a.nanoseconds(), b.nanoseconds()) : order;
}

Order OrderNumbers(Value a, Value b) {
  if (a.kind() > b.kind()) return Reversed(OrderNumbers(b, a));  // kInt < kUint < kDouble
  if (a.is(ValueKind::kInt)) {
    if (b.is(ValueKind::kInt)) return Ordered(a.as_int(), b.as_int());
    if (b.is(ValueKind::kUint)) return OrderIntUint(a.as_int(), b.as_uint());
    return OrderWithDouble(a.as_int(), b.as_double(), -kTwo63, kTwo63);
  }
  if (a.is(ValueKind::kUint)) {
    if (b.is(ValueKind::kUint)) return Ordered(a.as_uint(), b.as_uint());
    return OrderWithDouble(a.as_uint(), b.as_double(), 0, kTwo64);
  }
  return OrderDoubles(a.as_double(), b.as_double());
}

// As CEL's reference orders a whole number and a double: beyond 2^53 the number is rounded to a
// double first.
Order OrderRounded(Value a, Value b) {
  if (a.is(ValueKind::kDouble) == b.is(ValueKind::kDouble)) return OrderNumbers(a, b);
  const auto rounded = [](Value value) {
    if (value.is(ValueKind::kInt)) return static_cast<double>(value.as_int());
    return value.is(ValueKind::kUint) ? static_cast<double>(value.as_uint()) : value.as_double();
  };
  return OrderDoubles(rounded(a), rounded(b));
}

// Equality within what may be spent: `charge(units)` is false when no more may be.
template <typename Charge>
class Equality {
 public:
  explicit Equality(Charge charge) : charge_(charge) {}

  Value Of(Value a, Value b) {
    if (const Value error = ErrorOf(a, b); error.is(ValueKind::kError)) return error;
    if (IsNumber(a) && IsNumber(b)) return Value::Bool(OrderNumbers(a, b) == Order::kEqual);
    if (a.kind() != b.kind()) return Value::Bool(false);
    switch (a.kind()) {
      case ValueKind::kNull:
        return Value::Bool(true);
      case ValueKind::kBool:
        return Value::Bool(a.as_bool() == b.as_bool());
      case ValueKind::kString:
      case ValueKind::kBytes:
      case ValueKind::kIp:
      case ValueKind::kCidr:
        return Texts(a, b);
      case ValueKind::kTimestamp:
      case ValueKind::kDuration:
        return Value::Bool(OrderTimes(a, b) == Order::kEqual);
      case ValueKind::kType:
        return Value::Bool(a.as_type() == b.as_type());
      case ValueKind::kOptional:
        if (!a.has_value() || !b.has_value()) return Value::Bool(a.has_value() == b.has_value());
        return Of(a.optional_value(), b.optional_value());
      case ValueKind::kList:
        return Lists(a, b);
      case ValueKind::kMap:
        return Maps(a, b);
      default:
        return Value::Error(ErrorCode::kNoSuchOverload);
    }
  }

 private:
  static Value ErrorOf(Value a, Value b) {
    for (const Value value : {a, b}) {
      if (value.is(ValueKind::kError)) return value;
      if (value.is(ValueKind::kAbsent)) return Value::Error(ErrorCode::kNoSuchField);
    }
    return Value::Absent();
  }

  static bool IsTrue(Value value) { return value.is(ValueKind::kBool) && value.as_bool(); }

  Value Texts(Value a, Value b) {
    if (a.size() != b.size()) return Value::Bool(false);
    if (a.size() >= kLongText && !charge_(a.size() / kLongText))
      return Value::Error(ErrorCode::kBudget);
    return Value::Bool(a.as_string() == b.as_string());
  }

  Value Lists(Value a, Value b) {
    if (a.size() != b.size()) return Value::Bool(false);
    for (uint32_t i = 0; i < a.size(); ++i) {
      if (!charge_(1)) return Value::Error(ErrorCode::kBudget);
      const Value equal = Of(a.elements()[i].Load(), b.elements()[i].Load());
      if (!IsTrue(equal)) return equal;
    }
    return Value::Bool(true);
  }

  Value Maps(Value a, Value b) {
    if (a.size() != b.size()) return Value::Bool(false);
    for (uint32_t i = 0; i < a.size(); ++i) {
      const Value equal = HasEntry(b, a.entries()[i]);
      if (!IsTrue(equal)) return equal;
    }
    return Value::Bool(true);
  }

  Value HasEntry(Value map, const StoredEntry& entry) {
    const Value key = entry.key.Load();
    for (uint32_t i = 0; i < map.size(); ++i) {
      if (!charge_(1)) return Value::Error(ErrorCode::kBudget);
      if (IsTrue(Of(map.entries()[i].key.Load(), key))) {
        return Of(map.entries()[i].value.Load(), entry.value.Load());
      }
    }
    return Value::Bool(false);
  }

  Charge charge_;
};

Value EqualsWithin(Value a, Value b, Scratch& scratch) {
  return Equality([&scratch](uint64_t cost) { return scratch.Charge(cost); }).Of(a, b);
}

// What it costs to order two values beside the step itself.
uint64_t CostOfOrder(Value a, Value b) {
  const bool texts = a.kind() == b.kind() && (a.is(ValueKind::kString) || a.is(ValueKind::kBytes));
  return texts ? std::min(a.size(), b.size()) / kLongText : 0;
}

}  // namespace

bool Satisfies(Order order, Relation relation) {
  switch (relation) {
    case Relation::kEqual:
      return order == Order::kEqual;
    case Relation::kNotEqual:
      return order != Order::kEqual;
    case Relation::kLess:
      return order == Order::kLess;
    case Relation::kLessEqual:
      return order == Order::kLess || order == Order::kEqual;
    case Relation::kGreater:
      return order == Order::kGreater;
    case Relation::kGreaterEqual:
      return order == Order::kGreater || order == Order::kEqual;
  }
  return false;
}

Value Equals(Value a, Value b) {
  return Equality([](uint64_t) { return true; }).Of(a, b);
}

Order OrderOf(Value a, Value b) {
  if (IsNumber(a) && IsNumber(b)) return OrderNumbers(a, b);
  if (a.kind() != b.kind()) return Order::kNoOverload;
  switch (a.kind()) {
    case ValueKind::kString:
    case ValueKind::kBytes:
      return OrderText(a.as_string(), b.as_string());
    case ValueKind::kTimestamp:
    case ValueKind::kDuration:
      return OrderTimes(a, b);
    case ValueKind::kBool:
      return Ordered<int>(a.as_bool() ? 1 : 0, b.as_bool() ? 1 : 0);
    default:
      return Order::kNoOverload;
  }
}

Value Compare(Relation relation, Value a, Value b, Scratch& scratch) {
  if (relation == Relation::kEqual || relation == Relation::kNotEqual) {
    const Value equal = EqualsWithin(a, b, scratch);
    return equal.is(ValueKind::kBool)
               ? Value::Bool(equal.as_bool() == (relation == Relation::kEqual))
               : equal;
  }
  if (!scratch.Charge(CostOfOrder(a, b))) return Value::Error(ErrorCode::kBudget);
  const Order order = IsNumber(a) && IsNumber(b) ? OrderRounded(a, b) : OrderOf(a, b);
  return order == Order::kNoOverload ? Value::Error(ErrorCode::kNoSuchOverload)
                                     : Value::Bool(Satisfies(order, relation));
}

bool IsNumber(Value value) {
  return value.is(ValueKind::kInt) || value.is(ValueKind::kUint) || value.is(ValueKind::kDouble);
}

bool GoesBefore(Value number, Value best, Order wanted) {
  const Order order = OrderNumbers(number, best);
  if (order != Order::kUnordered) return order == wanted;
  return !(best.is(ValueKind::kDouble) && std::isnan(best.as_double()));
}

std::optional<int64_t> IntegralValue(Value number) {
  switch (number.kind()) {
    case ValueKind::kInt:
      return number.as_int();
    case ValueKind::kUint:
      if (number.as_uint() > static_cast<uint64_t>(INT64_MAX)) return std::nullopt;
      return static_cast<int64_t>(number.as_uint());
    case ValueKind::kDouble: {
      const double d = number.as_double();
      if (!(d >= -kTwo63 && d < kTwo63) || std::floor(d) != d) return std::nullopt;
      return static_cast<int64_t>(d);
    }
    default:
      return std::nullopt;
  }
}

Value Lookup(Value map, Value key, Scratch& scratch) {
  const bool text = key.is(ValueKind::kString);
  if (!scratch.Charge(map.size() / 8)) return Value::Error(ErrorCode::kBudget);
  for (uint32_t i = 0; i < map.size(); ++i) {
    const Value candidate = map.entries()[i].key.Load();
    if (!text) {
      if (OrderOf(candidate, key) == Order::kEqual) return map.entries()[i].value.Load();
      continue;
    }
    if (!candidate.is(ValueKind::kString) || candidate.size() != key.size()) continue;
    if (!scratch.Charge(key.size() / kLongText)) return Value::Error(ErrorCode::kBudget);
    if (candidate.as_string() == key.as_string()) return map.entries()[i].value.Load();
  }
  return Value::Absent();
}

Value Contains(Value container, Value element, Scratch& scratch) {
  if (container.is(ValueKind::kMap)) {
    const Value found = Lookup(container, element, scratch);
    if (found.is(ValueKind::kError) && found.error() == ErrorCode::kBudget) return found;
    return Value::Bool(!found.is(ValueKind::kAbsent));
  }
  if (!container.is(ValueKind::kList)) return Value::Error(ErrorCode::kNoSuchOverload);
  Value error = Value::Absent();
  for (uint32_t i = 0; i < container.size(); ++i) {
    if (!scratch.Charge(1)) return Value::Error(ErrorCode::kBudget);
    const Value equal = EqualsWithin(container.elements()[i].Load(), element, scratch);
    if (equal.is(ValueKind::kError)) {
      error = equal;
    } else if (equal.as_bool()) {
      return equal;
    }
  }
  return error.is(ValueKind::kError) ? error : Value::Bool(false);
}

}  // namespace telltale::engine
