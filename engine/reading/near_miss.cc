#include "engine/reading/near_miss.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <tuple>

#include "engine/reading/way_walk.h"

namespace telltale::engine {
namespace {

using rules::Move;
using rules::Place;

// How many events each state is short of a match at least.
std::vector<uint32_t> EventsShort(const rules::Automaton& automaton) {
  constexpr uint32_t kNever = ~uint32_t{0};
  std::vector<std::vector<uint32_t>> before(automaton.states.size());
  std::vector<uint32_t> away(automaton.states.size(), kNever);
  std::vector<uint32_t> reached;
  for (uint32_t s = 0; s < automaton.states.size(); ++s) {
    const rules::State& state = automaton.states[s];
    for (uint32_t m = state.first_move; m < state.first_move + state.moves; ++m)
      before[automaton.moves[m].to].push_back(s);
    if (!state.accepts) continue;
    away[s] = 0;
    reached.push_back(s);
  }
  for (size_t i = 0; i < reached.size(); ++i) {
    for (const uint32_t s : before[reached[i]]) {
      if (away[s] != kNever) continue;
      away[s] = away[reached[i]] + 1;
      reached.push_back(s);
    }
  }
  return away;
}

// Remembers of three sorts of ways the one that got farthest: of all, of those that may still go
// on, and of those that neither may nor led to one that went through. Of equal ones it is the one
// that came first, of what has ended the one that came last.
class Farthest final : public WayObserver {
 public:
  Farthest(const RuleReading& reading, const WayWalk& walk, int64_t watermark)
      : short_(EventsShort(reading.automaton())),
        reading_(reading),
        walk_(walk),
        watermark_(watermark) {}

  const std::optional<Way>& of_all() const { return all_.way; }
  const std::optional<Way>& living() const { return living_.way; }
  const std::optional<Way>& ended() const { return ended_.way; }
  // The last one that went through, and how many did.
  const std::optional<Way>& matched() const { return matched_; }
  uint64_t matches() const { return matches_; }

  void OnWay(const Way&) override { fates_.emplace_back(); }
  void OnComplete(const Way& way) override {
    Fate& fate = fates_.back();
    fate.complete = true;
    for (const uint32_t absence : reading_.automaton().trailing)
      fate.pending = fate.pending || StillToCome(walk_.Deadline(way, absence));
  }
  void OnBroken(const Way&, uint32_t, size_t) override { fates_.back().broken = true; }
  void OnLeave(const Way& way, rules::WayMask open) override {
    const Fate fate = fates_.back();
    fates_.pop_back();
    const Reach reach(fate.complete, -int64_t{short_[way.at.state]}, way.events.size());
    all_.Note(way, reach);
    const bool through = fate.complete && !fate.broken;
    if (!fates_.empty()) fates_.back().led_on |= through || fate.led_on;
    if (through && fate.pending) return living_.Note(way, reach);
    if (through) {
      ++matches_;
      if (!matched_ || matched_->last() < way.last()) matched_ = way;
    }
    const bool waits = StillWaits(way, open);
    if (waits) living_.Note(way, reach);
    if (!waits && !through && !fate.led_on) ended_.NoteNewest(way, reach);
  }

 private:
  // Complete; events that are missing, with the sign turned; events that it holds.
  using Reach = std::tuple<bool, int64_t, size_t>;
  struct Best {
    std::optional<Reach> reach;
    std::optional<Way> way;
    void Note(const Way& candidate, const Reach& its) {
      if (!reach || *reach < its) Take(candidate, its);
    }
    void NoteNewest(const Way& candidate, const Reach& its) {
      if (!reach || *reach <= its) Take(candidate, its);
    }
    void Take(const Way& candidate, const Reach& its) {
      reach = its;
      way = candidate;
    }
  };
  struct Fate {
    bool complete = false;
    bool pending = false;  // a deadline has not passed
    bool broken = false;
    bool led_on = false;  // a longer one went through
  };

  bool StillToCome(int64_t time) const { return watermark_ != kForever && watermark_ <= time; }
  bool StillWaits(const Way& way, rules::WayMask open) const {
    const std::vector<const Move*> moves = walk_.Moves(way);
    return std::any_of(moves.begin(), moves.end(), [&](const Move* move) {
      return (open >> move->way & 1) != 0 && StillToCome(walk_.LatestFor(way, *move));
    });
  }

