// Functions over text.
#include <string_view>

#include "engine/condition/native.h"
#include "engine/condition/text_find.h"
#include "re2/re2.h"

namespace telltale::engine {
namespace {

bool AreText(const Value* args) {
  return args[0].is(ValueKind::kString) && args[1].is(ValueKind::kString);
}

template <typename Change>
Value Changed(Value text, Scratch& scratch, Change change) {
  if (!text.is(ValueKind::kString)) return NoOverload();
  const std::string_view from = text.as_string();
  char* to = scratch.Allocate(from.size());
  if (to == nullptr) return Spent();
  for (size_t i = 0; i < from.size(); ++i) to[i] = change(from[i]);
  return Value::String({to, from.size()});
}

Value Matches(const Value* args, uint32_t /*count*/, Scratch& scratch) {
  if (!AreText(args)) return NoOverload();
  const std::string_view text = args[0].as_string();
  if (!scratch.Charge(text.size() / 16)) return Spent();
  const re2::RE2* regex = scratch.Regex(args[1].as_string());
  if (regex == nullptr) return Value::Error(ErrorCode::kBadPattern);
  return Value::Bool(re2::RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), *regex));
}

Value StartsWith(const Value* args, uint32_t /*count*/, Scratch& /*scratch*/) {
  return AreText(args) ? Value::Bool(args[0].as_string().starts_with(args[1].as_string()))
                       : NoOverload();
}

Value EndsWith(const Value* args, uint32_t /*count*/, Scratch& /*scratch*/) {
  return AreText(args) ? Value::Bool(args[0].as_string().ends_with(args[1].as_string()))
                       : NoOverload();
}

Value ContainsText(const Value* args, uint32_t /*count*/, Scratch& scratch) {
  if (!AreText(args)) return NoOverload();
  if (!scratch.Charge((uint64_t{args[0].size()} + args[1].size()) / 64)) return Spent();
  return Value::Bool(FindText(args[0].as_string(), args[1].as_string()) != std::string_view::npos);
}

Value LowerAscii(const Value* args, uint32_t /*count*/, Scratch& scratch) {
  return Changed(args[0], scratch, [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
}

Value UpperAscii(const Value* args, uint32_t /*count*/, Scratch& scratch) {
  return Changed(args[0], scratch, [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  });
}

constexpr NativeFunction kNatives[] = {
    {"matches", Matches},       {"startsWith", StartsWith}, {"endsWith", EndsWith},
    {"contains", ContainsText}, {"lowerAscii", LowerAscii}, {"upperAscii", UpperAscii},
};

}  // namespace

NativeTable TextNatives() { return kNatives; }

}  // namespace telltale::engine
