#include "engine/runtime/engine.h"

#include <algorithm>
#include <atomic>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "engine/runtime/active_rules.h"
#include "engine/runtime/batch.h"
#include "engine/runtime/fed_alerts.h"
#include "engine/runtime/joint_suppressions.h"
#include "engine/runtime/router.h"
#include "engine/runtime/routing.h"
#include "engine/runtime/shard.h"
#include "engine/runtime/spsc_queue.h"
#include "engine/runtime/waiting_circles.h"
#include "engine/time/partition_clock.h"

namespace telltale::engine {
namespace {

struct PartitionState {
  bool assigned = false;
  bool idle = false;
  PartitionClock clock;
  int64_t applied_below = kMinTime;
  int64_t alerted_below = 0;
  int64_t reread_until = -1;  // offsets below are read again after a switch; -1: none
  PartitionClock reread;

  int64_t watermark() const { return reread_until >= 0 ? reread.watermark() : clock.watermark(); }
};

struct StreamState {
  std::vector<PartitionState> partitions;
  std::atomic<int64_t> watermark{kMinTime};  // for statistics
};

// The partitions that share their keys.
struct KeyGroup {
  uint32_t partitions = 0;    // assigned
  int64_t passed = kMinTime;  // T_s of the last switch whose old set it is done with
  // Rises whenever what its keys hold is dropped: alerts of theirs on the way are for nobody then.
  uint32_t incarnation = 0;

  bool live() const { return partitions > 0; }
};

// A rule set as statistics see it.
struct PublishedSet {
  uint64_t generation = 0;
  std::shared_ptr<const CompiledRules> rules;
  std::shared_ptr<const Router> router;
};

// How far the sets had come at the end of an epoch.
struct EpochTimes {
  struct OfSet {
    uint64_t generation = 0;
    std::vector<Applied> applied;
  };
  uint64_t epoch = 0;
  std::vector<uint32_t> incarnations;  // by key group
  std::vector<OfSet> sets;
};

using CountsById = std::map<std::string, Router::Counts, std::less<>>;

void AddCounts(const PublishedSet& set, CountsById& to) {
  const std::vector<std::vector<Router::Counts>> counts = set.router->counts();
  for (size_t l = 0; l < counts.size(); ++l) {
    const std::vector<uint32_t>& indexes = set.rules->routing->lanes[l].rules;
    for (size_t number = 0; number < indexes.size(); ++number) {
      Router::Counts& sum = to[set.rules->rules->rules[indexes[number]].id];
      sum.condition_errors += counts[l][number].condition_errors;
      sum.missing_keys += counts[l][number].missing_keys;
    }
  }
}

class EngineImpl final : public Engine {
 public:
  EngineImpl(std::shared_ptr<const CompiledRules> rules, EngineOptions options, AlertSink& sink);
  ~EngineImpl() override;

  void AddPartition(PartitionKey key, const PartitionStart& start) override;
  void RemovePartition(PartitionKey key) override;
  void SetIdle(PartitionKey key, bool idle) override;
  const CompiledRules& RulesAt(int64_t time) const override { return SetAt(time).compiled(); }
  uint64_t GenerationAt(int64_t time) const override { return SetAt(time).generation(); }
  Admission Offer(const Event& event) override;
  void AdvanceTo(int64_t watermark) override;
  uint64_t Flush() override;
  void Finish() override;
  void Wait() override;
  uint64_t Processed() const override;
  std::optional<Progress> Settled(uint64_t acknowledged) override;
  int64_t JoinFloor(PartitionKey key) const override;
  int64_t PartitionWatermark(PartitionKey key) const override;
  int64_t Switch(std::shared_ptr<const CompiledRules> rules) override;
  bool switching() const override { return sets_.size() > 1; }
  void RereadFrom(PartitionKey key, int64_t from, int64_t until, int64_t max_time_before) override;
  absl::Status Watch(const std::string& rule, const rules::KeyParts& key,
                     const WatchLimits& limits) override;
  bool Unwatch(const std::string& rule, const rules::KeyParts& key) override {
    return watches_.End(rule, key);
  }
  std::vector<WatchedKey> Watched() const override;
  absl::StatusOr<size_t> RecodeState() override;
  int64_t BufferedBytes() const override { return buffered_bytes_.load(std::memory_order_relaxed); }
  EngineStats Stats() const override;

