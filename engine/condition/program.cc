#include "engine/condition/program.h"

#include "engine/condition/condition.h"

namespace telltale::engine {
namespace {

std::string_view RelationText(Relation relation) {
  constexpr std::string_view kTexts[] = {"==", "!=", "<", "<=", ">", ">="};
  return kTexts[static_cast<size_t>(relation)];
}

std::string_view NameOf(Op op) {
  switch (op) {
    case Op::kWhole:
      return "whole";
    case Op::kTimeOf:
      return "time of";
    case Op::kAsOptional:
      return "optional";
    case Op::kNot:
      return "not";
    case Op::kNegate:
      return "negate";
    case Op::kSize:
      return "size";
    case Op::kIsOne:
      return "is_one";
    case Op::kAdd:
      return "+";
    case Op::kSubtract:
      return "-";
    case Op::kMultiply:
      return "*";
    case Op::kDivide:
      return "/";
    case Op::kModulo:
      return "%";
    case Op::kIn:
      return "in";
    case Op::kIndex:
      return "index";
    default:
      return "?";
  }
}

// The function that makes such values of text, or of others; empty: they are written as they are.
std::string_view MakerOf(ValueKind kind) {
  switch (kind) {
    case ValueKind::kTimestamp:
      return "timestamp";
    case ValueKind::kDuration:
      return "duration";
    case ValueKind::kIp:
      return "ip";
    case ValueKind::kCidr:
      return "cidr";
    case ValueKind::kOptional:
      return "optional";
    default:
      return "";
  }
}

class Printer {
 public:
  explicit Printer(const ProgramParts& parts) : parts_(parts) {}

  std::string Run() {
    for (size_t i = 0; i < parts_.code.size(); ++i)
      out_ += std::to_string(i) + " " + Line(parts_.code[i]) + "\n";
    return std::move(out_);
  }

 private:
  static std::string Register(uint32_t index) { return "r" + std::to_string(index); }
  static std::string To(uint32_t target) { return " -> " + std::to_string(target); }
  static std::string EventName(uint32_t source) {
    return source == 0 ? "event" : "step" + std::to_string(source - 1);
  }
  static std::string Slot(uint32_t source, uint32_t slot) {
    return EventName(source) + ".slot" + std::to_string(slot);
  }

  std::string Constant(uint32_t index) const {
    const Value value = parts_.constants[index];
    if (value.is(ValueKind::kError))
      return "error" + std::to_string(static_cast<int>(value.error()));
    if (value.is(ValueKind::kType)) return std::string(TypeName(value.as_type()));
    std::string text = value.is(ValueKind::kBytes) ? "b" : "";
    AppendJson(value, text);
    if (const std::string_view maker = MakerOf(value.kind()); !maker.empty())
      return std::string(maker) + "(" + text + ")";
    return value.is(ValueKind::kUint) ? text + "u" : text;
  }

  std::string Call(const Instruction& i) const {
    std::string text(parts_.functions[i.c]->name);
    text += '(';
    for (uint32_t k = 0; k < i.b; ++k) text += (k == 0 ? "" : ", ") + Register(i.a + k);
    return text + ")";
  }

