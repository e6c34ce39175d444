// All the ways that a rule's steps find through the events of one key, one after the other, with
// everything that is met on them: what fitted, what did not, what came too late, what a `not`
// forbade.
//
// This is `match: all` without skipping (P1 to P5, P8): what `first`, `latest`, `after_match` and
// limits then leave of it is not looked at. So a way that goes through is one that the rule might
// alert by, and one that ends is one that it cannot.
//
// One way is lengthened and shortened in place, and what is behind each of its events waits on a
// stack of our own: the walk goes as deep as there are events. Owner: the caller; borrows reading
// and events. Thread: one. Units: nanoseconds of event time. Cost: exponential in the worst case,
// so a walk ends after kMostTests conditions (exhausted()). Errors: a condition that ends in one
// does not fit (V1).
#ifndef TELLTALE_ENGINE_READING_WAY_WALK_H_
#define TELLTALE_ENGINE_READING_WAY_WALK_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/reading/encounter.h"
#include "engine/reading/key_events.h"
#include "engine/reading/rule_reading.h"
#include "engine/reading/way.h"
#include "engine/time/saturation.h"

namespace telltale::engine {

class WayWalk {
 public:
  static constexpr int64_t kMostTests = 200'000;

  // `events`: of all keys, in total order. `watermark`: up to which they are all there.
  WayWalk(const RuleReading& reading, const std::vector<const Event*>& events, const Key& key,
          Scratch& scratch, int64_t watermark = kForever)
      : reading_(reading),
        automaton_(reading.automaton()),
        events_(reading, events, key, scratch),
        encounters_(reading, events_, scratch),
        watermark_(watermark) {}

  // Every way, from every beginning.
  void All(WayObserver& observer);
  // What is met behind one way, also by events of other keys, without going on from there. Returns
  // what of it is still open.
  rules::WayMask Behind(const Way& way, WayObserver& observer);
  // What was met on the way itself.
  void Along(const Way& way, WayObserver& observer);
  // What is met where ways begin, also by events of other keys, without going on from there.
  void Beginnings(WayObserver& observer);

  bool exhausted() const { return encounters_.tests() > kMostTests; }

  // The moves of the way's state, also those that are not open any more.
  std::vector<const rules::Move*> Moves(const Way& way) const;
  // With which a way begins.
  std::vector<const rules::Move*> Starts() const { return Moves({}); }
  int64_t LatestFor(const Way& way, const rules::Move& move) const {
    return encounters_.LatestFor(way, move);
  }
  // P4, trailing: up to when (inclusive) it must not happen.
  int64_t Deadline(const Way& way, uint32_t absence) const;

 private:
  // A way whose last event is not yet left behind.
  struct Frame {
    Standing at;
    rules::WayMask open = 0;    // of what is behind it, up to `next`
    rules::WayMask greedy = 0;  // ways that have to end untaken before it is complete (P8)
    bool may_complete = false;  // the state accepts, and it has not been told
    size_t next = 0;            // the event to look at
    size_t event = 0;           // the one that `takers` take
    std::vector<const rules::Move*> takers;
    rules::WayMask kept = 0;
    size_t taker = 0;
  };

  bool StartBarred(size_t event, WayObserver& observer);
  // What the frame's event leaves standing of it where it is taken.
  static Standing Kept(const Frame& frame);
  Standing Moved(const Standing& from, const rules::Move& move, size_t event) const;
  Frame FrameOf(const Way& way) const;
  void Extend(const rules::Move& move, size_t event, WayObserver& observer);
  // Looks at the next event behind the way. False: there is none that could be taken.
  bool Advance(const Way& way, Frame& frame, WayObserver& observer);
  void Complete(const Way& way, WayObserver& observer);
  void AtTheEnd(const Way& way, Frame& frame, WayObserver& observer);

  const RuleReading& reading_;
  const rules::Automaton& automaton_;
  KeyEvents events_;
  Encounters encounters_;
  int64_t watermark_;
};

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_READING_WAY_WALK_H_
