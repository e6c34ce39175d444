#include "engine/condition/constant_set.h"

#include "engine/condition/operations.h"

namespace telltale::engine {

std::optional<ConstantSet> ConstantSet::Of(Value list) {
  if (!list.is(ValueKind::kList)) return std::nullopt;
  ConstantSet set;
  for (uint32_t i = 0; i < list.size(); ++i) {
    const Value element = list.elements()[i].Load();
    if (element.is(ValueKind::kString)) {
      set.texts_.insert(element.as_string());
    } else if (const std::optional<int64_t> number = IntegralValue(element)) {
      set.numbers_.insert(*number);
    } else {
      return std::nullopt;
    }
  }
  return set;
}

bool ConstantSet::Contains(Value value) const {
  if (value.is(ValueKind::kString)) return !texts_.empty() && texts_.contains(value.as_string());
  if (numbers_.empty()) return false;
  const std::optional<int64_t> number = IntegralValue(value);
  return number.has_value() && numbers_.contains(*number);
}

}  // namespace telltale::engine
