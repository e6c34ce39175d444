#include "engine/runtime/active_rules.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

#include "engine/time/saturation.h"

namespace telltale::engine {
namespace {

constexpr LaneTime kNone{.watermark = kMinTime, .first_event = kMinTime};

}  // namespace

ActiveRules::ActiveRules(std::shared_ptr<const CompiledRules> rules, uint64_t generation,
                         uint32_t groups)
    : compiled_(std::move(rules)),
      router_(std::make_shared<Router>(*compiled_->routing)),
      times_(groups * lane_count(), kNone),
      idle_(times_.size(), 0),
      applied_(times_.size()),
      heirs_(lane_count()),
      ancestors_(lane_count()),
      generation_(generation) {
  for (const Lane& lane : compiled_->routing->lanes) chained_ = chained_ || !lane.producers.empty();
}

void ActiveRules::BeginGroup(uint32_t group) {
  const size_t lanes = lane_count();
  times_.resize(std::max(times_.size(), (group + 1) * lanes), kNone);
  idle_.resize(times_.size(), 0);
  applied_.resize(times_.size());
  const auto begin = static_cast<ptrdiff_t>(group * lanes);
  std::fill_n(times_.begin() + begin, lanes, kNone);
  std::fill_n(idle_.begin() + begin, lanes, 0);
  std::fill_n(applied_.begin() + begin, lanes, Applied{});
}

// The least over the partitions of the lane's streams and over the lanes whose alerts come to it,
// idle ones left out; where all are idle, nothing holds the greatest of them back.
void ActiveRules::Advance(uint32_t group, const StreamTime* streams, bool finished,
                          const ActiveRules* before) {
  const std::vector<Lane>& lanes = compiled_->routing->lanes;
  for (uint32_t l = 0; l < lanes.size(); ++l) {
    int64_t least = kMaxTime;
    int64_t greatest_idle = kMinTime;
    int64_t first_event = kMaxTime;
    for (const uint32_t stream : lanes[l].streams) {
      if (!finished) least = std::min(least, streams[stream].active);
      greatest_idle = std::max(greatest_idle, streams[stream].idle);
      first_event = std::min(first_event, streams[stream].first_event);
    }
    for (const Producer& producer : lanes[l].producers) {
      const AlertTime time = TimeOf(l, producer, group);
      if (time.idle && !finished) {
        greatest_idle = std::max(greatest_idle, time.watermark);
      } else {
        least = std::min(least, time.watermark);
      }
      first_event =
          std::min(first_event, applied_[group * lanes.size() + producer.lane].time.first_event);
    }
    const size_t at = group * lanes.size() + l;
    idle_[at] = least == kMaxTime && !finished ? 1 : 0;
    if (idle_[at] != 0) least = greatest_idle;
    // What it has to take over must be there before it goes on.
    if (before != nullptr && !HasAll(l, group, *before)) least = std::min(least, before->until_);
    times_[at].watermark = std::max(times_[at].watermark, least);
    times_[at].first_event = first_event;
  }
}

// Where the producer has handed its state over, alerts with a time up to T_s may still come of its
// matches that wait; they are for the readers of this set. Other switches may have come since.
ActiveRules::AlertTime ActiveRules::TimeOf(uint32_t reader, const Producer& producer,
                                           uint32_t group) const {
  const Applied& applied = applied_[group * lane_count() + producer.lane];
  const int64_t watermark = applied.time.watermark;
  if (watermark <= until_ || until_ == kMaxTime) {
    const int64_t settled = watermark == kMaxTime ? kMaxTime : Minus(watermark, producer.wait);
    return {.watermark = settled, .idle = applied.idle};
  }
  if (producer.wait == 0 || not_awaited_.contains({reader, producer.lane}))
    return {.watermark = until_ + 1, .idle = false};
  const int64_t settled = SettledOf(producer.lane, group);
  return {.watermark =
              std::min(until_ + 1, settled == kMaxTime ? kMaxTime : Minus(settled, producer.wait)),
          .idle = false};
}

int64_t ActiveRules::SettledOf(uint32_t lane, uint32_t group) const {
  const int64_t watermark = applied_[group * lane_count() + lane].time.watermark;
  if (watermark <= until_) return watermark;
  int64_t least = kMaxTime;
  for (const uint32_t heir : heirs_[lane]) least = std::min(least, next_->SettledOf(heir, group));
  return least;
}

bool ActiveRules::HasAll(uint32_t lane, uint32_t group, const ActiveRules& before) const {
  return std::all_of(ancestors_[lane].begin(), ancestors_[lane].end(), [&](uint32_t ancestor) {
    return before.times_[group * before.lane_count() + ancestor].watermark > before.until_;
  });
}

std::vector<Applied> ActiveRules::Now() const {
  std::vector<Applied> now(times_.size());
  for (size_t i = 0; i < now.size(); ++i) now[i] = {.time = times_[i], .idle = idle_[i] != 0};
  return now;
}

bool ActiveRules::Apply(uint32_t group, const std::vector<Applied>& applied) {
  bool news = false;
  const size_t lanes = lane_count();
  for (size_t l = 0; l < lanes; ++l) {
    const size_t at = group * lanes + l;
    if (at >= applied.size() || applied[at] == applied_[at]) continue;
    applied_[at] = applied[at];
    news = true;
  }
  return news;
}

void ActiveRules::FollowedBy(ActiveRules& next) {
  next_ = &next;
  const std::vector<rules::Rule>& rules = compiled_->rules->rules;
  const std::vector<rules::Rule>& next_rules = next.compiled_->rules->rules;
  std::map<std::string_view, std::pair<uint32_t, const rules::Rule*>> lane_of;
  const std::vector<Lane>& next_lanes = next.compiled_->routing->lanes;
  for (uint32_t l = 0; l < next_lanes.size(); ++l) {
    for (const uint32_t rule : next_lanes[l].rules)
      lane_of[next_rules[rule].id] = {l, &next_rules[rule]};
  }
  const auto add = [](uint32_t lane, std::vector<uint32_t>& lanes) {
    if (std::find(lanes.begin(), lanes.end(), lane) == lanes.end()) lanes.push_back(lane);
  };
  const std::vector<Lane>& lanes = compiled_->routing->lanes;
  for (uint32_t l = 0; l < lanes.size(); ++l) {
    for (const uint32_t rule : lanes[l].rules) {
      const auto heir = lane_of.find(rules[rule].id);
      if (heir == lane_of.end() || heir->second.second->fingerprint != rules[rule].fingerprint)
        continue;
      add(heir->second.first, heirs_[l]);
      // One that waits for its own ancestor is kept back, too.
      if (!lanes[l].producers.empty() || !ancestors_[l].empty())
        add(l, next.ancestors_[heir->second.first]);
    }
  }
}

bool ActiveRules::PassedBy(uint32_t group) const {
  const size_t lanes = lane_count();
  const auto begin = times_.begin() + static_cast<ptrdiff_t>(group * lanes);
  return std::all_of(begin, begin + static_cast<ptrdiff_t>(lanes),
                     [this](const LaneTime& time) { return time.watermark > until_; });
}

int64_t ActiveRules::Greatest() const {
  int64_t greatest = kMinTime;
  for (const LaneTime& time : times_) greatest = std::max(greatest, time.watermark);
  return greatest;
}

int64_t ActiveRules::Floor(uint32_t stream, uint32_t group) const {
  const std::vector<Lane>& lanes = compiled_->routing->lanes;
  int64_t floor = kMinTime;
  for (size_t l = 0; l < lanes.size(); ++l) {
    if (std::binary_search(lanes[l].streams.begin(), lanes[l].streams.end(), stream))
      floor = std::max(floor, times_[group * lanes.size() + l].watermark);
  }
  return floor;
}

void ActiveRules::LowerTo(uint32_t group, int64_t* settled) const {
  const std::vector<Lane>& lanes = compiled_->routing->lanes;
  for (size_t l = 0; l < lanes.size(); ++l) {
    for (const uint32_t stream : lanes[l].sources) {
      settled[stream] = std::min(settled[stream], times_[group * lanes.size() + l].watermark);
    }
  }
}

}  // namespace telltale::engine
