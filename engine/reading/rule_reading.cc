#include "engine/reading/rule_reading.h"

#include <algorithm>
#include <set>
#include <utility>
#include <variant>

namespace telltale::engine {

bool Holds(const rules::Place& place, uint32_t step) {
  if (place.IsStep()) return place.index == step;
  return std::any_of(place.places.begin(), place.places.end(),
                     [step](const rules::Place& inner) { return Holds(inner, step); });
}

bool HasTaken(const rules::Place& place, const Taken& taken) {
  if (place.IsStep()) return !taken[place.index].empty();
  return std::any_of(place.places.begin(), place.places.end(),
                     [&](const rules::Place& inner) { return HasTaken(inner, taken); });
}

TakenFrame::TakenFrame(const Taken& taken, const Event* event, const Value* windows) {
  for (const std::vector<const Event*>& events : taken)
    steps_.push_back({events.data(), static_cast<uint32_t>(events.size())});
  frame_ = {.event = event, .steps = steps_.data(), .key = nullptr, .aggregates = windows};
}

absl::StatusOr<RuleReading> RuleReading::Make(const rules::Rule& rule,
                                              const std::vector<EventLayout>& layouts,
                                              const Inputs& inputs) {
  RuleReading reading(rule, layouts, inputs);
  const auto add = [&](const rules::Selector& selector) -> absl::Status {
    Role role;
    role.selector = &selector;
    auto by = KeyFinder::Compile(selector, rule.group_missing_key, layouts, &inputs);
    if (!by.ok()) return by.status();
    role.by = *std::move(by);
    if (selector.where) {
      auto program = Compile(*selector.where, layouts, &inputs);
      if (!program.ok()) return program.status();
      role.where = *std::move(program);
    }
    reading.roles_.push_back(std::move(role));
    return absl::OkStatus();
  };
  const auto add_all = [&](const auto& parts) {
    absl::Status status;
    for (const auto& part : parts) status.Update(add(part.selector));
    return status;
  };
  absl::Status status = add_all(rule.steps);
  status.Update(add_all(rule.absences));
  status.Update(add_all(rule.untils));
  if (!status.ok()) return status;
  auto automaton = rules::BuildAutomaton(rule.pattern, rule.within.has_value());
  if (!std::holds_alternative<rules::Automaton>(automaton))
    return absl::InternalError("a checked rule has no automaton");
  reading.automaton_ = std::get<rules::Automaton>(std::move(automaton));
  std::vector<WindowPlan> windows;
  for (uint32_t number = 0; number < rule.windows.size(); ++number) {
    absl::StatusOr<WindowPlan> plan = CompileStepWindow(rule, number, layouts, &inputs);
    if (!plan.ok()) return plan.status();
    windows.push_back(*std::move(plan));
  }
  reading.windows_ = std::make_shared<const std::vector<WindowPlan>>(std::move(windows));
  return reading;
}

std::vector<Key> RuleReading::KeysOf(uint32_t role, const Event& event, Scratch& scratch) const {
  if (roles_[role].selector->stream != event.stream) return {};
  return roles_[role].by.KeysOf(event, scratch);
}

RoleFit RuleReading::Reaches(uint32_t role, const Event& event, const Key& key,
                             Scratch& scratch) const {
  if (roles_[role].selector->stream != event.stream) return RoleFit::kOtherStream;
  const std::vector<Key> keys = KeysOf(role, event, scratch);
  if (keys.empty()) return RoleFit::kNoKey;
  return std::find(keys.begin(), keys.end(), key) != keys.end() ? RoleFit::kFits
                                                                : RoleFit::kOtherKey;
}

RoleFit RuleReading::Test(uint32_t role, const Event& event, const Taken& taken,
                          const Value* windows, Scratch& scratch) const {
  if (roles_[role].where == nullptr) return RoleFit::kFits;
  const TakenFrame frame(taken, &event, windows);
  switch (engine::Test(*roles_[role].where, frame.frame(), scratch)) {
    case Verdict::kTrue:
      return RoleFit::kFits;
    case Verdict::kFalse:
      return RoleFit::kFalse;
    case Verdict::kError:
      break;
  }
  return RoleFit::kError;
}

std::vector<Key> RuleReading::KeysOf(const std::vector<const Event*>& events,
                                     Scratch& scratch) const {
  std::set<Key> keys;
  for (const Event* event : events) {
    for (uint32_t role = 0; role < roles(); ++role) {
      for (Key& key : KeysOf(role, *event, scratch)) keys.insert(std::move(key));
    }
  }
  return {keys.begin(), keys.end()};
}

}  // namespace telltale::engine
