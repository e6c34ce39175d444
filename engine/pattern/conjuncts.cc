#include "engine/pattern/conjuncts.h"

#include <memory>
#include <set>
#include <utility>

namespace telltale::engine {
namespace {

void CollectSteps(const rules::Expr& expr, std::set<uint32_t>& steps) {
  if (expr.kind == rules::ExprKind::kStep) steps.insert(expr.index);
  for (const auto& arg : expr.args) CollectSteps(*arg, steps);
}

// The operands of a chain of && from left to right.
void CollectConjuncts(const rules::Expr& expr, std::vector<const rules::Expr*>& conjuncts) {
  if (expr.kind == rules::ExprKind::kCall && expr.name == "_&&_") {
    for (const auto& arg : expr.args) CollectConjuncts(*arg, conjuncts);
  } else {
    conjuncts.push_back(&expr);
  }
}

}  // namespace

rules::Expression PartOf(const rules::Expression& whole, const rules::Expr& part) {
  rules::Expression expression = whole;
  expression.root = std::shared_ptr<const rules::Expr>(whole.root, &part);
  std::set<uint32_t> steps;
  CollectSteps(part, steps);
  expression.steps.assign(steps.begin(), steps.end());
  return expression;
}

std::vector<rules::Expression> Conjuncts(const rules::Expression& whole) {
  std::vector<const rules::Expr*> nodes;
  CollectConjuncts(*whole.root, nodes);
  std::vector<rules::Expression> conjuncts;
  for (const rules::Expr* node : nodes) conjuncts.push_back(PartOf(whole, *node));
  return conjuncts;
}

SplitCondition Split(const std::optional<rules::Expression>& where) {
  SplitCondition split;
  if (!where) return split;
  bool any_cross = false;
  bool any_measured = false;
  for (rules::Expression& part : Conjuncts(*where)) {
    if (!part.steps.empty()) {
      any_cross = true;
    } else if (rules::ReadsWindow(*part.root)) {
      any_measured = true;
    } else {
      split.local.push_back(std::move(part));
    }
  }
  // Where some conjunct looks at more than the event the whole condition is asked again, so that it
  // is counted as an error exactly when CEL says so; the local conjuncts have made it rare.
  if (any_cross) {
    split.cross = *where;
  } else if (any_measured) {
    split.measured = *where;
  }
  return split;
}

}  // namespace telltale::engine
