#include "rules/load/checks/selector_cover.h"

#include <algorithm>

namespace telltale::rules {

bool Covers(const Selector& wide, const Selector& narrow) {
  const auto same = [](const Expression& x, const Expression& y) {
    return ToString(*x.root) == ToString(*y.root);
  };
  if (wide.stream != narrow.stream || wide.each != narrow.each) return false;
  if (!std::equal(wide.by.begin(), wide.by.end(), narrow.by.begin(), narrow.by.end(), same))
    return false;
  return !wide.where || (narrow.where && same(*wide.where, *narrow.where));
}

}  // namespace telltale::rules
