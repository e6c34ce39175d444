// Arithmetic with CEL's overflow errors, and the aggregates over lists.
#include <cmath>
#include <limits>

#include "engine/condition/exact_sum.h"
#include "engine/condition/operations.h"

namespace telltale::engine {
namespace {

__extension__ using Wide = __int128;  // the exact sum of up to 2^32 whole numbers

constexpr int64_t kMin = std::numeric_limits<int64_t>::min();

Value NoOverload() { return Value::Error(ErrorCode::kNoSuchOverload); }
Value Overflow() { return Value::Error(ErrorCode::kOverflow); }
Value Spent() { return Value::Error(ErrorCode::kBudget); }

Value Joined(Value a, Value b, Scratch& scratch) {
  if (b.size() == 0) return a;
  if (a.size() == 0) return b;
  const size_t size = size_t{a.size()} + b.size();
  char* text = scratch.Allocate(size);
  if (text == nullptr) return Spent();
  a.as_string().copy(text, a.size());
  b.as_string().copy(text + a.size(), b.size());
  return a.is(ValueKind::kString) ? Value::String({text, size}) : Value::Bytes({text, size});
}

Value JoinedLists(Value a, Value b, Scratch& scratch) {
  if (b.size() == 0) return a;
  if (a.size() == 0) return b;
  auto* elements = scratch.AllocateArray<StoredValue>(size_t{a.size()} + b.size());
  if (elements == nullptr) return Spent();
  uint32_t size = 0;
  for (const Value list : {a, b}) {
    for (uint32_t i = 0; i < list.size(); ++i) elements[size++].Store(list.elements()[i].Load());
  }
  return Value::List(elements, size);
}

Value JoinedEvents(Value a, Value b, Scratch& scratch) {
  auto** events = scratch.AllocateArray<const Event*>(size_t{a.size()} + b.size());
  if (events == nullptr) return Spent();
  uint32_t size = 0;
  for (const Value list : {a, b}) {
    for (uint32_t i = 0; i < list.size(); ++i) events[size++] = list.events()[i];
  }
  return Value::OfEvents(events, size);
}

bool IsAnyList(Value value) {
  return value.is(ValueKind::kList) || value.is(ValueKind::kEventList);
}

// The numbers of a list, in one pass; ok() tells an error.
class Totals {
 public:
  explicit Totals(Value list, Scratch& scratch) {
    if (!list.is(ValueKind::kList)) {
      error_ = NoOverload();
      return;
    }
    if (!scratch.Charge(list.size())) {
      error_ = Spent();
      return;
    }
    for (uint32_t i = 0; i < list.size() && ok(); ++i) Take(list.elements()[i].Load());
  }

  bool ok() const { return !error_.is(ValueKind::kError); }
  Value error() const { return error_; }

  Value Sum(bool real) const {
    if (doubles_ || (real && count_ == 0)) return Value::Double(exact_.Round());
    if (!ints_ && count_ > 0) {
      return whole_ > std::numeric_limits<uint64_t>::max()
                 ? Overflow()
                 : Value::Uint(static_cast<uint64_t>(whole_));
    }
    if (whole_ > std::numeric_limits<int64_t>::max() || whole_ < kMin) return Overflow();
    return Value::Int(static_cast<int64_t>(whole_));
  }

  Value Average() const {
    if (count_ == 0) return Value::Error(ErrorCode::kDivideByZero);
    ExactSum sum = exact_;
    if (!doubles_) AddWhole(whole_, sum);
    return Value::Double(sum.Round() / count_);
  }

 private:
  static void AddWhole(Wide whole, ExactSum& sum) {
    // Both parts are exact doubles or whole numbers: there are at most 2^32 of them.
    const auto high = static_cast<int64_t>(whole >> 64);
    sum.Add(std::ldexp(static_cast<double>(high), 64));
    sum.AddUint(static_cast<uint64_t>(whole));
  }

  void Take(Value value) {
    ++count_;
    switch (value.kind()) {
      case ValueKind::kInt:
        ints_ = true;
        whole_ += value.as_int();
        return;
      case ValueKind::kUint:
        whole_ += value.as_uint();
        return;
      case ValueKind::kDouble:
        doubles_ = true;
        exact_.Add(value.as_double());
        return;
      case ValueKind::kError:
        error_ = value;
        return;
      case ValueKind::kAbsent:
        error_ = Value::Error(ErrorCode::kNoSuchField);
        return;
      default:
        error_ = NoOverload();
    }
  }

 public:
  // The whole numbers go to the doubles where there are any.
  void Settle() {
    if (doubles_ && whole_ != 0) AddWhole(whole_, exact_);
  }

