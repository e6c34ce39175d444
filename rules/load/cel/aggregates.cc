#include "rules/load/cel/aggregates.h"

#include <algorithm>
#include <set>
#include <utility>

#include "rules/load/cel/reads.h"
#include "rules/load/cel/signature.h"

namespace telltale::rules {
namespace {

Result Whole(const Args&) { return Type::Of(TypeKind::kInt); }

Result OfCondition(const Args& args) {
  return Fits(args[0], TypeKind::kBool) ? Whole(args) : std::nullopt;
}

// What can be told apart by CEL's == and a hash of it.
Result Distinct(const Args& args) {
  const bool fit = std::all_of(args.begin(), args.end(), [](const Type& type) {
    return Fits(type, TypeKind::kBool, TypeKind::kInt, TypeKind::kUint, TypeKind::kDouble,
                TypeKind::kString);
  });
  return fit ? Whole(args) : std::nullopt;
}

Result SameNumber(const Args& args) {
  if (!Fits(args[0], TypeKind::kInt, TypeKind::kUint, TypeKind::kDouble)) return std::nullopt;
  return args[0];
}

Result Real(const Args& args) {
  return SameNumber(args).has_value() ? Result(Type::Of(TypeKind::kDouble)) : std::nullopt;
}

Result Same(const Args& args) { return args[0]; }

constexpr AggregateForm kForms[] = {
    {"count", AggregateFunction::kCount, "count()", "how many events there are", 0, 0, Whole},
    {"count_if", AggregateFunction::kCountIf, "count_if(condition)",
     "of how many events the condition is true", 1, 1, OfCondition},
    {"count_distinct", AggregateFunction::kCountDistinct, "count_distinct(x, ...)",
     "how many different values, or tuples of values, there are", 1, kMostDistinct, Distinct},
    {"sum", AggregateFunction::kSum, "sum(x)", "the exact sum, rounded once; of nothing 0", 1, 1,
     SameNumber},
    {"decayed_sum", AggregateFunction::kDecayedSum, "decayed_sum(x, half_life)",
     "the sum of a sliding window in which x counts half after each half_life ('24h')", 2, 2, Real},
    {"avg", AggregateFunction::kAvg, "avg(x)", "the average; of nothing an error", 1, 1, Real},
    {"min", AggregateFunction::kMin, "min(x)", "the least; of nothing an error", 1, 1, SameNumber},
    {"max", AggregateFunction::kMax, "max(x)", "the greatest; of nothing an error", 1, 1,
     SameNumber},
    {"stddev", AggregateFunction::kStddev, "stddev(x)",
     "the standard deviation of the values themselves (the population's)", 1, 1, Real},
    {"percentile", AggregateFunction::kPercentile, "percentile(x, p)",
     "the value that p percent are not above, between two of them interpolated", 2, 2, Real},
    {"median", AggregateFunction::kPercentile, "median(x)", "percentile(x, 50)", 1, 1, Real},
    {"first", AggregateFunction::kFirst, "first(x)", "x of the first event", 1, 1, Same},
    {"last", AggregateFunction::kLast, "last(x)", "x of the last event", 1, 1, Same},
};

void Shift(Expr& expr, uint32_t by) {
  expr.begin -= by;
  expr.end -= by;
  expr.name_begin = expr.name_begin < by ? 0 : expr.name_begin - by;
  for (const ExprPtr& arg : expr.args) Shift(*arg, by);
}

std::string Canonical(const AggregateCall& call) {
  std::string text(AggregateName(call.function));
  text += ";" + std::to_string(call.percentile);
  text += ";" + std::to_string(call.half_life);
  for (const uint32_t sources : call.sources) text += ":" + std::to_string(sources);
  for (const std::vector<Expression>& arguments : call.arguments) {
    text += ";";
    for (const Expression& argument : arguments) text += ToString(*argument.root) + ",";
  }
  return text;
}

void CollectBound(const Expr& expr, std::set<uint32_t>& bound) {
  if (expr.kind == ExprKind::kMacro) {
    bound.insert(expr.local);
    if (!expr.variable2.empty()) bound.insert(expr.local2);
  }
  for (const ExprPtr& arg : expr.args) CollectBound(*arg, bound);
}

const Expr* FindUnbound(const Expr& expr, const std::set<uint32_t>& bound) {
  if (expr.kind == ExprKind::kLocal && !bound.contains(expr.index)) return &expr;
  for (const ExprPtr& arg : expr.args) {
    if (const Expr* found = FindUnbound(*arg, bound)) return found;
  }
  return nullptr;
}

}  // namespace

std::span<const AggregateForm> AllAggregates() { return kForms; }

const AggregateForm* FindAggregate(std::string_view name) {
  for (const AggregateForm& form : kForms) {
    if (form.name == name) return &form;
  }
  return nullptr;
}

Expression MakeArgument(const LocatedText& text, ExprPtr root, uint32_t locals) {
  Expression argument;
  argument.text = text.Sub(root->begin, root->end);
  Shift(*root, root->begin);
  Reads reads = CollectReads(*root);
  argument.reads = std::move(reads.fields);
  argument.locals = locals;
  argument.root = std::shared_ptr<const Expr>(std::move(root));
  return argument;
}

uint32_t AddCall(AggregateCall call, std::vector<AggregateCall>& calls) {
  const std::string canonical = Canonical(call);
  const auto known = std::find_if(calls.begin(), calls.end(), [&](const AggregateCall& other) {
    return Canonical(other) == canonical;
  });
  const auto place = static_cast<uint32_t>(known - calls.begin());
  if (known == calls.end()) calls.push_back(std::move(call));
  return place;
}

// Variables have numbers of their own in the whole expression.
const Expr* FindForeignLocal(const Expr& argument) {
  std::set<uint32_t> bound;
  CollectBound(argument, bound);
  return FindUnbound(argument, bound);
}

}  // namespace telltale::rules
