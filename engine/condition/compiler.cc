// Expressions and their fields; constants are folded.
#include "engine/condition/compiler.h"

#include <algorithm>
#include <set>
#include <utility>
#include <variant>

#include "absl/status/status.h"

namespace telltale::engine {
namespace {

using rules::Expr;
using rules::ExprKind;

constexpr int64_t kFoldingBudget = 100'000;

// Whether the value depends on nothing but the expression itself. `bound`: variables of macros
// inside it.
bool IsClosed(const Expr& expr, std::set<uint32_t>& bound) {
  switch (expr.kind) {
    case ExprKind::kEvent:
    case ExprKind::kStep:
    case ExprKind::kKey:
    case ExprKind::kAggregate:
    case ExprKind::kMatchCount:
    case ExprKind::kNamedList:  // not copied into every program
    case ExprKind::kTable:
      return false;
    case ExprKind::kLocal:
      return bound.contains(expr.index);
    case ExprKind::kMacro:
      bound.insert(expr.local);
      if (!expr.variable2.empty()) bound.insert(expr.local2);
      break;
    default:
      break;
  }
  for (const rules::ExprPtr& arg : expr.args) {
    if (!IsClosed(*arg, bound)) return false;
  }
  return true;
}

bool IsClosed(const Expr& expr) {
  std::set<uint32_t> bound;
  return IsClosed(expr, bound);
}

// Of the values of a type. REQUIRES: a name that CEL has for one.
ValueKind KindOf(std::string_view type) {
  auto kind = ValueKind::kNull;
  while (kind != ValueKind::kEvent && TypeName(kind) != type)
    kind = static_cast<ValueKind>(static_cast<int>(kind) + 1);
  return kind;
}

Value ValueOf(const rules::Constant& constant) {
  struct Maker {
    Value operator()(std::monostate) const { return Value::Null(); }
    Value operator()(bool value) const { return Value::Bool(value); }
    Value operator()(int64_t value) const { return Value::Int(value); }
    Value operator()(uint64_t value) const { return Value::Uint(value); }
    Value operator()(double value) const { return Value::Double(value); }
    Value operator()(const std::string& value) const { return Value::String(value); }
    Value operator()(const rules::TypeName& type) const { return Value::Type(KindOf(type.name)); }
    Value operator()(const rules::Bytes& value) const { return Value::Bytes(value.data); }
  };
  return std::visit(Maker{}, constant);
}

bool IsIfThere(const Expr& item) { return item.kind == ExprKind::kCall && item.name == "?_"; }

bool HasOptionals(const Expr& literal) {
  return std::any_of(literal.args.begin(), literal.args.end(),
                     [](const rules::ExprPtr& item) { return IsIfThere(*item); });
}

bool IsSingleEvent(const Expr& expr) {
  return expr.kind == ExprKind::kEvent || (expr.kind == ExprKind::kStep && IsEvent(expr.type));
}

Register SourceOf(const Expr& expr) {
  return expr.kind == ExprKind::kEvent ? Register{0} : static_cast<Register>(expr.index + 1);
}

}  // namespace

absl::StatusOr<std::shared_ptr<const Program>> Compiler::Run(const Expr& root) {
  const Register result = out_.Take();
  Lower(root, result, Mode::kValue);
  out_.Emit({.op = Op::kReturn, .a = result});
  return out_.Finish();
}

// The value of an expression that is the same for all events, in the program's memory.
std::optional<Value> Compiler::Folded(const Expr& expr) {
  if (expr.kind == ExprKind::kConstant) return out_.Keep(ValueOf(expr.constant));
  if (!folding_ || !IsClosed(expr)) return std::nullopt;
  const auto program = Compiler(layouts_, inputs_, false).Run(expr);
  if (!program.ok()) return std::nullopt;
  Scratch scratch(kFoldingBudget);
  const Value value = Evaluate(**program, Frame(), scratch);
  if (value.is(ValueKind::kError) && value.error() == ErrorCode::kBudget) return std::nullopt;
  return out_.Keep(value);
}

void Compiler::Lower(const Expr& expr, Register dst, Mode mode) {
  const Register mark = out_.Mark();
  if (const std::optional<Value> constant = Folded(expr)) {
    out_.EmitConstant(*constant, dst);
  } else {
    LowerNode(expr, dst, IsEvents(expr.type) ? mode : Mode::kValue);
    if (mode == Mode::kValue && IsEvents(expr.type))
      out_.Emit({.op = Op::kWhole, .dst = dst, .a = dst});
  }
  out_.Release(mark);
}

// Into a new register.
Register Compiler::LowerNew(const Expr& expr, Mode mode) {
  const Register dst = out_.Take();
  Lower(expr, dst, mode);
  return dst;
}

void Compiler::LowerNode(const Expr& expr, Register dst, Mode mode) {
  switch (expr.kind) {
    case ExprKind::kConstant:
      return out_.EmitConstant(ValueOf(expr.constant), dst);
    case ExprKind::kEvent:
      out_.Emit({.op = Op::kEvent, .dst = dst, .a = 0});
      return;
    case ExprKind::kStep:
      return LowerStep(expr, dst);
    case ExprKind::kLocal:
      out_.Emit({.op = Op::kMove, .dst = dst, .a = LocalOf(expr.index)});
      return;
    case ExprKind::kAggregate:
      out_.Emit({.op = Op::kAggregate, .dst = dst, .a = static_cast<Register>(expr.index)});
      return;
    case ExprKind::kMatchCount:
      out_.Emit({.op = Op::kMatchCount, .dst = dst});
      return;
    case ExprKind::kKey:
      out_.Emit({.op = Op::kKey, .dst = dst, .a = static_cast<Register>(expr.index)});
      return;
    case ExprKind::kTime:
      out_.Emit({.op = Op::kTimeOf, .dst = dst, .a = LowerNew(*expr.args[0], Mode::kEvents)});
      return;
    case ExprKind::kField:
      LowerField(expr, dst);
      if (expr.optional) out_.Emit({.op = Op::kAsOptional, .dst = dst, .a = dst});
      return;
    case ExprKind::kSelect: {
      const Register map = LowerNew(*expr.args[0], Mode::kValue);
      const Op op = expr.test ? Op::kHasField : Op::kSelect;
      out_.Emit({.op = op, .dst = dst, .a = map, .c = out_.AddConstant(Value::String(expr.name))});
      return;
    }
    case ExprKind::kCall:
      return LowerCall(expr, dst, mode);
    case ExprKind::kList:
      if (HasOptionals(expr)) return LowerOptionals(expr, dst, 1);
      return LowerElements(expr, dst, IsEventList(expr.type) ? mode : Mode::kValue, Op::kMakeList,
                           1);
    case ExprKind::kMap:
      if (HasOptionals(expr)) return LowerOptionals(expr, dst, 2);
      return LowerElements(expr, dst, Mode::kValue, Op::kMakeMap, 2);
    case ExprKind::kMacro:
      return LowerMacro(expr, dst, mode);
    case ExprKind::kNamedList:
      out_.Emit({.op = Op::kList, .dst = dst, .c = ListOf(expr)});
      return;
    case ExprKind::kTable:
    case ExprKind::kIdent:
      break;
  }
  Fail("an expression that was not checked");
}

void Compiler::LowerStep(const Expr& expr, Register dst) {
  if (IsEventList(expr.type)) {
    out_.Emit({.op = Op::kEvents, .dst = dst, .a = static_cast<Register>(expr.index)});
  } else {
    out_.Emit({.op = Op::kEvent, .dst = dst, .a = static_cast<Register>(expr.index + 1)});
  }
}

Register Compiler::LocalOf(uint32_t local) {
  if (local < locals_.size()) return locals_[local];
  Fail("a variable outside its macro");
  return 0;
}

// Into registers in a row, for one instruction over all of them.
void Compiler::LowerElements(const Expr& expr, Register dst, Mode mode, Op op, size_t width,
                             uint32_t c, uint32_t d) {
  const Register first = out_.Take(static_cast<uint32_t>(expr.args.size()));
  if (!out_.ok()) return;
  for (size_t i = 0; i < expr.args.size(); ++i)
    Lower(*expr.args[i], static_cast<Register>(first + i), mode);
  const auto count = static_cast<uint16_t>(expr.args.size() / width);
  out_.Emit({.op = op, .dst = dst, .a = first, .b = count, .c = c, .d = d});
}

// A list (width 1) or a map (2), some of whose elements are there only where they have a value.
void Compiler::LowerOptionals(const Expr& expr, Register dst, size_t width) {
  const auto count = static_cast<uint32_t>(expr.args.size() / width);
  out_.Emit({.op = width == 1 ? Op::kRoom : Op::kRoomMap, .dst = dst, .c = count});
  std::vector<uint32_t> errors;
  const Register first = out_.Take(static_cast<uint32_t>(width));
  for (size_t i = 0; i < expr.args.size(); i += width) {
    const Expr& item = *expr.args[i + width - 1];
    const bool optional = IsIfThere(item);
    const auto last = static_cast<Register>(first + width - 1);
    if (width == 2) Lower(*expr.args[i], first, Mode::kValue);
    Lower(optional ? *item.args[0] : item, last, Mode::kValue);
    const Op op = width == 1 ? (optional ? Op::kAppendOptional : Op::kAppend)
                             : (optional ? Op::kPutOptional : Op::kPut);
    errors.push_back(out_.Emit({.op = op, .dst = dst, .a = first, .b = last}));
  }
  out_.Land(errors);
}

uint32_t Compiler::SlotOf(const Expr& field) {
  const uint32_t stream = field.args[0]->type.stream;
  if (stream < layouts_.size()) {
    if (const std::optional<uint32_t> slot = layouts_[stream].Find(field.path)) return *slot;
  }
  std::string path;
  for (const std::string& name : field.path) path += "." + name;
  Fail("the layout of stream " + std::to_string(stream) + " has no slot for event" + path);
  return 0;
}

std::optional<Compiler::SlotRef> Compiler::AsSlot(const Expr& expr) {
  if (expr.kind != ExprKind::kField || expr.test || expr.optional || !IsSingleEvent(*expr.args[0]))
    return std::nullopt;
  return SlotRef{SourceOf(*expr.args[0]), SlotOf(expr)};
}

void Compiler::LowerField(const Expr& expr, Register dst) {
  const Expr& base = *expr.args[0];
  if (IsSingleEvent(base)) {
    if (expr.path.empty()) {
      out_.Emit({.op = Op::kHasStep, .dst = dst, .a = SourceOf(base)});
    } else {
      out_.Emit({.op = expr.test ? Op::kHasSlot : Op::kSlot,
                 .dst = dst,
                 .a = SourceOf(base),
                 .c = SlotOf(expr)});
    }
    return;
  }
  const Register event =
      base.kind == ExprKind::kLocal ? LocalOf(base.index) : LowerNew(base, Mode::kEvents);
  out_.Emit({.op = expr.test ? Op::kHasSlotOf : Op::kSlotOf,
             .dst = dst,
             .a = event,
             .c = SlotOf(expr),
             .d = out_.AddPath(expr.path)});
}

absl::StatusOr<std::shared_ptr<const Program>> Compile(const rules::Expression& expression,
                                                       const std::vector<EventLayout>& layouts,
                                                       const Inputs* inputs) {
  return Compiler(layouts, inputs, true).Run(*expression.root);
}

}  // namespace telltale::engine
