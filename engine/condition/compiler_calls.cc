// Calls: operators, comparisons, sets and regular expressions of constants, tests of fields, lists
// and tables; what is no instruction is called.
#include "engine/condition/compiler.h"

#include <algorithm>
#include <utility>

namespace telltale::engine {
namespace {

using rules::Expr;
using rules::ExprKind;

std::optional<Relation> RelationOf(std::string_view name) {
  if (name == "_==_") return Relation::kEqual;
  if (name == "_!=_") return Relation::kNotEqual;
  if (name == "_<_") return Relation::kLess;
  if (name == "_<=_") return Relation::kLessEqual;
  if (name == "_>_") return Relation::kGreater;
  if (name == "_>=_") return Relation::kGreaterEqual;
  return std::nullopt;
}

Relation Mirrored(Relation relation) {
  switch (relation) {
    case Relation::kLess:
      return Relation::kGreater;
    case Relation::kLessEqual:
      return Relation::kGreaterEqual;
    case Relation::kGreater:
      return Relation::kLess;
    case Relation::kGreaterEqual:
      return Relation::kLessEqual;
    default:
      return relation;
  }
}

struct Operation {
  std::string_view name;
  Op op;
};

// What is an instruction of its own; the rest is called (native.h).
constexpr Operation kOperations[] = {
    {"!_", Op::kNot},       {"-_", Op::kNegate},    {"_+_", Op::kAdd},
    {"_-_", Op::kSubtract}, {"_*_", Op::kMultiply}, {"_/_", Op::kDivide},
    {"_%_", Op::kModulo},   {"@in", Op::kIn},       {"size", Op::kSize},
};

}  // namespace

uint32_t Compiler::ListOf(const Expr& expr) {
  const ListInput* list = inputs_ == nullptr ? nullptr : inputs_->FindList(expr.name);
  if (list != nullptr) return out_.AddList(*list);
  Fail("there is no list " + expr.name);
  return 0;
}

uint32_t Compiler::TableOf(const Expr& expr) {
  const Table* table = inputs_ == nullptr ? nullptr : inputs_->FindTable(expr.name);
  if (table != nullptr) return out_.AddTable(*table);
  Fail("there is no table " + expr.name);
  return 0;
}

void Compiler::LowerRow(const Expr& expr, Register dst) {
  const Register key = LowerNew(*expr.args[1], Mode::kValue);
  out_.Emit({.op = Op::kRow, .dst = dst, .a = key, .c = TableOf(*expr.args[0])});
}

// x in lists.NAME, k in tables.NAME
bool Compiler::LowerInInput(const Expr& expr, Register dst) {
  const Expr& container = *expr.args[1];
  const bool list = container.kind == ExprKind::kNamedList;
  if (!list && container.kind != ExprKind::kTable) return false;
  const Register element = LowerNew(*expr.args[0], Mode::kValue);
  out_.Emit({.op = list ? Op::kInList : Op::kInTable,
             .dst = dst,
             .a = element,
             .c = list ? ListOf(container) : TableOf(container)});
  return true;
}

void Compiler::LowerCall(const Expr& expr, Register dst, Mode mode) {
  const std::string_view name = expr.name;
  if (name == "_&&_" || name == "_||_") return LowerLogic(expr, dst);
  if (name == "_?_:_") return LowerChoice(expr, dst, mode);
  if (name == "dyn") return Lower(*expr.args[0], dst, Mode::kValue);
  if (const std::optional<Relation> relation = RelationOf(name))
    return LowerComparison(expr, *relation, dst);
  if (name == "or" || name == "orValue") return LowerOr(expr, dst);
  if (name == "_[_]") return LowerIndex(expr, dst);
  if (name == "_[?_]" && expr.args[0]->kind == ExprKind::kTable) {
    LowerRow(expr, dst);
    out_.Emit({.op = Op::kAsOptional, .dst = dst, .a = dst});
    return;
  }
  if (name == "@in" && (LowerInInput(expr, dst) || LowerInSet(expr, dst))) return;
  if (name == "matches" && LowerRegex(expr, dst)) return;
  if (FieldTest::IsTest(expr)) return LowerTest(expr, dst);
  for (const Operation& operation : kOperations) {
    if (operation.name == name) return LowerOperation(expr, operation.op, dst, mode);
  }
  const bool real_sum = name == "sum" && expr.type.kind == rules::TypeKind::kDouble;
  if (const NativeFunction* native = FindNative(real_sum ? "@sum" : name))
    return LowerNative(expr, *native, dst);
  Fail("a function that was not checked: " + expr.name);
}

// Constant patterns are compiled once.
void Compiler::LowerNative(const Expr& expr, const NativeFunction& native, Register dst) {
  const uint32_t function = out_.AddFunction(native);
  const std::optional<uint32_t> regex =
      native.with_regex != nullptr ? ConstantRegex(*expr.args[1]) : std::nullopt;
  LowerElements(expr, dst, Mode::kValue, regex.has_value() ? Op::kCallRegex : Op::kCall, 1,
                function, regex.value_or(0));
}

void Compiler::LowerOperation(const Expr& expr, Op op, Register dst, Mode mode) {
  // Lists of events are joined as such, and counted as such.
  const Mode operands = op == Op::kSize && IsEventList(expr.args[0]->type) ? Mode::kEvents
                        : op == Op::kAdd && IsEventList(expr.type)         ? mode
                                                                           : Mode::kValue;
  const Register a = LowerNew(*expr.args[0], operands);
  Register b = 0;
  if (expr.args.size() > 1) b = LowerNew(*expr.args[1], operands);
  out_.Emit({.op = op, .dst = dst, .a = a, .b = b});
}

void Compiler::LowerIndex(const Expr& expr, Register dst) {
  if (expr.args[0]->kind == ExprKind::kTable) return LowerRow(expr, dst);
  const bool events = IsEventList(expr.args[0]->type);
  const Register container = LowerNew(*expr.args[0], events ? Mode::kEvents : Mode::kValue);
  const Register key = LowerNew(*expr.args[1], Mode::kValue);
  out_.Emit({.op = Op::kIndex, .dst = dst, .a = container, .b = key});
}

bool Compiler::LowerInSet(const Expr& expr, Register dst) {
  const std::optional<Value> list = Folded(*expr.args[1]);
  if (!list.has_value()) return false;
  std::optional<ConstantSet> set = ConstantSet::Of(*list);
  if (!set.has_value()) return false;
  const uint32_t index = out_.AddSet(*std::move(set));
  const Register element = LowerNew(*expr.args[0], Mode::kValue);
  out_.Emit({.op = Op::kInSet, .dst = dst, .a = element, .c = index});
  return true;
}

// The index of a pattern's regex; none: it is computed, or is none (an error of each evaluation).
std::optional<uint32_t> Compiler::ConstantRegex(const Expr& expr) {
  const std::optional<Value> pattern = Folded(expr);
  if (!pattern.has_value() || !pattern->is(ValueKind::kString)) return std::nullopt;
  re2::RE2::Options options;
  options.set_log_errors(false);
  const std::string_view text = pattern->as_string();
  auto regex = std::make_unique<re2::RE2>(re2::StringPiece(text.data(), text.size()), options);
  if (!regex->ok()) return std::nullopt;
  return out_.AddRegex(std::move(regex));
}

bool Compiler::LowerRegex(const Expr& expr, Register dst) {
  const std::optional<uint32_t> regex = ConstantRegex(*expr.args[1]);
  if (!regex.has_value()) return false;
  const Register subject = LowerNew(*expr.args[0], Mode::kValue);
  out_.Emit({.op = Op::kMatchesRegex, .dst = dst, .a = subject, .c = *regex});
  return true;
}

// Of the field, and of the one that it is compared with; the rest is constants.
void Compiler::LowerTest(const Expr& expr, Register dst) {
  absl::StatusOr<std::unique_ptr<const FieldTest>> test = FieldTest::Compile(expr);
  if (!test.ok()) return out_.Fail(test.status());
  const Register subject = LowerNew(*expr.args[0], Mode::kValue);
  const Register other = (*test)->takes_other() ? LowerNew(*expr.args[1], Mode::kValue) : subject;
  out_.Emit(
      {.op = Op::kTest, .dst = dst, .a = subject, .b = other, .c = out_.AddTest(*std::move(test))});
}

void Compiler::LowerComparison(const Expr& expr, Relation relation, Register dst) {
  const Expr& left = *expr.args[0];
  const Expr& right = *expr.args[1];
  const std::optional<SlotRef> a = AsSlot(left);
  const std::optional<SlotRef> b = AsSlot(right);
  if (a.has_value() && b.has_value()) {
    out_.Emit({Op::kCompareSlots, relation, dst, a->source, b->source, a->slot, b->slot});
    return;
  }
  if (a.has_value() || b.has_value()) {
    if (const std::optional<Value> constant = Folded(a.has_value() ? right : left)) {
      const SlotRef& slot = a.has_value() ? *a : *b;
      const Relation from_slot = a.has_value() ? relation : Mirrored(relation);
      out_.Emit({Op::kCompareSlot, from_slot, dst, slot.source, 0, slot.slot,
                 out_.AddConstant(*constant)});
      return;
    }
  }
  const Register x = LowerNew(left, Mode::kValue);
  const Register y = LowerNew(right, Mode::kValue);
  out_.Emit({.op = Op::kCompare, .relation = relation, .dst = dst, .a = x, .b = y});
}

void Compiler::EmitCall(std::string_view name, Register dst, Register first, uint16_t count) {
  const NativeFunction* native = FindNative(name);
  if (native == nullptr) return Fail("a function that is not there: " + std::string(name));
  out_.Emit({.op = Op::kCall, .dst = dst, .a = first, .b = count, .c = out_.AddFunction(*native)});
}

}  // namespace telltale::engine
