// Calls: of functions, operators and what is read as one of them.
#include "rules/load/cel/checker.h"

#include <memory>
#include <utility>
#include <variant>

#include "rules/load/cel/call_checks.h"
#include "rules/load/cel/concat.h"
#include "rules/load/cel/constant_checks.h"
#include "rules/load/cel/fields.h"
#include "rules/model/codes.h"

namespace telltale::rules {
namespace {

std::vector<Type> TypesOf(const std::vector<ExprPtr>& args) {
  std::vector<Type> types;
  for (const ExprPtr& arg : args) types.push_back(arg->type);
  return types;
}

// math.abs(x) is read as abs() of something named math: what it means is decided by whether there
// is such a function.
void ResolveNamespace(Expr& expr) {
  if (!expr.member || expr.args[0]->kind != ExprKind::kIdent || expr.args[0]->test) return;
  const std::string qualified = Concat(expr.args[0]->name, ".", expr.name);
  const Function* function = FindFunction(qualified);
  if (function == nullptr) return;
  expr.name = function->name;
  expr.name_begin = expr.args[0]->begin;
  expr.member = false;
  expr.args.erase(expr.args.begin());
}

// A call that always ends in an error.
void BecomeFailure(Expr& expr) {
  expr.name = "@no_such_function";
  expr.args.clear();
  expr.type = Type::Dyn();
}

}  // namespace

void Checker::CheckCall(ExprPtr& node) {
  Expr& expr = *node;
  ResolveNamespace(expr);
  if (expr.name == "event_time") return CheckEventTime(expr);
  if (expr.member && RefuseBaselineCall(expr)) return;
  if (expr.name == "match_count" && !expr.member && !unchecked_) return CheckMatchCount(expr);
  if (const AggregateForm* form = expr.member ? nullptr : FindAggregate(expr.name)) {
    if (names_.scope().window != nullptr) return CheckAggregate(expr, *form);
    const Function* also = FindFunction(expr.name);
    if (names_.FindMacro(expr) == nullptr && !unchecked_ && (also == nullptr || !also->global))
      return RefuseAggregate(expr);
  }
  const Function* function = FindFunction(expr.name);
  if (function == nullptr || (!expr.member && !function->is_operator() && !function->global)) {
    if (const MacroDefinition* macro = names_.FindMacro(expr)) return Expand(node, *macro);
  }
  if (function == nullptr) return CheckUnknownCall(expr);
  for (ExprPtr& arg : expr.args) Check(arg);
  if ((expr.name == "_[_]" || expr.name == "_?._") && CheckPath(expr)) return;
  if (unchecked_ && !TakesForm(expr, *function)) return BecomeFailure(expr);
  if (!CheckForm(expr, *function, report_)) return;
  RereadTypeNames(expr, *function);
  const std::vector<Type> types = TypesOf(expr.args);
  if (const std::optional<Type> result = function->result(types)) {
    expr.type = *result;
  } else if (unchecked_) {
    expr.type = Type::Dyn();  // the evaluation has the same overloads
  } else {
    ReportMismatch(expr, *function, types, report_);
    expr.type = Type::Dyn();
  }
  CheckConstants(expr, report_);
}

// a["b"] and a.?b of an event, or of a field of one: whether it has become a path.
bool Checker::CheckPath(Expr& expr) {
  if (names_.IsTypeName(*expr.args[0])) names_.BecomeFieldAgain(*expr.args[0]);
  const auto* constant = std::get_if<std::string>(&expr.args[1]->constant);
  if (constant == nullptr) return false;
  const std::string field = *constant;
  const bool optional = expr.name == "_?._";
  expr.name_begin = expr.args[1]->begin;
  const Type& operand = expr.args[0]->type;
  if (optional && !IsDyn(operand) && operand.kind != TypeKind::kMap &&
      operand.kind != TypeKind::kEvent && operand.kind != TypeKind::kOptional) {
    if (!unchecked_) NoFields(expr, operand, field);
    return !unchecked_;
  }
  if (!ExtendPath(expr, field, report_)) return false;
  if (optional && expr.kind == ExprKind::kField) {
    expr.optional = true;
    expr.type = Type::Optional(expr.type);
  }
  return true;
}

// The name of a type means a field where it is compared with something else than a type, or where
// a type is not taken.
void Checker::RereadTypeNames(Expr& call, const Function& function) {
  const bool equality = call.name == "_==_" || call.name == "_!=_";
  if (!equality && function.result(TypesOf(call.args)).has_value()) return;
  for (size_t i = 0; i < call.args.size(); ++i) {
    if (!names_.IsTypeName(*call.args[i])) continue;
    if (equality && call.args[1 - i]->type.kind == TypeKind::kType) continue;
    names_.BecomeFieldAgain(*call.args[i]);
  }
}

// match_count(): of the match that an alert is about.
void Checker::CheckMatchCount(Expr& expr) {
  if (!expr.args.empty()) {
    report_.ErrorAtName(kArgumentCount, expr, "match_count() takes no arguments");
    return BecomeConstant(expr);
  }
  if (!names_.scope().counted) {
    report_
        .ErrorAtName(kMisplacedCount, expr,
                     "match_count() is how many matches an alert stands for, and none are counted "
                     "here")
        .notes.push_back(
            "a rule with 'match: count' counts its matches: its 'alert', 'suppress' and "
            "'exceptions' can call match_count()");
    return BecomeConstant(expr);
  }
  expr.kind = ExprKind::kMatchCount;
  expr.type = Type::Of(TypeKind::kInt);
  expr.name.clear();
}

// event_time(): of the event that is tested.
void Checker::CheckEventTime(Expr& expr) {
  if (!expr.args.empty()) {
    report_.ErrorAtName(kArgumentCount, expr,
                        expr.member ? "the time of a step's event is STEP.event_time"
                                    : "event_time() takes no arguments; the time of a step's "
                                      "event is STEP.event_time");
    return BecomeConstant(expr);
  }
  ExprPtr event = names_.Event(expr);
  if (event == nullptr) return BecomeConstant(expr);
  expr.args.push_back(std::move(event));
  BecomeTime(expr);
}

void Checker::CheckUnknownCall(Expr& expr) {
  if (unchecked_) return BecomeFailure(expr);
  const std::string name = expr.name;
  if (expr.member && expr.args[0]->kind == ExprKind::kIdent && IsNamespace(expr.args[0]->name) &&
      !names_.IsTaken(expr.args[0]->name)) {
    const std::string qualified = Concat(expr.args[0]->name, ".", name);
    report_
        .Error(kUnknownFunction, expr.args[0]->begin,
               expr.name_begin + static_cast<uint32_t>(name.size()),
               Concat("there is no function '", qualified, "'"))
        .suggestion = NearestFunction(qualified);
    return BecomeConstant(expr);
  }
  const std::string nearest = NearestFunction(name);
  if (nearest == name) {  // a macro, not on a list
    report_.ErrorAtName(
        kCelMacro, expr,
        Concat(name, "() is called on a list: items.", name, "(i, i.price > 10.0)"));
    return BecomeConstant(expr);
  }
  report_.ErrorAtName(kUnknownFunction, expr, Concat("there is no function '", name, "'"))
      .suggestion = nearest;
  for (ExprPtr& arg : expr.args) Check(arg);
  BecomeConstant(expr);
}

}  // namespace telltale::rules
