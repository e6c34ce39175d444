// Functions over the characters of text by their numbers.
#include <string_view>

#include "engine/condition/code_points.h"
#include "engine/condition/native.h"
#include "engine/condition/text_find.h"

namespace telltale::engine {
namespace {

constexpr size_t kBeyond = std::string_view::npos;

bool Charged(Value text, Scratch& scratch) { return scratch.Charge(1 + text.size() / 64); }

Value CharAt(const Value* args, uint32_t /*count*/, Scratch& scratch) {
  if (!args[0].is(ValueKind::kString) || !args[1].is(ValueKind::kInt)) return NoOverload();
  if (!Charged(args[0], scratch)) return Spent();
  const std::string_view text = args[0].as_string();
  const size_t at = CharacterOffset(text, args[1].as_int());
  if (at == kBeyond) return OutOfRange();
  return Value::String(at == text.size() ? text.substr(at, 0)
                                         : text.substr(at, CharacterSize(text, at)));
}

// Of a place in bytes.
Value NumberOf(std::string_view text, size_t at) {
  return Value::Int(at == kBeyond ? -1 : CountCharacters(text.substr(0, at)));
}

bool ArePlaces(const Value* args, uint32_t count) {
  return args[0].is(ValueKind::kString) && args[1].is(ValueKind::kString) &&
         (count < 3 || args[2].is(ValueKind::kInt));
}

Value IndexOf(const Value* args, uint32_t count, Scratch& scratch) {
  if (!ArePlaces(args, count)) return NoOverload();
  if (!Charged(args[0], scratch)) return Spent();
  const std::string_view text = args[0].as_string();
  const size_t from = count < 3 ? 0 : CharacterOffset(text, args[2].as_int());
  return from == kBeyond ? OutOfRange() : NumberOf(text, FindText(text, args[1].as_string(), from));
}

Value LastIndexOf(const Value* args, uint32_t count, Scratch& scratch) {
  if (!ArePlaces(args, count)) return NoOverload();
  if (!Charged(args[0], scratch)) return Spent();
  const std::string_view text = args[0].as_string();
  const size_t last = count < 3 ? text.size() : CharacterOffset(text, args[2].as_int());
  return last == kBeyond ? OutOfRange() : NumberOf(text, text.rfind(args[1].as_string(), last));
}

Value Substring(const Value* args, uint32_t count, Scratch& scratch) {
  if (!args[0].is(ValueKind::kString) || !args[1].is(ValueKind::kInt) ||
      (count == 3 && !args[2].is(ValueKind::kInt)))
    return NoOverload();
  if (!Charged(args[0], scratch)) return Spent();
  const std::string_view text = args[0].as_string();
  const size_t begin = CharacterOffset(text, args[1].as_int());
  const size_t end = count < 3 ? text.size() : CharacterOffset(text, args[2].as_int());
  if (begin == kBeyond || end == kBeyond || end < begin) return OutOfRange();
  return Value::String(text.substr(begin, end - begin));
}

constexpr NativeFunction kNatives[] = {
    {"charAt", CharAt},
    {"indexOf", IndexOf},
    {"lastIndexOf", LastIndexOf},
    {"substring", Substring},
};

}  // namespace

NativeTable PositionNatives() { return kNatives; }

}  // namespace telltale::engine
