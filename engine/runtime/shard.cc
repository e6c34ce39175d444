#include "engine/runtime/shard.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <utility>
#include <variant>

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

// Whether the set runs the rule, too, with the same meaning, so that state goes from one to the
// other (C3).
bool GoesOn(const rules::RuleSet& set, const rules::Rule& rule) {
  const auto it = std::lower_bound(
      set.rules.begin(), set.rules.end(), rule.id,
      [](const rules::Rule& other, const std::string& id) { return other.id < id; });
  return it != set.rules.end() && it->id == rule.id && it->fingerprint == rule.fingerprint &&
         it->Runs();
}

void Continue(const rules::Rule& old_rule, const RuleCounters& from, const rules::Rule& rule,
              RuleCounters& to) {
  to.matches.Set(from.matches.Get());
  to.alerts.Set(from.alerts.Get());
  to.suppressed.Set(from.suppressed.Get());
  to.excepted.Set(from.excepted.Get());
  for (size_t i = 0; i < old_rule.exceptions.size(); ++i) {
    for (size_t j = 0; j < rule.exceptions.size(); ++j) {
      if (rule.exceptions[j].name == old_rule.exceptions[i].name)
        to.excepted_by[j].Set(from.excepted_by[i].Get());
    }
  }
  to.duplicates.Set(from.duplicates.Get());
  to.warm_up_quiet.Set(from.warm_up_quiet.Get());
  to.condition_errors.Set(from.condition_errors.Get());
  to.limit_hits.Set(from.limit_hits.Get());
  to.ties.Set(from.ties.Get());
  to.retracted.Set(from.retracted.Get());
}

}  // namespace

Shard::Shard(uint32_t number, std::shared_ptr<const CompiledRules> rules,
             std::vector<int64_t> max_out_of_orderness, uint32_t index_from, uint32_t warm_keys,
             AlertSink& sink, std::function<void(std::unique_ptr<Batch>)> recycle,
             std::function<void(std::unique_ptr<FedAlerts>)> give)
    : number_(number),
      max_out_of_orderness_(std::move(max_out_of_orderness)),
      sink_(sink),
      recycle_(std::move(recycle)),
      give_(std::move(give)) {
  memory_.index_from = index_from;
  memory_.warm.set_limit(warm_keys);
  speculation_memory_.index_from = index_from;
  speculation_memory_.warm.set_limit(warm_keys);
  speculation_memory_.keys_apart = true;
  sets_.push_back(MakeState(std::move(rules), 1));
  counts_ = {.rules = sets_.back().rules, .table = sets_.back().counters};
}

Shard::RuleSetState Shard::MakeState(std::shared_ptr<const CompiledRules> rules,
                                     uint64_t generation) const {
  RuleSetState state;
  state.generation = generation;
  state.rules = std::move(rules);
  state.counters = std::make_shared<RuleCountersTable>(state.rules->rules->rules.size());
  for (size_t i = 0; i < state.counters->size(); ++i) {
    (*state.counters)[i].excepted_by =
        std::vector<Counter>(state.rules->rules->rules[i].exceptions.size());
  }
  state.lanes.resize(groups_.size() * state.lane_count());
  return state;
}

void Shard::MakeLanes(size_t number, uint32_t group, std::optional<int64_t> begin) {
  RuleSetState& set = sets_[number];
  for (uint32_t lane = 0; lane < set.lane_count(); ++lane) {
    int64_t disorder = 0;
    for (const uint32_t stream : set.rules->routing->lanes[lane].streams) {
      if (stream < max_out_of_orderness_.size())
        disorder = std::max(disorder, max_out_of_orderness_[stream]);
    }
    set.lane(group, lane) = std::make_unique<ShardLane>(
        *set.rules, lane, std::max(kLeastBucket, disorder / kBucketsInDisorder), begin, memory_,
        speculation_memory_, scratch_, *set.counters, [this](Batch* batch) { Recycle(batch); },
        [this, group, rules = set.rules.get()](uint32_t rule, const Match& match,
                                               const Alert& alert, bool suppressed) {
          Feed(group, *rules, rule, match, alert, suppressed);
        },
        [this, group, generation = set.generation](Alert alert, const Hash128& key) {
          Hold(group, generation, std::move(alert), key);
        });
    if (number == 0) continue;
    const rules::RuleSet& before = *sets_[number - 1].rules->rules;
    set.lane(group, lane)->AwaitState([&](const rules::Rule& rule) {
      return GoesOn(before, rule);
    });
  }
}

