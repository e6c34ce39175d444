// A compiled expression and its evaluation.
//
// A Program is a flat, immutable vector of instructions over a register file (lowered from the
// checked AST; slots of events resolved through the layouts) that prints itself. Evaluate runs it
// in a caller's Scratch: no allocation once the scratch has grown, no virtual call per instruction,
// and a cost budget.
//
// Errors are values (V1): error-absorbing && and ||, and what ends in an error does not match.
// Owner: the compiled rule set owns programs; each thread owns a Scratch. Thread: a Program any; a
// Scratch one.
#ifndef TELLTALE_ENGINE_CONDITION_CONDITION_H_
#define TELLTALE_ENGINE_CONDITION_CONDITION_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "engine/event/event.h"
#include "engine/event/layout.h"
#include "engine/event/value.h"
#include "rules/model/expression.h"
#include "rules/model/key_parts.h"

namespace telltale::engine {

// The events that a step has taken; empty: it took none (yet).
struct StepEvents {
  const Event* const* events = nullptr;
  uint32_t size = 0;
};

// What an expression can see. Pointers are borrowed for the time of the call.
struct Frame {
  const Event* event = nullptr;         // the one under test; null in an alert's expressions
  const StepEvents* steps = nullptr;    // by step index
  const rules::KeyPart* key = nullptr;  // the parts of the correlation key
  const Value* aggregates = nullptr;    // by AggregateCall; null: no window
  uint64_t match_count = 0;             // of the match, where matches are counted (P6)
};

class Inputs;   // engine/condition/inputs.h
class Scratch;  // engine/condition/scratch.h
class Program;  // engine/condition/program.h

// `inputs` outlive the program; null: the expression names no list and no table.
absl::StatusOr<std::shared_ptr<const Program>> Compile(const rules::Expression& expression,
                                                       const std::vector<EventLayout>& layouts,
                                                       const Inputs* inputs = nullptr);

// The value (possibly kError or, for a bare field, an error kNoSuchField where it is absent). What
// it points to is valid until the next evaluation in `scratch`, and as long as the frame's events.
Value Evaluate(const Program& program, const Frame& frame, Scratch& scratch);

enum class Verdict : uint8_t { kFalse, kTrue, kError };
// A `where`: true is a match; a value that is not a bool is an error.
Verdict Test(const Program& program, const Frame& frame, Scratch& scratch);

// What CEL calls the type of values of the kind: "int", "google.protobuf.Timestamp".
std::string_view TypeName(ValueKind kind);

// CEL's == over values (heterogeneous numbers; lists and maps by content; nan differs from itself);
// with kError where an operand is one.
Value Equals(Value a, Value b);

// A part of a key as text (K1): strings as they are, integers and integral doubles in decimal (-0.0
// is "0"), appended to `out`; false: a miss, and `out` is as it was.
bool KeyText(Value value, std::string& out);

// For templates: a value as text; strings as they are, numbers shortest (number_text.h; integral
// doubles without a point: 2700.0 is "2700"), times and addresses as string() has them, an optional
// as its value or nothing, lists and maps as JSON; errors as "?".
void AppendText(Value value, std::string& out);
// As JSON (keys of maps in order of their text; nan and infinities as strings). Doubles keep their
// point, so that they are read back as such: 2700.0 is 2700.0. Bytes are a string of base64, times,
// addresses and types strings; errors, what is absent and an optional without value are null.
void AppendJson(Value value, std::string& out);

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_CONDITION_CONDITION_H_
