#include "rules/load/cel/reporter.h"

#include <utility>

#include "rules/load/cel/concat.h"
#include "rules/load/cel/functions.h"

namespace telltale::rules {

Diagnostic& Reporter::Error(Code code, uint32_t begin, uint32_t end, std::string message) {
  failed_ = true;
  return WithUses(diagnostics_.Error(code, place_->text->Locate(begin, end), std::move(message)));
}

Diagnostic& Reporter::Error(Code code, const Expr& expr, std::string message) {
  return Error(code, expr.begin, expr.end, std::move(message));
}

Diagnostic& Reporter::ErrorAtName(Code code, const Expr& expr, std::string message) {
  return Error(code, expr.name_begin, NameEnd(expr), std::move(message));
}

Diagnostic& Reporter::Warning(Code code, const Expr& expr, std::string message) {
  return WithUses(diagnostics_.Warning(code, Locate(expr), std::move(message)));
}

Diagnostic& Reporter::WarningAtName(Code code, const Expr& expr, std::string message) {
  return WithUses(diagnostics_.Warning(code, place_->text->Locate(expr.name_begin, NameEnd(expr)),
                                       std::move(message)));
}

Diagnostic& Reporter::WithUses(Diagnostic& diagnostic) const {
  for (const Place* place = place_; place->outer != nullptr; place = place->outer)
    diagnostic.labels.push_back(
        {place->use, Concat("the macro '", place->macro, "' is used here")});
  return diagnostic;
}

uint32_t Reporter::NameEnd(const Expr& expr) {
  return expr.name_begin + static_cast<uint32_t>(WrittenName(expr).size());
}

void Reporter::AddDeclaration(const Expr& expr, Diagnostic& diagnostic) const {
  if (expr.kind != ExprKind::kField || expr.test || IsDyn(expr.type)) return;
  diagnostic.notes.push_back(Concat("'", PathText(expr.path), "' is declared ",
                                    expr.type.ToString(), " in stream '",
                                    stream(expr.args[0]->type.stream).name, "'"));
}

std::string_view Reporter::TextOf(const Expr& expr) const {
  return std::string_view(place_->text->text()).substr(expr.begin, expr.end - expr.begin);
}

std::string_view WrittenName(const Expr& expr) {
  const std::string_view name = expr.name;
  if (expr.kind != ExprKind::kCall) return name;
  if (name == "@in") return "in";
  if (name == "_[_]" || name == "_[?_]") return "[";
  if (name == "_?._") return "?";
  if (name == "_?_:_") return "?";
  if (name == "!_" || name == "-_") return name.substr(0, 1);
  const Function* function = FindFunction(name);
  const bool is_operator = function != nullptr && function->is_operator();
  return is_operator ? name.substr(1, name.size() - 2) : name;  // _+_
}

}  // namespace telltale::rules
