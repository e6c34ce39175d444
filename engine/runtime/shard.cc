#include "engine/runtime/shard.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

#include "engine/event/event.h"

namespace telltale::engine {
namespace {

// A bucket of the reorder buffer spans a fraction of the disorder, but enough events to be worth a
// bucket.
constexpr int64_t kLeastBucket = 100'000'000;
constexpr int64_t kBucketsInDisorder = 16;

// Rewrites held events from the layout of one rule set to that of the next, each once.
class Relayout {
 public:
  Relayout(const CompiledRules& from, const CompiledRules& to, EventStore& events)
      : from_(from), to_(to), events_(events) {}
  ~Relayout() {
    for (const auto& [old, fresh] : fresh_) events_.Unref(fresh);
    for (const EventHandle old : pinned_) events_.Unref(old);
  }
  Relayout(const Relayout&) = delete;
  Relayout& operator=(const Relayout&) = delete;

  // The event in the new layout, with a reference for the caller; of a handle that was rewritten
  // before, itself.
  EventHandle operator()(EventHandle handle) {
    if (made_.contains(handle)) {
      events_.Ref(handle);
      return handle;
    }
    auto [it, added] = fresh_.try_emplace(handle, 0);
    if (added) {
      events_.Ref(handle);  // a handle must not be used again while it stands for this event here
      pinned_.push_back(handle);
      it->second = Rewrite(events_[handle]);
      made_.insert(it->second);
    }
    events_.Ref(it->second);
    return it->second;
  }

 private:
  EventHandle Rewrite(const Event& event) {
    const EventLayout& old_layout = from_.layouts[event.stream];
    const EventLayout& layout = to_.layouts[event.stream];
    builder_.Begin(event.stream, layout.slot_count());
    for (uint32_t slot = 0; slot < layout.slot_count(); ++slot) {
      // A field that only the new rules read was not kept of an event from before them: it is
      // absent.
      if (const auto old_slot = old_layout.Find(layout.fields()[slot].path)) {
        builder_.SetCopy(builder_.slot(slot), event.slot(*old_slot));
      }
    }
    return events_.Hold(*builder_.Finish(event.time, event.partition, event.offset));
  }

