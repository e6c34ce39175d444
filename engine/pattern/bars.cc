#include "engine/pattern/bars.h"

#include <algorithm>
#include <bit>

#include "engine/time/saturation.h"

namespace telltale::engine {

void Bars::Note(const Pattern& pattern, StopMask stops, int64_t time) {
  if (seen_.empty()) seen_.assign(pattern.rule->absences.size(), kNever);
  for (StopMask rest = stops & pattern.leading; rest != 0; rest &= rest - 1)
    seen_[static_cast<size_t>(std::countr_zero(rest))] = time;
}

bool Bars::Bar(const Pattern& pattern, int64_t time) const {
  for (size_t absence = 0; absence < seen_.size(); ++absence) {
    if (seen_[absence] != kNever && Plus(seen_[absence], pattern.stops[absence].within) >= time)
      return true;
  }
  return false;
}

int64_t Bars::NextEnd(const Pattern& pattern) const {
  int64_t next = kForever;
  for (size_t absence = 0; absence < seen_.size(); ++absence) {
    if (seen_[absence] != kNever)
      next = std::min(next, Plus(seen_[absence], pattern.stops[absence].within));
  }
  return next;
}

void Bars::Forget(const Pattern& pattern, int64_t now) {
  for (size_t absence = 0; absence < seen_.size(); ++absence) {
    if (seen_[absence] != kNever && Plus(seen_[absence], pattern.stops[absence].within) <= now)
      seen_[absence] = kNever;
  }
}

bool Bars::any() const {
  return std::any_of(seen_.begin(), seen_.end(), [](int64_t seen) { return seen != kNever; });
}

}  // namespace telltale::engine
