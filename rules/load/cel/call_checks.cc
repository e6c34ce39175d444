#include "rules/load/cel/call_checks.h"

#include <string>
#include <string_view>
#include <utility>

#include "rules/load/cel/concat.h"
#include "rules/model/codes.h"

namespace telltale::rules {
namespace {

bool IsRelation(const Expr& expr) {
  return expr.kind == ExprKind::kCall &&
         (expr.name == "_<_" || expr.name == "_<=_" || expr.name == "_>_" || expr.name == "_>=_");
}

void ReportOperator(const Expr& expr, const std::vector<Type>& types, Reporter& reporter) {
  const std::string_view op = WrittenName(expr);
  const bool relation = expr.name == "_==_" || expr.name == "_!=_" || expr.name == "_<_" ||
                        expr.name == "_<=_" || expr.name == "_>_" || expr.name == "_>=_";
  std::string message =
      Concat("'", op, relation ? "' does not compare " : "' does not take ", types[0].ToString());
  if (types.size() == 2) message += Concat(relation ? " with " : " and ", types[1].ToString());
  Diagnostic& error = reporter.ErrorAtName(kNoOverload, expr, std::move(message));
  const auto number = [](const Type& type) {
    return type.kind == TypeKind::kInt || type.kind == TypeKind::kUint ||
           type.kind == TypeKind::kDouble;
  };
  if (types.size() == 2 && number(types[0]) && number(types[1])) {
    error.notes.push_back(
        "numbers are not converted by themselves: write double(x) or int(x), or 1.0 for 1");
  }
  if (relation && types[0].kind == TypeKind::kBool && IsRelation(*expr.args[0])) {
    error.notes.push_back("a range is written low <= x && x <= high");
  }
  for (const ExprPtr& arg : expr.args) reporter.AddDeclaration(*arg, error);
}

}  // namespace

bool TakesForm(const Expr& expr, const Function& function) {
  if (function.is_operator()) return true;
  return expr.args.size() >= function.min_args && expr.args.size() <= function.max_args &&
         (expr.member ? function.member : function.global);
}

bool CheckForm(const Expr& expr, const Function& function, Reporter& reporter) {
  if (TakesForm(expr, function)) return true;
  if (expr.args.size() < function.min_args || expr.args.size() > function.max_args) {
    const size_t written = expr.args.size() - (expr.member ? 1 : 0);
    reporter.ErrorAtName(
        kArgumentCount, expr,
        Concat(expr.name, "() does not take ", std::to_string(written),
               written == 1 ? " argument" : " arguments", "; it is called as ", function.usage));
    return false;
  }
  reporter.ErrorAtName(kArgumentCount, expr, Concat(expr.name, "() is called as ", function.usage));
  return false;
}

void ReportMismatch(const Expr& expr, const Function& function, const std::vector<Type>& types,
                    Reporter& reporter) {
  const std::string_view op = WrittenName(expr);
  const std::string_view name = expr.name;
  if (name == "_&&_" || name == "_||_" || name == "!_" || name == "_?_:_") {
    for (size_t i = 0; i < (name == "_?_:_" ? 1 : types.size()); ++i) {
      if (IsDyn(types[i]) || types[i].kind == TypeKind::kBool) continue;
      reporter.AddDeclaration(*expr.args[i], reporter.Error(kNoOverload, *expr.args[i],
                                                            Concat("'", op, "' takes bool, not ",
                                                                   types[i].ToString())));
    }
  } else if (name == "_[_]" || name == "_[?_]") {
    const Type& type = types[0];
    const bool indexable = type.kind == TypeKind::kList || type.kind == TypeKind::kMap ||
                           type.kind == TypeKind::kEvent;
    reporter.AddDeclaration(
        *expr.args[indexable ? 1 : 0],
        reporter.Error(kNoOverload, *expr.args[1],
                       indexable
                           ? Concat(type.ToString(), " is not indexed by ", types[1].ToString())
                           : Concat(type.ToString(), " cannot be indexed")));
  } else if (function.is_operator()) {
    ReportOperator(expr, types, reporter);
  } else {
    std::string list;
    for (const Type& type : types) list += (list.empty() ? "" : ", ") + type.ToString();
    Diagnostic& error = reporter.ErrorAtName(
        kNoOverload, expr,
        Concat(name, "() does not take ", list, "; it is called as ", function.usage));
    for (const ExprPtr& arg : expr.args) reporter.AddDeclaration(*arg, error);
  }
}

}  // namespace telltale::rules
