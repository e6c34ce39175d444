// Changes of rules (C2), keys of rules under watch, and what is kept of keys as bytes.
#include <algorithm>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "engine/runtime/engine_impl.h"
#include "engine/runtime/routing.h"
#include "engine/runtime/waiting_circles.h"

namespace telltale::engine {

// --- Change of rules ---

int64_t EngineImpl::Switch(std::shared_ptr<const CompiledRules> rules) {
  for (auto& worker : workers_) Send(*worker, false);
  // Never before an earlier switch, even where no lane of the rules between has come so far.
  // What has alerted at once is not to be judged again by the new rules.
  switch_at_ = std::max({switch_at_, sets_.back().Greatest(), alerted_at_once_});
  const uint64_t generation = generation_.fetch_add(1) + 1;
  Tell(SwitchRules{.rules = rules, .from = switch_at_, .generation = generation});
  sets_.back().EndAt(switch_at_);
  if (!watches_.empty()) watches_.Restart(rules, switch_at_);
  joint_.Begin(rules, generation);
  sets_.emplace_back(std::move(rules), generation, static_cast<uint32_t>(groups_.size()));
  sets_[sets_.size() - 2].FollowedBy(sets_.back());
  BreakWaitingCircles(sets_);
  for (uint32_t group = 0; group < groups_.size(); ++group) {
    if (groups_[group].live()) TellEarlierEvent(sets_.back(), group, std::nullopt);
  }
  Publish();
  return switch_at_;
}

void EngineImpl::RereadFrom(PartitionKey key, int64_t from, int64_t until,
                            int64_t max_time_before) {
  PartitionState& partition = StateOf(key);
  if (from >= until) return;
  partition.reread_until = until;
  partition.idle = false;
  const int64_t disorder = key.stream < options_.max_out_of_orderness.size()
                               ? options_.max_out_of_orderness[key.stream]
                               : 0;
  partition.reread = PartitionClock(disorder, partition.clock.floor(), max_time_before);
}

// --- Keys under watch ---

int64_t EngineImpl::WatermarkOf(uint32_t rule, uint32_t group) const {
  const ActiveRules& rules = sets_.back();
  const std::vector<Lane>& lanes = rules.compiled().routing->lanes;
  for (size_t lane = 0; lane < lanes.size(); ++lane) {
    const std::vector<uint32_t>& of_lane = lanes[lane].rules;
    if (std::find(of_lane.begin(), of_lane.end(), rule) == of_lane.end()) continue;
    if (lanes[lane].at_once) return kMaxTime;  // K2: nothing waits
    const size_t at = group * lanes.size() + lane;
    return at < rules.times().size() ? rules.times()[at].watermark : kMinTime;
  }
  return kMinTime;
}

absl::Status EngineImpl::Watch(const std::string& rule, const rules::KeyParts& key,
                               const WatchLimits& limits) {
  const std::shared_ptr<const CompiledRules>& compiled = sets_.back().shared();
  const std::vector<rules::Rule>& all = compiled->rules->rules;
  for (uint32_t index = 0; index < all.size(); ++index) {
    if (all[index].id != rule) continue;
    int64_t since = kMinTime;
    for (uint32_t group = 0; group < groups_.size(); ++group)
      since = std::max(since, WatermarkOf(index, group));
    return watches_.Begin(compiled, index, key, limits, since);
  }
  return absl::NotFoundError(absl::StrCat("there is no rule '", rule, "'"));
}

// Where partitions are key groups, a key's events are all of one.
std::vector<WatchedKey> EngineImpl::Watched() const {
  std::vector<WatchedKey> keys = watches_.Watched();
  for (WatchedKey& key : keys) {
    const uint32_t group =
        key.blocks.empty() ? 0 : GroupOf(key.event(key.blocks.size() - 1).partition);
    key.watermark = WatermarkOf(key.rule, group);
  }
  return keys;
}

// --- State as bytes ---

absl::StatusOr<size_t> EngineImpl::RecodeState() {
  const auto recoded = std::make_shared<Recoded>();
  Flush();
  Tell(engine::RecodeState{.recoded = recoded});
  Flush();
  Wait();
  recoded->status.Update(joint_.Recode(recoded->bytes));
  if (!recoded->status.ok()) return recoded->status;
  return recoded->bytes;
}

}  // namespace telltale::engine