 private:
  // A shard with what leads to it.
  struct Worker {
    explicit Worker(size_t queue_batches) : queue(queue_batches), returned(2 * queue_batches + 2) {}
    SpscQueue<std::unique_ptr<Batch>> queue;
    SpscQueue<std::unique_ptr<Batch>> returned;
    FedAlertQueue fed;
    std::unique_ptr<Batch> pending;
    uint64_t last_offer = 0;  // of which the pending batch has the event
    uint32_t last_position = 0;
    std::atomic<uint64_t> processed{0};
    std::unique_ptr<Shard> shard;
    std::thread thread;
  };

  const ActiveRules& SetAt(int64_t time) const;
  uint32_t GroupOf(uint32_t partition) const {
    return options_.key_group_is_partition ? partition : 0;
  }
  PartitionState& StateOf(PartitionKey key);
  Worker& WorkerFor(uint64_t chosen) {
    // A division takes as long as much else that is done for an event.
    return *workers_[workers_.size() == 1 ? 0 : chosen % workers_.size()];
  }
  // Alerts that are offered from outside, as tests of rules do, have coordinates of their own.
  bool IsAlert(const Event& event) const { return event.stream + 1 == streams_.size(); }
  PartitionKey KeyOf(const Event& event) const {
    return {.stream = event.stream, .partition = IsAlert(event) ? 0 : event.partition};
  }
  PartitionState& PartitionOf(const Event& event) {
    return streams_[event.stream].partitions[KeyOf(event).partition];
  }
  void Begin(uint32_t group);
  void End(uint32_t group);
  void Tell(const Command& command);
  Admission OfferAgain(PartitionState& partition, const Event& event);
  void Deliver(const Event& event, uint32_t group);
  void DeliverTo(ActiveRules& rules, uint32_t group, const Event& event);
  void HandTo(const ActiveRules& rules, uint32_t group, const Event& event,
              const std::vector<Destination>& destinations);
  // Whether alerts come back from shards: some set that runs has rules on rules (A5), or alerts are
  // suppressed over keys (A3).
  bool Chained() const;
  uint64_t CloseEpoch();
  // Takes what shards have given back, and what the epochs that all have processed have settled.
  // True: there was something new in it.
  bool TakeFed();
  void DeliverFed(const FedAlerts& fed);
  // Suppression over keys (A3).
  void TakeUndecided(FedAlerts& fed);
  void DecideJointly();
  // Until alerts have reached all their readers.
  void SettleReaders();
  void WaitForShards();
  // Of the lanes that name the stream; none: of all.
  void TellEarlierEvent(const ActiveRules& rules, uint32_t group, std::optional<uint32_t> stream);
  // How far a rule of the newest set has settled the keys of a group.
  int64_t WatermarkOf(uint32_t rule, uint32_t group) const;
  void UpdateWatermarks();
  StreamTime* TimesOf(uint32_t group) { return times_.data() + group * streams_.size(); }
  void Send(Worker& worker, bool closes_epoch);
  void EndSets();
  void Work(Worker& worker);
  void Process(Worker& worker, std::unique_ptr<Batch> batch);
  std::unique_ptr<Batch> NewBatch(Worker& worker);
  void Publish();

  const EngineOptions options_;
  AlertSink& sink_;
  std::vector<StreamState> streams_;
  std::vector<KeyGroup> groups_;
  std::vector<StreamTime> times_;       // by key group and stream
  std::deque<ActiveRules> sets_;        // oldest first; more than one while switches are under way
  int64_t switch_at_ = kMinTime;        // T_s of the last switch
  int64_t alerted_at_once_ = kMinTime;  // the greatest time of an event that has (K2)
  bool finished_ = false;
  uint64_t epoch_ = 0;  // the last one closed
  uint64_t offers_ = 0;
  KeyWatches watches_;
  JointSuppressions joint_;
  std::deque<EpochTimes> epochs_;  // that shards may be working on; none where nothing is chained
  std::deque<Progress> progress_;
  std::optional<Progress> settled_;