void Shard::Handle(std::unique_ptr<Batch> owned) {
  Batch* batch = owned.release();  // from here on it is held by what waits of it
  ++batch->waiting;
  std::vector<Alert> alerts;
  alerts.reserve(last_alerts_);
  for (const Command& command : batch->commands)
    std::visit([&](const auto& one) { Obey(one, alerts); }, command);
  size_t earlier = 0;
  for (uint32_t d = 0; d < batch->deliveries.size(); ++d) {
    NoteEarlierEvents(*batch, earlier, d);
    const Delivery& delivery = batch->deliveries[d];
    RuleSetState* set = Find(delivery.generation);
    if (set == nullptr) continue;
    // A lane that has handed over has settled all that was on time for it.
    if (const auto& lane = set->lane(delivery.key_group, delivery.lane))
      lane->Take(batch, d, alerts);
  }
  NoteEarlierEvents(*batch, earlier, batch->deliveries.size());
  for (size_t i = 0; i < batch->old_lanes.size(); ++i) {
    // Oldest first: a lane hands its state over before its successor goes on.
    if (const RuleSetState* set = Find(batch->oldest + i)) {
      SettleOld(set->generation - sets_.front().generation, batch->old_lanes[i], alerts);
    }
  }
  for (size_t i = 0; i < batch->lanes.size(); ++i) {
    if (const auto& lane = sets_.back().lanes[i]) lane->Settle(batch->lanes[i], alerts);
  }
  const auto done = [](const std::unique_ptr<ShardLane>& lane) { return lane == nullptr; };
  while (sets_.size() > 1 &&
         std::all_of(sets_.front().lanes.begin(), sets_.front().lanes.end(), done))
    sets_.pop_front();
  held_bytes_.store(
      static_cast<int64_t>(memory_.blocks.bytes() + speculation_memory_.blocks.bytes()),
      std::memory_order_relaxed);
  const uint64_t epoch = batch->epoch;
  if (--batch->waiting == 0) Recycle(batch);
  if (fed_ != nullptr) give_(std::move(fed_));
  last_alerts_ = alerts.size();
  if (alerts.empty()) return;
  // What is not settled keeps the order in which it was told, and nothing settled comes before it
  // that it speaks of. What is settled comes in its order where it is one rule's.
  const auto before = [](const Alert& a, const Alert& b) { return Before(a, b); };
  const auto is_early = [](const Alert& alert) { return alert.status != AlertStatus::kFinal; };
  auto settled = alerts.begin();
  if (std::any_of(alerts.begin(), alerts.end(), is_early))
    settled = std::stable_partition(alerts.begin(), alerts.end(), is_early);
  if (!std::is_sorted(settled, alerts.end(), before))
    std::stable_sort(settled, alerts.end(), before);
  sink_.Deliver(number_, epoch, std::move(alerts));
}

// Those that count for this delivery.
void Shard::NoteEarlierEvents(const Batch& batch, size_t& next, size_t delivery) {
  for (; next < batch.earlier_events.size(); ++next) {
    const EarlierEvent& earlier = batch.earlier_events[next];
    if (earlier.delivery > delivery) return;
    RuleSetState* set = Find(earlier.generation);
    if (set == nullptr) continue;
    if (const auto& lane = set->lanes[earlier.lane]) lane->NoteEarlierEvent(earlier.time);
  }
}

Shard::RuleSetState* Shard::Find(uint64_t generation) {
  const uint64_t oldest = sets_.front().generation;
  return generation < oldest ? nullptr : &sets_[generation - oldest];
}

void Shard::Obey(const BeginGroup& begin, std::vector<Alert>&) {
  const uint32_t group = begin.key_group;
  if (groups_.size() <= group) groups_.resize(group + 1);
  groups_[group] = true;
  incarnations_.resize(groups_.size());
  ++incarnations_[group];
  for (size_t set = 0; set < sets_.size(); ++set) {
    sets_[set].lanes.resize(groups_.size() * sets_[set].lane_count());
    MakeLanes(set, group, std::nullopt);
  }
}

