// Sums and their like over lists of numbers, which are ours (semantics V5).
#include "rules/load/cel/signature.h"

namespace telltale::rules {
namespace {

// Of a list of numbers.
Result ElementAggregate(const Args& args) {
  if (IsDyn(args[0])) return Type::Dyn();
  if (args[0].kind != TypeKind::kList) return std::nullopt;
  const Type element = ElementOf(args[0]);
  if (!Fits(element, TypeKind::kInt, TypeKind::kUint, TypeKind::kDouble)) return std::nullopt;
  return element;
}

Result Average(const Args& args) {
  return ElementAggregate(args).has_value() ? Result(Type::Of(TypeKind::kDouble)) : std::nullopt;
}

constexpr std::string_view kFamily = "aggregates";

constexpr Function kFunctions[] = {
    {"sum", "list.sum()", "the exact sum, rounded once; of nothing 0", kFamily, 1, 1, false, true,
     ElementAggregate, "[1, 2, 3].sum()", "6"},
    {"avg", "list.avg()", "the average; of nothing an error", kFamily, 1, 1, false, true, Average,
     "[1, 2].avg()", "1.5"},
    {"min", "list.min()", "the least; of nothing an error", kFamily, 1, 1, false, true,
     ElementAggregate, "[3, 1, 2].min()", "1"},
    {"max", "list.max()", "the greatest; of nothing an error", kFamily, 1, 1, false, true,
     ElementAggregate, "[3, 1, 2].max()", "3"},
};

}  // namespace

FunctionTable AggregateFunctions() { return kFunctions; }

}  // namespace telltale::rules