  std::string Line(const Instruction& i) const {
    const std::string set = Register(i.dst) + " = ";
    const std::string a = Register(i.a);
    const std::string b = Register(i.b);
    const std::string relation = " " + std::string(RelationText(i.relation)) + " ";
    switch (i.op) {
      case Op::kConstant:
        return set + Constant(i.c);
      case Op::kMove:
        return set + a;
      case Op::kSlot:
        return set + Slot(i.a, i.c);
      case Op::kSlotOf:
        return set + a + ".slot" + std::to_string(i.c);
      case Op::kHasSlot:
        return set + "has " + Slot(i.a, i.c);
      case Op::kHasSlotOf:
        return set + "has " + a + ".slot" + std::to_string(i.c);
      case Op::kHasStep:
        return set + "has " + EventName(i.a);
      case Op::kEvent:
        return set + EventName(i.a);
      case Op::kEvents:
        return set + "events of step" + std::to_string(i.a);
      case Op::kKey:
        return set + "key" + std::to_string(i.a);
      case Op::kAggregate:
        return set + "window" + std::to_string(i.a);
      case Op::kMatchCount:
        return set + "match_count";
      case Op::kCompareSlot:
        return set + Slot(i.a, i.c) + relation + Constant(i.d);
      case Op::kCompareSlots:
        return set + Slot(i.a, i.c) + relation + Slot(i.b, i.d);
      case Op::kCompare:
        return set + a + relation + b;
      case Op::kAnd:
        return set + Register(i.dst) + " && " + a + To(i.c);
      case Op::kOr:
        return set + Register(i.dst) + " || " + a + To(i.c);
      case Op::kBranch:
        return "branch " + a + " else" + To(i.c) + ", error " + Register(i.dst) + To(i.d);
      case Op::kJump:
        return "jump" + To(i.c);
      case Op::kInSet:
        return set + a + " in set" + std::to_string(i.c);
      case Op::kList:
        return set + "lists." + parts_.lists[i.c]->name();
      case Op::kInList:
        return set + a + " in lists." + parts_.lists[i.c]->name();
      case Op::kRow:
        return set + "tables." + parts_.tables[i.c]->name() + "[" + a + "]";
      case Op::kInTable:
        return set + a + " in tables." + parts_.tables[i.c]->name();
      case Op::kSelect:
        return set + a + "." + Constant(i.c);
      case Op::kHasField:
        return set + "has " + a + "." + Constant(i.c);
      case Op::kMatchesRegex:
        return set + a + " matches /" + parts_.regexes[i.c]->pattern() + "/";
      case Op::kCall:
        return set + Call(i);
      case Op::kCallRegex:
        return set + Call(i) + " by /" + parts_.regexes[i.d]->pattern() + "/";
      case Op::kMakeList:
        return set + "list of " + std::to_string(i.b) + " from " + a;
      case Op::kMakeMap:
        return set + "map of " + std::to_string(i.b) + " from " + a;
      case Op::kRange:
        return "range " + a + " by " + b + ", error " + Register(i.dst) + To(i.c);
      case Op::kNext:
        return set + "next of " + a + " by " + b + ", none" + To(i.c);
      case Op::kNextPair:
        return Register(i.dst) + ", " + Register(i.dst + 1U) + " = next of " + a + " by " + b +
               ", none" + To(i.c);
      case Op::kReserve:
        return set + "list like " + a;
      case Op::kReserveMap:
        return set + "map like " + a;
      case Op::kRoom:
        return set + "list for " + std::to_string(i.c);
      case Op::kRoomMap:
        return set + "map for " + std::to_string(i.c);
      case Op::kAppendOptional:
        return "append value of " + a + " to " + Register(i.dst) + ", error" + To(i.c);
      case Op::kPut:
        return "put " + a + ": " + b + " to " + Register(i.dst) + ", error" + To(i.c);
      case Op::kPutOptional:
        return "put " + a + ": value of " + b + " to " + Register(i.dst) + ", error" + To(i.c);
      case Op::kUnwrap:
        return set + "value of " + a + ", none " + b + To(i.c);
      case Op::kOrElse:
        return (i.b != 0 ? "value of " : "") + Register(i.dst) + " or else, has one" + To(i.c);
      case Op::kAppend:
        return "append " + a + " to " + Register(i.dst) + ", error" + To(i.c);
      case Op::kIncrement:
        return "increment " + Register(i.dst);
      case Op::kReturn:
        return "return " + a;
      case Op::kAdd:
      case Op::kSubtract:
      case Op::kMultiply:
      case Op::kDivide:
      case Op::kModulo:
      case Op::kIn:
      case Op::kIndex:
        return set + a + " " + std::string(NameOf(i.op)) + " " + b;
      default:
        return set + std::string(NameOf(i.op)) + " " + a;
    }
  }

  const ProgramParts& parts_;
  std::string out_;
};

}  // namespace

std::string Program::ToString() const { return Printer(parts_).Run(); }

}  // namespace telltale::engine
