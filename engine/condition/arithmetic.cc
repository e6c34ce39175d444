// Arithmetic with CEL's overflow errors.
#include <cmath>
#include <limits>

#include "engine/condition/native.h"
#include "engine/condition/operations.h"
#include "engine/condition/time_text.h"

namespace telltale::engine {
namespace {

constexpr int64_t kMin = std::numeric_limits<int64_t>::min();

Value Overflow() { return Value::Error(ErrorCode::kOverflow); }

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

Value InRange(Value time) { return time.is(ValueKind::kAbsent) ? Overflow() : time; }

// time + sign * duration, of either kind of time.
Value Shifted(Value time, Value duration, int sign) {
  const int64_t seconds = time.seconds() + sign * duration.seconds();  // both are far from int64's
  const int64_t nanoseconds = int64_t{time.nanoseconds()} + sign * int64_t{duration.nanoseconds()};
  return InRange(time.is(ValueKind::kTimestamp) ? MakeTimestamp(seconds, nanoseconds)
                                                : MakeDuration(seconds, nanoseconds));
}

// Of two timestamps: within int64 nanoseconds, some 292 years, as in CEL's reference.
Value Between(Value from, Value to) {
  const Value difference = MakeDuration(to.seconds() - from.seconds(),
                                        int64_t{to.nanoseconds()} - int64_t{from.nanoseconds()});
  int64_t total = 0;
  const bool beyond = difference.is(ValueKind::kAbsent) ||
                      __builtin_mul_overflow(difference.seconds(), kNanosPerSecond, &total) ||
                      __builtin_add_overflow(total, int64_t{difference.nanoseconds()}, &total);
  return beyond ? Overflow() : difference;
}

bool IsTime(Value value) {
  return value.is(ValueKind::kTimestamp) || value.is(ValueKind::kDuration);
}

}  // namespace

Value Negate(Value a) {
  if (a.is(ValueKind::kInt)) return a.as_int() == kMin ? Overflow() : Value::Int(-a.as_int());
  return a.is(ValueKind::kDouble) ? Value::Double(-a.as_double()) : NoOverload();
}

Value Add(Value a, Value b, Scratch& scratch) {
  if (b.is(ValueKind::kDuration) && IsTime(a)) return Shifted(a, b, 1);
  if (a.is(ValueKind::kDuration) && IsTime(b)) return Shifted(b, a, 1);
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
  if (b.is(ValueKind::kDuration) && IsTime(a)) return Shifted(a, b, -1);
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
    case ValueKind::kTimestamp:
      return Between(b, a);
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

}  // namespace telltale::engine