  const std::vector<uint32_t> short_;  // by state
  const RuleReading& reading_;
  const WayWalk& walk_;
  const int64_t watermark_;
  std::vector<Fate> fates_;  // of the way under way, by how many events it has
  Best all_;
  Best living_;
  Best ended_;
  std::optional<Way> matched_;
  uint64_t matches_ = 0;
};

// Notes what stands behind one way, or before any.
class Obstacles final : public WayObserver {
 public:
  Obstacles(const RuleReading& reading, const std::vector<const Event*>& events, Scratch& scratch,
            NearMiss& miss)
      : reading_(reading), events_(events), scratch_(scratch), miss_(miss) {}

  bool LooksBeyondWindows() const override { return true; }
  bool completed() const { return completed_; }

  void OnTest(uint32_t role, size_t event, const Taken& taken, const Value* windows,
              RoleFit fit) override {
    if (role >= reading_.steps() || fit == RoleFit::kOtherStream) return;
    if (fit == RoleFit::kFits) {
      fitted_ = role;
      return;
    }
    Obstacle& obstacle = Add(ObstacleKind::kCondition, role, event);
    if (fit == RoleFit::kNoKey) obstacle.kind = ObstacleKind::kNoKey;
    if (fit == RoleFit::kOtherKey) {
      obstacle.kind = ObstacleKind::kOtherKey;
      obstacle.keys = reading_.KeysOf(role, *events_[event], scratch_);
    }
    if (fit == RoleFit::kFalse || fit == RoleFit::kError) {
      const TakenFrame frame(taken, events_[event], windows);
      obstacle.parts = FailedParts(*reading_.selector(role).where, reading_.layouts(),
                                   reading_.inputs(), frame.frame(), scratch_);
    }
  }
  void OnStartBarred(uint32_t absence, size_t event, size_t earlier) override {
    Obstacle& obstacle = Instead(ObstacleKind::kStartBarred, fitted_, event);
    obstacle.absence = absence;
    obstacle.earlier = earlier;
  }
  void OnTooLate(const Way& way, const Move& move, size_t event, int64_t latest) override {
    Obstacle& obstacle = Instead(ObstacleKind::kTooLate, move.step, event);
    obstacle.latest = latest;
    obstacle.of_rule =
        Plus(events_[way.first()]->time, reading_.rule().within) < events_[event]->time;
  }
  void OnBarred(const Way&, const Move& move, uint32_t absence, size_t event) override {
    Instead(ObstacleKind::kForbidden, move.step, event).absence = absence;
  }
  void OnStrictMiss(const Way&, const Move& move, size_t event) override {
    Obstacle* known = Find(move.step, event);
    if (known == nullptr) known = &Add(ObstacleKind::kNotNext, move.step, event);
    known->only_next = true;
  }
  void OnUntil(const Way&, const Move& move, uint32_t until, size_t event) override {
    Instead(ObstacleKind::kUntil, move.step, event).until = until;
  }
  void OnYielded(const Way&, const Move& move, const Move& taker, size_t event) override {
    Instead(ObstacleKind::kGreedy, move.step, event).taker = taker.step;
  }
  void OnDropped(const Way&, uint32_t, size_t event) override {
    miss_.outcome = NearMiss::Outcome::kDropped;
    miss_.event = event;
  }
  void OnComplete(const Way&) override { completed_ = true; }
  void OnBroken(const Way&, uint32_t absence, size_t event) override {
    miss_.outcome = NearMiss::Outcome::kBroken;
    miss_.absence = absence;
    miss_.event = event;
  }

 private:
  Obstacle& Add(ObstacleKind kind, uint32_t step, size_t event) {
    Obstacle& obstacle = miss_.obstacles.emplace_back();
    obstacle.kind = kind;
    obstacle.step = step;
    obstacle.event = event;
    return obstacle;
  }
  Obstacle* Find(uint32_t step, size_t event) {
    const auto found =
        std::find_if(miss_.obstacles.rbegin(), miss_.obstacles.rend(),
                     [&](const Obstacle& o) { return o.step == step && o.event == event; });
    return found == miss_.obstacles.rend() ? nullptr : &*found;
  }
  // What weighs more than that the event does not fit.
  Obstacle& Instead(ObstacleKind kind, uint32_t step, size_t event) {
    Obstacle* known = Find(step, event);
    if (known == nullptr) return Add(kind, step, event);
    *known = {.kind = kind, .step = step, .event = event};
    return *known;
  }

