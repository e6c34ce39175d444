// The functions that conditions can call: each takes values and gives one, found by its name when
// the condition is compiled and called through its pointer.
//
// To add one: a line in the table of its family (functions_*.cc) here, and one in the checker's
// (rules/load/cel/functions_*.cc), which knows its arguments' types and describes it for the
// reference; a test holds the tables against each other. A new family is a new file, with a line in
// native.cc. Names are CEL's, namespace included ("math.abs"); the operand of a member call is
// the first argument.
//
// A function is given as many arguments as the checker's table allows, none of them absent, an
// error or an event (lists of events come as lists of maps). Overloads are chosen inside by the
// arguments' kinds; no fitting one is an error kNoSuchOverload. Whatever depends on the size of an
// argument is charged to the scratch; a spent budget is an error kBudget.
//
// Owner: static tables. Thread: any; a call belongs to its scratch's thread.
#ifndef TELLTALE_ENGINE_CONDITION_NATIVE_H_
#define TELLTALE_ENGINE_CONDITION_NATIVE_H_

#include <cstdint>
#include <span>
#include <string_view>

#include "engine/condition/scratch.h"
#include "engine/event/value.h"

namespace telltale::engine {

struct NativeFunction {
  std::string_view name;
  Value (*call)(const Value* args, uint32_t count, Scratch& scratch) = nullptr;
  // The same where args[1], a pattern, is a constant that the program holds compiled; null: the
  // function takes no pattern.
  Value (*with_regex)(const Value* args, uint32_t count, const re2::RE2& regex,
                      Scratch& scratch) = nullptr;
};

using NativeTable = std::span<const NativeFunction>;

// Null: there is none.
const NativeFunction* FindNative(std::string_view name);
// All of them, a family a table. Names that begin with '@' are the compiler's own.
std::span<const NativeTable> AllNatives();

NativeTable AggregateNatives();   // functions_aggregate.cc
NativeTable ConversionNatives();  // functions_conversion.cc
NativeTable EncodingNatives();    // functions_encoding.cc
NativeTable FormatNatives();      // functions_format.cc
NativeTable ListNatives();        // functions_list.cc
NativeTable MathNatives();        // functions_math.cc
NativeTable NetworkNatives();     // functions_network.cc
NativeTable PieceNatives();       // functions_pieces.cc
NativeTable PositionNatives();    // functions_position.cc
NativeTable RegexNatives();       // functions_regex.cc
NativeTable SetNatives();         // functions_set.cc
NativeTable MacroNatives();       // functions_macro.cc
NativeTable OptionalNatives();    // functions_optional.cc
NativeTable TextNatives();        // functions_text.cc
NativeTable TimeNatives();        // functions_time.cc

// For the functions' use.
inline Value NoOverload() { return Value::Error(ErrorCode::kNoSuchOverload); }
inline Value OutOfRange() { return Value::Error(ErrorCode::kOutOfRange); }
inline Value Spent() { return Value::Error(ErrorCode::kBudget); }
// The text in the scratch's memory, as a string; kBudget where that is spent.
Value CopiedText(std::string_view text, Scratch& scratch);

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_CONDITION_NATIVE_H_
