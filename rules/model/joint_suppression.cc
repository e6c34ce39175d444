#include "rules/model/joint_suppression.h"

#include <algorithm>
#include <cstdint>
#include <vector>

namespace telltale::rules {

bool SuppressesJointly(const Rule& rule) {
  if (!rule.suppress) return false;
  const std::vector<Expression>& by = rule.suppress->by;
  for (uint32_t part = 0; part < rule.key_names.size(); ++part) {
    const bool named = std::any_of(by.begin(), by.end(), [part](const Expression& one) {
      return one.root->kind == ExprKind::kKey && one.root->index == part;
    });
    if (!named) return true;
  }
  return false;
}

}  // namespace telltale::rules