  const RuleReading& reading_;
  const std::vector<const Event*>& events_;
  Scratch& scratch_;
  NearMiss& miss_;
  uint32_t fitted_ = 0;  // the step that an event fitted last
  bool completed_ = false;
};

// Of what was met on the way itself: what greedy repeats took from others, and what stood against
// the members of an all_of, which wait since before its last event.
class Beside final : public WayObserver {
 public:
  Beside(const Way& way, const std::vector<const Move*>& moves, Obstacles& obstacles)
      : obstacles_(obstacles) {
    for (const Move* move : moves) since_[move->step] = way.at.anchors[move->strand];
  }

  void OnTest(uint32_t role, size_t event, const Taken& taken, const Value* windows,
              RoleFit fit) override {
    if (Waits(role, event)) obstacles_.OnTest(role, event, taken, windows, fit);
  }
  void OnBarred(const Way& way, const Move& move, uint32_t absence, size_t event) override {
    if (Waits(move.step, event)) obstacles_.OnBarred(way, move, absence, event);
  }
  void OnStrictMiss(const Way& way, const Move& move, size_t event) override {
    if (Waits(move.step, event)) obstacles_.OnStrictMiss(way, move, event);
  }
  void OnUntil(const Way& way, const Move& move, uint32_t until, size_t event) override {
    if (Waits(move.step, event)) obstacles_.OnUntil(way, move, until, event);
  }
  void OnYielded(const Way& way, const Move& move, const Move& taker, size_t event) override {
    obstacles_.OnYielded(way, move, taker, event);
  }

 private:
  bool Waits(uint32_t step, size_t event) const {
    const auto since = since_.find(step);
    return since != since_.end() && event > since->second;
  }

  std::map<uint32_t, size_t> since_;  // by step: the event from which it waits
  Obstacles& obstacles_;
};

// Events of other keys say something only where nothing of this key came to the step.
void DropOtherKeys(std::vector<Obstacle>& obstacles) {
  const auto other = [](const Obstacle& obstacle) {
    return obstacle.kind == ObstacleKind::kOtherKey || obstacle.kind == ObstacleKind::kNoKey;
  };
  std::set<uint32_t> own;
  for (const Obstacle& obstacle : obstacles) {
    if (!other(obstacle)) own.insert(obstacle.step);
  }
  std::erase_if(obstacles, [&](const Obstacle& obstacle) {
    return other(obstacle) && !obstacle.only_next && own.contains(obstacle.step);
  });
}

// Whether the step is in a member of an all_of of which another member is there already.
bool MissingOfAllOf(const Place& place, uint32_t step, const Taken& taken) {
  for (const Place& inner : place.places) {
    if (!Holds(inner, step)) continue;
    const bool others =
        std::any_of(place.places.begin(), place.places.end(),
                    [&](const Place& other) { return &other != &inner && HasTaken(other, taken); });
    if (place.kind == Place::Kind::kAllOf && others) return true;
    return MissingOfAllOf(inner, step, taken);
  }
  return false;
}

// What is to be said of one way.
class Telling {
 public:
  Telling(const RuleReading& reading, const std::vector<const Event*>& events, const Key& key,
          Scratch& scratch, int64_t watermark)
      : reading_(reading),
        events_(events),
        scratch_(scratch),
        watermark_(watermark),
        walk_(reading, events, key, scratch, watermark) {}

  NearMiss Of(const std::optional<Way>& way) {
    Obstacles obstacles(reading_, events_, scratch_, miss_);
    if (way) {
      BehindWay(*way, obstacles);
    } else {
      for (const Move* start : walk_.Starts())
        Await({.step = start->step, .waits = watermark_ != kForever});
      walk_.Beginnings(obstacles);
    }
    Arrange();
    return std::move(miss_);
  }

