#include "rules/load/cel/warnings.h"

#include <algorithm>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rules/load/cel/concat.h"
#include "rules/load/cel/functions.h"
#include "rules/model/codes.h"
#include "rules/model/diagnostic.h"

namespace telltale::rules {
namespace {

class Warner {
 public:
  Warner(const std::vector<StepName>& steps, Reporter& reporter) : reporter_(reporter) {
    for (const StepName& step : steps) steps_.push_back(step.name);
  }

  void Visit(const Expr& expr) {
    if (expr.kind == ExprKind::kField) WarnUndeclared(expr);
    if (expr.kind == ExprKind::kField && expr.path.size() > 1) WarnAlmostAStep(expr);
    if (expr.kind == ExprKind::kCall) WarnArithmetic(expr);
    // What only a list or an event has: transfr[0], size(transfr), transfr.map(...).
    const bool of_list =
        expr.kind == ExprKind::kMacro ||
        (expr.kind == ExprKind::kCall && (expr.name == "_[_]" || expr.name == "size"));
    if (of_list && !expr.args.empty() && expr.args[0]->kind == ExprKind::kField)
      WarnAlmostAStep(*expr.args[0]);
    for (const ExprPtr& arg : expr.args) Visit(*arg);
  }

 private:
  void WarnUndeclared(const Expr& field) {
    const Stream& stream = reporter_.stream(field.args[0]->type.stream);
    if (stream.fields.empty() || field.path.empty()) return;
    const std::string name = PathText(field.path);
    std::vector<std::string> declared;
    for (const auto& [path, type] : stream.fields) {
      const size_t shared = std::min(path.size(), field.path.size());
      if (std::equal(path.begin(), path.begin() + static_cast<ptrdiff_t>(shared),
                     field.path.begin()))
        return;
      declared.push_back(PathText(path));
    }
    const std::string nearest = Nearest(name, declared);
    if (nearest.empty() || !told_undeclared_.insert(stream.name + " " + name).second) return;
    reporter_
        .Warning(kUndeclaredField, field,
                 Concat("stream '", stream.name, "' declares no field '", name, "'"))
        .suggestion = nearest;
  }

  // A misspelt step is a field of that name to the checker, and a condition that never holds.
  void WarnAlmostAStep(const Expr& field) {
    if (field.path.empty() || field.args[0]->kind != ExprKind::kEvent) return;
    const std::string& name = field.path[0];
    std::string_view text = reporter_.TextOf(field);
    if (field.test) text.remove_prefix(std::min(text.find('(') + 1, text.size()));  // has(NAME.x)
    text.remove_prefix(std::min(text.find_first_not_of(" \t\n"), text.size()));
    if (!text.starts_with(name)) return;  // event.NAME is meant
    const Stream& stream = reporter_.stream(field.args[0]->type.stream);
    if (std::any_of(stream.fields.begin(), stream.fields.end(),
                    [&](const auto& declared) { return declared.first[0] == name; }))
      return;
    const std::string nearest = Nearest(name, steps_);
    if (nearest.empty() || !told_almost_.insert(name).second) return;
    Diagnostic& warning = reporter_.Warning(
        kAlmostAStep, field,
        Concat("'", name, "' is no step before this one, and so a field of stream '", stream.name,
               "'"));
    warning.suggestion = nearest;
    warning.notes.push_back(
        Concat("where the field is meant, write event.", name, " or declare it in the stream"));
  }

  void WarnArithmetic(const Expr& call) {
    if (call.name != "_+_" && call.name != "_-_" && call.name != "_*_" && call.name != "_/_" &&
        call.name != "_%_")
      return;
    if (call.type.kind == TypeKind::kString || call.type.kind == TypeKind::kList ||
        call.type.kind == TypeKind::kBytes)
      return;
    for (const ExprPtr& arg : call.args) {
      if (arg->kind != ExprKind::kField || arg->test || !IsDyn(arg->type)) continue;
      const Stream& stream = reporter_.stream(arg->args[0]->type.stream);
      const std::string name = PathText(arg->path);
      if (!told_untyped_.insert(stream.name + " " + name).second) continue;
      // Of a macro, what stands here is the name of the macro.
      const std::string_view written = reporter_.TextOf(*arg);
      const bool named = written.ends_with(arg->path.back());
      reporter_
          .Warning(kUntypedArithmetic, *arg,
                   Concat("arithmetic on '", name, "', whose type stream '", stream.name,
                          "' does not declare; 10 and 10.5 are different types"))
          .notes.push_back(Concat("declare it in the stream's fields, or write ",
                                  call.name == "_%_" ? "int(" : "double(",  // % takes no double
                                  named ? written : std::string_view(name), ")"));
    }
  }

  Reporter& reporter_;
  std::vector<std::string> steps_;
  std::set<std::string> told_almost_;
  std::set<std::string> told_undeclared_;
  std::set<std::string> told_untyped_;
};

}  // namespace

void WarnAboutFields(const Expr& root, const std::vector<StepName>& steps, Reporter& reporter) {
  Warner(steps, reporter).Visit(root);
}

}  // namespace telltale::rules
