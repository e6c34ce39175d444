// Names and selections: of events, windows, types and tables.
#include "rules/load/cel/checker.h"

#include <algorithm>
#include <iterator>
#include <memory>
#include <utility>

#include "rules/load/cel/concat.h"
#include "rules/load/cel/fields.h"
#include "rules/load/cel/reads.h"
#include "rules/load/cel/warnings.h"
#include "rules/model/codes.h"

namespace telltale::rules {
namespace {

// "a.b.c"; empty: something else than names.
std::string DottedName(const Expr& expr) {
  if (expr.kind == ExprKind::kIdent && !expr.test) return expr.name;
  if (expr.kind != ExprKind::kSelect || expr.test) return {};
  const std::string base = DottedName(*expr.args[0]);
  return base.empty() ? base : Concat(base, ".", expr.name);
}

Type TypeOf(const Constant& constant) {
  constexpr TypeKind kKinds[] = {TypeKind::kNull,  TypeKind::kBool,   TypeKind::kInt,
                                 TypeKind::kUint,  TypeKind::kDouble, TypeKind::kString,
                                 TypeKind::kBytes, TypeKind::kType};
  return Type::Of(kKinds[constant.index()]);
}

}  // namespace

void BecomeTime(Expr& expr) {
  expr.name.clear();
  expr.kind = expr.test ? ExprKind::kField : ExprKind::kTime;
  expr.type = Type::Of(expr.test ? TypeKind::kBool : TypeKind::kTimestamp);
}

void Checker::CheckRoot(ExprPtr& expr, const Type& wanted, bool wants_field) {
  Check(expr);
  const bool field = wants_field || !IsDyn(wanted);
  if (names_.IsTypeName(*expr) && field) names_.BecomeFieldAgain(*expr);
  root_ = expr.get();
  RefuseBareTables(*expr);
  if (IsDyn(wanted) || IsDyn(expr->type) || expr->type == wanted) return;
  report_.Error(kResultType, *expr,
                Concat("this must be ", wanted.ToString(), ", and is ", expr->type.ToString()));
}

void Checker::Check(ExprPtr& node) {
  Expr& expr = *node;
  if (names_.ResolveKey(expr)) return;
  switch (expr.kind) {
    case ExprKind::kConstant:
      expr.type = TypeOf(expr.constant);
      return;
    case ExprKind::kIdent:
      if (const auto parameter = names_.ParameterOf(expr)) return Substitute(node, *parameter);
      if (const MacroDefinition* macro = names_.FindMacro(expr)) return Expand(node, *macro);
      return names_.Resolve(expr);
    case ExprKind::kSelect:
      return CheckSelect(expr);
    case ExprKind::kCall:
      return CheckCall(node);
    case ExprKind::kList:
      return CheckList(expr);
    case ExprKind::kMap:
      return CheckMap(expr);
    case ExprKind::kMacro:
      return CheckMacro(expr);
    default:
      return;  // the parser makes no others
  }
}

void Checker::CheckSelect(Expr& expr) {
  if (names_.ResolveDefinition(expr) || names_.ResolveWindow(expr, next_local_) ||
      BecomeTypeName(expr) || BecomeWindowEdge(expr) || BecomeBaselineValue(expr)) {
    return;
  }
  Check(expr.args[0]);
  if (names_.IsTypeName(*expr.args[0])) names_.BecomeFieldAgain(*expr.args[0]);
  const Expr& operand = *expr.args[0];
  if (operand.type.kind == TypeKind::kEvent && operand.kind != ExprKind::kEvent &&
      expr.name == "event_time") {
    return BecomeTime(expr);
  }
  const std::string name = expr.name;
  if (ExtendPath(expr, name, report_)) return;
  expr.type = expr.test ? Type::Of(TypeKind::kBool) : Type::Dyn();
  const bool optional = operand.type.kind == TypeKind::kOptional;
  if (const auto declared = expr.test ? std::nullopt : names_.RowField(operand, name)) {
    expr.type = optional ? Type::Optional(*declared) : *declared;
    return;
  }
  const Type type = optional && operand.type.element != nullptr ? *operand.type.element
                    : optional                                  ? Type::Dyn()
                                                                : operand.type;
  if (!IsDyn(type) && type.kind != TypeKind::kMap) return NoFields(expr, type, name);
  if (expr.test) return;
  const Type field = IsDyn(type) || type.element == nullptr ? Type::Dyn() : Type(*type.element);
  expr.type = optional ? Type::Optional(field) : field;
}

// google.protobuf.Timestamp and its like, which read as fields of something.
bool Checker::BecomeTypeName(Expr& expr) {
  constexpr std::string_view kTypes[] = {"google.protobuf.Timestamp", "google.protobuf.Duration",
                                         "net.IP", "net.CIDR"};
  const std::string name = DottedName(expr);
  if (std::find(std::begin(kTypes), std::end(kTypes), name) == std::end(kTypes)) return false;
  if (expr.test || names_.IsTaken(name.substr(0, name.find('.')))) return false;
  BecomeConstant(expr);
  expr.name = name;  // no field of it, as of `int` (Names::IsTypeName)
  expr.constant = TypeName{name};
  expr.type = Type::OfType(Type::Dyn());
  return true;
}

// window.start and window.end, where there is a window.
bool Checker::BecomeWindowEdge(Expr& expr) {
  WindowScope* window = names_.scope().window;
  const bool start = expr.name == "start";
  if (window == nullptr || expr.test || (!start && expr.name != "end")) return false;
  const Expr& base = *expr.args[0];
  if (base.kind != ExprKind::kIdent || base.name != "window" || base.test ||
      names_.IsTaken("window"))
    return false;
  if (window->baseline == WindowScope::Baseline::kOwn) {
    report_.Error(kMisplacedBaseline, expr,
                  "a pane of the baseline is told by its events alone, not by its times");
    BecomeConstant(expr);
    return true;
  }
  const Type type = Type::Of(TypeKind::kTimestamp);
  BecomeValueOfWindow(
      {.function = start ? AggregateFunction::kStart : AggregateFunction::kEnd, .type = type},
      expr);
  return true;
}

void Checker::NoFields(Expr& expr, const Type& type, const std::string& name) {
  const std::string operand(report_.TextOf(*expr.args[0]).substr(0, 60));
  Diagnostic& error = report_.ErrorAtName(
      kNoFields, expr,
      Concat("'", operand, "' is ", type.ToString(), " and has no field '", name, "'"));
  if (type.kind == TypeKind::kList && type.element != nullptr &&
      type.element->kind == TypeKind::kEvent) {
    error.notes.push_back(Concat("the step repeats: one of its events is ", operand, "[0].", name,
                                 ", all of them are ", operand, ".map(e, e.", name, ")"));
  }
  expr.type = Type::Dyn();
}

void Checker::RefuseBareTables(const Expr& expr) {
  const bool key = expr.kind == ExprKind::kCall && (expr.name == "_[_]" || expr.name == "_[?_]");
  const bool test = expr.kind == ExprKind::kCall && expr.name == "@in";
  for (size_t i = 0; i < expr.args.size(); ++i) {
    const Expr& arg = *expr.args[i];
    if (arg.kind == ExprKind::kTable) {
      if (!(key && i == 0) && !(test && i == 1)) RefuseBareTable(arg);
    } else {
      RefuseBareTables(arg);
    }
  }
  if (&expr == root_ && expr.kind == ExprKind::kTable) RefuseBareTable(expr);
}

void Checker::RefuseBareTable(const Expr& table) {
  report_.Error(kTableUse, table,
                Concat("a table is asked by a key: tables.", table.name, "[user_id].FIELD, or ",
                       "user_id in tables.", table.name));
}

bool IsEach(const Expr& parsed) {
  return parsed.kind == ExprKind::kCall && !parsed.member && parsed.name == "each" &&
         parsed.args.size() == 1;
}

std::optional<Expression> Compile(LocatedText text, const Scope& scope, const Type& wanted,
                                  Diagnostics& diagnostics) {
  ExprPtr root = Parse(text, diagnostics);
  if (root == nullptr) return std::nullopt;
  if (scope.each) {
    ExprPtr list = std::move(root->args.front());
    root = std::move(list);
  }
  Reporter reporter(text, *scope.streams, diagnostics);
  Checker checker(scope, reporter);
  checker.CheckRoot(root, wanted, scope.key_part);
  WarnAboutFields(*root, scope.steps, reporter);
  if (reporter.failed()) return std::nullopt;
  Reads reads = CollectReads(*root);
  Expression expression;
  expression.text = std::move(text);
  expression.root = std::shared_ptr<const Expr>(std::move(root));
  expression.reads = std::move(reads.fields);
  expression.steps = std::move(reads.steps);
  expression.locals = checker.locals();
  return expression;
}

}  // namespace telltale::rules
