// Lowers a checked expression to a program.
//
// An expression is lowered into a register that its user chose, and takes what it needs above it.
// What depends on no event is evaluated here and becomes a constant. An event, or a list of events,
// is kept as it is where only its fields, its size or its elements are read (kEvents); anywhere
// else it is replaced by its maps (kValue).
#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "absl/status/status.h"
#include "engine/condition/condition.h"
#include "engine/condition/program.h"
#include "engine/condition/program_builder.h"

namespace telltale::engine {
namespace {

using rules::Expr;
using rules::ExprKind;
using rules::Type;
using rules::TypeKind;

constexpr int64_t kFoldingBudget = 100'000;

enum class Mode { kValue, kEvents };

bool IsEvent(const Type& type) { return type.kind == TypeKind::kEvent; }
bool IsEventList(const Type& type) {
  return type.kind == TypeKind::kList && type.element != nullptr && IsEvent(*type.element);
}
bool IsEvents(const Type& type) { return IsEvent(type) || IsEventList(type); }
bool IsTrue(Value value) { return value.is(ValueKind::kBool) && value.as_bool(); }
bool IsFalse(Value value) { return value.is(ValueKind::kBool) && !value.as_bool(); }

// Whether the value depends on nothing but the expression itself. `bound`: variables of macros
// inside it.
bool IsClosed(const Expr& expr, std::set<uint32_t>& bound) {
  switch (expr.kind) {
    case ExprKind::kEvent:
    case ExprKind::kStep:
    case ExprKind::kKey:
    case ExprKind::kAggregate:
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

// Of the values of a type. REQUIRES: a name that CEL has for one.
ValueKind KindOf(std::string_view type) {
  auto kind = ValueKind::kNull;
  while (kind != ValueKind::kEvent && TypeName(kind) != type)
    kind = static_cast<ValueKind>(static_cast<int>(kind) + 1);
  return kind;
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

class Compiler {
 public:
  Compiler(const std::vector<EventLayout>& layouts, const Inputs* inputs, bool folding)
      : layouts_(layouts), inputs_(inputs), folding_(folding), out_(layouts) {}

  absl::StatusOr<std::shared_ptr<const Program>> Run(const Expr& root) {
    const Register result = out_.Take();
    Lower(root, result, Mode::kValue);
    out_.Emit({.op = Op::kReturn, .a = result});
    return out_.Finish();
  }

 private:
  // A slot of the event under test (source 0) or of the single event of step source - 1.
  struct SlotRef {
    Register source = 0;
    uint32_t slot = 0;
  };

  void Fail(const std::string& message) { out_.Fail(absl::InternalError(message)); }

  // Constants.

  static Value ValueOf(const rules::Constant& constant) {
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

  // The value of an expression that is the same for all events, in the program's memory.
  std::optional<Value> Folded(const Expr& expr) {
    if (expr.kind == ExprKind::kConstant) return out_.Keep(ValueOf(expr.constant));
    if (!folding_ || !IsClosed(expr)) return std::nullopt;
    const auto program = Compiler(layouts_, inputs_, false).Run(expr);
    if (!program.ok()) return std::nullopt;
    Scratch scratch(kFoldingBudget);
    const Value value = Evaluate(**program, Frame(), scratch);
    if (value.is(ValueKind::kError) && value.error() == ErrorCode::kBudget) return std::nullopt;
    return out_.Keep(value);
  }

  // Expressions.

  void Lower(const Expr& expr, Register dst, Mode mode) {
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
  Register LowerNew(const Expr& expr, Mode mode) {
    const Register dst = out_.Take();
    Lower(expr, dst, mode);
    return dst;
  }

  void LowerNode(const Expr& expr, Register dst, Mode mode) {
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
        out_.Emit(
            {.op = op, .dst = dst, .a = map, .c = out_.AddConstant(Value::String(expr.name))});
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

  void LowerStep(const Expr& expr, Register dst) {
    if (IsEventList(expr.type)) {
      out_.Emit({.op = Op::kEvents, .dst = dst, .a = static_cast<Register>(expr.index)});
    } else {
      out_.Emit({.op = Op::kEvent, .dst = dst, .a = static_cast<Register>(expr.index + 1)});
    }
  }

  Register LocalOf(uint32_t local) {
    if (local < locals_.size()) return locals_[local];
    Fail("a variable outside its macro");
    return 0;
  }

  // Into registers in a row, for one instruction over all of them.
  void LowerElements(const Expr& expr, Register dst, Mode mode, Op op, size_t width, uint32_t c = 0,
                     uint32_t d = 0) {
    const Register first = out_.Take(static_cast<uint32_t>(expr.args.size()));
    if (!out_.ok()) return;
    for (size_t i = 0; i < expr.args.size(); ++i)
      Lower(*expr.args[i], static_cast<Register>(first + i), mode);
    const auto count = static_cast<uint16_t>(expr.args.size() / width);
    out_.Emit({.op = op, .dst = dst, .a = first, .b = count, .c = c, .d = d});
  }

  static bool IsIfThere(const Expr& item) {
    return item.kind == ExprKind::kCall && item.name == "?_";
  }
  static bool HasOptionals(const Expr& literal) {
    return std::any_of(literal.args.begin(), literal.args.end(),
                       [](const rules::ExprPtr& item) { return IsIfThere(*item); });
  }

  // A list (width 1) or a map (2), some of whose elements are there only where they have a value.
  void LowerOptionals(const Expr& expr, Register dst, size_t width) {
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

  // Fields.

  uint32_t SlotOf(const Expr& field) {
    const uint32_t stream = field.args[0]->type.stream;
    if (stream < layouts_.size()) {
      if (const std::optional<uint32_t> slot = layouts_[stream].Find(field.path)) return *slot;
    }
    std::string path;
    for (const std::string& name : field.path) path += "." + name;
    Fail("the layout of stream " + std::to_string(stream) + " has no slot for event" + path);
    return 0;
  }

  static bool IsSingleEvent(const Expr& expr) {
    return expr.kind == ExprKind::kEvent || (expr.kind == ExprKind::kStep && IsEvent(expr.type));
  }
  static Register SourceOf(const Expr& expr) {
    return expr.kind == ExprKind::kEvent ? Register{0} : static_cast<Register>(expr.index + 1);
  }

  std::optional<SlotRef> AsSlot(const Expr& expr) {
    if (expr.kind != ExprKind::kField || expr.test || expr.optional ||
        !IsSingleEvent(*expr.args[0]))
      return std::nullopt;
    return SlotRef{SourceOf(*expr.args[0]), SlotOf(expr)};
  }

  void LowerField(const Expr& expr, Register dst) {
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

  // Lists and tables.

  uint32_t ListOf(const Expr& expr) {
    const ListInput* list = inputs_ == nullptr ? nullptr : inputs_->FindList(expr.name);
    if (list != nullptr) return out_.AddList(*list);
    Fail("there is no list " + expr.name);
    return 0;
  }

  uint32_t TableOf(const Expr& expr) {
    const Table* table = inputs_ == nullptr ? nullptr : inputs_->FindTable(expr.name);
    if (table != nullptr) return out_.AddTable(*table);
    Fail("there is no table " + expr.name);
    return 0;
  }

  void LowerRow(const Expr& expr, Register dst) {
    const Register key = LowerNew(*expr.args[1], Mode::kValue);
    out_.Emit({.op = Op::kRow, .dst = dst, .a = key, .c = TableOf(*expr.args[0])});
  }

  // x in lists.NAME, k in tables.NAME
  bool LowerInInput(const Expr& expr, Register dst) {
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

  // Calls.

  void LowerCall(const Expr& expr, Register dst, Mode mode) {
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
    const bool real_sum = name == "sum" && expr.type.kind == TypeKind::kDouble;
    if (const NativeFunction* native = FindNative(real_sum ? "@sum" : name))
      return LowerNative(expr, *native, dst);
    Fail("a function that was not checked: " + expr.name);
  }

  // Constant patterns are compiled once.
  void LowerNative(const Expr& expr, const NativeFunction& native, Register dst) {
    const uint32_t function = out_.AddFunction(native);
    const std::optional<uint32_t> regex =
        native.with_regex != nullptr ? ConstantRegex(*expr.args[1]) : std::nullopt;
    LowerElements(expr, dst, Mode::kValue, regex.has_value() ? Op::kCallRegex : Op::kCall, 1,
                  function, regex.value_or(0));
  }

  void LowerOperation(const Expr& expr, Op op, Register dst, Mode mode) {
    // Lists of events are joined as such, and counted as such.
    const Mode operands = op == Op::kSize && IsEventList(expr.args[0]->type) ? Mode::kEvents
                          : op == Op::kAdd && IsEventList(expr.type)         ? mode
                                                                             : Mode::kValue;
    const Register a = LowerNew(*expr.args[0], operands);
    Register b = 0;
    if (expr.args.size() > 1) b = LowerNew(*expr.args[1], operands);
    out_.Emit({.op = op, .dst = dst, .a = a, .b = b});
  }

  void LowerIndex(const Expr& expr, Register dst) {
    if (expr.args[0]->kind == ExprKind::kTable) return LowerRow(expr, dst);
    const bool events = IsEventList(expr.args[0]->type);
    const Register container = LowerNew(*expr.args[0], events ? Mode::kEvents : Mode::kValue);
    const Register key = LowerNew(*expr.args[1], Mode::kValue);
    out_.Emit({.op = Op::kIndex, .dst = dst, .a = container, .b = key});
  }

  bool LowerInSet(const Expr& expr, Register dst) {
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
  std::optional<uint32_t> ConstantRegex(const Expr& expr) {
    const std::optional<Value> pattern = Folded(expr);
    if (!pattern.has_value() || !pattern->is(ValueKind::kString)) return std::nullopt;
    re2::RE2::Options options;
    options.set_log_errors(false);
    const std::string_view text = pattern->as_string();
    auto regex = std::make_unique<re2::RE2>(re2::StringPiece(text.data(), text.size()), options);
    if (!regex->ok()) return std::nullopt;
    return out_.AddRegex(std::move(regex));
  }

  bool LowerRegex(const Expr& expr, Register dst) {
    const std::optional<uint32_t> regex = ConstantRegex(*expr.args[1]);
    if (!regex.has_value()) return false;
    const Register subject = LowerNew(*expr.args[0], Mode::kValue);
    out_.Emit({.op = Op::kMatchesRegex, .dst = dst, .a = subject, .c = *regex});
    return true;
  }

  // Of the field, and of the one that it is compared with; the rest is constants.
  void LowerTest(const Expr& expr, Register dst) {
    absl::StatusOr<std::unique_ptr<const FieldTest>> test = FieldTest::Compile(expr);
    if (!test.ok()) return out_.Fail(test.status());
    const Register subject = LowerNew(*expr.args[0], Mode::kValue);
    const Register other = (*test)->takes_other() ? LowerNew(*expr.args[1], Mode::kValue) : subject;
    out_.Emit({.op = Op::kTest,
               .dst = dst,
               .a = subject,
               .b = other,
               .c = out_.AddTest(*std::move(test))});
  }

  void LowerComparison(const Expr& expr, Relation relation, Register dst) {
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

  // Logic.

  static void Flatten(const Expr& expr, std::string_view name, std::vector<const Expr*>& operands) {
    if (expr.kind != ExprKind::kCall || expr.name != name) {
      operands.push_back(&expr);
      return;
    }
    for (const rules::ExprPtr& arg : expr.args) Flatten(*arg, name, operands);
  }

  // A chain of the same operator: a constant that decides is the result, one that does not is left
  // out.
  void LowerLogic(const Expr& expr, Register dst) {
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

  void LowerChoice(const Expr& expr, Register dst, Mode mode) {
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
  void LowerOr(const Expr& expr, Register dst) {
    const uint16_t value = expr.name == "orValue" ? 1 : 0;
    Lower(*expr.args[0], dst, Mode::kValue);
    const uint32_t exit = out_.Emit({.op = Op::kOrElse, .dst = dst, .b = value});
    Lower(*expr.args[1], dst, Mode::kValue);
    out_.Land({exit});
  }

  // Macros.

  struct Loop {
    Register range = 0;
    Register index = 0;
    Register local = 0;
    bool pair = false;   // two locals in a row: index and element, key and value
    uint32_t begin = 0;  // the instruction kRange
    uint32_t next = 0;   // the instruction kNext
  };

  void LowerMacro(const Expr& expr, Register dst, Mode mode) {
    const std::string_view name = expr.name;
    if (name == "cel.bind") return LowerBind(expr, dst, mode);
    if (name == "optMap" || name == "optFlatMap") return LowerOptionalMap(expr, dst);
    Loop loop;
    loop.range = out_.Take(name == "sortBy" ? 2 : 1);
    Lower(*expr.args[0], loop.range,
          IsEventList(expr.args[0]->type) ? Mode::kEvents : Mode::kValue);
    loop.index = out_.Take();
    loop.pair = !expr.variable2.empty();
    loop.local = out_.Take(loop.pair ? 2 : 1);
    Bind(expr.local, loop.local);
    if (loop.pair) Bind(expr.local2, static_cast<Register>(loop.local + 1));
    loop.begin = out_.Emit({.op = Op::kRange, .dst = dst, .a = loop.range, .b = loop.index});
    if (name == "all" || name == "exists") return LowerQuantifier(expr, loop, dst);
    if (name == "exists_one") return LowerExistsOne(expr, loop, dst);
    if (name == "sortBy") return LowerSort(expr, loop, dst);
    LowerCollection(expr, loop, dst, mode);
  }

  void Bind(uint32_t local, Register value) {
    if (locals_.size() <= local) locals_.resize(local + 1);
    locals_[local] = value;
  }

  void LowerBind(const Expr& expr, Register dst, Mode mode) {
    const Expr& value = *expr.args[0];
    Bind(expr.local, LowerNew(value, IsEvents(value.type) ? Mode::kEvents : Mode::kValue));
    Lower(*expr.args[1], dst, mode);
  }

  void LowerOptionalMap(const Expr& expr, Register dst) {
    const Register optional = LowerNew(*expr.args[0], Mode::kValue);
    const Register value = out_.Take();
    Bind(expr.local, value);
    const uint32_t none = out_.Emit({.op = Op::kUnwrap, .dst = value, .a = optional, .b = dst});
    Lower(*expr.args[1], dst, Mode::kValue);
    if (expr.name == "optMap") EmitCall("optional.of", dst, dst, 1);
    out_.Land({none});
  }

  void EmitCall(std::string_view name, Register dst, Register first, uint16_t count) {
    const NativeFunction* native = FindNative(name);
    if (native == nullptr) return Fail("a function that is not there: " + std::string(name));
    out_.Emit(
        {.op = Op::kCall, .dst = dst, .a = first, .b = count, .c = out_.AddFunction(*native)});
  }

  void BeginLoop(Loop& loop) {
    loop.next = out_.Emit({.op = loop.pair ? Op::kNextPair : Op::kNext,
                           .dst = loop.local,
                           .a = loop.range,
                           .b = loop.index});
  }
  void EndLoop(const Loop& loop) { out_.Emit({.op = Op::kJump, .c = loop.next}); }

  void LowerQuantifier(const Expr& expr, Loop& loop, Register dst) {
    const bool all = expr.name == "all";
    out_.EmitConstant(Value::Bool(all), dst);
    BeginLoop(loop);
    const Register body = LowerNew(*expr.args[1], Mode::kValue);
    const uint32_t decided = out_.Emit({.op = all ? Op::kAnd : Op::kOr, .dst = dst, .a = body});
    EndLoop(loop);
    out_.Land({loop.begin, loop.next, decided});
  }

  void LowerExistsOne(const Expr& expr, Loop& loop, Register dst) {
    const Register count = out_.Take();
    out_.EmitConstant(Value::Int(0), count);
    BeginLoop(loop);
    const Register body = LowerNew(*expr.args[1], Mode::kValue);
    const uint32_t branch = out_.Emit({.op = Op::kBranch, .dst = dst, .a = body, .c = loop.next});
    out_.Emit({.op = Op::kIncrement, .dst = count});
    EndLoop(loop);
    out_.Land({loop.next});
    out_.Emit({.op = Op::kIsOne, .dst = dst, .a = count});
    out_.Land({loop.begin});
    out_.LandError(branch);
  }

  // filter(predicate), map(transform), map(predicate, transform); transformList like map, the
  // others make a map.
  void LowerCollection(const Expr& expr, Loop& loop, Register dst, Mode mode) {
    const bool filter = expr.name == "filter";
    const bool keyed = expr.name == "transformMap";
    const Expr* predicate = filter || expr.args.size() == 3 ? expr.args[1].get() : nullptr;
    out_.Emit({.op = keyed ? Op::kReserveMap : Op::kReserve, .dst = dst, .a = loop.range});
    BeginLoop(loop);
    std::optional<uint32_t> branch;
    if (predicate != nullptr) {
      const Register test = LowerNew(*predicate, Mode::kValue);
      branch = out_.Emit({.op = Op::kBranch, .dst = dst, .a = test, .c = loop.next});
    }
    const Register element = filter ? loop.local : LowerNew(*expr.args.back(), mode);
    const uint32_t taken =
        keyed ? out_.Emit({.op = Op::kPut, .dst = dst, .a = loop.local, .b = element})
              : out_.Emit({.op = Op::kAppend, .dst = dst, .a = element});
    EndLoop(loop);
    const bool merged = expr.name == "transformMapEntry";
    out_.Land(merged ? std::vector{loop.next} : std::vector{loop.begin, loop.next, taken});
    if (!merged && branch.has_value()) out_.LandError(*branch);
    if (!merged) return;
    EmitCall("@merge", dst, dst, 1);
    out_.Land({loop.begin, taken});
    if (branch.has_value()) out_.LandError(*branch);
  }

  // The keys that the elements are sorted by stand beside them.
  void LowerSort(const Expr& expr, Loop& loop, Register dst) {
    const auto keys = static_cast<Register>(loop.range + 1);
    out_.Emit({.op = Op::kReserve, .dst = keys, .a = loop.range});
    BeginLoop(loop);
    const Register key = LowerNew(*expr.args[1], Mode::kValue);
    const uint32_t taken = out_.Emit({.op = Op::kAppend, .dst = keys, .a = key});
    EndLoop(loop);
    out_.Land({loop.next, taken});
    EmitCall("@sort_by", dst, loop.range, 2);
    out_.Land({loop.begin});
  }

  const std::vector<EventLayout>& layouts_;
  const Inputs* inputs_;
  const bool folding_;
  ProgramBuilder out_;
  std::vector<Register> locals_;  // by the macro's number
};

}  // namespace

absl::StatusOr<std::shared_ptr<const Program>> Compile(const rules::Expression& expression,
                                                       const std::vector<EventLayout>& layouts,
                                                       const Inputs* inputs) {
  return Compiler(layouts, inputs, true).Run(*expression.root);
}

}  // namespace telltale::engine
