// Which steps may take the next event of a match, read off the tree of a rule's places (P1, P2, P5,
// P8): what the engine has an automaton for.
//
// A Position says how far a match is in a place, as one would say it: so many times of its repeat,
// and in the time under way so far in this place of the group, or in that alternative, or in each
// member of the all_of. From a position lead ways, one for each step that may come next; what a way
// asks of the event, and of those before it, is collected on the walk to its step.
//
// Owner: value types. Thread: any. Units: events are indexes into the history, durations
// nanoseconds.
#ifndef TELLTALE_TESTS_MODEL_WAYS_H_
#define TELLTALE_TESTS_MODEL_WAYS_H_

#include <compare>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include "rules/model/pattern.h"

namespace telltale::model {

inline constexpr int64_t kForever = std::numeric_limits<int64_t>::max();
inline constexpr size_t kNoEvent = std::numeric_limits<size_t>::max();
inline constexpr size_t kNextEvent = kNoEvent - 1;  // the one that a way is going to take

struct Position {
  uint32_t times =
      0;          // begun; 0: nothing of the place is taken. Beyond where it matters not counted
  size_t at = 0;  // of a group the place under way, of an any_of the alternative
  std::vector<Position> inner;  // of the time under way: of that place; of an all_of each member
  size_t first = kNoEvent;      // the event that it took first, and
  size_t last = kNoEvent;       // the one that it took last
  size_t before = kNoEvent;     // of an all_of: the event before it (P2)
  // Two positions are one whatever they took first: that only tells what is over already.
  bool operator==(const Position& other) const;
  bool operator<(const Position& other) const;
};

// A repeat's `until`, which says nothing before the repeat has taken an event (P5).
struct Ending {
  uint32_t until = 0;
  size_t since = kNoEvent;
};

// When something is over: with an event, or between events, when time has passed `time`.
struct Moment {
  int64_t time = kForever;
  size_t event = kNoEvent;  // none: after all events of that time
  bool by_time() const { return event == kNoEvent; }
  auto operator<=>(const Moment&) const = default;
};

struct Way {
  uint32_t step = 0;
  size_t anchor = kNoEvent;  // i of P2; none: a match begins
  std::optional<rules::Contiguity> contiguity;
  int64_t within = kForever;          // from the anchor to the event
  std::vector<uint32_t> nots;         // none of these between the anchor and the event
  std::vector<uint32_t> strict_nots;  // the event right behind the anchor is none of these
  std::vector<uint32_t> not_untils;   // repeats that would begin: the event is none of these
  std::vector<Ending> ends_at;        // repeats that are under way: over when one of these comes
  std::vector<Way> yields;            // greedy ways: over when one of these takes an event
  bool greedy = false;                // it begins a greedy repeat
  Position to;                        // of the whole sequence, with the event taken
  std::optional<Moment> over;
};

struct Onward {
  std::vector<Way> ways;
  bool may_end = false;  // nothing more is needed; then, for what comes after:
  std::vector<Way> yields;
  std::vector<uint32_t> nots;
  std::vector<uint32_t> strict_nots;
};

// Of a whole sequence. Nothing is taken yet where position.times is 0.
Onward WaysFrom(const rules::Place& sequence, const Position& position);

// `position` with `event` for kNextEvent.
Position Settled(Position position, size_t event);

// What P6 calls a state: two positions are in one if these are equal.
Position StateOf(const rules::Place& place, Position position);

// The `not`s that a sequence begins and ends with (P4).
std::vector<uint32_t> LeadingNots(const rules::Place& sequence);
std::vector<uint32_t> TrailingNots(const rules::Place& sequence);

}  // namespace telltale::model

#endif  // TELLTALE_TESTS_MODEL_WAYS_H_
