#include "engine/reading/rule_reading.h"

#include <set>
#include <utility>

namespace telltale::engine {

TakenFrame::TakenFrame(const Taken& taken, const Event* event) {
  for (const std::vector<const Event*>& events : taken)
    steps_.push_back({events.data(), static_cast<uint32_t>(events.size())});
  frame_ = {.event = event, .steps = steps_.data(), .key = nullptr};
}

absl::StatusOr<RuleReading> RuleReading::Make(const rules::Rule& rule,
                                              const std::vector<EventLayout>& layouts,
                                              const Inputs& inputs) {
  RuleReading reading(rule, layouts, inputs);
  const auto add = [&](const rules::Selector& selector) -> absl::Status {
    Role role;
    for (const rules::Expression& part : selector.by) {
      auto program = Compile(part, layouts, &inputs);
      if (!program.ok()) return program.status();
      role.by.push_back(*std::move(program));
    }
    if (selector.where) {
      auto program = Compile(*selector.where, layouts, &inputs);
      if (!program.ok()) return program.status();
      role.where = *std::move(program);
    }
    reading.roles_.push_back(std::move(role));
    return absl::OkStatus();
  };
  for (const rules::Step& step : rule.steps) {
    if (absl::Status status = add(step.selector); !status.ok()) return status;
  }
  for (const rules::Absence& absence : rule.absences) {
    if (absl::Status status = add(absence.selector); !status.ok()) return status;
  }
  return reading;
}

const rules::Selector& RuleReading::selector(uint32_t role) const {
  return role < steps() ? rule_->steps[role].selector : rule_->absences[role - steps()].selector;
}

std::optional<Key> RuleReading::KeyOf(uint32_t role, const Event& event, Scratch& scratch) const {
  if (selector(role).stream != event.stream) return std::nullopt;
  const Frame frame{.event = &event, .steps = nullptr, .key = nullptr};
  Key key;
  for (const auto& part : roles_[role].by) {
    if (!KeyText(Evaluate(*part, frame, scratch), key.emplace_back())) return std::nullopt;
  }
  return key;
}

Fit RuleReading::Test(uint32_t role, const Event& event, const Key& key, const Taken& taken,
                      Scratch& scratch) const {
  if (selector(role).stream != event.stream) return Fit::kOtherStream;
  const std::optional<Key> found = KeyOf(role, event, scratch);
  if (!found) return Fit::kNoKey;
  if (*found != key) return Fit::kOtherKey;
  if (roles_[role].where == nullptr) return Fit::kFits;
  const TakenFrame frame(taken, &event);
  switch (engine::Test(*roles_[role].where, frame.frame(), scratch)) {
    case Verdict::kTrue:
      return Fit::kFits;
    case Verdict::kFalse:
      return Fit::kFalse;
    case Verdict::kError:
      break;
  }
  return Fit::kError;
}

std::vector<Key> RuleReading::KeysOf(const std::vector<const Event*>& events,
                                     Scratch& scratch) const {
  std::set<Key> keys;
  for (const Event* event : events) {
    for (uint32_t role = 0; role < roles(); ++role) {
      if (std::optional<Key> key = KeyOf(role, *event, scratch)) keys.insert(*std::move(key));
    }
  }
  return {keys.begin(), keys.end()};
}

}  // namespace telltale::engine
