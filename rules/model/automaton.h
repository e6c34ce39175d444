// What the shape of a sequence allows to follow what: an immutable, flat automaton (P1 to P5, P8).
//
// A *state* is what a partial match has taken of each place, and how many times of each repeat.
// From it lead *ways*, one for each step that may take an event next; taking it is a *move* to
// another state. Repeats are unrolled, members of an `all_of` are multiplied out, both under a
// budget, so that a partial match is a state and a mask of the ways that are still open: no
// counters, no stack.
//
// Where an `all_of` is under way its members wait side by side. A move of one leaves the ways of
// the others as they are (`keeps`), so ways that can be open together have bits of their own in all
// states. Ways are anchored at the event that opened them; a *strand* is a set of ways that are
// opened together, and so share their anchor. Where an `all_of` may be entered, the ways as which
// its members would wait are there *asleep*: they take nothing, but what passes ends them as it
// does others. The move of one member wakes those of the others.
//
// What single events have to be is not looked at here. Owner: the caller. Thread: immutable, any.
// Units: nanoseconds. Errors: all that stands against building it, at once.
#ifndef TELLTALE_RULES_MODEL_AUTOMATON_H_
#define TELLTALE_RULES_MODEL_AUTOMATON_H_

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "rules/model/pattern.h"

namespace telltale::rules {

using WayMask = uint64_t;

inline constexpr size_t kMostStates = 20'000;
inline constexpr size_t kMostMoves = 100'000;
inline constexpr size_t kMostWays = 64;  // open at a time: what a WayMask holds

struct Move {
  uint32_t step = 0;  // of Rule::steps; takes the event
  uint32_t to = 0;    // the state after it
  uint8_t way = 0;    // its bit
  uint8_t strand = 0;
  Contiguity contiguity = Contiguity::kRelaxed;
  std::optional<int64_t> within;      // from the anchor to the event
  std::vector<uint32_t> absences;     // none of these strictly between the anchor and the event
  std::vector<uint32_t> strict_nots;  // the event right behind the anchor is none of these
  std::vector<uint32_t> not_untils;  // the event taken is none of these; it is used up all the same
  std::vector<uint32_t> ends_at;     // the way is over when one of these comes
  WayMask yields = 0;  // greedy ways of the same state: what one of them takes ends this way (P8)
  WayMask keeps = 0;   // ways that stay as they are; all others are closed
  WayMask wakes = 0;   // ways that are asleep, and stay open as those `Automaton::sleep` bits lower
  uint64_t kept_strands = 0;   // a bit for each strand whose ways are among `keeps`,
  uint64_t woken_strands = 0;  // and for each to which some wake
  WayMask opens = 0;           // ways of `to` that begin at the event
  // Of a way with strict_nots that may be older than the last event: what any event ends. It is
  // open as long as the event right behind the anchor has not come.
  WayMask guard = 0;
};

struct State {
  uint32_t first_move = 0;  // in Automaton::moves
  uint32_t moves = 0;
  uint32_t first_sleeper = 0;  // in Automaton::sleepers
  uint32_t sleepers = 0;
  WayMask asleep = 0;    // what takes nothing: the bits of sleepers and guards
  uint32_t place = 0;    // states of one place differ in counts beyond a repeat's `min` (P6)
  bool accepts = false;  // all steps are done
  WayMask yields = 0;    // where it accepts: greedy ways that first have to end untaken (P8)
};

struct Automaton {
  // states[0] is the start: its moves begin a match, their `keeps` is 0.
  std::vector<State> states;
  std::vector<Move> moves;
  std::vector<Move> sleepers;      // ways that are asleep; they lead nowhere
  std::vector<uint32_t> leading;   // `not`s before the first place
  std::vector<uint32_t> trailing;  // behind the last
  uint32_t places = 0;
  uint32_t strands = 0;
  uint32_t sleep = 0;          // see Move::wakes
  uint32_t sleep_strands = 0;  // their strands, too, are so many higher

  // One line a state: "3 accepts: b any ->4 within 5s not 0".
  std::string ToString() const;
};

// Why there is no automaton.
struct AutomatonFault {
  enum class Kind : uint8_t {
    kTooManyStates,  // beyond kMostStates, or kMostMoves between them
    kTooManyWays,    // beyond kMostWays
    kTwiceAsleep,    // an all_of that may begin in this time of one around it, or in the next
    kEndlessGreedy,  // a greedy repeat at the end, which nothing ends
  };
  Kind kind;
  Span span;
};

// `bounded`: the rule has a `within`, which ends greedy repeats at the end.
std::variant<Automaton, std::vector<AutomatonFault>> BuildAutomaton(const Place& pattern,
                                                                    bool bounded);

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_MODEL_AUTOMATON_H_
