// sum, avg, min and max of lists of numbers.
#include "engine/condition/exact_total.h"
#include "engine/condition/native.h"
#include "engine/condition/operations.h"

namespace telltale::engine {
namespace {

// The numbers of a list in `totals`; otherwise an error.
Value Read(Value list, Scratch& scratch, Totals& totals) {
  if (!list.is(ValueKind::kList)) return NoOverload();
  if (!scratch.Charge(list.size())) return Spent();
  for (uint32_t i = 0; i < list.size(); ++i) {
    const Value value = list.elements()[i].Load();
    if (value.is(ValueKind::kError)) return value;
    if (value.is(ValueKind::kAbsent)) return Value::Error(ErrorCode::kNoSuchField);
    if (!totals.Add(value)) return NoOverload();
  }
  return Value::Absent();
}

Value Extreme(Value list, Order wanted, Scratch& scratch) {
  if (!list.is(ValueKind::kList)) return NoOverload();
  if (list.size() == 0) return Value::Error(ErrorCode::kOutOfRange);
  if (!scratch.Charge(list.size())) return Spent();
  Value best = list.elements()[0].Load();
  for (uint32_t i = 0; i < list.size(); ++i) {
    const Value value = list.elements()[i].Load();
    if (value.is(ValueKind::kError)) return value;
    if (value.is(ValueKind::kAbsent)) return Value::Error(ErrorCode::kNoSuchField);
    if (!IsNumber(value)) return NoOverload();
    if (GoesBefore(value, best, wanted)) best = value;
  }
  return best;
}

// `real`: the sum of nothing is 0.0.
template <bool real>
Value Sum(const Value* args, uint32_t /*count*/, Scratch& scratch) {
  Totals totals;
  const Value error = Read(args[0], scratch, totals);
  return error.is(ValueKind::kError) ? error : totals.Sum(real);
}

Value Average(const Value* args, uint32_t /*count*/, Scratch& scratch) {
  Totals totals;
  const Value error = Read(args[0], scratch, totals);
  return error.is(ValueKind::kError) ? error : totals.Average();
}

Value Least(const Value* args, uint32_t /*count*/, Scratch& scratch) {
  return Extreme(args[0], Order::kLess, scratch);
}

Value Greatest(const Value* args, uint32_t /*count*/, Scratch& scratch) {
  return Extreme(args[0], Order::kGreater, scratch);
}

// "@sum" is the sum of doubles, by the list's type.
constexpr NativeFunction kNatives[] = {
    {"sum", Sum<false>}, {"@sum", Sum<true>}, {"avg", Average}, {"min", Least}, {"max", Greatest},
};

}  // namespace

NativeTable AggregateNatives() { return kNatives; }

}  // namespace telltale::engine