// What was told early of its keys is left to whoever has the group next.
void Shard::Obey(const EndGroup& end, std::vector<Alert>&) {
  groups_[end.key_group] = false;
  for (RuleSetState& set : sets_) {
    for (size_t lane = 0; lane < set.lane_count(); ++lane) set.lane(end.key_group, lane).reset();
  }
}

void Shard::Obey(const RecodeState& recode, std::vector<Alert>&) {
  for (const RuleSetState& set : sets_) {
    const CompiledRules& rules = *set.rules;
    const LayoutBook written(*rules.rules->streams, rules.layouts);
    std::string description;
    ByteWriter writer(description);
    written.Describe(writer);
    std::vector<std::string> states(set.lanes.size());
    for (size_t i = 0; i < set.lanes.size(); ++i) {
      if (set.lanes[i] != nullptr) set.lanes[i]->EncodeState(written, states[i]);
    }
    for (const auto& lane : set.lanes) {
      if (lane != nullptr) lane->ForgetKeys();
    }
    LayoutBook read(*rules.rules->streams, rules.layouts);
    ByteReader reader(description);
    read.Learn(reader);
    absl::Status status = reader.status();
    size_t bytes = description.size();
    EventDecoder events(read, memory_.events);
    for (size_t i = 0; i < set.lanes.size(); ++i) {
      bytes += states[i].size();
      if (set.lanes[i] != nullptr) status.Update(set.lanes[i]->DecodeState(states[i], events));
    }
    const std::lock_guard<std::mutex> lock(recode.recoded->mutex);
    recode.recoded->status.Update(status);
    recode.recoded->bytes += bytes;
  }
}

void Shard::Obey(const DropPartition& drop, std::vector<Alert>& alerts) {
  for (RuleSetState& set : sets_) {
    for (size_t l = 0; l < set.lane_count(); ++l) {
      const auto& lane = set.lane(drop.key_group, l);
      if (lane != nullptr) lane->Obey(drop, alerts);
    }
  }
  if (drop.forget_keys) ++incarnations_[drop.key_group];
}

void Shard::Obey(const SwitchRules& change, std::vector<Alert>& alerts) {
  RuleSetState& before = sets_.back();  // stays where it is: a deque
  before.until = change.from;
  for (auto& lane : before.lanes) {
    if (lane == nullptr) continue;
    const auto goes_on = [&](const rules::Rule& rule) {
      return GoesOn(*change.rules->rules, rule);
    };
    lane->DropAfter(change.from, goes_on, alerts);
  }
  sets_.push_back(MakeState(change.rules, change.generation));
  RuleSetState& after = sets_.back();
  after.from = change.from;
  for (uint32_t group = 0; group < groups_.size(); ++group) {
    if (groups_[group]) MakeLanes(sets_.size() - 1, group, change.from);
  }
  const std::lock_guard<std::mutex> lock(counts_mutex_);
  // A rule that stays goes on counting where it was.
  const auto& old_rules = before.rules->rules->rules;
  const auto& rules = after.rules->rules->rules;
  for (size_t i = 0, j = 0; i < old_rules.size() && j < rules.size();) {
    if (old_rules[i].id < rules[j].id) {
      ++i;
    } else if (rules[j].id < old_rules[i].id) {
      ++j;
    } else {
      Continue(old_rules[i], (*before.counters)[i], rules[j], (*after.counters)[j]);
      ++i;
      ++j;
    }
  }
  counts_ = {.rules = after.rules, .table = after.counters};
}

// Rules that end get events up to T_s; a lane that has passed it hands its state over and is gone.
void Shard::SettleOld(size_t set, const std::vector<LaneTime>& times, std::vector<Alert>& alerts) {
  const int64_t until = sets_[set].until;
  const size_t lane_count = sets_[set].lane_count();
  for (size_t i = 0; i < times.size(); ++i) {
    std::unique_ptr<ShardLane>& old = sets_[set].lanes[i];
    if (old == nullptr) continue;
    const bool done = times[i].watermark > until;
    old->Settle(
        {.watermark = done ? until + 1 : times[i].watermark, .first_event = times[i].first_event},
        alerts);
    if (!done) continue;
    HandOver(set, static_cast<uint32_t>(i / lane_count), static_cast<uint32_t>(i % lane_count),
             alerts);
    old.reset();
  }
}

