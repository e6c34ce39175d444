// Logic: what decides, or is needed, is all that is evaluated.
#include "engine/condition/compiler.h"

namespace telltale::engine {
namespace {

using rules::Expr;
using rules::ExprKind;

bool IsTrue(Value value) { return value.is(ValueKind::kBool) && value.as_bool(); }
bool IsFalse(Value value) { return value.is(ValueKind::kBool) && !value.as_bool(); }

void Flatten(const Expr& expr, std::string_view name, std::vector<const Expr*>& operands) {
  if (expr.kind != ExprKind::kCall || expr.name != name) {
    operands.push_back(&expr);
    return;
  }
  for (const rules::ExprPtr& arg : expr.args) Flatten(*arg, name, operands);
}

}  // namespace

// A chain of the same operator: a constant that decides is the result, one that does not is left
// out.
void Compiler::LowerLogic(const Expr& expr, Register dst) {
  const bool deciding = expr.name == "_||_";
  std::vector<const Expr*> operands;
  Flatten(expr, expr.name, operands);
  std::vector<const Expr*> kept;
  for (const Expr* operand : operands) {
    const std::optional<Value> value = Folded(*operand);
    if (value.has_value() && (deciding ? IsTrue(*value) : IsFalse(*value)))
      return out_.EmitConstant(*value, dst);
    const bool neutral = value.has_value() && (deciding ? IsFalse(*value) : IsTrue(*value));
    if (!neutral) kept.push_back(operand);
  }
  if (kept.empty()) return out_.EmitConstant(Value::Bool(!deciding), dst);
  std::vector<uint32_t> exits;
  const Op op = deciding ? Op::kOr : Op::kAnd;
  Lower(*kept[0], dst, Mode::kValue);
  exits.push_back(out_.Emit({.op = op, .dst = dst, .a = dst}));
  const Register next = out_.Take();
  for (size_t i = 1; i < kept.size(); ++i) {
    Lower(*kept[i], next, Mode::kValue);
    exits.push_back(out_.Emit({.op = op, .dst = dst, .a = next}));
  }
  out_.Land(exits);
}

void Compiler::LowerChoice(const Expr& expr, Register dst, Mode mode) {
  if (const std::optional<Value> condition = Folded(*expr.args[0])) {
    if (IsTrue(*condition)) return Lower(*expr.args[1], dst, mode);
    if (IsFalse(*condition)) return Lower(*expr.args[2], dst, mode);
  }
  const Register condition = LowerNew(*expr.args[0], Mode::kValue);
  const uint32_t branch = out_.Emit({.op = Op::kBranch, .dst = dst, .a = condition});
  Lower(*expr.args[1], dst, mode);
  const uint32_t jump = out_.Emit({.op = Op::kJump});
  out_.Land({branch});
  Lower(*expr.args[2], dst, mode);
  out_.LandError(branch);
  out_.Land({jump});
}

// optional.or(other) and optional.orValue(value): what is on the right counts only where it is
// needed.
void Compiler::LowerOr(const Expr& expr, Register dst) {
  const uint16_t value = expr.name == "orValue" ? 1 : 0;
  Lower(*expr.args[0], dst, Mode::kValue);
  const uint32_t exit = out_.Emit({.op = Op::kOrElse, .dst = dst, .b = value});
  Lower(*expr.args[1], dst, Mode::kValue);
  out_.Land({exit});
}

}  // namespace telltale::engine
