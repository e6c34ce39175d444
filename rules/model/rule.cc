#include "rules/model/rule.h"

#include <algorithm>
#include <variant>

#include "rules/model/automaton.h"

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

bool IsGreedySomewhere(const Place& place) {
  return place.repeat.greedy ||
         std::any_of(place.places.begin(), place.places.end(), IsGreedySomewhere);
}

bool EndsGreedily(const Rule& rule) {
  if (!IsGreedySomewhere(rule.pattern)) return false;
  const auto automaton = BuildAutomaton(rule.pattern, rule.within.has_value());
  const auto* built = std::get_if<Automaton>(&automaton);
  return built != nullptr && std::any_of(built->states.begin(), built->states.end(),
                                         [](const State& state) { return state.yields != 0; });
}

bool TakesOneEvent(const Place& place) {
  if (place.repeat.repeats() || place.repeat.min != 1) return false;
  if (place.IsStep()) return true;
  if (place.kind != Place::Kind::kAnyOf && place.places.size() != 1) return false;
  return std::all_of(place.places.begin(), place.places.end(), TakesOneEvent);
}

}  // namespace

std::vector<StreamIndex> Rule::Streams() const {
  std::vector<StreamIndex> streams;
  for (const Step& step : steps) streams.push_back(step.selector.stream);
  for (const Absence& absence : absences) streams.push_back(absence.selector.stream);
  for (const Until& ender : untils) streams.push_back(ender.selector.stream);
  std::sort(streams.begin(), streams.end());
  streams.erase(std::unique(streams.begin(), streams.end()), streams.end());
  return streams;
}

uint32_t Rule::SequenceSteps() const {
  return windows.empty() ? static_cast<uint32_t>(steps.size()) : windows.front().first_source;
}

bool Rule::HoldsState() const {
  return aggregate || new_terms || !windows.empty() || !absences.empty() || !untils.empty() ||
         !TakesOneEvent(pattern);
}

std::optional<int64_t> Rule::LongestWait() const {
  if (EndsGreedily(*this)) return within;
  return after_match.kind == SkipKind::kNoSkip ? 0 : within.value_or(0);
}

}  // namespace telltale::rules