  std::atomic<int64_t> buffered_bytes_{0};
  std::atomic<int64_t> buffered_events_{0};
  std::atomic<uint64_t> alerts_read_{0};
  std::atomic<uint64_t> alerts_late_{0};
  std::atomic<uint64_t> generation_{1};
  mutable std::mutex published_mutex_;   // at a switch and for statistics
  std::vector<PublishedSet> published_;  // those that run, oldest first
  CountsById ended_counts_;              // of sets that ran, for the rules of the newest

  std::vector<std::unique_ptr<Worker>> workers_;  // last: shards give batches back while they end
};

EngineImpl::EngineImpl(std::shared_ptr<const CompiledRules> rules, EngineOptions options,
                       AlertSink& sink)
    : options_(std::move(options)), sink_(sink), streams_(rules->layouts.size()) {
  sets_.emplace_back(rules, generation_.load(), 0);
  joint_.Begin(rules, generation_.load());
  Publish();
  for (uint32_t number = 0; number < std::max(options_.workers, 1u); ++number) {
    workers_.push_back(std::make_unique<Worker>(options_.queue_batches));
    Worker* worker = workers_.back().get();
    worker->shard = std::make_unique<Shard>(
        number, rules, options_.max_out_of_orderness, options_.index_from, options_.warm_keys, sink,
        [this, worker](std::unique_ptr<Batch> batch) {
          buffered_bytes_.fetch_sub(static_cast<int64_t>(batch->bytes()));
          buffered_events_.fetch_sub(static_cast<int64_t>(batch->deliveries.size()));
          worker->returned.TryPush(batch);  // full: it is freed
        },
        [worker](std::unique_ptr<FedAlerts> alerts) { worker->fed.Give(std::move(alerts)); });
    worker->pending = NewBatch(*worker);
    if (options_.threads) worker->thread = std::thread([this, worker] { Work(*worker); });
  }
}

EngineImpl::~EngineImpl() {
  for (auto& worker : workers_) {
    if (!worker->thread.joinable()) continue;
    auto stop = std::make_unique<Batch>();
    stop->stop = true;
    worker->queue.Push(std::move(stop));
    worker->thread.join();
  }
  for (auto& worker : workers_) worker->shard.reset();
}

// --- Partitions ---

PartitionState& EngineImpl::StateOf(PartitionKey key) {
  std::vector<PartitionState>& partitions = streams_[key.stream].partitions;
  if (partitions.size() <= key.partition) partitions.resize(key.partition + 1);
  return partitions[key.partition];
}

void EngineImpl::AddPartition(PartitionKey key, const PartitionStart& start) {
  const uint32_t group = GroupOf(key.partition);
  if (groups_.size() <= group) groups_.resize(group + 1);
  if (!groups_[group].live()) Begin(group);
  PartitionState& partition = StateOf(key);
  if (!partition.assigned) ++groups_[group].partitions;
  const int64_t disorder = key.stream < options_.max_out_of_orderness.size()
                               ? options_.max_out_of_orderness[key.stream]
                               : 0;
  partition = {};
  partition.assigned = true;
  partition.clock = PartitionClock(disorder, start.floor, start.max_time_before);
  partition.applied_below = start.applied_below;
  partition.alerted_below = start.alerted_below;
}

void EngineImpl::RemovePartition(PartitionKey key) {
  // What was offered before goes before, under the watermarks that the partition still holds back:
  // what waits of it must be dropped, not settled.
  for (auto& worker : workers_) Send(*worker, false);
  PartitionState& partition = StateOf(key);
  if (!partition.assigned) return;
  partition = {};
  if (options_.key_group_is_partition) watches_.ForgetPartition(key.partition);
  const uint32_t group = GroupOf(key.partition);
  if (--groups_[group].partitions == 0) return End(group);
  if (options_.key_group_is_partition) ++groups_[group].incarnation;
  Tell(DropPartition{.stream = key.stream,
                     .partition = key.partition,
                     .key_group = group,
                     .forget_keys = options_.key_group_is_partition});
}

void EngineImpl::Begin(uint32_t group) {
  groups_[group].passed = kMinTime;
  ++groups_[group].incarnation;
  times_.resize(std::max(times_.size(), (group + 1) * streams_.size()));
  std::fill_n(TimesOf(group), streams_.size(), StreamTime{});
  for (ActiveRules& rules : sets_) rules.BeginGroup(group);
  Tell(BeginGroup{.key_group = group});
}

void EngineImpl::End(uint32_t group) {
  // What an earlier epoch says of the group must not be taken for news of the next time that it is
  // here.
  const auto forget = [&](Progress& progress) {
    for (size_t s = 0; s < streams_.size(); ++s) {
      const size_t at = group * streams_.size() + s;
      if (at < progress.settled.size()) progress.settled[at] = kMinTime;
    }
  };
  for (Progress& progress : progress_) forget(progress);
  if (settled_) forget(*settled_);
  joint_.Clear();
  Tell(EndGroup{.key_group = group});
}

void EngineImpl::Tell(const Command& command) {
  for (auto& worker : workers_) worker->pending->commands.push_back(command);
}

void EngineImpl::SetIdle(PartitionKey key, bool idle) {
  PartitionState& partition = StateOf(key);
  if (partition.idle && !idle) partition.clock.RaiseFloor(JoinFloor(key));
  partition.idle = idle;
}

int64_t EngineImpl::JoinFloor(PartitionKey key) const {
  const uint32_t group = GroupOf(key.partition);
  if (group >= groups_.size() || !groups_[group].live()) return kMinTime;
  int64_t floor = kMinTime;
  for (const ActiveRules& rules : sets_) floor = std::max(floor, rules.Floor(key.stream, group));
  return floor;
}

int64_t EngineImpl::PartitionWatermark(PartitionKey key) const {
  const auto& partitions = streams_[key.stream].partitions;
  return key.partition < partitions.size() ? partitions[key.partition].clock.watermark() : kMinTime;
}

// --- Events ---

const ActiveRules& EngineImpl::SetAt(int64_t time) const {
  for (const ActiveRules& rules : sets_) {
    if (time <= rules.until()) return rules;
  }
  return sets_.back();
}

Admission EngineImpl::Offer(const Event& event) {
  PartitionState& partition = PartitionOf(event);
  if (partition.reread_until >= 0) {
    if (event.offset < partition.reread_until) return OfferAgain(partition, event);
    partition.reread_until = -1;
  }
  if (partition.idle) SetIdle(KeyOf(event), false);
  const int64_t behind = partition.clock.Behind(event.time);
  if (const int64_t delay = partition.clock.Observe(event.time); delay > 0) {
    return {.late = true,
            .delay = delay,
            .below_floor = event.time >= partition.clock.watermark(),
            .behind = behind};
  }
  const uint32_t group = GroupOf(KeyOf(event).partition);
  if (int64_t& first_event = TimesOf(group)[event.stream].first_event; event.time < first_event) {
    first_event = event.time;
    for (const ActiveRules& rules : sets_) TellEarlierEvent(rules, group, event.stream);
  }
  if (event.time >= partition.applied_below) Deliver(event, group);
  return {.behind = behind};
}

// C5, of what is told before it is settled: it hangs on no batch.
void EngineImpl::TellEarlierEvent(const ActiveRules& rules, uint32_t group,
                                  std::optional<uint32_t> stream) {
  const std::vector<Lane>& lanes = rules.compiled().routing->lanes;
  for (uint32_t l = 0; l < lanes.size(); ++l) {
    const std::vector<uint32_t>& streams = lanes[l].sources;
    if (!lanes[l].early) continue;
    if (stream && !std::binary_search(streams.begin(), streams.end(), *stream)) continue;
    int64_t time = kMaxTime;
    for (const uint32_t one : streams) time = std::min(time, TimesOf(group)[one].first_event);
    for (auto& worker : workers_) {
      Batch& batch = *worker->pending;
      batch.earlier_events.push_back({.delivery = static_cast<uint32_t>(batch.deliveries.size()),
                                      .lane = static_cast<uint32_t>(group * lanes.size() + l),
                                      .generation = rules.generation(),
                                      .time = time});
    }
  }
}

void EngineImpl::AdvanceTo(int64_t watermark) {
  for (StreamState& stream : streams_) {
    for (PartitionState& partition : stream.partitions) {
      if (partition.assigned) partition.clock.AdvanceTo(watermark);
    }
  }
}

// Read again after a switch: the verdict on lateness is the one that it had; only the new rules
// have not seen it.
Admission EngineImpl::OfferAgain(PartitionState& partition, const Event& event) {
  if (partition.reread.Observe(event.time) == 0 && event.time > switch_at_ &&
      event.time >= partition.applied_below) {
    Deliver(event, GroupOf(KeyOf(event).partition));
  }
  return {};
}

void EngineImpl::Deliver(const Event& event, uint32_t group) {
  // What is behind the oldest set is so because none of the rules before it named its stream: it is
  // for nobody (C2). But a key group that has come since begins with the oldest set that there is.
  if (event.time <= groups_[group].passed) return;
  auto rules = sets_.begin();
  while (event.time > rules->until()) ++rules;
  DeliverTo(*rules, group, event);
}

// Most events fit nothing: until that is known, nothing else is done for them.
void EngineImpl::DeliverTo(ActiveRules& rules, uint32_t group, const Event& event) {
  if (!watches_.empty() && &rules == &sets_.back()) watches_.Note(event);
  const std::vector<Destination>& destinations = rules.router()->Route(event);
  if (!destinations.empty()) HandTo(rules, group, event, destinations);
}

void EngineImpl::HandTo(const ActiveRules& rules, uint32_t group, const Event& event,
                        const std::vector<Destination>& destinations) {
  const bool is_alert = IsAlert(event);
  const std::vector<Fit>& fits = rules.router()->fits();
  ++offers_;
  const std::vector<Lane>& lanes = rules.compiled().routing->lanes;
  for (const Destination& destination : destinations) {
    const bool at_once = lanes[destination.lane].at_once;
    bool feed_only = false;
    if (at_once) {
      feed_only = event.offset < PartitionOf(event).alerted_below;
      if (feed_only && !lanes[destination.lane].feeds) continue;
      alerted_at_once_ = std::max(alerted_at_once_, event.time);
    }
    if (is_alert && event.time < rules.TimeOfLane(group, destination.lane).watermark) {
      alerts_late_.fetch_add(1, std::memory_order_relaxed);
      continue;
    }
    // Without a key to meet under, events are dealt out.
    const uint64_t chosen = at_once && destination.keyless ? offers_ : destination.key[1];
    Worker& worker = WorkerFor(chosen);
    Batch& batch = *worker.pending;
    if (worker.last_offer != offers_) {
      worker.last_offer = offers_;
      worker.last_position = batch.Append(event);
    }
    const auto first_fit = static_cast<uint32_t>(batch.fits.size());
    const auto begin = fits.begin() + destination.first_fit;
    batch.fits.insert(batch.fits.end(), begin, begin + destination.fit_count);
    batch.deliveries.push_back({.event = worker.last_position,
                                .lane = destination.lane,
                                .first_fit = first_fit,
                                .fit_count = destination.fit_count,
                                .key_group = group,
                                .feed_only = feed_only,
                                .generation = rules.generation(),
                                .key = destination.key});
  }
  for (auto& worker : workers_) {
    if (worker->last_offer == offers_ &&
        worker->pending->deliveries.size() >= options_.batch_events)
      Send(*worker, false);
  }
}

// --- Watermarks and batches ---

void EngineImpl::UpdateWatermarks() {
  for (StreamTime& time : times_) {
    time.active = kMaxTime;
    time.idle = kMinTime;
  }
  for (uint32_t s = 0; s < streams_.size(); ++s) {
    int64_t active = kMaxTime;
    int64_t idle = kMinTime;
    for (uint32_t p = 0; p < streams_[s].partitions.size(); ++p) {
      const PartitionState& partition = streams_[s].partitions[p];
      if (!partition.assigned) continue;
      StreamTime& time = TimesOf(GroupOf(p))[s];
      if (partition.idle) {
        time.idle = std::max(time.idle, partition.watermark());
        idle = std::max(idle, partition.watermark());
      } else {
        time.active = std::min(time.active, partition.watermark());
        active = std::min(active, partition.watermark());
      }
    }
    streams_[s].watermark.store(active == kMaxTime ? idle : active, std::memory_order_relaxed);
  }
  for (size_t set = 0; set < sets_.size(); ++set) {
    const ActiveRules* before = set == 0 ? nullptr : &sets_[set - 1];
    for (uint32_t group = 0; group < groups_.size(); ++group) {
      if (groups_[group].live()) sets_[set].Advance(group, TimesOf(group), finished_, before);
    }
  }
}

void EngineImpl::Send(Worker& worker, bool closes_epoch) {
  if (!closes_epoch) UpdateWatermarks();
  std::unique_ptr<Batch> batch = std::exchange(worker.pending, nullptr);
  const std::vector<LaneTime>& times = sets_.back().times();
  batch->lanes.assign(times.begin(), times.end());
  batch->oldest = sets_.front().generation();
  for (size_t i = 0; i + 1 < sets_.size(); ++i) batch->old_lanes.push_back(sets_[i].times());
  batch->closes_epoch = closes_epoch;
  batch->epoch = closes_epoch ? epoch_ : epoch_ + 1;
  buffered_bytes_.fetch_add(static_cast<int64_t>(batch->bytes()));
  buffered_events_.fetch_add(static_cast<int64_t>(batch->deliveries.size()));
  if (options_.threads) {
    worker.queue.Push(std::move(batch));
  } else {
    Process(worker, std::move(batch));
  }
  worker.pending = NewBatch(worker);
  worker.last_offer = 0;
}

std::unique_ptr<Batch> EngineImpl::NewBatch(Worker& worker) {
  std::unique_ptr<Batch> batch;
  if (worker.returned.TryPop(batch)) {
    batch->Clear();
    return batch;
  }
  return std::make_unique<Batch>();
}

uint64_t EngineImpl::Flush() {
  if (Chained()) {
    TakeFed();
    CloseEpoch();
    if (!options_.threads) SettleReaders();
    return epoch_;
  }
  return CloseEpoch();
}

uint64_t EngineImpl::CloseEpoch() {
  UpdateWatermarks();
  ++epoch_;
  Progress progress{.epoch = epoch_,
                    .streams = static_cast<uint32_t>(streams_.size()),
                    .key_group_is_partition = options_.key_group_is_partition,
                    .settled = std::vector<int64_t>(times_.size(), kMaxTime)};
  for (uint32_t group = 0; group < groups_.size(); ++group) {
    int64_t* settled = progress.settled.data() + group * streams_.size();
    for (const ActiveRules& rules : sets_) rules.LowerTo(group, settled);
    joint_.LowerTo(settled);
  }
  progress_.push_back(std::move(progress));
  if (Chained()) {
    EpochTimes& times = epochs_.emplace_back();
    times.epoch = epoch_;
    for (const KeyGroup& group : groups_) times.incarnations.push_back(group.incarnation);
    for (const ActiveRules& rules : sets_)
      times.sets.push_back({.generation = rules.generation(), .applied = rules.Now()});
  }
  for (auto& worker : workers_) Send(*worker, true);
  EndSets();
  return epoch_;
}

// A set ends when every key group has passed it.
void EngineImpl::EndSets() {
  while (sets_.size() > 1) {
    const ActiveRules& oldest = sets_.front();
    for (uint32_t group = 0; group < groups_.size(); ++group) {
      if (groups_[group].live() && !oldest.PassedBy(group)) return;
    }
    for (KeyGroup& group : groups_) group.passed = oldest.until();
    sets_.pop_front();
    Publish();
  }
}

// --- Rules on rules ---

bool EngineImpl::Chained() const {
  return joint_.active() || std::any_of(sets_.begin(), sets_.end(),
                                        [](const ActiveRules& rules) { return rules.chained(); });
}

// What is processed is asked for first: what comes up until the queues are taken does no harm.
bool EngineImpl::TakeFed() {
  const uint64_t processed = Processed();
  bool news = false;
  for (auto& worker : workers_) {
    worker->fed.TakeAll([&](FedAlerts& fed) {
      DeliverFed(fed);
      TakeUndecided(fed);
      news = true;
    });
  }
  for (; !epochs_.empty() && epochs_.front().epoch <= processed; epochs_.pop_front()) {
    const EpochTimes& times = epochs_.front();
    for (const EpochTimes::OfSet& of_set : times.sets) {
      for (ActiveRules& rules : sets_) {
        if (rules.generation() != of_set.generation) continue;
        for (uint32_t group = 0; group < times.incarnations.size(); ++group) {
          if (groups_[group].live() && groups_[group].incarnation == times.incarnations[group])
            news = rules.Apply(group, of_set.applied) || news;
        }
      }
    }
  }
  DecideJointly();
  return news;
}

// A3: those of what keys held that has been dropped meanwhile are for nobody.
void EngineImpl::TakeUndecided(FedAlerts& fed) {
  for (FedAlerts::OneUndecided& one : fed.undecided) {
    const KeyGroup& group = groups_[one.key_group];
    if (group.live() && group.incarnation == one.incarnation) joint_.Take(one);
  }
}

// With the epoch that is closed next: what it says is settled is decided, and sent.
void EngineImpl::DecideJointly() {
  if (!joint_.active()) return;
  std::vector<Alert> alerts;
  joint_.Decide(sets_, alerts);
  if (!alerts.empty()) sink_.Deliver(0, epoch_ + 1, std::move(alerts));
}

void EngineImpl::DeliverFed(const FedAlerts& fed) {
  for (const FedAlerts::One& one : fed.alerts) {
    const KeyGroup& group = groups_[one.key_group];
    const Event& event = fed.EventOf(one);
    if (!group.live() || group.incarnation != one.incarnation || event.time <= group.passed)
      continue;
    for (ActiveRules& rules : sets_) {
      if (rules.generation() != one.generation) continue;
      alerts_read_.fetch_add(1, std::memory_order_relaxed);
      DeliverTo(rules, one.key_group, event);
    }
  }
}

void EngineImpl::SettleReaders() {
  if (!Chained()) return;
  for (WaitForShards(); TakeFed(); WaitForShards()) CloseEpoch();
}

void EngineImpl::Finish() {
  finished_ = true;
  Flush();
  Wait();
}

void EngineImpl::Wait() {
  WaitForShards();
  SettleReaders();
}

void EngineImpl::WaitForShards() {
  for (auto& worker : workers_) {
    for (uint64_t processed = worker->processed.load(std::memory_order_acquire); processed < epoch_;
         processed = worker->processed.load(std::memory_order_acquire)) {
      worker->processed.wait(processed, std::memory_order_acquire);
    }
  }
}

uint64_t EngineImpl::Processed() const {
  uint64_t processed = epoch_;
  for (const auto& worker : workers_)
    processed = std::min(processed, worker->processed.load(std::memory_order_acquire));
  return processed;
}

std::optional<Progress> EngineImpl::Settled(uint64_t acknowledged) {
  const uint64_t safe = std::min(acknowledged, Processed());
  while (!progress_.empty() && progress_.front().epoch <= safe) {
    settled_ = std::move(progress_.front());
    progress_.pop_front();
  }
  return settled_;
}

void EngineImpl::Work(Worker& worker) {
  for (;;) {
    std::unique_ptr<Batch> batch = worker.queue.Pop();
    if (batch->stop) return;
    Process(worker, std::move(batch));
  }
}

void EngineImpl::Process(Worker& worker, std::unique_ptr<Batch> batch) {
  const uint64_t epoch = batch->closes_epoch ? batch->epoch : 0;
  worker.shard->Handle(std::move(batch));
  if (epoch == 0) return;
  worker.processed.store(epoch, std::memory_order_release);
  worker.processed.notify_all();
}

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

// --- Statistics ---

// A rule that stays goes on counting where it was, and what the sets that end count is its, too.
void EngineImpl::Publish() {
  const std::lock_guard<std::mutex> lock(published_mutex_);
  for (const PublishedSet& set : published_) {
    if (set.generation < sets_.front().generation()) AddCounts(set, ended_counts_);
  }
  CountsById staying;
  for (const rules::Rule& rule : sets_.back().compiled().rules->rules) {
    if (const auto it = ended_counts_.find(rule.id); it != ended_counts_.end()) staying.insert(*it);
  }
  ended_counts_ = std::move(staying);
  published_.clear();
  for (const ActiveRules& set : sets_) {
    published_.push_back(
        {.generation = set.generation(), .rules = set.shared(), .router = set.router()});
  }
}

// By name: while rules change, a shard may still count for those of the set before.
void AddExceptions(const rules::Rule& rule, const RuleCounters& counters,
                   std::vector<ExceptionStats>& stats) {
  for (size_t i = 0; i < rule.exceptions.size() && i < counters.excepted_by.size(); ++i) {
    for (ExceptionStats& entry : stats) {
      if (entry.name == rule.exceptions[i].name) entry.alerts += counters.excepted_by[i].Get();
    }
  }
}

EngineStats EngineImpl::Stats() const {
  EngineStats stats;
  std::vector<PublishedSet> sets;
  CountsById routed;
  {
    const std::lock_guard<std::mutex> lock(published_mutex_);
    sets = published_;
    routed = ended_counts_;
  }
  for (const PublishedSet& set : sets) AddCounts(set, routed);
  stats.generation = generation_.load();
  std::map<std::string, RuleStats> by_id;
  for (const rules::Rule& rule : sets.back().rules->rules->rules) {
    RuleStats& entry = by_id[rule.id];
    entry.id = rule.id;
    entry.level = rules::LevelName(rule.level);
    for (const rules::Exception& exception : rule.exceptions)
      entry.exceptions.push_back({.name = exception.name});
    if (const auto it = routed.find(rule.id); it != routed.end()) {
      entry.condition_errors = it->second.condition_errors;
      entry.missing_keys = it->second.missing_keys;
    }
  }
  for (const Lane& lane : sets.back().rules->routing->lanes) {
    if (lane.at_once) continue;
    for (const uint32_t rule : lane.rules)
      by_id[sets.back().rules->rules->rules[rule].id].waits_for = lane.sources;
  }
  for (const auto& worker : workers_) {
    const Shard::Counts counts = worker->shard->counts();
    for (size_t i = 0; i < counts.table->size(); ++i) {
      const auto it = by_id.find(counts.rules->rules->rules[i].id);
      if (it == by_id.end()) continue;
      const RuleCounters& counters = (*counts.table)[i];
      it->second.matches += counters.matches.Get();
      it->second.alerts += counters.alerts.Get();
      it->second.suppressed += counters.suppressed.Get();
      it->second.excepted += counters.excepted.Get();
      AddExceptions(counts.rules->rules->rules[i], counters, it->second.exceptions);
      it->second.duplicates += counters.duplicates.Get();
      it->second.warm_up_quiet += counters.warm_up_quiet.Get();
      it->second.condition_errors += counters.condition_errors.Get();
      it->second.limit_hits += counters.limit_hits.Get();
      it->second.ties += counters.ties.Get();
      it->second.early += static_cast<int64_t>(counters.early.Get());
      it->second.retracted += counters.retracted.Get();
      it->second.partial_matches += static_cast<int64_t>(counters.partial_matches.Get());
      it->second.buffered_events += static_cast<int64_t>(counters.buffered_events.Get());
    }
    stats.held_bytes += worker->shard->held_bytes();
    stats.queue_depth.push_back(static_cast<int64_t>(worker->queue.size()));
  }
  for (const auto& [id, counts] : joint_.counts()) {
    const auto it = by_id.find(id);
    if (it == by_id.end()) continue;
    it->second.alerts += counts.alerts;
    it->second.suppressed += counts.suppressed;
  }
  for (auto& [id, entry] : by_id) stats.rules.push_back(std::move(entry));
  stats.buffered_events = buffered_events_.load(std::memory_order_relaxed);
  stats.buffered_bytes = BufferedBytes();
  stats.watched_keys = watches_.size();
  stats.alerts_read = alerts_read_.load(std::memory_order_relaxed);
  stats.alerts_late = alerts_late_.load(std::memory_order_relaxed);
  for (size_t stream = 0; stream + 1 < streams_.size(); ++stream)  // but for that of alerts
    stats.watermarks.push_back(streams_[stream].watermark.load(std::memory_order_relaxed));
  return stats;
}

}  // namespace

std::unique_ptr<Engine> MakeEngine(std::shared_ptr<const CompiledRules> rules,
                                   EngineOptions options, AlertSink& sink) {
  return std::make_unique<EngineImpl>(std::move(rules), std::move(options), sink);
}

}  // namespace telltale::engine