 private:
  ExactSum exact_;
  Wide whole_ = 0;
  uint32_t count_ = 0;
  bool ints_ = false;
  bool doubles_ = false;
  Value error_ = Value::Absent();
};

Value Extreme(Value list, Order wanted, Scratch& scratch) {
  if (!list.is(ValueKind::kList)) return NoOverload();
  if (list.size() == 0) return Value::Error(ErrorCode::kOutOfRange);
  if (!scratch.Charge(list.size())) return Spent();
  Value best = list.elements()[0].Load();
  for (uint32_t i = 0; i < list.size(); ++i) {
    const Value value = list.elements()[i].Load();
    if (value.is(ValueKind::kError)) return value;
    if (value.is(ValueKind::kAbsent)) return Value::Error(ErrorCode::kNoSuchField);
    const bool number =
        value.is(ValueKind::kInt) || value.is(ValueKind::kUint) || value.is(ValueKind::kDouble);
    if (!number) return NoOverload();
    const Order order = OrderOf(value, best);
    if (order == wanted) best = value;
    if (order == Order::kUnordered &&
        !(best.is(ValueKind::kDouble) && std::isnan(best.as_double())))
      best = value;
  }
  return best;
}

}  // namespace

Value Negate(Value a) {
  if (a.is(ValueKind::kInt)) return a.as_int() == kMin ? Overflow() : Value::Int(-a.as_int());
  return a.is(ValueKind::kDouble) ? Value::Double(-a.as_double()) : NoOverload();
}

Value Add(Value a, Value b, Scratch& scratch) {
  if (a.kind() != b.kind()) {
    // An empty list of events may stand beside a list.
    if (IsAnyList(a) && IsAnyList(b) && a.size() == 0) return b;
    return IsAnyList(a) && IsAnyList(b) && b.size() == 0 ? a : NoOverload();
  }
  switch (a.kind()) {
    case ValueKind::kInt: {
      int64_t sum = 0;
      return __builtin_add_overflow(a.as_int(), b.as_int(), &sum) ? Overflow() : Value::Int(sum);
    }
    case ValueKind::kUint: {
      uint64_t sum = 0;
      return __builtin_add_overflow(a.as_uint(), b.as_uint(), &sum) ? Overflow() : Value::Uint(sum);
    }
    case ValueKind::kDouble:
      return Value::Double(a.as_double() + b.as_double());
    case ValueKind::kString:
    case ValueKind::kBytes:
      return Joined(a, b, scratch);
    case ValueKind::kList:
      return JoinedLists(a, b, scratch);
    case ValueKind::kEventList:
      return JoinedEvents(a, b, scratch);
    default:
      return NoOverload();
  }
}

Value Subtract(Value a, Value b) {
  if (a.kind() != b.kind()) return NoOverload();
  switch (a.kind()) {
    case ValueKind::kInt: {
      int64_t difference = 0;
      return __builtin_sub_overflow(a.as_int(), b.as_int(), &difference) ? Overflow()
                                                                         : Value::Int(difference);
    }
    case ValueKind::kUint:
      return a.as_uint() < b.as_uint() ? Overflow() : Value::Uint(a.as_uint() - b.as_uint());
    case ValueKind::kDouble:
      return Value::Double(a.as_double() - b.as_double());
    default:
      return NoOverload();
  }
}

Value Multiply(Value a, Value b) {
  if (a.kind() != b.kind()) return NoOverload();
  switch (a.kind()) {
    case ValueKind::kInt: {
      int64_t product = 0;
      return __builtin_mul_overflow(a.as_int(), b.as_int(), &product) ? Overflow()
                                                                      : Value::Int(product);
    }
    case ValueKind::kUint: {
      uint64_t product = 0;
      return __builtin_mul_overflow(a.as_uint(), b.as_uint(), &product) ? Overflow()
                                                                        : Value::Uint(product);
    }
    case ValueKind::kDouble:
      return Value::Double(a.as_double() * b.as_double());
    default:
      return NoOverload();
  }
}

Value Divide(Value a, Value b) {
  if (a.kind() != b.kind()) return NoOverload();
  switch (a.kind()) {
    case ValueKind::kInt:
      if (b.as_int() == 0) return Value::Error(ErrorCode::kDivideByZero);
      return a.as_int() == kMin && b.as_int() == -1 ? Overflow()
                                                    : Value::Int(a.as_int() / b.as_int());
    case ValueKind::kUint:
      return b.as_uint() == 0 ? Value::Error(ErrorCode::kDivideByZero)
                              : Value::Uint(a.as_uint() / b.as_uint());
    case ValueKind::kDouble: {
      const double x = a.as_double();
      const double y = b.as_double();
      if (y != 0) return Value::Double(x / y);
      if (x == 0 || std::isnan(x)) return Value::Double(std::numeric_limits<double>::quiet_NaN());
      return Value::Double(std::signbit(x) == std::signbit(y)
                               ? std::numeric_limits<double>::infinity()
                               : -std::numeric_limits<double>::infinity());
    }
    default:
      return NoOverload();
  }
}

Value Modulo(Value a, Value b) {
  if (a.kind() != b.kind()) return NoOverload();
  switch (a.kind()) {
    case ValueKind::kInt:
      if (b.as_int() == 0) return Value::Error(ErrorCode::kDivideByZero);
      return a.as_int() == kMin && b.as_int() == -1 ? Overflow()
                                                    : Value::Int(a.as_int() % b.as_int());
    case ValueKind::kUint:
      return b.as_uint() == 0 ? Value::Error(ErrorCode::kDivideByZero)
                              : Value::Uint(a.as_uint() % b.as_uint());
    default:
      return NoOverload();
  }
}

Value Sum(Value list, bool real, Scratch& scratch) {
  Totals totals(list, scratch);
  if (!totals.ok()) return totals.error();
  totals.Settle();
  return totals.Sum(real);
}

Value Average(Value list, Scratch& scratch) {
  Totals totals(list, scratch);
  if (!totals.ok()) return totals.error();
  totals.Settle();
  return totals.Average();
}

Value Least(Value list, Scratch& scratch) { return Extreme(list, Order::kLess, scratch); }
Value Greatest(Value list, Scratch& scratch) { return Extreme(list, Order::kGreater, scratch); }

}  // namespace telltale::engine
