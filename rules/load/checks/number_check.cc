#include "rules/load/checks/number_check.h"

#include <algorithm>
#include <string>

#include "rules/model/progress.h"

namespace telltale::rules {
namespace {

constexpr size_t kManyOptionalPlaces = 4;
constexpr uint32_t kManyTimes = 16;

constexpr uint64_t kBeyondCounting = UINT32_MAX;

// The fewest events that a match has of the place.
uint64_t LeastEvents(const Place& place) {
  if (place.IsNot() || Sequence::Nullable(place)) return 0;
  uint64_t least = place.IsStep() ? 1 : 0;
  for (const Place& inner : place.places) {
    if (inner.IsNot()) continue;
    const uint64_t events = LeastEvents(inner);
    if (place.kind != Place::Kind::kAnyOf)
      least += events;
    else
      least = least == 0 ? events : std::min(least, events);
  }
  return std::min(std::min(least, kBeyondCounting) * place.repeat.min, kBeyondCounting);
}

void WarnOfNever(const Rule& rule, Diagnostics& diagnostics) {
  const uint64_t needed = LeastEvents(rule.pattern);
  if (needed <= rule.limits.events) return;
  diagnostics.Warning(kNeverMatches, rule.span,
                      "a match needs " + std::to_string(needed) +
                          " events, and 'limits.events' is " + std::to_string(rule.limits.events) +
                          ": the rule can never match");
}

size_t CountOptional(const Place& place) {
  size_t optional = place.optional ? 1 : 0;
  for (const Place& inner : place.places) optional += CountOptional(inner);
  return optional;
}

void WarnOfOptional(const Rule& rule, Diagnostics& diagnostics) {
  const size_t optional = CountOptional(rule.pattern);
  if (optional < kManyOptionalPlaces) return;
  diagnostics.Warning(kManyOptional, rule.span,
                      std::to_string(optional) + " optional steps can give 2^" +
                          std::to_string(optional) +
                          " matches of the same events; 'match: latest' keeps one");
}

// Each choice of events out of those that fit is a match.
void WarnOfSubsets(const Place& place, Diagnostics& diagnostics) {
  const Repeat& repeat = place.repeat;
  if (repeat.repeats() && repeat.inside == Contiguity::kAny &&
      (repeat.max == kUnbounded || repeat.max >= kManyTimes)) {
    diagnostics.Warning(kManySubsets, place.span,
                        "with 'inside: any' each choice of the events that fit is a match, 2^n of "
                        "n events; 'match: latest' keeps one, and a small 'max' bounds them");
  }
  for (const Place& inner : place.places) WarnOfSubsets(inner, diagnostics);
}

void WarnOfOnlyOne(const Place& place, Diagnostics& diagnostics) {
  if (place.places.size() == 1 && place.kind != Place::Kind::kGroup) {
    diagnostics.Warning(kOnlyOne, place.span,
                        place.kind == Place::Kind::kAnyOf
                            ? "an any_of of one place is that place: there is nothing to choose"
                            : "an all_of of one place is that place: there is no other order");
  }
  for (const Place& inner : place.places) WarnOfOnlyOne(inner, diagnostics);
}

}  // namespace

void WarnOfNumbers(const Rule& rule, Diagnostics& diagnostics) {
  WarnOfNever(rule, diagnostics);
  for (const Place& place : rule.pattern.places) WarnOfOnlyOne(place, diagnostics);
  if (rule.match != MatchMode::kAll) return;
  WarnOfOptional(rule, diagnostics);
  WarnOfSubsets(rule.pattern, diagnostics);
}

}  // namespace telltale::rules
