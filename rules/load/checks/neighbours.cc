#include "rules/load/checks/neighbours.h"

#include <algorithm>

#include "rules/model/progress.h"

namespace telltale::rules {
namespace {

// A step at one end of a place, and the `not`s that stand between it and that end.
struct End {
  uint32_t step = 0;
  std::vector<uint32_t> nots;
};

bool MaySkip(const Place& place) { return place.IsNot() || Sequence::Nullable(place); }

std::vector<End> EndsOf(const Place& place, bool last);

// The ends of a group's places from the one on that `at` is next to, as far as others may be left
// out.
template <typename Iterator>
std::vector<End> EndsFrom(Iterator at, Iterator end, bool last) {
  std::vector<End> ends;
  std::vector<uint32_t> nots;
  for (; at != end; ++at) {
    if (at->IsNot()) {
      nots.push_back(at->index);
      continue;
    }
    for (End& inner : EndsOf(*at, last)) {
      inner.nots.insert(inner.nots.end(), nots.begin(), nots.end());
      ends.push_back(std::move(inner));
    }
    if (!MaySkip(*at)) break;
  }
  return ends;
}

std::vector<End> EndsOf(const Place& place, bool last) {
  if (place.IsStep()) return {{place.index, {}}};
  if (place.kind == Place::Kind::kGroup) {
    return last ? EndsFrom(place.places.rbegin(), place.places.rend(), last)
                : EndsFrom(place.places.begin(), place.places.end(), last);
  }
  std::vector<End> ends;
  for (const Place& inner : place.places) {
    for (End& end : EndsOf(inner, last)) ends.push_back(std::move(end));
  }
  return ends;
}

std::vector<uint32_t> StepsOf(const std::vector<End>& ends) {
  std::vector<uint32_t> steps;
  for (const End& end : ends) steps.push_back(end.step);
  std::sort(steps.begin(), steps.end());
  steps.erase(std::unique(steps.begin(), steps.end()), steps.end());
  return steps;
}

void Pair(const std::vector<End>& lasts, const std::vector<End>& firsts,
          std::vector<Neighbours>& found) {
  for (const End& last : lasts) {
    for (const End& first : firsts) {
      Neighbours pair{last.step, first.step, last.nots};
      pair.nots.insert(pair.nots.end(), first.nots.begin(), first.nots.end());
      found.push_back(std::move(pair));
    }
  }
}

void Find(const Place& place, std::vector<Neighbours>& found) {
  for (const Place& inner : place.places) Find(inner, found);
  if (place.kind == Place::Kind::kGroup) {
    for (auto at = place.places.begin(); at != place.places.end(); ++at) {
      if (!at->IsNot()) Pair(EndsOf(*at, true), EndsFrom(at + 1, place.places.end(), false), found);
    }
  }
  if (place.repeat.repeats()) Pair(EndsOf(place, true), EndsOf(place, false), found);
}

}  // namespace

std::vector<Neighbours> FindNeighbours(const Place& pattern) {
  std::vector<Neighbours> found;
  Find(pattern, found);
  return found;
}

std::vector<uint32_t> FirstSteps(const Place& place) { return StepsOf(EndsOf(place, false)); }

std::vector<uint32_t> LastSteps(const Place& place) { return StepsOf(EndsOf(place, true)); }

}  // namespace telltale::rules
