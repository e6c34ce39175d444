#include "daemon/explain/places.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace telltale::explain {
namespace {

using rules::Place;

bool Append(const Place& place, uint32_t step, PlacePath& path) {
  path.push_back(&place);
  if (place.IsStep() && place.index == step) return true;
  for (const Place& inner : place.places) {
    if (Append(inner, step, path)) return true;
  }
  path.pop_back();
  return false;
}

}  // namespace

PlacePath PathTo(const Place& pattern, uint32_t step) {
  PlacePath path;
  Append(pattern, step, path);
  return path;
}

size_t InCommon(const PlacePath& from, const PlacePath& to) {
  const auto differ = std::mismatch(from.begin(), from.end(), to.begin(), to.end()).first;
  return static_cast<size_t>(differ - from.begin());
}

std::optional<size_t> TakenAgain(const PlacePath& from, const PlacePath& to) {
  const size_t common = InCommon(from, to);
  const Place& both = *from[common - 1];
  const bool onward =
      both.kind == Place::Kind::kGroup && common < from.size() && from[common] < to[common];
  if (onward) return std::nullopt;
  for (size_t i = common; i-- > 0;) {
    if (from[i]->repeat.repeats()) return i;
  }
  return std::nullopt;
}

std::string CountText(const rules::Repeat& repeat, std::string_view what) {
  if (!repeat.repeats()) return "";
  const std::string of(what);
  if (repeat.max == rules::kUnbounded) return absl::StrCat(repeat.min, " or more ", of);
  if (repeat.min == repeat.max) return absl::StrCat(repeat.min, " ", of);
  return absl::StrCat(repeat.min, " to ", repeat.max, " ", of);
}

std::string StepNames(const rules::Rule& rule, const Place& place) {
  if (place.IsStep()) return rule.steps[place.index].name;
  std::string names;
  for (const Place& inner : place.places) {
    if (inner.IsNot()) continue;
    std::string name = StepNames(rule, inner);
    if (!inner.IsStep()) name = absl::StrCat("(", name, ")");
    absl::StrAppend(&names, names.empty() ? "" : ", ", name);
  }
  return names;
}

}  // namespace telltale::explain
