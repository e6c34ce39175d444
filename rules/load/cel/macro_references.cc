#include "rules/load/cel/macro_references.h"

#include <algorithm>

namespace telltale::rules {
namespace {

class Collector {
 public:
  explicit Collector(const MacroDefinition& macro) : bound_(macro.parameters) {}

  void Visit(const Expr& expr) {
    if (expr.kind == ExprKind::kIdent && !expr.test) Note(expr, expr.begin);
    if (expr.kind == ExprKind::kCall && !expr.member) Note(expr, expr.name_begin);
    if (expr.kind != ExprKind::kMacro) {
      for (const ExprPtr& arg : expr.args) Visit(*arg);
      return;
    }
    Visit(*expr.args[0]);
    bound_.push_back(expr.variable);
    bound_.push_back(expr.variable2);  // empty, as no name is, where there is one variable
    for (size_t i = 1; i < expr.args.size(); ++i) Visit(*expr.args[i]);
    bound_.resize(bound_.size() - 2);
  }

  std::vector<MacroReference> Take() { return std::move(found_); }

 private:
  void Note(const Expr& expr, uint32_t begin) {
    if (std::find(bound_.begin(), bound_.end(), expr.name) != bound_.end()) return;
    found_.push_back({expr.name, begin, begin + static_cast<uint32_t>(expr.name.size())});
  }

  std::vector<std::string> bound_;
  std::vector<MacroReference> found_;
};

}  // namespace

std::vector<MacroReference> MacroReferences(const MacroDefinition& macro) {
  Collector collector(macro);
  collector.Visit(*macro.body);
  return collector.Take();
}

}  // namespace telltale::rules
