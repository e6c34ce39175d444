// Optional values, and the types of values.
#include "engine/condition/native.h"
#include "engine/condition/operations.h"

namespace telltale::engine {
namespace {

bool IsOptional(Value value) { return value.is(ValueKind::kOptional); }

// What CEL calls a zero value: false, 0, what is empty, null, none.
bool IsZero(Value value) {
  switch (value.kind()) {
    case ValueKind::kNull:
      return true;
    case ValueKind::kBool:
      return !value.as_bool();
    case ValueKind::kInt:
      return value.as_int() == 0;
    case ValueKind::kUint:
      return value.as_uint() == 0;
    case ValueKind::kDouble:
      return value.as_double() == 0;
    case ValueKind::kString:
    case ValueKind::kBytes:
    case ValueKind::kList:
    case ValueKind::kMap:
    case ValueKind::kOptional:
      return value.size() == 0;
    case ValueKind::kTimestamp:
    case ValueKind::kDuration:
      return value.seconds() == 0 && value.nanoseconds() == 0;
    default:
      return false;
  }
}

Value Of(const Value* args, uint32_t /*count*/, Scratch& scratch) {
  return MakeOptional(args[0], scratch);
}

Value OfNonZeroValue(const Value* args, uint32_t /*count*/, Scratch& scratch) {
  return IsZero(args[0]) ? Value::OptionalNone() : MakeOptional(args[0], scratch);
}

Value None(const Value* /*args*/, uint32_t /*count*/, Scratch& /*scratch*/) {
  return Value::OptionalNone();
}

Value HasValue(const Value* args, uint32_t /*count*/, Scratch& /*scratch*/) {
  return IsOptional(args[0]) ? Value::Bool(args[0].has_value()) : NoOverload();
}

Value ValueOf(const Value* args, uint32_t /*count*/, Scratch& /*scratch*/) {
  if (!IsOptional(args[0])) return NoOverload();
  return args[0].has_value() ? args[0].optional_value() : Value::Error(ErrorCode::kNoValue);
}

// The values of those in a list that have one.
Value Unwrap(const Value* args, uint32_t /*count*/, Scratch& scratch) {
  if (!args[0].is(ValueKind::kList)) return NoOverload();
  auto* elements = scratch.AllocateArray<StoredValue>(args[0].size());
  if (elements == nullptr) return Spent();
  uint32_t size = 0;
  for (uint32_t i = 0; i < args[0].size(); ++i) {
    const Value optional = args[0].elements()[i].Load();
    if (!IsOptional(optional)) return NoOverload();
    if (optional.has_value()) elements[size++].Store(optional.optional_value());
  }
  return Value::List(elements, size);
}

template <bool first>
Value End(const Value* args, uint32_t /*count*/, Scratch& scratch) {
  const Value list = args[0];
  if (!list.is(ValueKind::kList)) return NoOverload();
  if (list.size() == 0) return Value::OptionalNone();
  return MakeOptional(list.elements()[first ? 0 : list.size() - 1].Load(), scratch);
}

// a.?b and a[?b].
Value Select(const Value* args, uint32_t /*count*/, Scratch& scratch) {
  const Value found = engine::Select(args[0], args[1].as_string(), scratch);
  return args[0].is(ValueKind::kOptional) ? found : AsOptional(found, scratch);
}

Value Index(const Value* args, uint32_t /*count*/, Scratch& scratch) {
  const Value found = engine::Index(args[0], args[1], scratch);
  return args[0].is(ValueKind::kOptional) ? found : AsOptional(found, scratch);
}

Value TypeOf(const Value* args, uint32_t /*count*/, Scratch& /*scratch*/) {
  return Value::Type(args[0].kind());
}

constexpr NativeFunction kNatives[] = {
    {"_?._", Select},        {"_[?_]", Index},
    {"optional.of", Of},     {"optional.ofNonZeroValue", OfNonZeroValue},
    {"optional.none", None}, {"optional.unwrap", Unwrap},
    {"hasValue", HasValue},  {"value", ValueOf},
    {"unwrapOpt", Unwrap},   {"first", End<true>},
    {"last", End<false>},    {"type", TypeOf},
};

}  // namespace

NativeTable OptionalNatives() { return kNatives; }

}  // namespace telltale::engine
