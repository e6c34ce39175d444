#include "rules/model/rule.h"

#include <algorithm>

namespace telltale::rules {

std::vector<StreamIndex> Rule::Streams() const {
  std::vector<StreamIndex> streams;
  for (const Step& step : steps) streams.push_back(step.selector.stream);
  for (const Absence& absence : absences) streams.push_back(absence.selector.stream);
  std::sort(streams.begin(), streams.end());
  streams.erase(std::unique(streams.begin(), streams.end()), streams.end());
  return streams;
}

}  // namespace telltale::rules
