#include "engine/reading/near_miss.h"

#include <algorithm>
#include <optional>
#include <tuple>

#include "engine/reading/way_walk.h"

namespace telltale::engine {
namespace {

// Remembers the way that got farthest; of equal ones the one that came first.
class Farthest final : public WayObserver {
 public:
  explicit Farthest(const WayWalk& walk) : walk_(walk) {}
  const std::optional<Way>& way() const { return best_; }

  void OnWay(const Way& way) override {
    const auto reach = [&](const Way& w) {
      return std::tuple(walk_.Complete(w), w.step(), w.events.size());
    };
    if (!best_ || reach(*best_) < reach(way)) best_ = way;
  }

 private:
  const WayWalk& walk_;
  std::optional<Way> best_;
};

// Notes what stands behind one way, or before any.
class Obstacles final : public WayObserver {
 public:
  Obstacles(const RuleReading& reading, const std::vector<const Event*>& events, const Key& key,
            Scratch& scratch, NearMiss& miss)
      : reading_(reading), events_(events), key_(key), scratch_(scratch), miss_(miss) {}

  void OnTest(uint32_t role, size_t event, const Taken& taken, Fit fit) override {
    if (role >= reading_.steps() || fit == Fit::kFits || fit == Fit::kOtherStream) return;
    Obstacle& obstacle = Add(ObstacleKind::kCondition, role, event);
    if (fit == Fit::kNoKey) obstacle.kind = ObstacleKind::kNoKey;
    if (fit == Fit::kOtherKey) {
      obstacle.kind = ObstacleKind::kOtherKey;
      obstacle.key = reading_.KeyOf(role, *events_[event], scratch_).value_or(Key());
    }
    if (fit == Fit::kFalse || fit == Fit::kError) {
      const TakenFrame frame(taken, events_[event]);
      obstacle.parts = FailedParts(*reading_.selector(role).where, reading_.layouts(),
                                   reading_.inputs(), frame.frame(), scratch_);
    }
  }
  void OnStartBarred(uint32_t absence, size_t event, size_t earlier) override {
    Obstacle& obstacle = Add(ObstacleKind::kStartBarred, 0, event);
    obstacle.absence = absence;
    obstacle.earlier = earlier;
  }
  void OnTooLate(const Way&, uint32_t step, size_t event, int64_t latest) override {
    Add(ObstacleKind::kTooLate, step, event).latest = latest;
  }
  void OnBarred(const Way&, uint32_t step, uint32_t absence, size_t event) override {
    Add(ObstacleKind::kForbidden, step, event).absence = absence;
  }
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

  const RuleReading& reading_;
  const std::vector<const Event*>& events_;
  const Key& key_;
  Scratch& scratch_;
  NearMiss& miss_;
};

// Events of other keys say something only where nothing of this key came to the step.
void DropOtherKeys(std::vector<Obstacle>& obstacles) {
  const auto other = [](const Obstacle& obstacle) {
    return obstacle.kind == ObstacleKind::kOtherKey || obstacle.kind == ObstacleKind::kNoKey;
  };
  const auto has_own = [&](uint32_t step) {
    return std::any_of(obstacles.begin(), obstacles.end(), [&](const Obstacle& obstacle) {
      return obstacle.step == step && !other(obstacle);
    });
  };
  std::vector<uint32_t> own;
  for (const Obstacle& obstacle : obstacles) {
    if (has_own(obstacle.step)) own.push_back(obstacle.step);
  }
  std::erase_if(obstacles, [&](const Obstacle& obstacle) {
    return other(obstacle) && std::find(own.begin(), own.end(), obstacle.step) != own.end();
  });
}

}  // namespace

NearMiss FindNearMiss(const RuleReading& reading, const std::vector<const Event*>& events,
                      const Key& key, Scratch& scratch) {
  NearMiss miss;
  WayWalk walk(reading, events, key, scratch);
  Farthest farthest(walk);
  walk.All(farthest);
  Obstacles obstacles(reading, events, key, scratch, miss);
  WayWalk near(reading, events, key, scratch);
  if (const std::optional<Way>& way = farthest.way()) {
    miss.taken = way->events;
    miss.next = near.Next(*way);
    miss.outcome = near.Complete(*way) ? NearMiss::Outcome::kComplete : NearMiss::Outcome::kStopped;
    near.Behind(*way, obstacles);
  } else {
    miss.next = near.Starts();
    near.Beginnings(obstacles);
  }
  DropOtherKeys(miss.obstacles);
  std::stable_sort(miss.obstacles.begin(), miss.obstacles.end(),
                   [](const Obstacle& a, const Obstacle& b) {
                     return std::tuple(a.step, a.event) < std::tuple(b.step, b.event);
                   });
  return miss;
}

}  // namespace telltale::engine
