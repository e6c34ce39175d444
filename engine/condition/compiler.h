// The compiler of conditions, split over compiler*.cc by what is lowered: expressions and fields,
// calls, logic, macros. For this folder alone; condition.h is what others see.
//
// An expression is lowered into a register that its user chose, and takes what it needs above it.
// What depends on no event is evaluated here and becomes a constant. An event, or a list of events,
// is kept as it is where only its fields, its size or its elements are read (kEvents); anywhere
// else it is replaced by its maps (kValue).
//
// Owner: Compile, for one expression. Thread: any, one at a time. Errors: of an expression that was
// not checked, by Run.
#ifndef TELLTALE_ENGINE_CONDITION_COMPILER_H_
#define TELLTALE_ENGINE_CONDITION_COMPILER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "engine/condition/condition.h"
#include "engine/condition/native.h"
#include "engine/condition/program.h"
#include "engine/condition/program_builder.h"

namespace telltale::engine {

inline bool IsEvent(const rules::Type& type) { return type.kind == rules::TypeKind::kEvent; }
inline bool IsEventList(const rules::Type& type) {
  return type.kind == rules::TypeKind::kList && type.element != nullptr && IsEvent(*type.element);
}
inline bool IsEvents(const rules::Type& type) { return IsEvent(type) || IsEventList(type); }

class Compiler {
 public:
  using Expr = rules::Expr;

  Compiler(const std::vector<EventLayout>& layouts, const Inputs* inputs, bool folding)
      : layouts_(layouts), inputs_(inputs), folding_(folding), out_(layouts) {}

  absl::StatusOr<std::shared_ptr<const Program>> Run(const Expr& root);

 private:
  enum class Mode { kValue, kEvents };

  // A slot of the event under test (source 0) or of the single event of step source - 1.
  struct SlotRef {
    Register source = 0;
    uint32_t slot = 0;
  };

  // Of a macro, over a list or a map.
  struct Loop {
    Register range = 0;
    Register index = 0;
    Register local = 0;
    bool pair = false;   // two locals in a row: index and element, key and value
    uint32_t begin = 0;  // the instruction kRange
    uint32_t next = 0;   // the instruction kNext
  };

  void Fail(const std::string& message) { out_.Fail(absl::InternalError(message)); }

  std::optional<Value> Folded(const Expr& expr);
  void Lower(const Expr& expr, Register dst, Mode mode);
  Register LowerNew(const Expr& expr, Mode mode);
  void LowerNode(const Expr& expr, Register dst, Mode mode);
  void LowerStep(const Expr& expr, Register dst);
  Register LocalOf(uint32_t local);
  void LowerElements(const Expr& expr, Register dst, Mode mode, Op op, size_t width, uint32_t c = 0,
                     uint32_t d = 0);
  void LowerOptionals(const Expr& expr, Register dst, size_t width);

  // Fields.
  uint32_t SlotOf(const Expr& field);
  std::optional<SlotRef> AsSlot(const Expr& expr);
  void LowerField(const Expr& expr, Register dst);

  // Lists and tables.
  uint32_t ListOf(const Expr& expr);
  uint32_t TableOf(const Expr& expr);
  void LowerRow(const Expr& expr, Register dst);
  bool LowerInInput(const Expr& expr, Register dst);

  // Calls.
  void LowerCall(const Expr& expr, Register dst, Mode mode);
  void LowerNative(const Expr& expr, const NativeFunction& native, Register dst);
  void LowerOperation(const Expr& expr, Op op, Register dst, Mode mode);
  void LowerIndex(const Expr& expr, Register dst);
  bool LowerInSet(const Expr& expr, Register dst);
  std::optional<uint32_t> ConstantRegex(const Expr& expr);
  bool LowerRegex(const Expr& expr, Register dst);
  void LowerTest(const Expr& expr, Register dst);
  void LowerComparison(const Expr& expr, Relation relation, Register dst);
  void EmitCall(std::string_view name, Register dst, Register first, uint16_t count);

  // Logic.
  void LowerLogic(const Expr& expr, Register dst);
  void LowerChoice(const Expr& expr, Register dst, Mode mode);
  void LowerOr(const Expr& expr, Register dst);

  // Macros.
  void LowerMacro(const Expr& expr, Register dst, Mode mode);
  void Bind(uint32_t local, Register value);
  void LowerBind(const Expr& expr, Register dst, Mode mode);
  void LowerOptionalMap(const Expr& expr, Register dst);
  void BeginLoop(Loop& loop);
  void EndLoop(const Loop& loop);
  void LowerQuantifier(const Expr& expr, Loop& loop, Register dst);
  void LowerExistsOne(const Expr& expr, Loop& loop, Register dst);
  void LowerCollection(const Expr& expr, Loop& loop, Register dst, Mode mode);
  void LowerSort(const Expr& expr, Loop& loop, Register dst);

  const std::vector<EventLayout>& layouts_;
  const Inputs* inputs_;
  const bool folding_;
  ProgramBuilder out_;
  std::vector<Register> locals_;  // by the macro's number
};

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_CONDITION_COMPILER_H_
