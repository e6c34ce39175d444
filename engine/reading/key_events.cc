#include "engine/reading/key_events.h"

namespace telltale::engine {

KeyEvents::KeyEvents(const RuleReading& reading, const std::vector<const Event*>& events,
                     const Key& key, Scratch& scratch)
    : events_(&events),
      roles_(reading.roles()),
      of_key_(events.size()),
      next_(events.size()),
      drops_(events.size()) {
  reaches_.reserve(events.size() * roles_);
  for (size_t event = 0; event < events.size(); ++event) {
    for (uint32_t role = 0; role < roles_; ++role) {
      reaches_.push_back(reading.Reaches(role, *events[event], key, scratch));
      if (reaches_.back() == RoleFit::kFits) of_key_[event] = true;
    }
  }
  if (!reading.windows().empty()) {
    windows_.emplace(reading);
    for (size_t event = 0; event < events.size(); ++event) {
      StepMask sources = 0;
      const Taken nothing(reading.steps());
      for (uint32_t role = reading.rule().SequenceSteps(); role < reading.steps(); ++role) {
        if (reaches(role, event) == RoleFit::kFits &&
            reading.Test(role, *events[event], nothing, nullptr, scratch) == RoleFit::kFits)
          sources |= StepMask{1} << role;
      }
      windows_->Take(*events[event], sources, scratch);
    }
  }
  size_t next = events.size();
  for (size_t event = events.size(); event-- > 0;) {
    if (of_key_[event]) next = event;
    next_[event] = next;
  }
}

bool KeyEvents::Drops(size_t event, const RuleReading& reading, Scratch& scratch) {
  if (!reading.rule().until) return false;
  if (!drops_[event]) {
    const uint32_t role = reading.RoleOfUntil(*reading.rule().until);
    const Taken nothing(reading.steps());
    drops_[event] =
        reaches(role, event) == RoleFit::kFits &&
        reading.Test(role, *(*events_)[event], nothing, windows(event), scratch) == RoleFit::kFits;
  }
  return *drops_[event];
}

}  // namespace telltale::engine
