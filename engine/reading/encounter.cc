#include "engine/reading/encounter.h"

#include <algorithm>

#include "engine/time/saturation.h"

namespace telltale::engine {
namespace {

using rules::Contiguity;
using rules::Move;
using rules::WayMask;

WayMask BitOf(const Move& move) { return WayMask{1} << move.way; }

template <typename Visit>
void ForEachOpen(const rules::Automaton& automaton, const Standing& at, WayMask open,
                 const Visit& visit) {
  const rules::State& state = automaton.states[at.state];
  for (uint32_t m = state.first_move; m < state.first_move + state.moves; ++m) {
    if ((open & BitOf(automaton.moves[m])) != 0) visit(automaton.moves[m]);
  }
}

template <typename Visit>
void ForEachSleeper(const rules::Automaton& automaton, const Standing& at, WayMask open,
                    const Visit& visit) {
  const rules::State& state = automaton.states[at.state];
  for (uint32_t m = state.first_sleeper; m < state.first_sleeper + state.sleepers; ++m) {
    if ((open & BitOf(automaton.sleepers[m])) != 0) visit(automaton.sleepers[m]);
  }
}

}  // namespace

int64_t Encounters::LatestFor(const Way& way, const Move& move) const {
  return std::min(Plus(events_.time(way.first()), reading_.rule().within),
                  Plus(events_.time(way.at.anchors[move.strand]), move.within));
}

RoleFit Encounters::Test(uint32_t role, size_t event, const Taken& taken, WayObserver& observer) {
  RoleFit fit = events_.reaches(role, event);
  if (fit == RoleFit::kFits) {
    ++tests_;
    fit = reading_.Test(role, *events_[event], taken, events_.windows(event), scratch_);
  }
  observer.OnTest(role, event, taken, events_.windows(event), fit);
  return fit;
}

std::optional<uint32_t> Encounters::FirstNot(const std::vector<uint32_t>& absences, size_t event,
                                             const Taken& taken, WayObserver& observer) {
  for (const uint32_t absence : absences) {
    if (Test(reading_.RoleOfAbsence(absence), event, taken, observer) == RoleFit::kFits)
      return absence;
  }
  return std::nullopt;
}

std::optional<uint32_t> Encounters::FirstUntil(const std::vector<uint32_t>& untils, size_t event,
                                               const Taken& taken, WayObserver& observer) {
  for (const uint32_t until : untils) {
    if (Test(reading_.RoleOfUntil(until), event, taken, observer) == RoleFit::kFits) return until;
  }
  return std::nullopt;
}

// Before a repeat has taken an event, its `until` is only not taken (P5).
bool Encounters::Begins(const Move& start, size_t event, WayObserver& observer) {
  const Taken nothing(reading_.steps());
  return Test(start.step, event, nothing, observer) == RoleFit::kFits &&
         !FirstUntil(start.not_untils, event, nothing, observer);
}

// Nothing comes of it any more: it is looked at for the sake of who wants to know.
Encounters::One Encounters::MeetLate(const Way& way, const Move& move, size_t event,
                                     WayObserver& observer) {
  const bool wanted = observer.LooksBeyondWindows() && move.contiguity != Contiguity::kStrict;
  if (!wanted) return {.passed = false, .kept = false};
  if (Test(move.step, event, way.taken, observer) != RoleFit::kFits) return {.late = true};
  observer.OnTooLate(way, move, event, LatestFor(way, move));
  return {.passed = false, .kept = false};
}

Encounters::One Encounters::MeetOne(const Way& way, const Move& move, size_t event,
                                    WayObserver& observer) {
  if (events_.time(event) > LatestFor(way, move)) return MeetLate(way, move, event, observer);
  const bool is_next = events_.From(way.at.anchors[move.strand] + 1) == event;
  One one;
  one.fits = Test(move.step, event, way.taken, observer) == RoleFit::kFits;
  const auto barred =
      is_next ? FirstNot(move.strict_nots, event, way.taken, observer) : std::nullopt;
  const auto refused =
      one.fits ? FirstUntil(move.not_untils, event, way.taken, observer) : std::nullopt;
  const auto closing = FirstNot(move.absences, event, way.taken, observer);
  const auto ending = FirstUntil(move.ends_at, event, way.taken, observer);
  one.takes = one.fits && !barred && !refused && !ending;
  // A member of an all_of may wait strictly from before an event that another has taken.
  const bool strict = move.contiguity == Contiguity::kStrict;
  if (strict && !is_next) one.takes = false;
  if (barred || closing || ending || strict) one.passed = one.kept = false;
  if (one.fits && move.contiguity == Contiguity::kRelaxed) one.passed = false;
  if (one.takes) return one;
  if (barred || closing) {
    observer.OnBarred(way, move, barred ? *barred : *closing, event);
  } else if (refused || ending) {
    observer.OnUntil(way, move, refused ? *refused : *ending, event);
  } else if (strict) {
    observer.OnStrictMiss(way, move, event);
  }
  return one;
}

// P8: what a greedy way takes ends the ways that yield to it.
void Encounters::Yield(const Way& way, WayMask open, WayMask fitting, size_t event,
                       Encounter& encounter, WayObserver& observer) const {
  const std::vector<const Move*> takers = encounter.takers;
  ForEachOpen(reading_.automaton(), way.at, open, [&](const Move& move) {
    const auto greedy = std::find_if(takers.begin(), takers.end(), [&](const Move* taker) {
      return (move.yields & BitOf(*taker)) != 0;
    });
    if (greedy == takers.end()) return;
    std::erase(encounter.takers, &move);
    encounter.passed &= ~BitOf(move);
    if ((fitting & BitOf(move)) != 0) observer.OnYielded(way, move, **greedy, event);
  });
}

// What passes those that are asleep, and what they would take if they were not. Nobody is told: the
// ways as which the members may enter the all_of meet the same.
void Encounters::MeetSleepers(const Way& way, WayMask open, size_t event, Encounter& encounter) {
  WayObserver nobody;
  WayMask takers = 0;
  ForEachSleeper(reading_.automaton(), way.at, open, [&](const Move& move) {
    const One one = MeetOne(way, move, event, nobody);
    if (one.takes) takers |= BitOf(move);
    if (one.passed) encounter.passed |= BitOf(move);
    if (one.kept) encounter.kept |= BitOf(move);
  });
  ForEachSleeper(reading_.automaton(), way.at, open, [&](const Move& move) {
    if ((move.yields & takers) == 0) return;
    encounter.passed &= ~BitOf(move);
  });
}

Encounter Encounters::Meet(const Way& way, WayMask open, size_t event, WayObserver& observer) {
  Encounter encounter;
  if (events_.Drops(event, reading_, scratch_)) {
    observer.OnDropped(way, *reading_.rule().until, event);
    encounter.dropped = true;
    return encounter;
  }
  WayMask fitting = 0;
  ForEachOpen(reading_.automaton(), way.at, open, [&](const Move& move) {
    const One one = MeetOne(way, move, event, observer);
    if (one.takes) encounter.takers.push_back(&move);
    if (one.fits) fitting |= BitOf(move);
    if (one.passed) encounter.passed |= BitOf(move);
    if (one.kept) encounter.kept |= BitOf(move);
    if (one.late) encounter.late |= BitOf(move);
  });
  Yield(way, open, fitting, event, encounter, observer);
  MeetSleepers(way, open, event, encounter);
  return encounter;
}

}  // namespace telltale::engine
