// How far a partial match has come in each place of a sequence, and what it may take next: the step
// from the tree of places to the states and moves of automaton.h.
//
// Everything here follows the structure of the tree: what may come next in a group is what may come
// next in its current place, then the first of a place behind it, then the first of its next time.
//
// Owner: BuildAutomaton, for the time of the call. Thread: one. Units: nanoseconds. Errors: none.
#ifndef TELLTALE_RULES_MODEL_PROGRESS_H_
#define TELLTALE_RULES_MODEL_PROGRESS_H_

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <tuple>
#include <vector>

#include "rules/model/pattern.h"

namespace telltale::rules {

// What has been taken of one place.
struct Progress {
  uint32_t times = 0;           // begun; 0: nothing is taken, and the rest says nothing
  uint32_t current = 0;         // of a group or an any_of: which of its places is under way
  std::vector<Progress> parts;  // of a group or an any_of: of that place; of an all_of: of each

  bool operator<(const Progress& other) const {
    return std::tie(times, current, parts) < std::tie(other.times, other.current, other.parts);
  }
};

// The `not`s between two events, by index.
struct Nots {
  std::vector<uint32_t> relaxed;
  std::vector<uint32_t> strict;  // which speak of the very next event

  void Add(const Place& place);
  void Add(const Nots& others);
};

// One event that may be taken next.
struct Way {
  uint32_t step = 0;
  Progress to;  // of the place as a whole, when the event is taken
  Contiguity contiguity = Contiguity::kRelaxed;
  bool greedy = false;  // a greedy repeat begins with it
  bool leads = true;    // its contiguity is that of the place which it enters
  std::optional<int64_t> within;
  Nots nots;
  std::vector<uint32_t> not_untils;  // of the repeats that it enters
  std::vector<uint32_t> ends_at;     // of the repeats that it goes on in
  std::vector<size_t> yields;        // greedy ways, by their index in the list
  uint32_t strand = 0;
  // It takes nothing yet: another member enters the all_of, and then this one waits from where it
  // is now. What is said of the first event around the all_of is not said of it.
  bool asleep = false;
  uint32_t asleep_since = 0;       // the strand from whose last event on it is so
  std::set<uint32_t> keeps;        // strands that stay as they are
  std::set<uint32_t> wakes;        // strands that were asleep, and now wait
  const Place* endless = nullptr;  // the greedy repeat that it goes on in, where nothing ends that
};

// What may come next of a place, and how what is behind the place may.
struct Next {
  std::vector<Way> ways;
  bool may_leave = false;
  Nots leave_nots;                   // that are passed over then
  std::vector<size_t> leave_yields;  // greedy ways that go before
};

class Sequence {
 public:
  // `pattern`, a group, outlives it.
  explicit Sequence(const Place& pattern);

  Next Begin() const;
  Next After(const Progress& progress) const { return Continue(pattern_, progress); }
  // The same with what is beyond a repeat's `min` left out (P6).
  Progress PlaceOf(const Progress& progress) const { return Clamped(pattern_, progress); }
  uint32_t strands() const { return 1 + 3 * members_; }
  // Strands that are asleep are the last ones, in the order of those as which they wake: each is as
  // many strands behind.
  uint32_t sleep() const { return members_; }
  // The all_of whose member sleeps in the strand.
  const Place& AllOfOf(uint32_t asleep) const { return *all_ofs_[asleep - 1 - 2 * members_]; }

  static bool Nullable(const Place& place);
  static bool BodyNullable(const Place& place);

 private:
  void CountMembers(const Place& place);
  void NumberStrands(const Place& place, uint32_t strand);
  std::vector<Way> Enter(const Place& place) const;
  std::vector<Way> EnterBody(const Place& place) const;
  std::vector<Way> EnterAllOf(const Place& all_of) const;
  std::vector<Way> EnterMember(const Place& all_of, size_t member) const;
  void EnterFrom(const Place& group, size_t first, Next& next) const;
  Next Continue(const Place& place, const Progress& progress) const;
  Next ContinueBody(const Place& place, const Progress& progress) const;
  Next ContinueMembers(const Place& all_of, const Progress& progress) const;
  void AddLoop(const Place& place, const Progress& progress, Next& next) const;
  Progress Clamped(const Place& place, Progress progress) const;

  const Place& pattern_;
  uint32_t members_ = 0;                           // of all_ofs
  std::vector<const Place*> all_ofs_;              // of each member
  std::map<const Place*, uint32_t> strand_;        // of the ways within a place
  std::map<const Place*, uint32_t> entry_strand_;  // in which a member of an all_of waits
};

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_MODEL_PROGRESS_H_
