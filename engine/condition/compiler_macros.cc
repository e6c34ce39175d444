// Macros: loops over lists and maps, bindings, and what is done with an optional value.
#include "engine/condition/compiler.h"

namespace telltale::engine {

using rules::Expr;

void Compiler::LowerMacro(const Expr& expr, Register dst, Mode mode) {
  const std::string_view name = expr.name;
  if (name == "cel.bind") return LowerBind(expr, dst, mode);
  if (name == "optMap" || name == "optFlatMap") return LowerOptionalMap(expr, dst);
  Loop loop;
  loop.range = out_.Take(name == "sortBy" ? 2 : 1);
  Lower(*expr.args[0], loop.range, IsEventList(expr.args[0]->type) ? Mode::kEvents : Mode::kValue);
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

void Compiler::Bind(uint32_t local, Register value) {
  if (locals_.size() <= local) locals_.resize(local + 1);
  locals_[local] = value;
}

void Compiler::LowerBind(const Expr& expr, Register dst, Mode mode) {
  const Expr& value = *expr.args[0];
  Bind(expr.local, LowerNew(value, IsEvents(value.type) ? Mode::kEvents : Mode::kValue));
  Lower(*expr.args[1], dst, mode);
}

void Compiler::LowerOptionalMap(const Expr& expr, Register dst) {
  const Register optional = LowerNew(*expr.args[0], Mode::kValue);
  const Register value = out_.Take();
  Bind(expr.local, value);
  const uint32_t none = out_.Emit({.op = Op::kUnwrap, .dst = value, .a = optional, .b = dst});
  Lower(*expr.args[1], dst, Mode::kValue);
  if (expr.name == "optMap") EmitCall("optional.of", dst, dst, 1);
  out_.Land({none});
}

void Compiler::BeginLoop(Loop& loop) {
  loop.next = out_.Emit({.op = loop.pair ? Op::kNextPair : Op::kNext,
                         .dst = loop.local,
                         .a = loop.range,
                         .b = loop.index});
}

void Compiler::EndLoop(const Loop& loop) { out_.Emit({.op = Op::kJump, .c = loop.next}); }

void Compiler::LowerQuantifier(const Expr& expr, Loop& loop, Register dst) {
  const bool all = expr.name == "all";
  out_.EmitConstant(Value::Bool(all), dst);
  BeginLoop(loop);
  const Register body = LowerNew(*expr.args[1], Mode::kValue);
  const uint32_t decided = out_.Emit({.op = all ? Op::kAnd : Op::kOr, .dst = dst, .a = body});
  EndLoop(loop);
  out_.Land({loop.begin, loop.next, decided});
}

void Compiler::LowerExistsOne(const Expr& expr, Loop& loop, Register dst) {
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
void Compiler::LowerCollection(const Expr& expr, Loop& loop, Register dst, Mode mode) {
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
void Compiler::LowerSort(const Expr& expr, Loop& loop, Register dst) {
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

}  // namespace telltale::engine
