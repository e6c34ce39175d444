// What the compiler calls for macros, beside its loops, and for what cannot be called.
#include <algorithm>

#include "engine/condition/native.h"
#include "engine/condition/operations.h"

namespace telltale::engine {
namespace {

// One map of all the entries of the maps in a list, whose keys must differ (transformMapEntry).
Value Merge(const Value* args, uint32_t /*count*/, Scratch& scratch) {
  const Value list = args[0];
  uint64_t total = 0;
  for (uint32_t i = 0; i < list.size(); ++i) {
    const Value map = list.elements()[i].Load();
    if (!map.is(ValueKind::kMap)) return NoOverload();
    total += map.size();
  }
  auto* entries = scratch.AllocateArray<StoredEntry>(total);
  if (entries == nullptr) return Spent();
  uint32_t size = 0;
  for (uint32_t i = 0; i < list.size(); ++i) {
    const Value map = list.elements()[i].Load();
    for (uint32_t k = 0; k < map.size(); ++k) {
      const Value key = map.entries()[k].key.Load();
      const Value there = Lookup(Value::Map(entries, size), key, scratch);
      if (!there.is(ValueKind::kAbsent)) {
        return scratch.spent() ? Spent() : NoOverload();  // the key stands twice
      }
      entries[size].key.Store(key);
      entries[size++].value.Store(map.entries()[k].value.Load());
    }
  }
  return Value::Map(entries, size);
}

Value ElementAt(Value range, uint32_t i) {
  if (range.is(ValueKind::kMap)) return range.entries()[i].key.Load();
  return range.elements()[i].Load();
}

// Whether the keys are of one kind, or numbers, and so in an order.
bool AreOrdered(Value keys) {
  for (uint32_t i = 0; i < keys.size(); ++i) {
    const Order order = OrderOf(keys.elements()[0].Load(), keys.elements()[i].Load());
    if (order == Order::kNoOverload) return false;
  }
  return true;
}

// nan stands behind all other numbers, so that there is one order.
bool Less(Value a, Value b) {
  const Order order = OrderOf(a, b);
  if (order != Order::kUnordered) return order == Order::kLess;
  return OrderOf(a, a) == Order::kEqual;
}

// The elements of a list (events, or the keys of a map) in the order of the keys in another
// (sortBy); equal ones stay as they were.
Value SortBy(const Value* args, uint32_t /*count*/, Scratch& scratch) {
  const Value range = args[0];
  const Value keys = args[1];
  const uint32_t size = range.size();
  if (!keys.is(ValueKind::kList) || keys.size() != size || !AreOrdered(keys)) return NoOverload();
  uint32_t depth = 1;
  while (size >> depth != 0) ++depth;
  auto* order = scratch.AllocateArray<uint32_t>(size);
  if (order == nullptr || !scratch.Charge(uint64_t{size} * depth)) return Spent();
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

Value NoSuchFunction(const Value* /*args*/, uint32_t /*count*/, Scratch& /*scratch*/) {
  return NoOverload();
}

constexpr NativeFunction kNatives[] = {
    {"@merge", Merge}, {"@no_such_function", NoSuchFunction}, {"@sort_by", SortBy}};

}  // namespace

NativeTable MacroNatives() { return kNatives; }

}  // namespace telltale::engine
