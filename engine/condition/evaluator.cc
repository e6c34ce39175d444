// Runs programs: one loop over the instructions, a switch for each.
#include "engine/condition/condition.h"
#include "engine/condition/operations.h"
#include "engine/condition/program.h"
#include "engine/condition/scratch.h"
#include "engine/condition/time_text.h"

namespace telltale::engine {
namespace {

Value Present(Value value) {
  return value.is(ValueKind::kAbsent) ? Value::Error(ErrorCode::kNoSuchField) : value;
}
bool IsError(Value value) { return value.is(ValueKind::kError); }
bool Is(Value value, bool wanted) {
  return value.is(ValueKind::kBool) && value.as_bool() == wanted;
}

// The first error among operands; kAbsent: none is.
Value ErrorOf(Value a) { return IsError(a) ? a : Value::Absent(); }
Value ErrorOf(Value a, Value b) { return IsError(a) ? a : ErrorOf(b); }

class Run {
 public:
  Run(const Program& program, const Frame& frame, Scratch& scratch)
      : program_(program),
        frame_(frame),
        scratch_(scratch),
        r_(scratch.Begin(program.registers())) {}

  Value Go() {
    const Instruction* const code = program_.code();
    const Instruction* i = code;
    while (i->op != Op::kReturn) i = Step(*i, code);
    // Nothing absorbs a spent budget: what was computed since is not to be relied on.
    return scratch_.spent() ? Value::Error(ErrorCode::kBudget) : r_[i->a];
  }

 private:
  // Performs `i`; returns the next one.
  const Instruction* Step(const Instruction& i, const Instruction* code) {
    Value& dst = r_[i.dst];
    switch (i.op) {
      case Op::kConstant:
        dst = program_.constants()[i.c];
        break;
      case Op::kMove:
        dst = r_[i.a];
        break;
      case Op::kSlot:
        dst = Slot(i.a, i.c);
        break;
      case Op::kCompareSlot:
        dst = Compared(i.relation, Slot(i.a, i.c), program_.constants()[i.d]);
        break;
      case Op::kCompareSlots:
        dst = Compared(i.relation, Slot(i.a, i.c), Slot(i.b, i.d));
        break;
      case Op::kCompare:
        dst = Compared(i.relation, r_[i.a], r_[i.b]);
        break;
      case Op::kAnd:
        dst = Both(dst, r_[i.a], false);
        if (Is(dst, false)) return code + i.c;
        break;
      case Op::kOr:
        dst = Both(dst, r_[i.a], true);
        if (Is(dst, true)) return code + i.c;
        break;
      case Op::kNot:
        dst = r_[i.a].is(ValueKind::kBool) ? Value::Bool(!r_[i.a].as_bool()) : OfWrongKind(r_[i.a]);
        break;
      case Op::kBranch:
        if (Is(r_[i.a], true)) break;
        if (Is(r_[i.a], false)) return code + i.c;
        dst = OfWrongKind(r_[i.a]);
        return code + i.d;
      case Op::kJump:
        return code + i.c;
      case Op::kInSet:
        dst = IsError(r_[i.a]) ? r_[i.a] : Value::Bool(program_.set(i.c).Contains(r_[i.a]));
        break;
      case Op::kInList:
        dst = IsError(r_[i.a]) ? r_[i.a] : Value::Bool(program_.list(i.c).Contains(r_[i.a]));
        break;
      case Op::kMatchesRegex:
        dst = Matched(r_[i.a], program_.regex(i.c));
        break;
      case Op::kRange:
        if (!BeginRange(i)) return code + i.c;
        break;
      case Op::kNext:
        if (!Next(i, static_cast<uint32_t>(i.c - (&i - code)))) return code + i.c;
        break;
      case Op::kNextPair:
        if (!NextPair(i, static_cast<uint32_t>(i.c - (&i - code)))) return code + i.c;
        break;
      case Op::kAppend:
        Append(dst, r_[i.a]);
        if (IsError(dst)) return code + i.c;
        break;
      case Op::kAppendOptional:
      case Op::kPut:
      case Op::kPutOptional:
        Take(i, dst);
        if (IsError(dst)) return code + i.c;
        break;
      case Op::kUnwrap:
        if (!Unwrap(i)) return code + i.c;
        break;
      case Op::kOrElse:
        if (!dst.is(ValueKind::kOptional)) dst = OfWrongKind(dst);
        if (IsError(dst)) return code + i.c;
        if (!dst.has_value()) break;
        if (i.b != 0) dst = dst.optional_value();
        return code + i.c;
      case Op::kIncrement:
        dst = Value::Int(dst.as_int() + 1);
        break;
      case Op::kIsOne:
        dst = Value::Bool(r_[i.a].as_int() == 1);
        break;
      default:
        dst = Other(i);
    }
    return &i + 1;
  }