// Mostly that is the set of its rule. But a match that has waited (P7, P8) may have its time before
// the switch that its state has come through: then it is for the readers before.
void Shard::Feed(uint32_t group, const CompiledRules& rules, uint32_t rule, const Match& match,
                 const Alert& alert, bool suppressed) {
  const auto at = std::find_if(sets_.begin(), sets_.end(),
                               [&](const RuleSetState& set) { return alert.time <= set.until; });
  if (at == sets_.end() || alert.time <= at->from) return;
  const AlertPlan& plan = rules.routing->plans[rule];
  std::optional<AlertEventPlan> foreign;
  if (at->rules.get() != &rules) {
    const auto& its_rules = at->rules->rules->rules;
    const auto known =
        std::find_if(its_rules.begin(), its_rules.end(),
                     [&](const rules::Rule& one) { return one.id == alert.rule->id; });
    if (known == its_rules.end() || !known->feeds || (suppressed && !known->feeds_suppressed))
      return;
    const rules::StreamCatalog& streams = *at->rules->rules->streams;
    foreign.emplace(*alert.rule, streams, at->rules->layouts[streams.alerts()]);
  } else if (!plan.feeds() || (suppressed && !plan.feeds_suppressed())) {
    return;
  }
  if (fed_ == nullptr) fed_ = std::make_unique<FedAlerts>();
  const Event* event =
      plan.MakeEvent(match, alert, suppressed, foreign ? &*foreign : nullptr, scratch_, builder_);
  fed_->Append(*event, {.event = 0,
                        .key_group = group,
                        .incarnation = incarnations_[group],
                        .generation = at->generation});
}

void Shard::Hold(uint32_t group, uint64_t generation, Alert alert, const Hash128& key) {
  if (fed_ == nullptr) fed_ = std::make_unique<FedAlerts>();
  fed_->undecided.push_back({.undecided = {.alert = std::move(alert), .key = key},
                             .key_group = group,
                             .incarnation = incarnations_[group],
                             .generation = generation});
}

// C3: to the next set, which may be one that ends, too.
void Shard::HandOver(size_t set, uint32_t group, uint32_t lane, std::vector<Alert>& alerts) {
  RuleSetState& from = sets_[set];
  RuleSetState& to = sets_[set + 1];
  const auto& old_rules = from.rules->rules->rules;
  const auto& old_indexes = from.rules->routing->lanes[lane].rules;
  Relayout relayout(*from.rules, *to.rules, memory_.events);
  const auto relaid = [&relayout](EventHandle handle) { return relayout(handle); };
  std::map<std::string_view, uint32_t> numbers;
  for (uint32_t number = 0; number < old_indexes.size(); ++number)
    numbers.emplace(old_rules[old_indexes[number]].id, number);
  for (uint32_t l = 0; l < to.lane_count(); ++l) {
    const auto& indexes = to.rules->routing->lanes[l].rules;
    for (uint32_t mine = 0; mine < indexes.size(); ++mine) {
      const rules::Rule& rule = to.rules->rules->rules[indexes[mine]];
      const auto it = numbers.find(rule.id);
      if (it == numbers.end() || old_rules[old_indexes[it->second]].fingerprint != rule.fingerprint)
        continue;
      // Never null: it has the same streams, and so no greater watermark than the lane before it;
      // where it reads alerts it waits for what it takes over (ActiveRules).
      to.lane(group, l)->TakeOver(mine, *from.lane(group, lane), it->second, relaid, alerts);
    }
  }
  from.lane(group, lane)->RetractAll(alerts);
}

void Shard::Recycle(Batch* batch) { recycle_(std::unique_ptr<Batch>(batch)); }

Shard::Counts Shard::counts() const {
  const std::lock_guard<std::mutex> lock(counts_mutex_);
  return counts_;
}

}  // namespace telltale::engine
