// Events come, are sent to the shards of their keys, and are settled epoch by epoch.
#include <algorithm>
#include <utility>

#include "engine/runtime/engine_impl.h"

namespace telltale::engine {

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

// --- Waiting ---

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

std::unique_ptr<Engine> MakeEngine(std::shared_ptr<const CompiledRules> rules,
                                   EngineOptions options, AlertSink& sink) {
  return std::make_unique<EngineImpl>(std::move(rules), std::move(options), sink);
}

}  // namespace telltale::engine