  const CompiledRules& from_;
  const CompiledRules& to_;
  EventStore& events_;
  EventBuilder builder_;
  std::map<EventHandle, EventHandle> fresh_;
  std::set<EventHandle> made_;
  std::vector<EventHandle> pinned_;
};

void Continue(const RuleCounters& from, RuleCounters& to) {
  to.matches.Set(from.matches.Get());
  to.alerts.Set(from.alerts.Get());
  to.suppressed.Set(from.suppressed.Get());
  to.warm_up_quiet.Set(from.warm_up_quiet.Get());
  to.condition_errors.Set(from.condition_errors.Get());
  to.limit_hits.Set(from.limit_hits.Get());
  to.ties.Set(from.ties.Get());
}

}  // namespace

Shard::Shard(uint32_t number, std::shared_ptr<const CompiledRules> rules,
             std::vector<int64_t> max_out_of_orderness, AlertSink& sink,
             std::function<void(std::unique_ptr<Batch>)> recycle)
    : number_(number),
      max_out_of_orderness_(std::move(max_out_of_orderness)),
      sink_(sink),
      recycle_(std::move(recycle)),
      current_(MakeState(std::move(rules), std::nullopt)) {
  counts_ = {.rules = current_.rules, .table = current_.counters};
}

Shard::RuleSetState Shard::MakeState(std::shared_ptr<const CompiledRules> rules,
                                     std::optional<int64_t> begin) {
  RuleSetState state;
  state.rules = std::move(rules);
  state.counters = std::make_shared<RuleCountersTable>(state.rules->rules->rules.size());
  for (uint32_t lane = 0; lane < state.rules->routing->lanes.size(); ++lane) {
    int64_t disorder = 0;
    for (const uint32_t stream : state.rules->routing->lanes[lane].streams) {
      if (stream < max_out_of_orderness_.size())
        disorder = std::max(disorder, max_out_of_orderness_[stream]);
    }
    state.lanes.push_back(std::make_unique<ShardLane>(
        *state.rules, lane, std::max(kLeastBucket, disorder / kBucketsInDisorder), begin, memory_,
        scratch_, *state.counters, [this](Batch* batch) { Released(batch); }));
  }
  return state;
}

void Shard::Handle(std::unique_ptr<Batch> owned) {
  Batch* batch = owned.release();  // from here on it is held by what waits of it
  ++batch->waiting;
  if (batch->change) Begin(*batch->change);
  for (const Batch::Drop& drop : batch->drops) {
    for (RuleSetState* state : {&old_, &current_}) {
      for (auto& lane : state->lanes) {
        if (lane != nullptr) lane->DropPartition(drop);
      }
    }
  }
  for (uint32_t d = 0; d < batch->deliveries.size(); ++d) {
    const Delivery& delivery = batch->deliveries[d];
    (delivery.old_rules ? old_ : current_).lanes[delivery.lane]->Push(batch, d);
  }
  std::vector<Alert> alerts;
  if (old_.rules != nullptr) SettleOld(batch->old_lanes, alerts);
  for (uint32_t lane = 0; lane < batch->lanes.size(); ++lane)
    current_.lanes[lane]->Settle(batch->lanes[lane], alerts);
  held_bytes_.store(static_cast<int64_t>(memory_.events.bytes()), std::memory_order_relaxed);
  const uint64_t epoch = batch->epoch;
  Released(batch);
  if (alerts.empty()) return;
  if (alerts.size() > 1) {
    std::stable_sort(alerts.begin(), alerts.end(),
                     [](const Alert& a, const Alert& b) { return Before(a, b); });
  }
  sink_.Deliver(number_, epoch, std::move(alerts));
}

void Shard::Begin(const Batch::Switch& change) {
  old_ = std::move(current_);
  switch_at_ = change.from;
  for (auto& lane : old_.lanes) lane->DropAfter(switch_at_);
  current_ = MakeState(change.rules, switch_at_);
  {
    const std::lock_guard<std::mutex> lock(counts_mutex_);
    // A rule that stays goes on counting where it was.
    const auto& before = old_.rules->rules->rules;
    const auto& after = current_.rules->rules->rules;
    for (size_t i = 0, j = 0; i < before.size() && j < after.size();) {
      if (before[i].id < after[j].id) {
        ++i;
      } else if (after[j].id < before[i].id) {
        ++j;
      } else {
        Continue((*old_.counters)[i++], (*current_.counters)[j++]);
      }
    }
    counts_ = {.rules = current_.rules, .table = current_.counters};
  }
  if (old_.lanes.empty()) old_ = {};
}

// The old rules get events up to T_s; a lane that has passed it hands its state over and is gone.
void Shard::SettleOld(const std::vector<LaneTime>& times, std::vector<Alert>& alerts) {
  bool all_done = true;
  for (uint32_t lane = 0; lane < times.size(); ++lane) {
    std::unique_ptr<ShardLane>& old = old_.lanes[lane];
    if (old == nullptr) continue;
    const bool done = times[lane].watermark > switch_at_;
    old->Settle({.watermark = done ? switch_at_ + 1 : times[lane].watermark,
                 .first_event = times[lane].first_event},
                alerts);
    if (done) {
      HandOver(*old, lane);
      old.reset();
    } else {
      all_done = false;
    }
  }
  if (all_done && !times.empty()) old_ = {};
}

void Shard::HandOver(ShardLane& old, uint32_t lane) {
  const auto& old_rules = old_.rules->rules->rules;
  const auto& old_indexes = old_.rules->routing->lanes[lane].rules;
  Relayout relayout(*old_.rules, *current_.rules, memory_.events);
  const auto relaid = [&relayout](EventHandle handle) { return relayout(handle); };
  std::map<std::string_view, uint32_t> numbers;
  for (uint32_t number = 0; number < old_indexes.size(); ++number)
    numbers.emplace(old_rules[old_indexes[number]].id, number);
  for (uint32_t l = 0; l < current_.lanes.size(); ++l) {
    const auto& indexes = current_.rules->routing->lanes[l].rules;
    for (uint32_t mine = 0; mine < indexes.size(); ++mine) {
      const rules::Rule& rule = current_.rules->rules->rules[indexes[mine]];
      const auto it = numbers.find(rule.id);
      if (it == numbers.end() || old_rules[old_indexes[it->second]].fingerprint != rule.fingerprint)
        continue;
      current_.lanes[l]->TakeOver(mine, old, it->second, relaid);
    }
  }
}

void Shard::Released(Batch* batch) {
  if (--batch->waiting == 0) recycle_(std::unique_ptr<Batch>(batch));
}

Shard::Counts Shard::counts() const {
  const std::lock_guard<std::mutex> lock(counts_mutex_);
  return counts_;
}

}  // namespace telltale::engine
