// A rule's pattern made ready to match: the automaton of its shape (rules/model/automaton.h), and
// the conditions that look at more than one event.
//
// What an event alone decides (the local conjuncts of a `where`) is decided before, by the router's
// filter: an event comes with a mask of the steps that it fits so far, and a mask of *stops*, which
// are the `not`s and `until`s of the rule in this order. Here are only the conjuncts that refer to
// steps, and the moves with all that they ask as masks.
//
// Owner: CompiledRules. Thread: immutable. Units: nanoseconds. Errors: CompilePattern fails for
// what the loader refuses, and for our own reasons.
#ifndef TELLTALE_ENGINE_PATTERN_PATTERN_H_
#define TELLTALE_ENGINE_PATTERN_PATTERN_H_

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "engine/condition/condition.h"
#include "engine/event/layout.h"
#include "engine/pattern/conjuncts.h"
#include "engine/pattern/join.h"
#include "rules/model/automaton.h"
#include "rules/model/rule.h"
#include "rules/model/sequence_limits.h"

namespace telltale::engine {

inline constexpr uint32_t kMaxSteps = rules::kMostSteps;     // a StepMask is 32 bits
inline constexpr uint32_t kMaxStops = rules::kMostAbsences;  // and so is a StopMask

using StepMask = uint32_t;
using StopMask = uint32_t;
using WayMask = rules::WayMask;
using ProgramPtr = std::shared_ptr<const Program>;

// What a key holds for each state and move of a shared representation.
inline constexpr size_t kMostSharedStates = 256;

inline constexpr int64_t kNoWindow = std::numeric_limits<int64_t>::max();

// What of a condition looks at more than the event.
struct CrossPlan {
  ProgramPtr measured;      // that reads windows and refers to no steps (W3); null: nothing
  uint32_t windows = 0;     // a bit for each of Rule::windows that `measured` or `cross` reads
  ProgramPtr cross;         // that refers to steps; null: nothing
  Joins joins;              // of cross
  StepMask asks = 0;        // the steps that it refers to
  bool asks_lists = false;  // some of them are lists of events
};

struct StepPlan : CrossPlan {};

// A `not` or an `until`.
struct StopPlan : CrossPlan {
  int64_t within = kNoWindow;  // of a leading or trailing `not`
};

// One event that a partial match may take next; see rules::Move.
struct MovePlan {
  uint32_t step = 0;
  uint32_t to = 0;
  int64_t within = kNoWindow;
  WayMask way = 0;     // its bit
  WayMask yields = 0;  // what one of these takes ends it
  WayMask keeps = 0;
  WayMask wakes = 0;
  WayMask opens = 0;
  WayMask guard = 0;
  StopMask nots = 0;         // end it between the anchor and the event
  StopMask strict_nots = 0;  // end it where they are the very next event
  StopMask ends_at = 0;      // end it, and are not taken
  StopMask not_taken = 0;    // are not taken, and use it up where it is relaxed
  rules::Contiguity contiguity = rules::Contiguity::kRelaxed;
  uint8_t strand = 0;
  uint64_t kept_strands = 0;
  uint64_t woken_strands = 0;
};

struct StatePlan {
  uint32_t first_move = 0;
  uint32_t moves = 0;
  uint32_t first_sleeper = 0;
  uint32_t sleepers = 0;
  uint32_t place = 0;  // P6: partial matches in states of one place displace each other
  StepMask steps = 0;  // that its moves take
  StopMask stops = 0;  // that may end its ways
  WayMask ways = 0;    // of its moves, sleepers and guards
  WayMask asleep = 0;  // of these those that take nothing
  WayMask strict = 0;  // ways that any event ends which they do not take
  WayMask yields = 0;  // where it accepts: the match stands once these have ended untaken
  bool accepts = false;
};

struct Pattern {
  const rules::Rule* rule = nullptr;
  std::vector<StepPlan> steps;
  std::vector<StopPlan> stops;
  std::vector<StatePlan> states;  // [0] is the start
  std::vector<MovePlan> moves;
  std::vector<MovePlan> sleepers;  // rules::Automaton::sleepers
  StopMask leading = 0;
  StopMask trailing = 0;
  StopMask until = 0;     // of the whole rule
  uint64_t identity = 0;  // of the states and moves: what written state hangs on
  uint32_t strands = 1;   // anchors that a partial match may have
  uint32_t sleep = 0;     // rules::Automaton::sleep
  uint32_t sleep_strands = 0;
  bool anchors = false;       // something hangs on an anchor that is not the last event
  bool ambiguous = false;     // the same events and steps may come to a state in several ways
  bool shared = false;        // P10: partial matches share a representation
  bool greedy_end = false;    // P8: some matches are known only when their last repeat has ended
  bool sees_all = false;      // P2, strict: every event of the key on the rule's streams counts
  bool ends_quietly = false;  // what runs out of time is nobody's match, and holds up none
  StepMask timeout_from = 0;  // P9: the steps whose partial matches may time out

  // Calls `visit` with each of the state's moves and sleepers that is among `open`.
  template <typename Visit>
  void ForEachWay(const StatePlan& state, WayMask open, const Visit& visit) const {
    for (uint32_t m = state.first_move; m < state.first_move + state.moves; ++m) {
      if ((moves[m].way & open) != 0) visit(moves[m]);
    }
    for (uint32_t m = state.first_sleeper; m < state.first_sleeper + state.sleepers; ++m) {
      if ((sleepers[m].way & open) != 0) visit(sleepers[m]);
    }
  }
};

absl::StatusOr<Pattern> CompilePattern(const rules::Rule& rule,
                                       const std::vector<EventLayout>& layouts,
                                       const Inputs* inputs);

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_PATTERN_PATTERN_H_
