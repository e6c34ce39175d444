// The compiled form of an expression: instructions in a row, with the constants, regexes, sets,
// tests and functions that they name.
//
// An instruction reads registers, slots of events and constants and writes one register; && || ?:
// and the macros are jumps. An error is a value in a register, and goes wherever the instruction's
// meaning takes it: operations pass on the first error among their operands; kAnd and kOr let a
// deciding operand win over it.
//
// The two shapes that most conditions are made of are single instructions: a slot compared with a
// constant, and a slot compared with another.
//
// Owner: the compiled rule set, shared. Thread: immutable once built, any.
#ifndef TELLTALE_ENGINE_CONDITION_PROGRAM_H_
#define TELLTALE_ENGINE_CONDITION_PROGRAM_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "engine/condition/constant_set.h"
#include "engine/condition/field_test.h"
#include "engine/condition/inputs.h"
#include "engine/condition/native.h"
#include "engine/condition/operations.h"
#include "engine/condition/scratch.h"
#include "engine/event/value.h"
#include "re2/re2.h"

namespace telltale::engine {

// In the comments: r is the registers, K the constants; "event s" is the event under test where s
// is 0, else the single event of step s - 1.
enum class Op : uint8_t {
  kConstant,  // r[dst] = K[c]
  kMove,      // r[dst] = r[a]
  kSlot,      // r[dst] = slot c of event a
  kSlotOf,   // r[dst] = slot c of the event r[a]; where that is a map: K[d], a list of names, of it
  kHasSlot,  // r[dst] = has(slot c of event a)
  kHasSlotOf,     // the same of the event r[a], or of a map
  kHasStep,       // r[dst] = has event a
  kEvent,         // r[dst] = event a
  kEvents,        // r[dst] = the list of the events of step a
  kKey,           // r[dst] = part a of the key
  kAggregate,     // r[dst] = value a of the window
  kMatchCount,    // r[dst] = how many matches there are
  kTimeOf,        // r[dst] = the time of the event r[a]
  kAsOptional,    // r[dst] = an optional of r[a]; none, where that is no such field or key
  kWhole,         // r[dst] = r[a], events replaced by their maps
  kCompareSlot,   // r[dst] = slot c of event a REL K[d]
  kCompareSlots,  // r[dst] = slot c of event a REL slot d of event b
  kCompare,       // r[dst] = r[a] REL r[b]
  kAnd,           // r[dst] = r[dst] && r[a]; where that is false, to c
  kOr,            // r[dst] = r[dst] || r[a]; where that is true, to c
  kNot,           // r[dst] = !r[a]
  kBranch,        // r[a] true: on; false: to c; else r[dst] = the error, to d
  kJump,          // to c
  kNegate,        // r[dst] = -r[a]
  kAdd,           // r[dst] = r[a] + r[b], and so on
  kSubtract,
  kMultiply,
  kDivide,
  kModulo,
  kIn,        // r[dst] = r[a] in r[b]
  kInSet,     // r[dst] = r[a] in set c
  kList,      // r[dst] = list c
  kInList,    // r[dst] = r[a] in list c
  kRow,       // r[dst] = the row of table c for the key r[a]
  kInTable,   // r[dst] = whether table c has a row for the key r[a]
  kIndex,     // r[dst] = r[a][r[b]]
  kSelect,    // r[dst] = r[a].K[c]
  kHasField,  // r[dst] = has(r[a].K[c])
  kSize,
  kMatchesRegex,  // r[dst] = r[a].matches(regex c)
  kTest,          // r[dst] = test c of r[a] (and r[b]), whatever they are
  kCall,          // r[dst] = function c of r[a] ... , b of them
  kCallRegex,     // the same; its pattern r[a + 1] is regex d
  kMakeList,      // r[dst] = [r[a] ... ] of b elements
  kMakeMap,       // r[dst] = {r[a]: r[a + 1] ... } of b entries
  kRange,         // begins a loop over r[a], counted in r[b]; an error: r[dst] = it, to c
  kNext,  // r[dst] = the next element of r[a] (or key of a map), counted in r[b]; none left: to c
  kNextPair,    // the same with the index (the key) in r[dst] and the element (the value) behind it
  kReserve,     // r[dst] = an empty list with room for as many as r[a] has
  kReserveMap,  // the same of a map
  kRoom,        // r[dst] = an empty list with room for c
  kRoomMap,
  kAppend,          // r[dst] takes r[a]; an error: r[dst] = it, to c
  kAppendOptional,  // the same of the value of r[a], if it has one
  kPut,             // r[dst] takes the entry r[a]: r[b]; an error: r[dst] = it, to c
  kPutOptional,     // the same of the value of r[b], if it has one
  kUnwrap,          // r[dst] = the value of the optional r[a]; none, or an error: r[b] = that, to c
  kOrElse,     // r[dst] has a value: to c (b not 0: r[dst] = the value); an error: to c; none: on
  kIncrement,  // r[dst] + 1, an int
  kIsOne,      // r[dst] = r[a] == 1
  kReturn,     // r[a]
};

struct Instruction {
  Op op = Op::kReturn;
  Relation relation = Relation::kEqual;  // kCompare...
  uint16_t dst = 0;
  uint16_t a = 0;
  uint16_t b = 0;
  uint32_t c = 0;
  uint32_t d = 0;
};
static_assert(sizeof(Instruction) == 16);

// What a program is made of. Constants point into `arena`.
struct ProgramParts {
  std::vector<Instruction> code;
  std::vector<Value> constants;
  std::vector<std::unique_ptr<re2::RE2>> regexes;
  std::vector<ConstantSet> sets;
  std::vector<const NativeFunction*> functions;
  std::vector<const ListInput*> lists;
  std::vector<const Table*> tables;
  std::vector<std::unique_ptr<const FieldTest>> tests;
  std::vector<int32_t> whole_slots;  // by stream: the slot of the whole event, or -1
  uint32_t registers = 0;
  Arena arena;
};

class Program {
 public:
  explicit Program(ProgramParts parts)
      : parts_(std::move(parts)), plain_slot_(PlainSlotOf(parts_.code)) {}