  // What reads events or builds values.
  Value Other(const Instruction& i) {
    switch (i.op) {
      case Op::kSlotOf:
        return Present(SlotOf(i));
      case Op::kHasSlot: {
        const Event* event = EventAt(i.a);
        return event == nullptr ? Value::Bool(false) : Has(event->slot(i.c));
      }
      case Op::kHasSlotOf: {
        const Value value = SlotOf(i);
        return IsError(r_[i.a]) ? r_[i.a] : Has(value);
      }
      case Op::kHasStep:
        return Value::Bool(EventAt(i.a) != nullptr);
      case Op::kEvent: {
        const Event* event = EventAt(i.a);
        return event == nullptr ? Value::Error(ErrorCode::kNoSuchField) : Value::OfEvent(event);
      }
      case Op::kEvents:
        if (frame_.steps == nullptr) return Value::Error(ErrorCode::kNoSuchField);
        return Value::OfEvents(frame_.steps[i.a].events, frame_.steps[i.a].size);
      case Op::kKey:
        if (frame_.key == nullptr) return Value::Error(ErrorCode::kNoSuchField);
        return frame_.key[i.a] ? Value::String(*frame_.key[i.a]) : Value::Null();
      case Op::kAggregate:
        if (frame_.aggregates == nullptr) return Value::Error(ErrorCode::kNoSuchField);
        return frame_.aggregates[i.a];
      case Op::kMatchCount:
        return Value::Int(static_cast<int64_t>(frame_.match_count));
      case Op::kWhole:
        return Whole(r_[i.a]);
      case Op::kTimeOf:
        return TimeOf(r_[i.a]);
      case Op::kAsOptional:
        return AsOptional(r_[i.a], scratch_);
      case Op::kReserve:
        return Reserve(r_[i.a].size());
      case Op::kReserveMap:
        return ReserveMap(r_[i.a].size());
      case Op::kRoom:
        return Reserve(i.c);
      case Op::kRoomMap:
        return ReserveMap(i.c);
      case Op::kCall:
      case Op::kCallRegex:
        return Call(i);
      case Op::kList:
        return program_.list(i.c).value();
      case Op::kTest:
        return Value::Bool(program_.test(i.c).Holds(r_[i.a], r_[i.b], scratch_));
      case Op::kMakeList:
        return MakeList(i);
      case Op::kMakeMap:
        return MakeMap(i);
      default:
        return Operation(i);
    }
  }

  // Operations on registers: an error among the operands is the result.
  Value Operation(const Instruction& i) {
    const Value a = r_[i.a];
    if (IsError(a)) return a;
    switch (i.op) {
      case Op::kNegate:
        return Negate(a);
      case Op::kSelect:
        return Select(a, program_.constants()[i.c].as_string(), scratch_);
      case Op::kHasField:
        return HasField(a, program_.constants()[i.c].as_string(), scratch_);
      case Op::kSize:
        return Size(a, scratch_);
      case Op::kRow: {
        const Value row = program_.table(i.c).Find(a);
        return row.is(ValueKind::kAbsent) ? Value::Error(ErrorCode::kNoSuchKey) : row;
      }
      case Op::kInTable: {
        const Value row = program_.table(i.c).Find(a);
        return IsError(row) ? row : Value::Bool(!row.is(ValueKind::kAbsent));
      }
      default:
        return BinaryOperation(i, a, r_[i.b]);
    }
  }