 private:
  void BehindWay(const Way& way, Obstacles& obstacles) {
    for (const Way::Link& link : way.events) miss_.taken.emplace_back(link.step, link.event);
    miss_.outcome = NearMiss::Outcome::kStopped;
    const rules::WayMask open = walk_.Behind(way, obstacles);
    const std::vector<const Move*> moves = walk_.Moves(way);
    Beside beside(way, moves, obstacles);
    walk_.Along(way, beside);
    for (const Move* move : moves) {
      Awaited awaited{.step = move->step};
      awaited.again = !way.taken[move->step].empty();
      awaited.of_all_of = MissingOfAllOf(reading_.rule().pattern, move->step, way.taken);
      awaited.latest = walk_.LatestFor(way, *move);
      awaited.waits = (open >> move->way & 1) != 0 && StillToCome(awaited.latest);
      Await(awaited);
    }
    if (obstacles.completed()) return Completed(way);
    const bool accepts = reading_.automaton().states[way.at.state].accepts;
    if (accepts && miss_.outcome == NearMiss::Outcome::kStopped) {
      miss_.outcome = NearMiss::Outcome::kPending;
      miss_.latest = kNever;
      for (const Awaited& awaited : miss_.next) {
        if (awaited.waits) miss_.latest = std::max(miss_.latest, awaited.latest);
      }
    }
  }

  void Completed(const Way& way) {
    if (miss_.outcome == NearMiss::Outcome::kBroken) return;
    miss_.outcome = NearMiss::Outcome::kComplete;
    for (const uint32_t absence : reading_.automaton().trailing) {
      const int64_t deadline = walk_.Deadline(way, absence);
      if (!StillToCome(deadline)) continue;
      const bool later = miss_.outcome == NearMiss::Outcome::kPending && deadline < miss_.latest;
      miss_.outcome = NearMiss::Outcome::kPending;
      if (!later) miss_.latest = deadline;
    }
  }

  bool StillToCome(int64_t time) const { return watermark_ != kForever && watermark_ <= time; }

  // Of moves of one step the one that waits longest.
  void Await(const Awaited& awaited) {
    const auto known = std::find_if(miss_.next.begin(), miss_.next.end(),
                                    [&](const Awaited& o) { return o.step == awaited.step; });
    if (known == miss_.next.end()) {
      miss_.next.push_back(awaited);
    } else if (std::tuple(known->waits, known->latest) <
               std::tuple(awaited.waits, awaited.latest)) {
      *known = awaited;
    }
  }

  void Arrange() {
    std::sort(miss_.next.begin(), miss_.next.end(),
              [](const Awaited& a, const Awaited& b) { return a.step < b.step; });
    DropOtherKeys(miss_.obstacles);
    std::stable_sort(miss_.obstacles.begin(), miss_.obstacles.end(),
                     [](const Obstacle& a, const Obstacle& b) {
                       return std::tuple(a.step, a.event) < std::tuple(b.step, b.event);
                     });
  }

  const RuleReading& reading_;
  const std::vector<const Event*>& events_;
  Scratch& scratch_;
  const int64_t watermark_;
  WayWalk walk_;
  NearMiss miss_;
};

}  // namespace

NearMiss FindNearMiss(const RuleReading& reading, const std::vector<const Event*>& events,
                      const Key& key, Scratch& scratch) {
  WayWalk walk(reading, events, key, scratch);
  Farthest farthest(reading, walk, kForever);
  walk.All(farthest);
  NearMiss miss = Telling(reading, events, key, scratch, kForever).Of(farthest.of_all());
  miss.exhausted = walk.exhausted();
  return miss;
}

KeyStory TellKey(const RuleReading& reading, const std::vector<const Event*>& events,
                 const Key& key, Scratch& scratch, int64_t watermark) {
  WayWalk walk(reading, events, key, scratch, watermark);
  Farthest farthest(reading, walk, watermark);
  walk.All(farthest);
  KeyStory story;
  story.matches = farthest.matches();
  if (farthest.matched()) {
    for (const Way::Link& link : farthest.matched()->events)
      story.last_match.emplace_back(link.step, link.event);
  }
  const bool told = farthest.living() || farthest.ended() || !farthest.matched();
  if (told) {
    const std::optional<Way>& way = farthest.living() ? farthest.living() : farthest.ended();
    story.progress = Telling(reading, events, key, scratch, watermark).Of(way);
  }
  story.exhausted = walk.exhausted();
  return story;
}

}  // namespace telltale::engine
