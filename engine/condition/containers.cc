// What is read out of lists and maps.
#include "engine/condition/native.h"
#include "engine/condition/operations.h"

namespace telltale::engine {
namespace {

// What was found in a map or list, as the value of an expression.
Value Found(Value value, ErrorCode missing) {
  return value.is(ValueKind::kAbsent) ? Value::Error(missing) : value;
}

// `read` of what an optional has: none where it has nothing, or where that is not there.
template <typename Read>
Value Chained(Value optional, Scratch& scratch, Read read) {
  return optional.has_value() ? AsOptional(read(optional.optional_value()), scratch) : optional;
}

}  // namespace

Value MakeOptional(Value value, Scratch& scratch) {
  auto* stored = scratch.AllocateArray<StoredValue>(1);
  if (stored == nullptr) return Spent();
  stored->Store(value);
  return Value::OptionalOf(stored);
}

Value AsOptional(Value found, Scratch& scratch) {
  if (!found.is(ValueKind::kError)) return MakeOptional(found, scratch);
  switch (found.error()) {
    case ErrorCode::kNoSuchField:
    case ErrorCode::kNoSuchKey:
    case ErrorCode::kOutOfRange:
      return Value::OptionalNone();
    default:
      return found;
  }
}

Value Index(Value container, Value key, Scratch& scratch) {
  if (container.is(ValueKind::kMap))
    return Found(Lookup(container, key, scratch), ErrorCode::kNoSuchKey);
  if (container.is(ValueKind::kOptional)) {
    return Chained(container, scratch, [&](Value value) { return Index(value, key, scratch); });
  }
  const bool events = container.is(ValueKind::kEventList);
  if (!events && !container.is(ValueKind::kList)) return NoOverload();
  const std::optional<int64_t> index = IntegralValue(key);
  if (!index.has_value()) return key.is(ValueKind::kUint) ? OutOfRange() : NoOverload();
  if (*index < 0 || *index >= container.size()) return OutOfRange();
  if (events) return Value::OfEvent(container.events()[*index]);
  return Found(container.elements()[*index].Load(), ErrorCode::kNoSuchField);
}

Value Select(Value map, std::string_view name, Scratch& scratch) {
  if (map.is(ValueKind::kOptional)) {
    return Chained(map, scratch, [&](Value value) { return Select(value, name, scratch); });
  }
  if (!map.is(ValueKind::kMap)) return NoOverload();
  return Found(Lookup(map, Value::String(name), scratch), ErrorCode::kNoSuchKey);
}

Value HasField(Value map, std::string_view name, Scratch& scratch) {
  if (map.is(ValueKind::kOptional)) {
    return map.has_value() ? HasField(map.optional_value(), name, scratch) : Value::Bool(false);
  }
  if (!map.is(ValueKind::kMap)) return NoOverload();
  return Contains(map, Value::String(name), scratch);
}

Value Walk(Value map, const StoredValue* names, uint32_t count, Scratch& scratch) {
  for (uint32_t i = 0; i < count; ++i) {
    if (!map.is(ValueKind::kMap)) return Value::Absent();
    map = Lookup(map, names[i].Load(), scratch);
  }
  return map;
}

Value Size(Value a, Scratch& scratch) {
  switch (a.kind()) {
    case ValueKind::kString: {
      if (!scratch.Charge(a.size() / 64)) return Spent();
      int64_t points = 0;
      for (const char c : a.as_string())
        points += (static_cast<unsigned char>(c) & 0xC0) != 0x80 ? 1 : 0;
      return Value::Int(points);
    }
    case ValueKind::kBytes:
    case ValueKind::kList:
    case ValueKind::kMap:
    case ValueKind::kEventList:
      return Value::Int(a.size());
    default:
      return NoOverload();
  }
}

}  // namespace telltale::engine
