// Functions that make lists from lists, or take an element out of one.
//
// Elements are not copied but for where a list is put in another order: they go on pointing to what
// they pointed to.
#include "engine/condition/code_points.h"
#include "engine/condition/native.h"
#include "engine/condition/operations.h"

namespace telltale::engine {
namespace {

// An element that cannot be read is an error of the whole.
bool IsBad(Value element) {
  return element.is(ValueKind::kError) || element.is(ValueKind::kAbsent);
}
Value ErrorOf(Value element) {
  return element.is(ValueKind::kError) ? element : Value::Error(ErrorCode::kNoSuchField);
}

Value Slice(const Value* args, uint32_t /*count*/, Scratch& /*scratch*/) {
  const Value list = args[0];
  if (!list.is(ValueKind::kList) || !args[1].is(ValueKind::kInt) || !args[2].is(ValueKind::kInt))
    return NoOverload();
  const int64_t begin = args[1].as_int();
  const int64_t end = args[2].as_int();
  if (begin < 0 || end < begin || end > list.size()) return OutOfRange();
  return Value::List(list.elements() + begin, static_cast<uint32_t>(end - begin));
}

Value Range(const Value* args, uint32_t /*count*/, Scratch& scratch) {
  if (!args[0].is(ValueKind::kInt)) return NoOverload();
  const int64_t size = args[0].as_int();
  if (size < 0) return OutOfRange();
  if (size > UINT32_MAX) return scratch.Charge(UINT32_MAX), Spent();
  auto* elements = scratch.AllocateArray<StoredValue>(static_cast<size_t>(size));
  if (elements == nullptr) return Spent();
  for (int64_t i = 0; i < size; ++i) elements[i].Store(Value::Int(i));
  return Value::List(elements, static_cast<uint32_t>(size));
}

Value ReversedText(std::string_view text, Scratch& scratch) {
  char* room = scratch.Allocate(text.size());
  if (room == nullptr) return Spent();
  size_t at = 0;
  while (at < text.size()) {
    const size_t size = CharacterSize(text, at);
    text.copy(room + text.size() - at - size, size, at);
    at += size;
  }
  return Value::String({room, text.size()});
}

Value Reverse(const Value* args, uint32_t /*count*/, Scratch& scratch) {
  const Value list = args[0];
  if (list.is(ValueKind::kString)) return ReversedText(list.as_string(), scratch);
  if (!list.is(ValueKind::kList)) return NoOverload();
  auto* elements = scratch.AllocateArray<StoredValue>(list.size());
  if (elements == nullptr) return Spent();
  for (uint32_t i = 0; i < list.size(); ++i)
    elements[i].Store(list.elements()[list.size() - 1 - i].Load());
  return Value::List(elements, list.size());
}

// How many elements a list has when it is flattened `depth` deep. The depth of values is bounded,
// and so is this recursion. False: the budget is spent.
bool CountFlat(Value list, int64_t depth, uint64_t& count, Scratch& scratch) {
  if (!scratch.Charge(list.size())) return false;
  for (uint32_t i = 0; i < list.size(); ++i) {
    const Value element = list.elements()[i].Load();
    if (depth == 0 || !element.is(ValueKind::kList)) {
      ++count;
    } else if (!CountFlat(element, depth - 1, count, scratch)) {
      return false;
    }
  }
  return true;
}

StoredValue* PutFlat(Value list, int64_t depth, StoredValue* to) {
  for (uint32_t i = 0; i < list.size(); ++i) {
    const Value element = list.elements()[i].Load();
    if (depth == 0 || !element.is(ValueKind::kList)) {
      (to++)->Store(element);
    } else {
      to = PutFlat(element, depth - 1, to);
    }
  }
  return to;
}

Value Flatten(const Value* args, uint32_t count, Scratch& scratch) {
  if (!args[0].is(ValueKind::kList) || (count == 2 && !args[1].is(ValueKind::kInt)))
    return NoOverload();
  const int64_t depth = count == 2 ? args[1].as_int() : 1;
  if (depth < 0) return OutOfRange();
  uint64_t size = 0;
  if (!CountFlat(args[0], depth, size, scratch)) return Spent();
  auto* elements = scratch.AllocateArray<StoredValue>(size);
  if (elements == nullptr) return Spent();
  PutFlat(args[0], depth, elements);
  return Value::List(elements, static_cast<uint32_t>(size));
}

Value Distinct(const Value* args, uint32_t /*count*/, Scratch& scratch) {
  const Value list = args[0];
  if (!list.is(ValueKind::kList)) return NoOverload();
  auto* elements = scratch.AllocateArray<StoredValue>(list.size());
  if (elements == nullptr) return Spent();
  uint32_t kept = 0;
  for (uint32_t i = 0; i < list.size(); ++i) {
    const Value element = list.elements()[i].Load();
    if (IsBad(element)) return ErrorOf(element);
    const Value there = Contains(Value::List(elements, kept), element, scratch);
    if (there.is(ValueKind::kError)) return there;
    if (!there.as_bool()) elements[kept++].Store(element);
  }
  return Value::List(elements, kept);
}

Value Sort(const Value* args, uint32_t /*count*/, Scratch& scratch) {
  return args[0].is(ValueKind::kList) ? SortedBy(args[0], args[0], scratch) : NoOverload();
}

constexpr NativeFunction kNatives[] = {
    {"slice", Slice},     {"flatten", Flatten}, {"distinct", Distinct},
    {"reverse", Reverse}, {"sort", Sort},       {"lists.range", Range},
};

}  // namespace

NativeTable ListNatives() { return kNatives; }

}  // namespace telltale::engine
