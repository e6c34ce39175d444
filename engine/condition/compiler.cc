// Lowers a checked expression to a program.
//
// A stack of registers: an expression is lowered into a register that its user chose, and takes
// what it needs above it. What depends on no event is evaluated here and becomes a constant. An
// event, or a list of events, is kept as it is where only its fields, its size or its elements are
// read (kEvents); anywhere else it is replaced by its maps (kValue).
#include <optional>
#include <set>
#include <utility>

#include "absl/status/status.h"
#include "engine/condition/condition.h"
#include "engine/condition/program.h"

namespace telltale::engine {
namespace {

using rules::Expr;
using rules::ExprKind;
using rules::Type;
using rules::TypeKind;

constexpr int64_t kFoldingBudget = 100'000;
constexpr uint32_t kMaxRegisters = 65'000;

enum class Mode { kValue, kEvents };

bool IsEvent(const Type& type) { return type.kind == TypeKind::kEvent; }
bool IsEventList(const Type& type) {
  return type.kind == TypeKind::kList && type.element != nullptr && IsEvent(*type.element);
}
bool IsEvents(const Type& type) { return IsEvent(type) || IsEventList(type); }
bool IsTrue(Value value) { return value.is(ValueKind::kBool) && value.as_bool(); }
bool IsFalse(Value value) { return value.is(ValueKind::kBool) && !value.as_bool(); }

Value CopyText(std::string_view text, Arena& arena, bool bytes) {
  char* copy = arena.Allocate(text.size());
  text.copy(copy, text.size());
  return bytes ? Value::Bytes({copy, text.size()}) : Value::String({copy, text.size()});
}

// With all that it points to.
Value Copy(Value value, Arena& arena) {
  switch (value.kind()) {
    case ValueKind::kString:
    case ValueKind::kBytes:
      return CopyText(value.as_string(), arena, value.is(ValueKind::kBytes));
    case ValueKind::kList: {
      auto* elements =
          reinterpret_cast<StoredValue*>(arena.Allocate(value.size() * sizeof(StoredValue)));
      for (uint32_t i = 0; i < value.size(); ++i)
        elements[i].Store(Copy(value.elements()[i].Load(), arena));
      return Value::List(elements, value.size());
    }
    case ValueKind::kMap: {
      auto* entries =
          reinterpret_cast<StoredEntry*>(arena.Allocate(value.size() * sizeof(StoredEntry)));
      for (uint32_t i = 0; i < value.size(); ++i) {
        entries[i].key.Store(Copy(value.entries()[i].key.Load(), arena));
        entries[i].value.Store(Copy(value.entries()[i].value.Load(), arena));
      }
      return Value::Map(entries, value.size());
    }
    default:
      return value;
  }
}

// Whether the value depends on nothing but the expression itself. `bound`: variables of macros
// inside it.
bool IsClosed(const Expr& expr, std::set<uint32_t>& bound) {
  switch (expr.kind) {
    case ExprKind::kEvent:
    case ExprKind::kStep:
    case ExprKind::kKey:
      return false;
    case ExprKind::kLocal:
      return bound.contains(expr.index);
    case ExprKind::kMacro:
      bound.insert(expr.local);
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

struct Function {
  std::string_view name;
  Op op;
};

constexpr Function kFunctions[] = {
    {"!_", Op::kNot},
    {"-_", Op::kNegate},
    {"_+_", Op::kAdd},
    {"_-_", Op::kSubtract},
    {"_*_", Op::kMultiply},
    {"_/_", Op::kDivide},
    {"_%_", Op::kModulo},
    {"@in", Op::kIn},
    {"size", Op::kSize},
    {"matches", Op::kMatches},
    {"startsWith", Op::kStartsWith},
    {"endsWith", Op::kEndsWith},
    {"contains", Op::kContains},
    {"lowerAscii", Op::kLowerAscii},
    {"upperAscii", Op::kUpperAscii},
    {"int", Op::kToInt},
    {"uint", Op::kToUint},
    {"double", Op::kToDouble},
    {"string", Op::kToText},
    {"bool", Op::kToBool},
    {"bytes", Op::kToBytes},
    {"sum", Op::kSum},
    {"avg", Op::kAverage},
    {"min", Op::kLeast},
    {"max", Op::kGreatest},
};

using Register = uint16_t;

class Compiler {
 public:
  Compiler(const std::vector<EventLayout>& layouts, bool folding)
      : layouts_(layouts), folding_(folding) {
    for (const EventLayout& layout : layouts) {
      const std::optional<uint32_t> slot = layout.Find({});
      parts_.whole_slots.push_back(slot.has_value() ? static_cast<int32_t>(*slot) : -1);
    }
  }

  absl::StatusOr<std::shared_ptr<const Program>> Run(const Expr& root) {
    const Register result = Take();
    Lower(root, result, Mode::kValue);
    Emit({.op = Op::kReturn, .a = result});
    if (!status_.ok()) return status_;
    parts_.registers = most_;
    return std::make_shared<const Program>(std::move(parts_));
  }

 private:
  // A slot of the event under test (source 0) or of the single event of step source - 1.
  struct SlotRef {
    Register source = 0;
    uint32_t slot = 0;
  };

  void Fail(std::string message) {
    if (status_.ok()) status_ = absl::InternalError(message);
  }

  // Registers and code.

  Register Take(uint32_t count = 1) {
    const uint32_t first = top_;
    if (first + count > kMaxRegisters) {
      if (status_.ok())
        status_ = absl::ResourceExhaustedError("an expression that needs too many registers");
      return 0;
    }
    top_ += count;
    most_ = std::max(most_, top_);
    return static_cast<Register>(first);
  }
  // Gives back all registers from `first` on.
  void Release(Register first) { top_ = std::max<uint32_t>(first, 1); }

  uint32_t Here() const { return static_cast<uint32_t>(parts_.code.size()); }
  uint32_t Emit(Instruction instruction) {
    parts_.code.push_back(instruction);
    return Here() - 1;
  }
  // Makes the jumps go here.
  void Land(const std::vector<uint32_t>& jumps) {
    for (const uint32_t jump : jumps) parts_.code[jump].c = Here();
  }

  uint32_t AddConstant(Value value) {
    parts_.constants.push_back(Copy(value, parts_.arena));
    return static_cast<uint32_t>(parts_.constants.size() - 1);
  }
  void EmitConstant(Value value, Register dst) {
    Emit({.op = Op::kConstant, .dst = dst, .c = AddConstant(value)});
  }

  // Constants.

  static Value ValueOf(const rules::Constant& constant) {
    struct Maker {
      Value operator()(std::monostate) const { return Value::Null(); }
      Value operator()(bool value) const { return Value::Bool(value); }
      Value operator()(int64_t value) const { return Value::Int(value); }
      Value operator()(uint64_t value) const { return Value::Uint(value); }
      Value operator()(double value) const { return Value::Double(value); }
      Value operator()(const std::string& value) const { return Value::String(value); }
      Value operator()(const rules::Bytes& value) const { return Value::Bytes(value.data); }
    };
    return std::visit(Maker{}, constant);
  }

  // The value of an expression that is the same for all events, in the program's memory.
  std::optional<Value> Folded(const Expr& expr) {
    if (expr.kind == ExprKind::kConstant) return Copy(ValueOf(expr.constant), parts_.arena);
    if (!folding_ || !IsClosed(expr)) return std::nullopt;
    const auto program = Compiler(layouts_, false).Run(expr);
    if (!program.ok()) return std::nullopt;
    Scratch scratch(kFoldingBudget);
    const Value value = Evaluate(**program, Frame(), scratch);
    if (value.is(ValueKind::kError) && value.error() == ErrorCode::kBudget) return std::nullopt;
    return Copy(value, parts_.arena);
  }

  // Expressions.

  void Lower(const Expr& expr, Register dst, Mode mode) {
    const Register mark = static_cast<Register>(top_);
    if (const std::optional<Value> constant = Folded(expr)) {
      EmitConstant(*constant, dst);
    } else {
      LowerNode(expr, dst, IsEvents(expr.type) ? mode : Mode::kValue);
      if (mode == Mode::kValue && IsEvents(expr.type))
        Emit({.op = Op::kWhole, .dst = dst, .a = dst});
    }
    Release(mark);
  }

  // Into a new register.
  Register LowerNew(const Expr& expr, Mode mode) {
    const Register dst = Take();
    Lower(expr, dst, mode);
    return dst;
  }

  void LowerNode(const Expr& expr, Register dst, Mode mode) {
    switch (expr.kind) {
      case ExprKind::kConstant:
        return EmitConstant(ValueOf(expr.constant), dst);
      case ExprKind::kEvent:
        Emit({.op = Op::kEvent, .dst = dst, .a = 0});
        return;
      case ExprKind::kStep:
        return LowerStep(expr, dst);
      case ExprKind::kLocal:
        Emit({.op = Op::kMove, .dst = dst, .a = LocalOf(expr.index)});
        return;
      case ExprKind::kKey:
        Emit({.op = Op::kKey, .dst = dst, .a = static_cast<Register>(expr.index)});
        return;
      case ExprKind::kField:
        return LowerField(expr, dst);
      case ExprKind::kSelect: {
        const Register map = LowerNew(*expr.args[0], Mode::kValue);
        const Op op = expr.test ? Op::kHasField : Op::kSelect;
        Emit({.op = op, .dst = dst, .a = map, .c = AddConstant(Value::String(expr.name))});
        return;
      }
      case ExprKind::kCall:
        return LowerCall(expr, dst, mode);
      case ExprKind::kList:
        return LowerElements(expr, dst, IsEventList(expr.type) ? mode : Mode::kValue, Op::kMakeList,
                             1);
      case ExprKind::kMap:
        return LowerElements(expr, dst, Mode::kValue, Op::kMakeMap, 2);
      case ExprKind::kMacro:
        return LowerMacro(expr, dst, mode);
      case ExprKind::kIdent:
        break;
    }
    Fail("an expression that was not checked");
  }

  void LowerStep(const Expr& expr, Register dst) {
    if (IsEventList(expr.type)) {
      Emit({.op = Op::kEvents, .dst = dst, .a = static_cast<Register>(expr.index)});
    } else {
      Emit({.op = Op::kEvent, .dst = dst, .a = static_cast<Register>(expr.index + 1)});
    }
  }

  Register LocalOf(uint32_t local) {
    if (local < locals_.size()) return locals_[local];
    Fail("a variable outside its macro");
    return 0;
  }

  void LowerElements(const Expr& expr, Register dst, Mode mode, Op op, size_t width) {
    const Register first = Take(static_cast<uint32_t>(expr.args.size()));
    if (!status_.ok()) return;
    for (size_t i = 0; i < expr.args.size(); ++i)
      Lower(*expr.args[i], static_cast<Register>(first + i), mode);
    const auto count = static_cast<uint16_t>(expr.args.size() / width);
    Emit({.op = op, .dst = dst, .a = first, .b = count});
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
    if (expr.kind != ExprKind::kField || expr.test || !IsSingleEvent(*expr.args[0]))
      return std::nullopt;
    return SlotRef{SourceOf(*expr.args[0]), SlotOf(expr)};
  }

  void LowerField(const Expr& expr, Register dst) {
    const Expr& base = *expr.args[0];
    if (IsSingleEvent(base)) {
      if (expr.path.empty()) {
        Emit({.op = Op::kHasStep, .dst = dst, .a = SourceOf(base)});
      } else {
        Emit({.op = expr.test ? Op::kHasSlot : Op::kSlot,
              .dst = dst,
              .a = SourceOf(base),
              .c = SlotOf(expr)});
      }
      return;
    }
    const Register event =
        base.kind == ExprKind::kLocal ? LocalOf(base.index) : LowerNew(base, Mode::kEvents);
    Emit({.op = expr.test ? Op::kHasSlotOf : Op::kSlotOf,
          .dst = dst,
          .a = event,
          .c = SlotOf(expr),
          .d = PathConstant(expr.path)});
  }

  uint32_t PathConstant(const rules::FieldPath& path) {
    auto* names =
        reinterpret_cast<StoredValue*>(parts_.arena.Allocate(path.size() * sizeof(StoredValue)));
    for (size_t i = 0; i < path.size(); ++i) names[i].Store(CopyText(path[i], parts_.arena, false));
    parts_.constants.push_back(Value::List(names, static_cast<uint32_t>(path.size())));
    return static_cast<uint32_t>(parts_.constants.size() - 1);
  }

  // Calls.

  void LowerCall(const Expr& expr, Register dst, Mode mode) {
    const std::string_view name = expr.name;
    if (name == "_&&_" || name == "_||_") return LowerLogic(expr, dst);
    if (name == "_?_:_") return LowerChoice(expr, dst, mode);
    if (name == "dyn") return Lower(*expr.args[0], dst, Mode::kValue);
    if (const std::optional<Relation> relation = RelationOf(name))
      return LowerComparison(expr, *relation, dst);
    if (name == "_[_]") return LowerIndex(expr, dst);
    if (name == "@in" && LowerInSet(expr, dst)) return;
    if (name == "matches" && LowerRegex(expr, dst)) return;
    for (const Function& function : kFunctions) {
      if (function.name == name) return LowerFunction(expr, function.op, dst, mode);
    }
    Fail("a function that was not checked: " + expr.name);
  }

  void LowerFunction(const Expr& expr, Op op, Register dst, Mode mode) {
    // Lists of events are joined as such, and counted as such.
    const Mode operands = op == Op::kSize && IsEventList(expr.args[0]->type) ? Mode::kEvents
                          : op == Op::kAdd && IsEventList(expr.type)         ? mode
                                                                             : Mode::kValue;
    const Register a = LowerNew(*expr.args[0], operands);
    Register b = 0;
    if (expr.args.size() > 1) b = LowerNew(*expr.args[1], operands);
    if (op == Op::kSum) b = expr.type.kind == TypeKind::kDouble ? 1 : 0;
    Emit({.op = op, .dst = dst, .a = a, .b = b});
  }

  void LowerIndex(const Expr& expr, Register dst) {
    const bool events = IsEventList(expr.args[0]->type);
    const Register container = LowerNew(*expr.args[0], events ? Mode::kEvents : Mode::kValue);
    const Register key = LowerNew(*expr.args[1], Mode::kValue);
    Emit({.op = Op::kIndex, .dst = dst, .a = container, .b = key});
  }

  bool LowerInSet(const Expr& expr, Register dst) {
    const std::optional<Value> list = Folded(*expr.args[1]);
    if (!list.has_value()) return false;
    std::optional<ConstantSet> set = ConstantSet::Of(*list);
    if (!set.has_value()) return false;
    parts_.sets.push_back(*std::move(set));
    const auto index = static_cast<uint32_t>(parts_.sets.size() - 1);
    const Register element = LowerNew(*expr.args[0], Mode::kValue);
    Emit({.op = Op::kInSet, .dst = dst, .a = element, .c = index});
    return true;
  }

  bool LowerRegex(const Expr& expr, Register dst) {
    const std::optional<Value> pattern = Folded(*expr.args[1]);
    if (!pattern.has_value() || !pattern->is(ValueKind::kString)) return false;
    re2::RE2::Options options;
    options.set_log_errors(false);
    const std::string_view text = pattern->as_string();
    auto regex = std::make_unique<re2::RE2>(re2::StringPiece(text.data(), text.size()), options);
    if (!regex->ok()) return false;  // an error of each evaluation
    parts_.regexes.push_back(std::move(regex));
    const auto index = static_cast<uint32_t>(parts_.regexes.size() - 1);
    const Register subject = LowerNew(*expr.args[0], Mode::kValue);
    Emit({.op = Op::kMatchesRegex, .dst = dst, .a = subject, .c = index});
    return true;
  }

  void LowerComparison(const Expr& expr, Relation relation, Register dst) {
    const Expr& left = *expr.args[0];
    const Expr& right = *expr.args[1];
    const std::optional<SlotRef> a = AsSlot(left);
    const std::optional<SlotRef> b = AsSlot(right);
    if (a.has_value() && b.has_value()) {
      Emit({Op::kCompareSlots, relation, dst, a->source, b->source, a->slot, b->slot});
      return;
    }
    if (a.has_value() || b.has_value()) {
      if (const std::optional<Value> constant = Folded(a.has_value() ? right : left)) {
        const SlotRef& slot = a.has_value() ? *a : *b;
        const Relation from_slot = a.has_value() ? relation : Mirrored(relation);
        parts_.constants.push_back(*constant);
        Emit({Op::kCompareSlot, from_slot, dst, slot.source, 0, slot.slot,
              static_cast<uint32_t>(parts_.constants.size() - 1)});
        return;
      }
    }
    const Register x = LowerNew(left, Mode::kValue);
    const Register y = LowerNew(right, Mode::kValue);
    Emit({.op = Op::kCompare, .relation = relation, .dst = dst, .a = x, .b = y});
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
        return EmitConstant(*value, dst);
      const bool neutral = value.has_value() && (deciding ? IsFalse(*value) : IsTrue(*value));
      if (!neutral) kept.push_back(operand);
    }
    std::vector<uint32_t> exits;
    const Op op = deciding ? Op::kOr : Op::kAnd;
    Lower(*kept[0], dst, Mode::kValue);
    exits.push_back(Emit({.op = op, .dst = dst, .a = dst}));
    const Register next = Take();
    for (size_t i = 1; i < kept.size(); ++i) {
      Lower(*kept[i], next, Mode::kValue);
      exits.push_back(Emit({.op = op, .dst = dst, .a = next}));
    }
    Land(exits);
  }

  void LowerChoice(const Expr& expr, Register dst, Mode mode) {
    if (const std::optional<Value> condition = Folded(*expr.args[0])) {
      if (IsTrue(*condition)) return Lower(*expr.args[1], dst, mode);
      if (IsFalse(*condition)) return Lower(*expr.args[2], dst, mode);
    }
    const Register condition = LowerNew(*expr.args[0], Mode::kValue);
    const uint32_t branch = Emit({.op = Op::kBranch, .dst = dst, .a = condition});
    Lower(*expr.args[1], dst, mode);
    const uint32_t jump = Emit({.op = Op::kJump});
    parts_.code[branch].c = Here();
    Lower(*expr.args[2], dst, mode);
    parts_.code[branch].d = Here();
    Land({jump});
  }

  // Macros.

  struct Loop {
    Register range = 0;
    Register index = 0;
    Register local = 0;
    uint32_t begin = 0;  // the instruction kRange
    uint32_t next = 0;   // the instruction kNext
  };

  void LowerMacro(const Expr& expr, Register dst, Mode mode) {
    const std::string_view name = expr.name;
    Loop loop;
    loop.range =
        LowerNew(*expr.args[0], IsEventList(expr.args[0]->type) ? Mode::kEvents : Mode::kValue);
    loop.index = Take();
    loop.local = Take();
    if (locals_.size() <= expr.local) locals_.resize(expr.local + 1);
    locals_[expr.local] = loop.local;
    loop.begin = Emit({.op = Op::kRange, .dst = dst, .a = loop.range, .b = loop.index});
    if (name == "all" || name == "exists") return LowerQuantifier(expr, loop, dst);
    if (name == "exists_one") return LowerExistsOne(expr, loop, dst);
    if (name == "map" || name == "filter") return LowerCollection(expr, loop, dst, mode);
    Fail("a macro that was not checked: " + expr.name);
  }

  void BeginLoop(Loop& loop) {
    loop.next = Emit({.op = Op::kNext, .dst = loop.local, .a = loop.range, .b = loop.index});
  }
  void EndLoop(const Loop& loop) { Emit({.op = Op::kJump, .c = loop.next}); }

  void LowerQuantifier(const Expr& expr, Loop& loop, Register dst) {
    const bool all = expr.name == "all";
    EmitConstant(Value::Bool(all), dst);
    BeginLoop(loop);
    const Register body = LowerNew(*expr.args[1], Mode::kValue);
    const uint32_t decided = Emit({.op = all ? Op::kAnd : Op::kOr, .dst = dst, .a = body});
    EndLoop(loop);
    Land({loop.begin, loop.next, decided});
  }

  void LowerExistsOne(const Expr& expr, Loop& loop, Register dst) {
    const Register count = Take();
    EmitConstant(Value::Int(0), count);
    BeginLoop(loop);
    const Register body = LowerNew(*expr.args[1], Mode::kValue);
    const uint32_t branch = Emit({.op = Op::kBranch, .dst = dst, .a = body, .c = loop.next});
    Emit({.op = Op::kIncrement, .dst = count});
    EndLoop(loop);
    Land({loop.next});
    Emit({.op = Op::kIsOne, .dst = dst, .a = count});
    Land({loop.begin});
    parts_.code[branch].d = Here();
  }

  // filter(predicate), map(transform), map(predicate, transform).
  void LowerCollection(const Expr& expr, Loop& loop, Register dst, Mode mode) {
    const bool filter = expr.name == "filter";
    const Expr* predicate = filter || expr.args.size() == 3 ? expr.args[1].get() : nullptr;
    Emit({.op = Op::kReserve, .dst = dst, .a = loop.range});
    BeginLoop(loop);
    std::optional<uint32_t> branch;
    if (predicate != nullptr) {
      const Register test = LowerNew(*predicate, Mode::kValue);
      branch = Emit({.op = Op::kBranch, .dst = dst, .a = test, .c = loop.next});
    }
    const Register element = filter ? loop.local : LowerNew(*expr.args.back(), mode);
    const uint32_t append = Emit({.op = Op::kAppend, .dst = dst, .a = element});
    EndLoop(loop);
    Land({loop.begin, loop.next, append});
    if (branch.has_value()) parts_.code[*branch].d = Here();
  }

  const std::vector<EventLayout>& layouts_;
  const bool folding_;
  ProgramParts parts_;
  std::vector<Register> locals_;  // by the macro's number
  uint32_t top_ = 0;              // the first register that is free
  uint32_t most_ = 1;
  absl::Status status_;
};

}  // namespace

absl::StatusOr<std::shared_ptr<const Program>> Compile(const rules::Expression& expression,
                                                       const std::vector<EventLayout>& layouts) {
  return Compiler(layouts, true).Run(*expression.root);
}

}  // namespace telltale::engine
