// The shape of a sequence: which places it has, in what order, how often each is taken, and how
// near its events stand (P1 to P5, P8 of rules/SEMANTICS.md).
//
// What a single event has to be (its stream, key and condition) is in Rule::steps and
// Rule::absences, to which the leaves of this tree refer. What the shape allows to follow what is
// worked out in automaton.h.
//
// Owner: Rule. Thread: plain data, immutable once loaded. Units: nanoseconds.
#ifndef TELLTALE_RULES_MODEL_PATTERN_H_
#define TELLTALE_RULES_MODEL_PATTERN_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "rules/model/source.h"

namespace telltale::rules {

inline constexpr uint32_t kUnbounded = 0;  // Repeat::max

// How near an event has to stand to the one taken before it (P2).
enum class Contiguity : uint8_t {
  kRelaxed,  // the first that fits
  kStrict,   // the very next
  kAny,      // each that fits
};

struct Repeat {
  uint32_t min = 1;
  uint32_t max = 1;                          // kUnbounded: no upper bound
  Contiguity inside = Contiguity::kRelaxed;  // from one time to the next
  bool greedy = false;                       // P8
  std::optional<int64_t> within;  // from the last event of one time to the first of the next
  std::optional<uint32_t> until;  // in Rule::untils; what ends it (P5)

  bool repeats() const { return max != 1; }
};

struct Place {
  enum class Kind : uint8_t {
    kStep,
    kNot,    // between its neighbours; first or last in the sequence: leading or trailing (P4)
    kGroup,  // its places in their order
    kAnyOf,  // one of its places
    kAllOf,  // all of them, in any order and interleaved; each in its own contiguity
  };

  Kind kind = Kind::kStep;
  uint32_t index = 0;         // kStep: in Rule::steps. kNot: in Rule::absences
  std::vector<Place> places;  // of kGroup, kAnyOf and kAllOf

  // How its first event stands to the one before. Of a group's first place and of the alternatives
  // of an any_of that is the business of the group and the any_of. Of a `not`: kStrict where only
  // the very next event is meant.
  Contiguity contiguity = Contiguity::kRelaxed;
  std::optional<int64_t> within;  // from the event taken before it to its first (P3)
  bool optional = false;
  Repeat repeat;
  Span span;

  bool IsStep() const { return kind == Kind::kStep; }
  bool IsNot() const { return kind == Kind::kNot; }
};

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_MODEL_PATTERN_H_
