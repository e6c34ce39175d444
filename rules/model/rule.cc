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
  return steps.size() > 1 || steps.front().repeats() || steps.front().min > 1 || !absences.empty();
}

}  // namespace telltale::rules
