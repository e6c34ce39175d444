#include "rules/model/rule.h"

#include <algorithm>

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

std::vector<StreamIndex> Rule::Streams() const {
  std::vector<StreamIndex> streams;
  for (const Step& step : steps) streams.push_back(step.selector.stream);
  for (const Absence& absence : absences) streams.push_back(absence.selector.stream);
  std::sort(streams.begin(), streams.end());
  streams.erase(std::unique(streams.begin(), streams.end()), streams.end());
  return streams;
}

bool Rule::HoldsState() const {
  const auto single = [](const Step& step) { return !step.repeats() && step.min == 1; };
  return PlaceAfter(0) < steps.size() || !absences.empty() ||
         !std::all_of(steps.begin(), steps.end(), single);
}

size_t Rule::PlaceAfter(size_t step) const {
  do ++step;
  while (step < steps.size() && steps[step].alternative);
  return step;
}

}  // namespace telltale::rules