  const Instruction* code() const { return parts_.code.data(); }
  const Value* constants() const { return parts_.constants.data(); }
  const re2::RE2& regex(uint32_t index) const { return *parts_.regexes[index]; }
  const ConstantSet& set(uint32_t index) const { return parts_.sets[index]; }
  const FieldTest& test(uint32_t index) const { return *parts_.tests[index]; }
  const NativeFunction& function(uint32_t index) const { return *parts_.functions[index]; }
  const ListInput& list(uint32_t index) const { return *parts_.lists[index]; }
  const Table& table(uint32_t index) const { return *parts_.tables[index]; }
  int32_t whole_slot(uint32_t stream) const {
    return stream < parts_.whole_slots.size() ? parts_.whole_slots[stream] : -1;
  }
  uint32_t registers() const { return parts_.registers; }
  // Where all that it does is to read a slot of the event under test: that slot, else kNoSlot.
  static constexpr uint32_t kNoSlot = UINT32_MAX;
  uint32_t plain_slot() const { return plain_slot_; }

  // An instruction a line: "0 r0 = event.slot2 > 1000.0".
  std::string ToString() const;

 private:
  static uint32_t PlainSlotOf(const std::vector<Instruction>& code) {
    const bool plain = code.size() == 2 && code[0].op == Op::kSlot && code[0].a == 0 &&
                       code[1].op == Op::kReturn && code[1].a == code[0].dst;
    return plain ? code[0].c : kNoSlot;
  }

  ProgramParts parts_;
  uint32_t plain_slot_;
};

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_CONDITION_PROGRAM_H_