  Value BinaryOperation(const Instruction& i, Value a, Value b) {
    if (IsError(b)) return b;
    switch (i.op) {
      case Op::kAdd:
        return Add(a, b, scratch_);
      case Op::kSubtract:
        return Subtract(a, b);
      case Op::kMultiply:
        return Multiply(a, b);
      case Op::kDivide:
        return Divide(a, b);
      case Op::kModulo:
        return Modulo(a, b);
      case Op::kIn:
        return Contains(b, a, scratch_);
      case Op::kIndex:
        return Index(a, b, scratch_);
      default:
        return NoOverload();
    }
  }

  Value Call(const Instruction& i) {
    const Value* args = r_ + i.a;
    for (uint32_t k = 0; k < i.b; ++k) {
      if (IsError(args[k])) return args[k];
    }
    const NativeFunction& function = program_.function(i.c);
    return i.op == Op::kCall ? function.call(args, i.b, scratch_)
                             : function.with_regex(args, i.b, program_.regex(i.d), scratch_);
  }

  // Null: the optional step took nothing (or there is no event here).
  const Event* EventAt(uint32_t source) const {
    if (source == 0) return frame_.event;
    if (frame_.steps == nullptr) return nullptr;
    const StepEvents& step = frame_.steps[source - 1];
    return step.size == 0 ? nullptr : step.events[0];
  }

  Value Slot(uint32_t source, uint32_t slot) const {
    const Event* event = EventAt(source);
    return event == nullptr ? Value::Error(ErrorCode::kNoSuchField) : Present(event->slot(slot));
  }

  // Possibly absent.
  Value SlotOf(const Instruction& i) {
    const Value base = r_[i.a];
    if (base.is(ValueKind::kEvent)) return base.event()->slot(i.c);
    if (IsError(base)) return base;
    const Value names = program_.constants()[i.d];
    return Walk(base, names.elements(), names.size(), scratch_);
  }

  // A field that is there and cannot be read is there.
  static Value Has(Value slot) { return Value::Bool(!slot.is(ValueKind::kAbsent)); }

  Value Compared(Relation relation, Value a, Value b) {
    if (a.kind() == b.kind()) {  // the common cases, without a call
      if (a.is(ValueKind::kDouble))
        return Value::Bool(Holds(relation, a.as_double(), b.as_double()));
      if (a.is(ValueKind::kInt)) return Value::Bool(Holds(relation, a.as_int(), b.as_int()));
      if (a.is(ValueKind::kString) && relation <= Relation::kNotEqual && a.size() < kLongText) {
        return Value::Bool((a.as_string() == b.as_string()) == (relation == Relation::kEqual));
      }
    }
    const Value error = ErrorOf(a, b);
    return IsError(error) ? error : Compare(relation, a, b, scratch_);
  }

  template <typename Number>
  static bool Holds(Relation relation, Number a, Number b) {
    switch (relation) {
      case Relation::kEqual:
        return a == b;
      case Relation::kNotEqual:
        return a != b;
      case Relation::kLess:
        return a < b;
      case Relation::kLessEqual:
        return a <= b;
      case Relation::kGreater:
        return a > b;
      case Relation::kGreaterEqual:
        return a >= b;
    }
    return false;
  }

  // What is of another type than it should be.
  static Value OfWrongKind(Value value) { return IsError(value) ? value : NoOverload(); }

  // && (`deciding` false) and || (true): a deciding operand wins over an error, an error over the
  // rest.
  static Value Both(Value a, Value b, bool deciding) {
    if (Is(a, deciding) || Is(b, deciding)) return Value::Bool(deciding);
    if (!a.is(ValueKind::kBool)) return OfWrongKind(a);
    return b.is(ValueKind::kBool) ? b : OfWrongKind(b);
  }

