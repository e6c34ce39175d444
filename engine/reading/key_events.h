// The events of all keys as one key sees them: which of them reach it by which roles, and which is
// the very next one (K2, P2).
//
// Owner: the walk; borrows reading, events and key. Thread: one. Cost: one look at every event for
// every role, when it is made. Errors: none.
#ifndef TELLTALE_ENGINE_READING_KEY_EVENTS_H_
#define TELLTALE_ENGINE_READING_KEY_EVENTS_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "engine/reading/rule_reading.h"
#include "engine/reading/window_values.h"

namespace telltale::engine {

class KeyEvents {
 public:
  static constexpr size_t kNone = static_cast<size_t>(-1);

  // `events`: in total order.
  KeyEvents(const RuleReading& reading, const std::vector<const Event*>& events, const Key& key,
            Scratch& scratch);

  size_t size() const { return events_->size(); }
  const Event* operator[](size_t event) const { return (*events_)[event]; }
  int64_t time(size_t event) const { return (*events_)[event]->time; }
  // kFits: it reaches the role, whose condition then decides.
  RoleFit reaches(uint32_t role, size_t event) const { return reaches_[event * roles_ + role]; }
  // By any role.
  bool IsOfKey(size_t event) const { return of_key_[event]; }
  // The first event of the key from there on; size(): there is none.
  size_t From(size_t event) const { return event < size() ? next_[event] : size(); }
  // What the windows of the rule's sequence say of the event (W3), by call; null: it has none.
  const Value* windows(size_t event) const { return windows_ ? windows_->At(event) : nullptr; }
  // P5, of the rule: whether its `until` drops what began before.
  bool Drops(size_t event, const RuleReading& reading, Scratch& scratch);

 private:
  const std::vector<const Event*>* events_;
  size_t roles_;
  std::vector<RoleFit> reaches_;  // by event and role
  std::vector<bool> of_key_;
  std::vector<size_t> next_;
  std::vector<std::optional<bool>> drops_;  // as far as asked
  std::optional<WindowValues> windows_;
};

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_READING_KEY_EVENTS_H_
