// The order that sort() and sortBy() put elements in.
#include <algorithm>
#include <bit>

#include "engine/condition/native.h"
#include "engine/condition/operations.h"

namespace telltale::engine {
namespace {

Value ElementAt(Value range, uint32_t i) {
  if (range.is(ValueKind::kMap)) return range.entries()[i].key.Load();
  return range.elements()[i].Load();
}

// Absent: the keys are of one kind, or numbers, and so in an order; else the error.
Value Ordered(Value keys) {
  for (uint32_t i = 0; i < keys.size(); ++i) {
    const Value key = keys.elements()[i].Load();
    if (key.is(ValueKind::kError)) return key;
    if (key.is(ValueKind::kAbsent)) return Value::Error(ErrorCode::kNoSuchField);
    if (OrderOf(keys.elements()[0].Load(), key) == Order::kNoOverload) return NoOverload();
  }
  return Value::Absent();
}

// nan stands behind all other numbers, so that there is one order.
bool Less(Value a, Value b) {
  const Order order = OrderOf(a, b);
  if (order != Order::kUnordered) return order == Order::kLess;
  return OrderOf(a, a) == Order::kEqual;
}

}  // namespace

Value SortedBy(Value range, Value keys, Scratch& scratch) {
  const uint32_t size = range.size();
  if (!keys.is(ValueKind::kList) || keys.size() != size) return NoOverload();
  if (const Value error = Ordered(keys); error.is(ValueKind::kError)) return error;
  auto* order = scratch.AllocateArray<uint32_t>(size);
  if (order == nullptr || !scratch.Charge(uint64_t{size} * std::bit_width(size))) return Spent();
  for (uint32_t i = 0; i < size; ++i) order[i] = i;
  std::sort(order, order + size, [keys](uint32_t a, uint32_t b) {
    const Value x = keys.elements()[a].Load();
    const Value y = keys.elements()[b].Load();
    return Less(x, y) || (!Less(y, x) && a < b);
  });
  if (range.is(ValueKind::kEventList)) {
    auto** events = scratch.AllocateArray<const Event*>(size);
    if (events == nullptr) return Spent();
    for (uint32_t i = 0; i < size; ++i) events[i] = range.events()[order[i]];
    return Value::OfEvents(events, size);
  }
  auto* elements = scratch.AllocateArray<StoredValue>(size);
  if (elements == nullptr) return Spent();
  for (uint32_t i = 0; i < size; ++i) elements[i].Store(ElementAt(range, order[i]));
  return Value::List(elements, size);
}

}  // namespace telltale::engine
