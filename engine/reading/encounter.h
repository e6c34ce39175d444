// What one event of the key does to a way: which moves take it, and which stay open (P2 to P5, P8).
//
// Owner: the walk; borrows what it is made of. Thread: one. Errors: a condition that ends in one
// does not fit (V1).
#ifndef TELLTALE_ENGINE_READING_ENCOUNTER_H_
#define TELLTALE_ENGINE_READING_ENCOUNTER_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "engine/reading/key_events.h"
#include "engine/reading/rule_reading.h"
#include "engine/reading/way.h"

namespace telltale::engine {

struct Encounter {
  std::vector<const rules::Move*> takers;
  rules::WayMask passed = 0;  // what is open where the event is passed over
  rules::WayMask kept = 0;    // what is open where one move takes it and keeps another
  rules::WayMask late = 0;    // of both: their windows have closed, and nothing has fitted yet
  bool dropped = false;       // P5: the rule's `until` ends it all
};

class Encounters {
 public:
  Encounters(const RuleReading& reading, KeyEvents& events, Scratch& scratch)
      : reading_(reading), events_(events), scratch_(scratch) {}

  // REQUIRES: the event is of the key and behind the way; `open` is a part of what opened there.
  Encounter Meet(const Way& way, rules::WayMask open, size_t event, WayObserver& observer);
  // Whether a way may begin with the event, whatever was before it.
  bool Begins(const rules::Move& start, size_t event, WayObserver& observer);
  RoleFit Test(uint32_t role, size_t event, const Taken& taken, WayObserver& observer);

  // P3: the last moment at which the move may take an event.
  int64_t LatestFor(const Way& way, const rules::Move& move) const;
  // How many conditions were asked.
  int64_t tests() const { return tests_; }

 private:
  struct One {
    bool fits = false;
    bool takes = false;
    bool passed = true;
    bool kept = true;
    bool late = false;
  };
  One MeetOne(const Way& way, const rules::Move& move, size_t event, WayObserver& observer);
  One MeetLate(const Way& way, const rules::Move& move, size_t event, WayObserver& observer);
  void MeetSleepers(const Way& way, rules::WayMask open, size_t event, Encounter& encounter);
  void Yield(const Way& way, rules::WayMask open, rules::WayMask fitting, size_t event,
             Encounter& encounter, WayObserver& observer) const;
  // The first of these absences or untils that the event is.
  std::optional<uint32_t> FirstNot(const std::vector<uint32_t>& absences, size_t event,
                                   const Taken& taken, WayObserver& observer);
  std::optional<uint32_t> FirstUntil(const std::vector<uint32_t>& untils, size_t event,
                                     const Taken& taken, WayObserver& observer);

  const RuleReading& reading_;
  KeyEvents& events_;
  Scratch& scratch_;
  int64_t tests_ = 0;
};

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_READING_ENCOUNTER_H_
