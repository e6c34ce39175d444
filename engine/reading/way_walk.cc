#include "engine/reading/way_walk.h"

#include <algorithm>
#include <utility>

namespace telltale::engine {
namespace {

using rules::Move;
using rules::WayMask;

WayMask BitOf(const Move& move) { return WayMask{1} << move.way; }

}  // namespace

std::vector<const Move*> WayWalk::Moves(const Way& way) const {
  const rules::State& state = automaton_.states[way.at.state];
  std::vector<const Move*> moves;
  for (uint32_t m = state.first_move; m < state.first_move + state.moves; ++m)
    moves.push_back(&automaton_.moves[m]);
  return moves;
}

int64_t WayWalk::Deadline(const Way& way, uint32_t absence) const {
  return std::min(Plus(events_.time(way.last()), reading_.rule().absences[absence].within),
                  Plus(events_.time(way.first()), reading_.rule().within));
}

bool WayWalk::StartBarred(size_t event, WayObserver& observer) {
  const Taken nothing(reading_.steps());
  for (const uint32_t a : automaton_.leading) {
    const int64_t within = reading_.rule().absences[a].within.value_or(0);
    for (size_t earlier = event; earlier-- > 0 && !exhausted();) {
      if (Plus(events_.time(earlier), within) < events_.time(event)) break;
      if (!events_.IsOfKey(earlier)) continue;
      if (encounters_.Test(reading_.RoleOfAbsence(a), earlier, nothing, observer) != RoleFit::kFits)
        continue;
      observer.OnStartBarred(a, event, earlier);
      return true;
    }
  }
  return false;
}

Standing WayWalk::Kept(const Frame& frame) {
  Standing kept = frame.at;
  kept.open = frame.kept;
  return kept;
}

Standing WayWalk::Moved(const Standing& from, const Move& move, size_t event) const {
  Standing to = from;
  to.anchors.resize(automaton_.strands);
  to.state = move.to;
  to.open = (move.keeps & from.open) | (move.wakes & from.open) >> automaton_.sleep | move.opens;
  for (uint32_t strand = 0; strand < automaton_.strands; ++strand) {
    if ((move.woken_strands >> strand & 1) != 0) {
      to.anchors[strand] = from.anchors[strand + automaton_.sleep_strands];
    } else if ((move.kept_strands >> strand & 1) == 0) {
      to.anchors[strand] = event;
    }
  }
  return to;
}

WayWalk::Frame WayWalk::FrameOf(const Way& way) const {
  const rules::State& state = automaton_.states[way.at.state];
  Frame frame;
  frame.at = way.at;
  frame.open = way.at.open;
  frame.greedy = state.yields & way.at.open;
  frame.may_complete = state.accepts;
  frame.next = way.last() + 1;
  return frame;
}

void WayWalk::Complete(const Way& way, WayObserver& observer) {
  observer.OnComplete(way);
  for (const uint32_t a : automaton_.trailing) {
    const int64_t deadline = Deadline(way, a);
    for (size_t event = events_.From(way.last() + 1);
         event < events_.size() && events_.time(event) <= deadline && !exhausted();
         event = events_.From(event + 1)) {
      if (encounters_.Test(reading_.RoleOfAbsence(a), event, way.taken, observer) == RoleFit::kFits)
        return observer.OnBroken(way, a, event);
    }
  }
}

bool WayWalk::Advance(const Way& way, Frame& frame, WayObserver& observer) {
  // P8: where a greedy repeat takes more, it is not done.
  for (const Move* taker : frame.takers) {
    if ((automaton_.states[frame.at.state].yields & BitOf(*taker)) != 0) frame.may_complete = false;
  }
  frame.takers.clear();
  frame.taker = 0;
  if (frame.may_complete && frame.greedy == 0) {
    frame.may_complete = false;
    Complete(way, observer);
  }
  frame.next = events_.From(frame.next);
  const WayMask takers = frame.open & ~automaton_.states[frame.at.state].asleep;
  if (takers == 0 || frame.next >= events_.size() || exhausted()) return false;
  frame.event = frame.next++;
  Encounter met = encounters_.Meet(way, frame.open, frame.event, observer);
  if (met.dropped) frame.may_complete = false;
  frame.open = met.passed;
  frame.greedy &= met.passed & ~met.late;
  frame.takers = std::move(met.takers);
  frame.kept = met.kept;
  return true;
}

// What has not been taken by now ends in time or has not ended yet, as far as is known.
void WayWalk::AtTheEnd(const Way& way, Frame& frame, WayObserver& observer) {
  if (!frame.may_complete || exhausted()) return;
  const std::vector<const Move*> moves = Moves(way);
  const bool ended = std::all_of(moves.begin(), moves.end(), [&](const Move* move) {
    const bool waits = (frame.greedy & BitOf(*move)) != 0;
    return !waits || watermark_ == kForever || LatestFor(way, *move) < watermark_;
  });
  if (ended) Complete(way, observer);
}

void WayWalk::Extend(const Move& start, size_t first, WayObserver& observer) {
  Way way;
  way.taken.resize(reading_.steps());
  std::vector<Frame> path;
  const auto take = [&](const Standing& from, const Move& move, size_t event) {
    way.at = Moved(from, move, event);
    way.taken[move.step].push_back(events_[event]);
    way.events.push_back({move.step, event, &move});
    path.push_back(FrameOf(way));
    observer.OnWay(way);
  };
  take({}, start, first);
  while (!path.empty()) {
    Frame& top = path.back();
    if (top.taker < top.takers.size()) {
      const Move& move = *top.takers[top.taker++];
      take(Kept(top), move, top.event);
      continue;
    }
    if (Advance(way, top, observer)) continue;
    AtTheEnd(way, top, observer);
    observer.OnLeave(way, top.open);
    way.taken[way.step()].pop_back();
    way.events.pop_back();
    path.pop_back();
    if (!path.empty()) way.at = path.back().at;
  }
}

void WayWalk::All(WayObserver& observer) {
  const std::vector<const Move*> starts = Starts();
  for (size_t event = events_.From(0); event < events_.size() && !exhausted();
       event = events_.From(event + 1)) {
    WayMask begun = 0;
    for (const Move* start : starts) {
      if (encounters_.Begins(*start, event, observer)) begun |= BitOf(*start);
    }
    // An exhausted look at what might bar it has found nothing.
    if (begun == 0 || StartBarred(event, observer) || exhausted()) continue;
    for (const Move* start : starts) {
      const bool yields = (start->yields & begun) != 0;  // P8
      if ((begun & BitOf(*start)) != 0 && !yields) Extend(*start, event, observer);
    }
  }
}

WayMask WayWalk::Behind(const Way& way, WayObserver& observer) {
  Frame frame = FrameOf(way);
  const std::vector<const Move*> moves = Moves(way);
  size_t seen = way.last();
  WayMask open = frame.open;
  const auto others = [&](size_t end) {
    for (++seen; seen < end; ++seen) {
      for (const Move* move : moves) {
        if ((open & BitOf(*move)) != 0) encounters_.Test(move->step, seen, way.taken, observer);
      }
    }
  };
  while (Advance(way, frame, observer)) {
    others(frame.event);
    open = frame.open;
  }
  others(events_.size());
  AtTheEnd(way, frame, observer);
  return frame.open;
}

void WayWalk::Along(const Way& way, WayObserver& observer) {
  Way part;
  part.taken.resize(reading_.steps());
  Standing from;
  for (size_t i = 0; i < way.events.size(); ++i) {
    const Way::Link& link = way.events[i];
    part.at = Moved(from, *link.move, link.event);
    part.taken[link.step].push_back(events_[link.event]);
    part.events.push_back(link);
    if (i + 1 == way.events.size()) return;
    Frame frame = FrameOf(part);
    while (Advance(part, frame, observer) && frame.event < way.events[i + 1].event) {
    }
    from = Kept(frame);
  }
}

void WayWalk::Beginnings(WayObserver& observer) {
  for (size_t event = 0; event < events_.size() && !exhausted(); ++event) {
    for (const Move* start : Starts()) {
      if (encounters_.Begins(*start, event, observer)) StartBarred(event, observer);
    }
  }
}

}  // namespace telltale::engine
