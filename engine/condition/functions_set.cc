// Functions that take lists as sets: sets.*.
#include "engine/condition/native.h"
#include "engine/condition/operations.h"

namespace telltale::engine {
namespace {

bool AreLists(const Value* args) {
  return args[0].is(ValueKind::kList) && args[1].is(ValueKind::kList);
}

bool IsTrue(Value value) { return value.is(ValueKind::kBool) && value.as_bool(); }

// Whether each element of `inner` is one of `outer`; an error where that cannot be told.
Value Holds(Value outer, Value inner, Scratch& scratch) {
  for (uint32_t i = 0; i < inner.size(); ++i) {
    if (!scratch.Charge(1)) return Spent();
    const Value found = Contains(outer, inner.elements()[i].Load(), scratch);
    if (!IsTrue(found)) return found;
  }
  return Value::Bool(true);
}

Value SetsContains(const Value* args, uint32_t /*count*/, Scratch& scratch) {
  return AreLists(args) ? Holds(args[0], args[1], scratch) : NoOverload();
}

Value SetsEquivalent(const Value* args, uint32_t /*count*/, Scratch& scratch) {
  if (!AreLists(args)) return NoOverload();
  const Value there = Holds(args[0], args[1], scratch);
  return IsTrue(there) ? Holds(args[1], args[0], scratch) : there;
}

Value SetsIntersects(const Value* args, uint32_t /*count*/, Scratch& scratch) {
  if (!AreLists(args)) return NoOverload();
  Value error;
  for (uint32_t i = 0; i < args[0].size(); ++i) {
    if (!scratch.Charge(1)) return Spent();
    const Value found = Contains(args[1], args[0].elements()[i].Load(), scratch);
    if (IsTrue(found)) return found;
    if (found.is(ValueKind::kError)) error = found;
  }
  return error.is(ValueKind::kError) ? error : Value::Bool(false);
}

constexpr NativeFunction kNatives[] = {
    {"sets.contains", SetsContains},
    {"sets.equivalent", SetsEquivalent},
    {"sets.intersects", SetsIntersects},
};

}  // namespace

NativeTable SetNatives() { return kNatives; }

}  // namespace telltale::engine
