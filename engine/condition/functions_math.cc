// Functions over numbers: math.*.
#include <cmath>
#include <limits>

#include "engine/condition/native.h"
#include "engine/condition/operations.h"

namespace telltale::engine {
namespace {

// The first of those that are `order` to all others; nan where there is one.
Value Extreme(Value best, Value next, Order order) {
  if (best.is(ValueKind::kDouble) && std::isnan(best.as_double())) return best;
  if (next.is(ValueKind::kDouble) && std::isnan(next.as_double())) return next;
  return OrderOf(next, best) == order ? next : best;
}

// Of a list, or of several numbers.
Value ExtremeOf(const Value* args, uint32_t count, Order order, Scratch& scratch) {
  const bool list = count == 1 && args[0].is(ValueKind::kList);
  const uint32_t size = list ? args[0].size() : count;
  if (!scratch.Charge(size)) return Spent();
  if (size == 0) return OutOfRange();
  Value best;
  for (uint32_t i = 0; i < size; ++i) {
    const Value next = list ? args[0].elements()[i].Load() : args[i];
    if (!IsNumber(next)) return next.is(ValueKind::kError) ? next : NoOverload();
    best = i == 0 ? next : Extreme(best, next, order);
  }
  return best;
}

Value MathLeast(const Value* args, uint32_t count, Scratch& scratch) {
  return ExtremeOf(args, count, Order::kLess, scratch);
}
Value MathGreatest(const Value* args, uint32_t count, Scratch& scratch) {
  return ExtremeOf(args, count, Order::kGreater, scratch);
}

template <double (*function)(double)>
Value OfDouble(const Value* args, uint32_t /*count*/, Scratch& /*scratch*/) {
  return args[0].is(ValueKind::kDouble) ? Value::Double(function(args[0].as_double()))
                                        : NoOverload();
}

template <bool (*function)(double)>
Value TestDouble(const Value* args, uint32_t /*count*/, Scratch& /*scratch*/) {
  return args[0].is(ValueKind::kDouble) ? Value::Bool(function(args[0].as_double())) : NoOverload();
}

double Ceil(double d) { return std::ceil(d); }
double Floor(double d) { return std::floor(d); }
double Round(double d) { return std::round(d); }
double Trunc(double d) { return std::trunc(d); }
bool IsInf(double d) { return std::isinf(d); }
bool IsNan(double d) { return std::isnan(d); }
bool IsFinite(double d) { return std::isfinite(d); }

Value Abs(const Value* args, uint32_t /*count*/, Scratch& /*scratch*/) {
  switch (args[0].kind()) {
    case ValueKind::kInt:
      if (args[0].as_int() == std::numeric_limits<int64_t>::min())
        return Value::Error(ErrorCode::kOverflow);
      return Value::Int(args[0].as_int() < 0 ? -args[0].as_int() : args[0].as_int());
    case ValueKind::kUint:
      return args[0];
    case ValueKind::kDouble:
      return Value::Double(std::fabs(args[0].as_double()));
    default:
      return NoOverload();
  }
}

Value Sign(const Value* args, uint32_t /*count*/, Scratch& /*scratch*/) {
  switch (args[0].kind()) {
    case ValueKind::kInt:
      return Value::Int((args[0].as_int() > 0 ? 1 : 0) - (args[0].as_int() < 0 ? 1 : 0));
    case ValueKind::kUint:
      return Value::Uint(args[0].as_uint() > 0 ? 1 : 0);
    case ValueKind::kDouble: {
      const double d = args[0].as_double();
      if (std::isnan(d)) return args[0];
      return Value::Double((d > 0 ? 1.0 : 0.0) - (d < 0 ? 1.0 : 0.0));
    }
    default:
      return NoOverload();
  }
}

Value Sqrt(const Value* args, uint32_t /*count*/, Scratch& /*scratch*/) {
  switch (args[0].kind()) {
    case ValueKind::kInt:
      return Value::Double(std::sqrt(static_cast<double>(args[0].as_int())));
    case ValueKind::kUint:
      return Value::Double(std::sqrt(static_cast<double>(args[0].as_uint())));
    case ValueKind::kDouble:
      return Value::Double(std::sqrt(args[0].as_double()));
    default:
      return NoOverload();
  }
}

// Of the bits of two ints, or two uints.
template <typename Operation>
Value Bitwise(const Value* args, Operation operation) {
  if (args[0].is(ValueKind::kInt) && args[1].is(ValueKind::kInt)) {
    return Value::Int(static_cast<int64_t>(operation(static_cast<uint64_t>(args[0].as_int()),
                                                     static_cast<uint64_t>(args[1].as_int()))));
  }
  if (args[0].is(ValueKind::kUint) && args[1].is(ValueKind::kUint))
    return Value::Uint(operation(args[0].as_uint(), args[1].as_uint()));
  return NoOverload();
}

Value BitAnd(const Value* args, uint32_t /*count*/, Scratch& /*scratch*/) {
  return Bitwise(args, [](uint64_t a, uint64_t b) { return a & b; });
}
Value BitOr(const Value* args, uint32_t /*count*/, Scratch& /*scratch*/) {
  return Bitwise(args, [](uint64_t a, uint64_t b) { return a | b; });
}
Value BitXor(const Value* args, uint32_t /*count*/, Scratch& /*scratch*/) {
  return Bitwise(args, [](uint64_t a, uint64_t b) { return a ^ b; });
}

Value BitNot(const Value* args, uint32_t /*count*/, Scratch& /*scratch*/) {
  if (args[0].is(ValueKind::kInt)) return Value::Int(~args[0].as_int());
  return args[0].is(ValueKind::kUint) ? Value::Uint(~args[0].as_uint()) : NoOverload();
}

// By an int; bits that come in are zeros, on both sides.
template <typename Operation>
Value Shifted(const Value* args, Operation operation) {
  if (!args[1].is(ValueKind::kInt)) return NoOverload();
  if (!args[0].is(ValueKind::kInt) && !args[0].is(ValueKind::kUint)) return NoOverload();
  const int64_t by = args[1].as_int();
  if (by < 0) return OutOfRange();
  const bool is_int = args[0].is(ValueKind::kInt);
  const uint64_t bits = is_int ? static_cast<uint64_t>(args[0].as_int()) : args[0].as_uint();
  const uint64_t shifted = by > 63 ? 0 : operation(bits, static_cast<int>(by));
  return is_int ? Value::Int(static_cast<int64_t>(shifted)) : Value::Uint(shifted);
}

Value BitShiftLeft(const Value* args, uint32_t /*count*/, Scratch& /*scratch*/) {
  return Shifted(args, [](uint64_t bits, int by) { return bits << by; });
}
Value BitShiftRight(const Value* args, uint32_t /*count*/, Scratch& /*scratch*/) {
  return Shifted(args, [](uint64_t bits, int by) { return bits >> by; });
}

constexpr NativeFunction kNatives[] = {
    {"math.least", MathLeast},
    {"math.greatest", MathGreatest},
    {"math.ceil", OfDouble<Ceil>},
    {"math.floor", OfDouble<Floor>},
    {"math.round", OfDouble<Round>},
    {"math.trunc", OfDouble<Trunc>},
    {"math.isInf", TestDouble<IsInf>},
    {"math.isNaN", TestDouble<IsNan>},
    {"math.isFinite", TestDouble<IsFinite>},
    {"math.abs", Abs},
    {"math.sign", Sign},
    {"math.sqrt", Sqrt},
    {"math.bitAnd", BitAnd},
    {"math.bitOr", BitOr},
    {"math.bitXor", BitXor},
    {"math.bitNot", BitNot},
    {"math.bitShiftLeft", BitShiftLeft},
    {"math.bitShiftRight", BitShiftRight},
};

}  // namespace

NativeTable MathNatives() { return kNatives; }

}  // namespace telltale::engine