  Value Matched(Value text, const re2::RE2& regex) {
    if (!text.is(ValueKind::kString)) return OfWrongKind(text);
    if (!scratch_.Charge(1 + (text.size() / 16))) return Value::Error(ErrorCode::kBudget);
    return Value::Bool(
        re2::RE2::PartialMatch(re2::StringPiece(text.as_string().data(), text.size()), regex));
  }

  Value WholeEvent(const Event& event) const {
    const int32_t slot = program_.whole_slot(event.stream);
    return slot < 0 ? Value::Error(ErrorCode::kNoSuchField)
                    : Present(event.slot(static_cast<uint32_t>(slot)));
  }

  Value Whole(Value value) {
    if (value.is(ValueKind::kEvent)) return WholeEvent(*value.event());
    if (!value.is(ValueKind::kEventList)) return value;
    auto* elements = scratch_.AllocateArray<StoredValue>(value.size());
    if (elements == nullptr) return Value::Error(ErrorCode::kBudget);
    for (uint32_t i = 0; i < value.size(); ++i) {
      const Value map = WholeEvent(*value.events()[i]);
      if (IsError(map)) return map;
      elements[i].Store(map);
    }
    return Value::List(elements, value.size());
  }

  Value Reserve(uint32_t size) {
    const auto* room = scratch_.AllocateArray<StoredValue>(size);
    return room == nullptr ? Value::Error(ErrorCode::kBudget) : Value::List(room, 0);
  }

  // REQUIRES: `list` came from Reserve and has room. It becomes a list of events with its first
  // element.
  void Append(Value& list, Value element) {
    if (IsError(element)) {
      list = element;
    } else if (element.is(ValueKind::kEvent) &&
               (list.size() == 0 || list.is(ValueKind::kEventList))) {
      const void* room = list.is(ValueKind::kEventList) ? static_cast<const void*>(list.events())
                                                        : list.elements();
      auto** events = static_cast<const Event**>(const_cast<void*>(room));
      events[list.size()] = element.event();
      list = Value::OfEvents(events, list.size() + 1);
    } else if (list.is(ValueKind::kEventList)) {
      list = NoOverload();
    } else {
      element = Whole(element);
      if (IsError(element)) {
        list = element;
        return;
      }
      auto* elements = const_cast<StoredValue*>(list.elements());
      elements[list.size()].Store(element);
      list = Value::List(elements, list.size() + 1);
    }
  }

  Value MakeList(const Instruction& i) {
    Value list = Reserve(i.b);
    for (uint32_t k = 0; k < i.b && !IsError(list); ++k) Append(list, r_[i.a + k]);
    return list;
  }

  Value ReserveMap(uint32_t size) {
    const auto* room = scratch_.AllocateArray<StoredEntry>(size);
    return room == nullptr ? Value::Error(ErrorCode::kBudget) : Value::Map(room, 0);
  }

  // REQUIRES: `map` came from ReserveMap and has room.
  void Put(Value& map, Value key, Value value) {
    value = Whole(value);
    if (const Value error = ErrorOf(key, value); IsError(error)) {
      map = error;
      return;
    }
    const bool may_be_key = key.is(ValueKind::kBool) || key.is(ValueKind::kInt) ||
                            key.is(ValueKind::kUint) || key.is(ValueKind::kString);
    // Neither a key of another type nor one that stands there already.
    if (!may_be_key || !Lookup(map, key, scratch_).is(ValueKind::kAbsent)) {
      map = NoOverload();
      return;
    }
    auto* entries = const_cast<StoredEntry*>(map.entries());
    entries[map.size()].key.Store(key);
    entries[map.size()].value.Store(value);
    map = Value::Map(entries, map.size() + 1);
  }

  Value MakeMap(const Instruction& i) {
    Value map = ReserveMap(i.b);
    for (uint32_t k = 0; k < i.b && !IsError(map); ++k)
      Put(map, r_[i.a + 2 * k], r_[i.a + 2 * k + 1]);
    return map;
  }

