// A way: what a rule's steps have taken of the events of one key, and which moves of the automaton
// are open behind it.
//
// Owner: the walk, which lengthens and shortens one way in place; who keeps one copies it. Thread:
// one. Units: events are told by their index. Errors: none.
#ifndef TELLTALE_ENGINE_READING_WAY_H_
#define TELLTALE_ENGINE_READING_WAY_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/reading/rule_reading.h"
#include "rules/model/automaton.h"

namespace telltale::engine {

// A state of the automaton with its open ways, right behind the last event that was taken.
struct Standing {
  uint32_t state = 0;
  rules::WayMask open = 0;
  std::vector<size_t> anchors;  // by strand: the event from which its ways count
};

// At least one event.
struct Way {
  struct Link {
    uint32_t step = 0;
    size_t event = 0;
    const rules::Move* move = nullptr;  // that took it
  };
  Taken taken;
  std::vector<Link> events;  // in their order
  Standing at;
  uint32_t step() const { return events.back().step; }
  size_t first() const { return events.front().event; }
  size_t last() const { return events.back().event; }
};

// Is told of everything that is met on ways. A move is one of the way's state.
class WayObserver {
 public:
  virtual ~WayObserver() = default;
  // Whether events that fit are wanted where they come after their window has closed: finding them
  // costs a look at all that follows.
  virtual bool LooksBeyondWindows() const { return false; }

  // A role was asked whether the event fits it, given what the way has taken.
  // `windows`: what they say of the event (W3).
  virtual void OnTest(uint32_t /*role*/, size_t /*event*/, const Taken&, const Value* /*windows*/,
                      RoleFit) {}
  // P4, leading: no match may begin with the event, because of an earlier one.
  virtual void OnStartBarred(uint32_t /*absence*/, size_t /*event*/, size_t /*earlier*/) {}

  // It has taken one more event.
  virtual void OnWay(const Way&) {}
  // Everything behind it has been looked at; `open`: its moves that no event has closed.
  virtual void OnLeave(const Way&, rules::WayMask /*open*/) {}

  // P3: the event fits the move's step and is later than `latest`.
  virtual void OnTooLate(const Way&, const rules::Move&, size_t /*event*/, int64_t /*latest*/) {}
  // P4, between: the event ends the move.
  virtual void OnBarred(const Way&, const rules::Move&, uint32_t /*absence*/, size_t /*event*/) {}
  // P2: the very next event was not one for the move.
  virtual void OnStrictMiss(const Way&, const rules::Move&, size_t /*event*/) {}
  // P5: the event ends the repeat that the move is part of, or may not be taken by it.
  virtual void OnUntil(const Way&, const rules::Move&, uint32_t /*until*/, size_t /*event*/) {}
  // P8: the event is taken by the greedy repeat before (`taker`).
  virtual void OnYielded(const Way&, const rules::Move&, const rules::Move& /*taker*/,
                         size_t /*event*/) {}
  // P5, of the rule: the event drops the whole way.
  virtual void OnDropped(const Way&, uint32_t /*until*/, size_t /*event*/) {}

  // All steps are done. What follows is about trailing absences.
  virtual void OnComplete(const Way&) {}
  virtual void OnBroken(const Way&, uint32_t /*absence*/, size_t /*event*/) {}
};

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_READING_WAY_H_
