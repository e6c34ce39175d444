// What the compiler calls for macros, beside its loops, and for what cannot be called.
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

Value SortBy(const Value* args, uint32_t /*count*/, Scratch& scratch) {
  return SortedBy(args[0], args[1], scratch);
}

Value NoSuchFunction(const Value* /*args*/, uint32_t /*count*/, Scratch& /*scratch*/) {
  return NoOverload();
}

constexpr NativeFunction kNatives[] = {
    {"@merge", Merge}, {"@no_such_function", NoSuchFunction}, {"@sort_by", SortBy}};

}  // namespace

NativeTable MacroNatives() { return kNatives; }

}  // namespace telltale::engine
