#include "rules/model/rule.h"

#include <algorithm>
#include <utility>

namespace telltale::rules {

std::string_view LevelName(Level level) {
  switch (level) {
    case Level::kInformational:
      return "informational";
    case Level::kLow:
      return "low";
    case Level::kMedium:
      return "medium";
    case Level::kHigh:
      return "high";
    case Level::kCritical:
      return "critical";
  }
  return "";
}

namespace {

Place PlaceOf(const Step& step, uint32_t index) {
  Place place;
  place.index = index;
  place.within = step.within;
  place.optional = step.optional;
  place.repeat = {.min = step.min, .max = step.max, .within = step.within};
  place.span = step.span;
  return place;
}

bool TakesOneEvent(const Place& place) {
  if (place.repeat.repeats() || place.repeat.min != 1) return false;
  if (place.IsStep()) return true;
  if (place.kind != Place::Kind::kAnyOf && place.places.size() != 1) return false;
  return std::all_of(place.places.begin(), place.places.end(), TakesOneEvent);
}

}  // namespace

Place PatternOfSteps(const Rule& rule) {
  Place pattern{.kind = Place::Kind::kGroup};
  const auto add_nots = [&](size_t before) {
    for (uint32_t a = 0; a < rule.absences.size(); ++a) {
      if (rule.absences[a].before != before) continue;
      Place place{.kind = Place::Kind::kNot, .index = a};
      place.span = rule.absences[a].span;
      pattern.places.push_back(std::move(place));
    }
  };
  for (uint32_t s = 0; s < rule.steps.size(); s = static_cast<uint32_t>(rule.PlaceAfter(s))) {
    add_nots(s);
    const auto end = static_cast<uint32_t>(rule.PlaceAfter(s));
    Place place = PlaceOf(rule.steps[s], s);
    if (end > s + 1) {
      Place any_of{.kind = Place::Kind::kAnyOf};
      any_of.optional = std::exchange(place.optional, false);
      any_of.span = place.span;
      any_of.places.push_back(std::move(place));
      for (uint32_t other = s + 1; other < end; ++other)
        any_of.places.push_back(PlaceOf(rule.steps[other], other));
      place = std::move(any_of);
    }
    pattern.places.push_back(std::move(place));
  }
  add_nots(rule.steps.size());
  return pattern;
}

std::vector<StreamIndex> Rule::Streams() const {
  std::vector<StreamIndex> streams;
  for (const Step& step : steps) streams.push_back(step.selector.stream);
  for (const Absence& absence : absences) streams.push_back(absence.selector.stream);
  for (const Until& ender : untils) streams.push_back(ender.selector.stream);
  std::sort(streams.begin(), streams.end());
  streams.erase(std::unique(streams.begin(), streams.end()), streams.end());
  return streams;
}

bool Rule::HoldsState() const {
  return !absences.empty() || !untils.empty() || !TakesOneEvent(pattern);
}

size_t Rule::PlaceAfter(size_t step) const {
  do ++step;
  while (step < steps.size() && steps[step].alternative);
  return step;
}

}  // namespace telltale::rules
