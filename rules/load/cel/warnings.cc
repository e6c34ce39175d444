#include "rules/load/cel/warnings.h"

#include <algorithm>
#include <set>
#include <string>
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
  explicit Warner(Reporter& reporter) : reporter_(reporter) {}

  void Visit(const Expr& expr) {
    if (expr.kind == ExprKind::kField) WarnUndeclared(expr);
    if (expr.kind == ExprKind::kCall) WarnArithmetic(expr);
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
      reporter_
          .Warning(kUntypedArithmetic, *arg,
                   Concat("arithmetic on '", name, "', whose type stream '", stream.name,
                          "' does not declare; 10 and 10.5 are different types"))
          .notes.push_back(Concat("declare it in the stream's fields, or write double(",
                                  reporter_.TextOf(*arg), ")"));
    }
  }

  Reporter& reporter_;
  std::set<std::string> told_undeclared_;
  std::set<std::string> told_untyped_;
};

}  // namespace

void WarnAboutFields(const Expr& root, Reporter& reporter) { Warner(reporter).Visit(root); }

}  // namespace telltale::rules
