#include "engine/pattern/join.h"

#include <bit>
#include <cmath>
#include <utility>

#include "engine/condition/operations.h"
#include "engine/condition/scratch.h"
#include "engine/event/hash.h"
#include "engine/pattern/conjuncts.h"

namespace telltale::engine {
namespace {

JoinValue Hash(uint64_t hash) { return {.kind = JoinValue::Kind::kHash, .hash = hash}; }

JoinValue HashOfNumber(Value number) {
  if (const auto integer = IntegralValue(number)) return Hash(static_cast<uint64_t>(*integer));
  if (number.is(ValueKind::kUint)) return Hash(number.as_uint());
  const double d = number.as_double();
  if (std::isnan(d)) return {.kind = JoinValue::Kind::kNone, .hash = 0};
  // Beyond int64 it may still equal a uint.
  if (d >= 0x1p63 && d < 0x1p64) return Hash(static_cast<uint64_t>(d));
  return Hash(std::bit_cast<uint64_t>(d));
}

bool ReadsEvent(const rules::Expr& expr) {
  if (expr.kind == rules::ExprKind::kEvent) return true;
  for (const auto& arg : expr.args) {
    if (ReadsEvent(*arg)) return true;
  }
  return false;
}

}  // namespace

JoinValue HashOf(Value value) {
  switch (value.kind()) {
    case ValueKind::kInt:
    case ValueKind::kUint:
    case ValueKind::kDouble:
      return HashOfNumber(value);
    case ValueKind::kNull:
      return Hash(0);
    case ValueKind::kBool:
      return Hash(value.as_bool() ? 1 : 2);
    case ValueKind::kString:
      return Hash(HashBytes(value.as_string())[0]);
    default:
      return {};
  }
}

absl::StatusOr<Joins> Joins::Compile(const rules::Expression& condition,
                                     const std::vector<EventLayout>& layouts,
                                     const Inputs* inputs) {
  Joins joins;
  for (const rules::Expression& conjunct : Conjuncts(condition)) {
    const rules::Expr& expr = *conjunct.root;
    if (expr.kind != rules::ExprKind::kCall || expr.name != "_==_") continue;
    for (const size_t taken : {0u, 1u}) {
      const rules::Expression side = PartOf(condition, *expr.args[taken]);
      const rules::Expression other = PartOf(condition, *expr.args[1 - taken]);
      if (side.steps.empty() || !other.steps.empty() || ReadsEvent(*side.root)) continue;
      // An index asks before windows are measured.
      if (rules::ReadsWindow(*side.root) || rules::ReadsWindow(*other.root)) continue;
      auto of_taken = engine::Compile(side, layouts, inputs);
      if (!of_taken.ok()) return of_taken.status();
      auto of_event = engine::Compile(other, layouts, inputs);
      if (!of_event.ok()) return of_event.status();
      joins.sides_.push_back({.event = *std::move(of_event), .taken = *std::move(of_taken)});
    }
  }
  return joins;
}

JoinValue Joins::Of(bool event, const Frame& frame, Scratch& scratch) const {
  JoinValue all = Hash(0);
  for (const Sides& sides : sides_) {
    const JoinValue one = HashOf(Evaluate(event ? *sides.event : *sides.taken, frame, scratch));
    if (one.kind == JoinValue::Kind::kNone) return one;
    if (one.kind == JoinValue::Kind::kUnknown) all.kind = one.kind;
    all.hash = (all.hash ^ one.hash) * 0x9e3779b97f4a7c15u;
    all.hash ^= all.hash >> 29;
  }
  return all;
}

}  // namespace telltale::engine
