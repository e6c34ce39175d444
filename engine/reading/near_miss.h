// Why a rule does not alert for a key: how far its steps got, which step was never passed, and what
// stood against each event that came near.
//
// Of all ways that the steps find through the events (way_walk.h) it tells the one that got
// farthest: that is fewest events short of a match, and of equal ones holds most. Where events are
// still to come, it also tells what that way waits for, and until when. Like the walk, all of this
// is about `match: all`. Owner: values; events are borrowed. Thread: one. Units: nanoseconds.
// Errors: none.
#ifndef TELLTALE_ENGINE_READING_NEAR_MISS_H_
#define TELLTALE_ENGINE_READING_NEAR_MISS_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/reading/condition_parts.h"
#include "engine/reading/rule_reading.h"
#include "engine/time/saturation.h"

namespace telltale::engine {

enum class ObstacleKind : uint8_t {
  kCondition,    // the event's condition was false or an error: `parts`
  kOtherKey,     // it has others: `keys`
  kNoKey,        // it has none
  kTooLate,      // it fits, and came after `latest`
  kForbidden,    // it fits a `not` on the way to the step: `absence`
  kStartBarred,  // it may not begin, for `earlier` fits a leading `not`: `absence`
  kNotNext,      // it came first, and the step takes only the very next event
  kUntil,        // it ends the repeat, or may not be taken by it: `until`
  kGreedy,       // it fits, and a greedy repeat before the step took it: `taker`
};

// What stood between one event and one step.
struct Obstacle {
  ObstacleKind kind = ObstacleKind::kCondition;
  uint32_t step = 0;
  size_t event = 0;        // its index
  bool only_next = false;  // whatever else it is: the step takes only the very next event
  uint32_t absence = 0;
  uint32_t until = 0;
  uint32_t taker = 0;  // a step
  size_t earlier = 0;
  int64_t latest = 0;
  bool of_rule = false;  // kTooLate: the rule's window has closed, not the step's
  std::vector<Key> keys;
  std::vector<FailedPart> parts;
};

// A step that could have taken the next event.
struct Awaited {
  uint32_t step = 0;
  bool again = false;         // it has taken some, and too few
  bool of_all_of = false;     // what is missing of an all_of of which others have come
  bool waits = false;         // it still may
  int64_t latest = kForever;  // until when (inclusive)
};

struct NearMiss {
  enum class Outcome : uint8_t {
    kNothingBegan,
    kStopped,   // `next` was never passed, or still waits
    kDropped,   // likewise, and `event` is one at which the rule's `until` drops everything
    kBroken,    // all steps are done, and `event` is one that a trailing `not` (`absence`) forbids
    kPending,   // all steps are done, and the deadline of a trailing `not` has not passed, or a
                // greedy repeat may go on: until `latest`
    kComplete,  // all steps are done: match, after_match, suppression or limits kept it back
  };
  Outcome outcome = Outcome::kNothingBegan;
  std::vector<std::pair<uint32_t, size_t>> taken;  // step and index of the event
  std::vector<Awaited> next;                       // by step
  std::vector<Obstacle> obstacles;                 // by step, then event
  uint32_t absence = 0;
  size_t event = 0;
  int64_t latest = kForever;
  bool exhausted = false;  // there are more ways than were followed
};

// Of events that have all come: `events` are the on-time ones of all keys, in total order.
NearMiss FindNearMiss(const RuleReading& reading, const std::vector<const Event*>& events,
                      const Key& key, Scratch& scratch);

// What has become of a key so far.
struct KeyStory {
  uint64_t matches = 0;                                 // ways that went through
  std::vector<std::pair<uint32_t, size_t>> last_match;  // step and index of the event
  // Of the ways that may still go on the farthest; where there is none, of those that ended without
  // a match. None: there have been matches, and nothing else.
  std::optional<NearMiss> progress;
  bool exhausted = false;  // there are more ways than were followed
};

// Of events that are still to come: `events` are those with a time below `watermark`.
KeyStory TellKey(const RuleReading& reading, const std::vector<const Event*>& events,
                 const Key& key, Scratch& scratch, int64_t watermark);

// How a reader knows an event ("event 3 (logins at 1m35s)") and a time.
struct Names {
  std::function<std::string(const Event&)> event;
  std::function<std::string(int64_t)> time;
};

// In lines, each with its line break.
std::string Describe(const NearMiss& miss, const rules::Rule& rule,
                     const std::vector<const Event*>& events, const Names& names);
std::string Describe(const KeyStory& story, const rules::Rule& rule,
                     const std::vector<const Event*>& events, const Names& names);

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_READING_NEAR_MISS_H_