  // kAppendOptional, kPut and kPutOptional.
  void Take(const Instruction& i, Value& into) {
    if (i.op == Op::kPut) return Put(into, r_[i.a], r_[i.b]);
    const Value optional = i.op == Op::kPutOptional ? r_[i.b] : r_[i.a];
    if (!optional.is(ValueKind::kOptional)) {
      into = OfWrongKind(optional);
    } else if (!optional.has_value()) {
      if (i.op == Op::kPutOptional && IsError(r_[i.a])) into = r_[i.a];
    } else if (i.op == Op::kPutOptional) {
      Put(into, r_[i.a], optional.optional_value());
    } else {
      Append(into, optional.optional_value());
    }
  }

  // False: there is none, and r[b] says why.
  bool Unwrap(const Instruction& i) {
    const Value optional = r_[i.a];
    if (!optional.is(ValueKind::kOptional)) {
      r_[i.b] = OfWrongKind(optional);
      return false;
    }
    if (!optional.has_value()) {
      r_[i.b] = optional;
      return false;
    }
    r_[i.dst] = optional.optional_value();
    return true;
  }

  static Value TimeOf(Value event) {
    if (!event.is(ValueKind::kEvent)) return OfWrongKind(event);
    const int64_t time = event.event()->time;
    int64_t seconds = time / kNanosPerSecond;
    int64_t nanoseconds = time % kNanosPerSecond;
    if (nanoseconds < 0) {
      --seconds;
      nanoseconds += kNanosPerSecond;
    }
    return Value::Timestamp(seconds, static_cast<uint32_t>(nanoseconds));
  }

  bool BeginRange(const Instruction& i) {
    const Value range = r_[i.a];
    if (range.is(ValueKind::kList) || range.is(ValueKind::kMap) ||
        range.is(ValueKind::kEventList)) {
      r_[i.b] = Value::Int(0);
      return true;
    }
    r_[i.dst] = OfWrongKind(range);
    return false;
  }

  // False: none is left, or the budget is spent. `cost`: of one turn of the loop.
  bool Next(const Instruction& i, uint32_t cost) {
    const Value range = r_[i.a];
    const auto index = static_cast<uint32_t>(r_[i.b].as_int());
    if (index >= range.size() || !scratch_.Charge(cost)) return false;
    r_[i.b] = Value::Int(int64_t{index} + 1);
    r_[i.dst] = ElementOf(range, index);
    return true;
  }

  bool NextPair(const Instruction& i, uint32_t cost) {
    const Value range = r_[i.a];
    const auto index = static_cast<uint32_t>(r_[i.b].as_int());
    if (!Next(i, cost)) return false;
    if (range.is(ValueKind::kMap)) {
      r_[i.dst + 1] = Present(range.entries()[index].value.Load());
    } else {
      r_[i.dst + 1] = r_[i.dst];
      r_[i.dst] = Value::Int(index);
    }
    return true;
  }

  static Value ElementOf(Value range, uint32_t index) {
    if (range.is(ValueKind::kEventList)) return Value::OfEvent(range.events()[index]);
    if (range.is(ValueKind::kMap)) return Present(range.entries()[index].key.Load());
    return Present(range.elements()[index].Load());
  }

  const Program& program_;
  const Frame& frame_;
  Scratch& scratch_;
  Value* const r_;
};

}  // namespace

Value Evaluate(const Program& program, const Frame& frame, Scratch& scratch) {
  if (program.plain_slot() != Program::kNoSlot && frame.event != nullptr)
    return Present(frame.event->slot(program.plain_slot()));
  return Run(program, frame, scratch).Go();
}

Verdict Test(const Program& program, const Frame& frame, Scratch& scratch) {
  const Value value = Evaluate(program, frame, scratch);
  if (!value.is(ValueKind::kBool)) return Verdict::kError;
  return value.as_bool() ? Verdict::kTrue : Verdict::kFalse;
}

}  // namespace telltale::engine
