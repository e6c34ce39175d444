// A rule made ready to be read over the events of a key one by one, slowly and by its definitions:
// to say why an alert did not come, and what a test reaches. The matcher knows neither, for it
// forgets what does not fit.
//
// A *role* is a step, an absence or an until, numbered in this order: role r is steps[r], or
// absences[r - steps.size()], and so on.
//
// Owner: the caller; borrows rule, layouts and inputs. Thread: immutable; Scratch is the caller's.
// Errors: Make fails only for our own reasons.
#ifndef TELLTALE_ENGINE_READING_RULE_READING_H_
#define TELLTALE_ENGINE_READING_RULE_READING_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "engine/condition/condition.h"
#include "engine/condition/inputs.h"
#include "engine/condition/key_finder.h"
#include "engine/condition/scratch.h"
#include "engine/event/event.h"
#include "engine/event/layout.h"
#include "engine/window/window_plan.h"
#include "rules/model/automaton.h"
#include "rules/model/rule.h"

namespace telltale::engine {

using Key = rules::KeyParts;

// The events that a way has taken, by step.
using Taken = std::vector<std::vector<const Event*>>;

// Whether the place is the step, or has it somewhere in it.
bool Holds(const rules::Place& place, uint32_t step);
// Whether any event has been taken in it.
bool HasTaken(const rules::Place& place, const Taken& taken);

enum class RoleFit : uint8_t { kFits, kOtherStream, kNoKey, kOtherKey, kFalse, kError };

// Lends a Taken to an evaluation.
class TakenFrame {
 public:
  // `windows`: see RuleReading::Test.
  TakenFrame(const Taken& taken, const Event* event, const Value* windows);
  const Frame& frame() const { return frame_; }

 private:
  std::vector<StepEvents> steps_;
  Frame frame_;
};

class RuleReading {
 public:
  static absl::StatusOr<RuleReading> Make(const rules::Rule& rule,
                                          const std::vector<EventLayout>& layouts,
                                          const Inputs& inputs);

  const rules::Rule& rule() const { return *rule_; }
  const std::vector<EventLayout>& layouts() const { return *layouts_; }
  const Inputs& inputs() const { return *inputs_; }
  uint32_t steps() const { return static_cast<uint32_t>(rule_->steps.size()); }
  uint32_t roles() const { return static_cast<uint32_t>(roles_.size()); }
  uint32_t RoleOfAbsence(uint32_t absence) const { return steps() + absence; }
  uint32_t RoleOfUntil(uint32_t until) const {
    return steps() + static_cast<uint32_t>(rule_->absences.size()) + until;
  }
  const rules::Selector& selector(uint32_t role) const { return *roles_[role].selector; }
  // What its sequence allows to follow what.
  const rules::Automaton& automaton() const { return automaton_; }

  // K1: the keys by which the event reaches the role; none where a part is missing, or the event is
  // of another stream. Several where a part is each element of a list.
  std::vector<Key> KeysOf(uint32_t role, const Event& event, Scratch& scratch) const;
  // K2: whether the event is of the role's stream and of the key (kFits), or why it is not.
  RoleFit Reaches(uint32_t role, const Event& event, const Key& key, Scratch& scratch) const;
  // P2: the condition, given what was taken, of an event that reaches the role. `windows`: what
  // those of the sequence say of the event (W3); null: nothing.
  RoleFit Test(uint32_t role, const Event& event, const Taken& taken, const Value* windows,
               Scratch& scratch) const;
  // Of the rule's sequence.
  const std::vector<WindowPlan>& windows() const { return *windows_; }

  // The keys that the events reach by any of the roles, in order, each once.
  std::vector<Key> KeysOf(const std::vector<const Event*>& events, Scratch& scratch) const;

 private:
  struct Role {
    const rules::Selector* selector = nullptr;
    KeyFinder by;
    std::shared_ptr<const Program> where;  // null: every event
  };
  RuleReading(const rules::Rule& rule, const std::vector<EventLayout>& layouts,
              const Inputs& inputs)
      : rule_(&rule), layouts_(&layouts), inputs_(&inputs) {}

  const rules::Rule* rule_;
  const std::vector<EventLayout>* layouts_;
  const Inputs* inputs_;
  std::vector<Role> roles_;
  rules::Automaton automaton_;
  std::shared_ptr<const std::vector<WindowPlan>> windows_;  // it does not move, as they are named
};

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_READING_RULE_READING_H_
