#include "engine/condition/native.h"

namespace telltale::engine {

std::span<const NativeTable> AllNatives() {
  static const NativeTable kTables[] = {
      AggregateNatives(),   // sum
      ConversionNatives(),  // int
      EncodingNatives(),    // base64.encode
      FormatNatives(),      // format
      ListNatives(),        // flatten
      MacroNatives(),       // @merge
      MathNatives(),        // math.abs
      NetworkNatives(),     // ip
      OptionalNatives(),    // optional.of
      PieceNatives(),       // split
      PositionNatives(),    // indexOf
      RegexNatives(),       // regex.replace
      SetNatives(),         // sets.contains
      TextNatives(),        // startsWith
      TimeNatives(),        // timestamp
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
