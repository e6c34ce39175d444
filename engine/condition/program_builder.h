// Puts a program together: registers as a stack, instructions in a row, constants in the program's
// own memory.
//
// Owner: the compiler of one expression. Thread: one. Errors: the first failure is what Finish
// gives; until then everything goes on, and what it makes is thrown away.
#ifndef TELLTALE_ENGINE_CONDITION_PROGRAM_BUILDER_H_
#define TELLTALE_ENGINE_CONDITION_PROGRAM_BUILDER_H_

#include <cstdint>
#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "engine/condition/constant_set.h"
#include "engine/condition/program.h"
#include "engine/event/layout.h"
#include "engine/event/value.h"
#include "re2/re2.h"

namespace telltale::engine {

using Register = uint16_t;

class ProgramBuilder {
 public:
  explicit ProgramBuilder(const std::vector<EventLayout>& layouts);

  // The first of `count` registers above all that are taken.
  Register Take(uint32_t count = 1);
  Register Mark() const { return static_cast<Register>(top_); }
  // Gives back all that were taken since the mark; register 0, the result, stays.
  void Release(Register mark);

  // Returns where the instruction stands, for a jump to be landed later.
  uint32_t Emit(Instruction instruction);
  // Makes the jumps go to the next instruction.
  void Land(const std::vector<uint32_t>& jumps);
  // The same for the way that a kBranch takes with an error.
  void LandError(uint32_t branch) { parts_.code[branch].d = Here(); }

  // The value with all that it points to in the program's memory.
  Value Keep(Value value);
  // These return the index by which instructions name it.
  uint32_t AddConstant(Value value);
  uint32_t AddPath(const rules::FieldPath& path);
  uint32_t AddSet(ConstantSet set);
  uint32_t AddTest(std::unique_ptr<const FieldTest> test);
  uint32_t AddRegex(std::unique_ptr<re2::RE2> regex);
  uint32_t AddFunction(const NativeFunction& function);
  uint32_t AddList(const ListInput& list);
  uint32_t AddTable(const Table& table);
  void EmitConstant(Value value, Register dst);

  bool ok() const { return status_.ok(); }
  void Fail(const absl::Status& status) { status_.Update(status); }
  absl::StatusOr<std::shared_ptr<const Program>> Finish();

 private:
  uint32_t Here() const { return static_cast<uint32_t>(parts_.code.size()); }

  ProgramParts parts_;
  uint32_t top_ = 0;  // the first register that is free
  uint32_t most_ = 1;
  absl::Status status_;
};

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_CONDITION_PROGRAM_BUILDER_H_
