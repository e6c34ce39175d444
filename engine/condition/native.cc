#include "engine/condition/native.h"

namespace telltale::engine {

std::span<const NativeTable> AllNatives() {
  static const NativeTable kTables[] = {
      AggregateNatives(), ConversionNatives(), EncodingNatives(), FormatNatives(),
      ListNatives(),      MathNatives(),       NetworkNatives(),  PieceNatives(),
      PositionNatives(),  RegexNatives(),      SetNatives(),      TextNatives(),
  };
  return kTables;
}

const NativeFunction* FindNative(std::string_view name) {
  for (const NativeTable& table : AllNatives()) {
    for (const NativeFunction& function : table) {
      if (function.name == name) return &function;
    }
  }
  return nullptr;
}

Value CopiedText(std::string_view text, Scratch& scratch) {
  char* copy = scratch.Allocate(text.size());
  if (copy == nullptr) return Spent();
  text.copy(copy, text.size());
  return Value::String({copy, text.size()});
}

}  // namespace telltale::engine
