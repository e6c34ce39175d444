#include "engine/runtime/active_rules.h"

#include <algorithm>
#include <utility>

namespace telltale::engine {
namespace {

constexpr LaneTime kNone{.watermark = kMinTime, .first_event = kMinTime};

}  // namespace

ActiveRules::ActiveRules(std::shared_ptr<const CompiledRules> rules, uint64_t generation,
                         uint32_t groups)
    : compiled_(std::move(rules)),
      router_(std::make_shared<Router>(*compiled_->routing)),
      times_(groups * compiled_->routing->lanes.size(), kNone),
      generation_(generation) {}

void ActiveRules::BeginGroup(uint32_t group) {
  const size_t lanes = compiled_->routing->lanes.size();
  times_.resize(std::max(times_.size(), (group + 1) * lanes), kNone);
  std::fill_n(times_.begin() + static_cast<ptrdiff_t>(group * lanes), lanes, kNone);
}

// The least over the partitions of the lane's streams, idle ones left out; where all are idle,
// nothing holds the greatest of them back.
void ActiveRules::Advance(uint32_t group, const StreamTime* streams, bool finished) {
  const std::vector<Lane>& lanes = compiled_->routing->lanes;
  for (size_t l = 0; l < lanes.size(); ++l) {
    int64_t least = kMaxTime;
    int64_t greatest_idle = kMinTime;
    int64_t first_event = kMaxTime;
    for (const uint32_t stream : lanes[l].streams) {
      least = std::min(least, streams[stream].active);
      greatest_idle = std::max(greatest_idle, streams[stream].idle);
      first_event = std::min(first_event, streams[stream].first_event);
    }
    if (least == kMaxTime && !finished) least = greatest_idle;
    LaneTime& time = times_[group * lanes.size() + l];
    time.watermark = std::max(time.watermark, finished ? kMaxTime : least);
    time.first_event = first_event;
  }
}

bool ActiveRules::PassedBy(uint32_t group) const {
  const size_t lanes = compiled_->routing->lanes.size();
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
    for (const uint32_t stream : lanes[l].streams) {
      settled[stream] = std::min(settled[stream], times_[group * lanes.size() + l].watermark);
    }
  }
}

}  // namespace telltale::engine
