// Why a rule does not alert for a key: how far its steps got, which step was never passed, and what
// stood against each event that came near.
//
// Of all ways that the steps find through the events (way_walk.h) it tells the one that got
// farthest. Owner: values; events are borrowed. Thread: one. Units: nanoseconds. Errors: none.
#ifndef TELLTALE_ENGINE_READING_NEAR_MISS_H_
#define TELLTALE_ENGINE_READING_NEAR_MISS_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "engine/reading/condition_parts.h"
#include "engine/reading/rule_reading.h"

namespace telltale::engine {

enum class ObstacleKind : uint8_t {
  kCondition,    // the event's condition was false or an error: `parts`
  kOtherKey,     // it has another key: `key`
  kNoKey,        // it has none
  kTooLate,      // it fits, and came after `latest`
  kForbidden,    // it fits a `not` on the way to the step: `absence`
  kStartBarred,  // it may not begin, for `earlier` fits a leading `not`: `absence`
};

// What stood between one event and one step.
struct Obstacle {
  ObstacleKind kind = ObstacleKind::kCondition;
  uint32_t step = 0;
  size_t event = 0;  // its index
  uint32_t absence = 0;
  size_t earlier = 0;
  int64_t latest = 0;
  Key key;
  std::vector<FailedPart> parts;
};

struct NearMiss {
  enum class Outcome : uint8_t {
    kNothingBegan,
    kStopped,   // `next` was never passed
    kBroken,    // all steps are done, and `event` is one that a trailing `not` (`absence`) forbids
    kComplete,  // all steps are done: match, after_match, suppression or limits kept it back, or
                // its deadline has not passed
  };
  Outcome outcome = Outcome::kNothingBegan;
  std::vector<std::pair<uint32_t, size_t>> taken;  // step and index of the event
  std::vector<uint32_t> next;                      // the steps that it waited for
  std::vector<Obstacle> obstacles;                 // by step, then event
  uint32_t absence = 0;
  size_t event = 0;
};

// `events`: the on-time ones of all keys, in total order.
NearMiss FindNearMiss(const RuleReading& reading, const std::vector<const Event*>& events,
                      const Key& key, Scratch& scratch);

// How a reader knows an event ("event 3 (logins at 1m35s)") and a time.
struct Names {
  std::function<std::string(const Event&)> event;
  std::function<std::string(int64_t)> time;
};

// In lines, each with its line break.
std::string Describe(const NearMiss& miss, const rules::Rule& rule,
                     const std::vector<const Event*>& events, const Names& names);

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_READING_NEAR_MISS_H_
