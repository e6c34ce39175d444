#include "tests/daemon/fake_engine.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace telltale::kafka {

using engine::PartitionKey;

void FakeEngine::Note(Call call) {
  call.at = std::chrono::duration_cast<std::chrono::nanoseconds>(
                std::chrono::steady_clock::now().time_since_epoch())
                .count();
  calls_.push_back(call);
}

std::vector<FakeEngine::Call> FakeEngine::Calls() const {
  std::lock_guard lock(mutex_);
  return calls_;
}

std::vector<FakeEngine::Call> FakeEngine::Calls(Act act) const {
  std::vector<Call> calls = Calls();
  std::erase_if(calls, [&](const Call& call) { return call.act != act; });
  return calls;
}

std::vector<FakeEngine::Call> FakeEngine::Calls(Act act, PartitionKey partition) const {
  std::vector<Call> calls = Calls(act);
  std::erase_if(calls, [&](const Call& call) { return call.partition != partition; });
  return calls;
}

std::vector<int64_t> FakeEngine::Offered(PartitionKey partition) const {
  std::vector<int64_t> offsets;
  for (const Call& call : Calls(Act::kOffer, partition)) offsets.push_back(call.offset);
  return offsets;
}

void FakeEngine::Restart() {
  std::lock_guard lock(mutex_);
  epochs_.clear();
  epoch_ = 0;
  watermarks_.clear();
  std::fill(settled_.begin(), settled_.end(), engine::kMinTime);
}

void FakeEngine::Settle(uint32_t stream, int64_t time) {
  std::lock_guard lock(mutex_);
  settled_[stream] = time;
}

void FakeEngine::LateBelow(int64_t time) {
  std::lock_guard lock(mutex_);
  late_below_ = time;
}

void FakeEngine::SetJoinFloor(int64_t floor) {
  std::lock_guard lock(mutex_);
  floor_ = floor;
}

void FakeEngine::Buffer(int64_t bytes) {
  std::lock_guard lock(mutex_);
  buffered_ = bytes;
  buffered_then_.reset();
}

void FakeEngine::BufferOnce(int64_t first, int64_t then) {
  std::lock_guard lock(mutex_);
  buffered_ = first;
  buffered_then_ = then;
}

bool FakeEngine::asked_once() const {
  std::lock_guard lock(mutex_);
  return !buffered_then_.has_value();
}

void FakeEngine::AtNextFlush(std::function<void(uint64_t epoch)> action) {
  std::lock_guard lock(mutex_);
  at_flush_ = std::move(action);
}

void FakeEngine::AddPartition(PartitionKey partition, const engine::PartitionStart& start) {
  std::lock_guard lock(mutex_);
  Note({.act = Act::kAdd, .partition = partition, .start = start});
}

void FakeEngine::RemovePartition(PartitionKey partition) {
  std::lock_guard lock(mutex_);
  watermarks_.erase(partition);
  Note({.act = Act::kRemove, .partition = partition});
}

void FakeEngine::SetIdle(PartitionKey partition, bool idle) {
  std::lock_guard lock(mutex_);
  Note({.act = idle ? Act::kIdle : Act::kWake, .partition = partition});
}

engine::Admission FakeEngine::Offer(const engine::Event& event) {
  std::lock_guard lock(mutex_);
  PartitionKey partition{event.stream, event.partition};
  Note({.act = Act::kOffer, .partition = partition, .offset = event.offset, .time = event.time});
  if (event.time < late_below_) return {.late = true, .delay = late_below_ - event.time};
  auto [watermark, first] = watermarks_.emplace(partition, event.time);
  watermark->second = std::max(watermark->second, event.time);
  return {};
}

uint64_t FakeEngine::Flush() {
  std::function<void(uint64_t)> action;
  uint64_t epoch = 0;
  {
    std::lock_guard lock(mutex_);
    epoch = epoch_ + 1;
    action = std::exchange(at_flush_, nullptr);
  }
  if (action) action(epoch);
  std::lock_guard lock(mutex_);
  epoch_ = epoch;
  epochs_[epoch] = settled_;
  Note({.act = Act::kFlush});
  return epoch;
}

std::optional<engine::Progress> FakeEngine::Settled(uint64_t acknowledged) {
  std::lock_guard lock(mutex_);
  auto above = epochs_.upper_bound(acknowledged);
  if (above == epochs_.begin()) return std::nullopt;
  const auto& [epoch, settled] = *std::prev(above);
  engine::Progress progress;
  progress.epoch = epoch;
  progress.streams = static_cast<uint32_t>(settled.size());
  progress.settled = settled;
  return progress;
}

uint64_t FakeEngine::Processed() const {
  std::lock_guard lock(mutex_);
  return epoch_;
}

int64_t FakeEngine::JoinFloor(PartitionKey) const {
  std::lock_guard lock(mutex_);
  return floor_;
}

int64_t FakeEngine::PartitionWatermark(PartitionKey partition) const {
  std::lock_guard lock(mutex_);
  auto found = watermarks_.find(partition);
  return found == watermarks_.end() ? engine::kMinTime : found->second;
}

int64_t FakeEngine::Switch(std::shared_ptr<const engine::CompiledRules> rules) {
  std::lock_guard lock(mutex_);
  rules_ = std::move(rules);
  ++generation_;
  Note({.act = Act::kSwitch});
  return kSwitchTime;
}

void FakeEngine::RereadFrom(PartitionKey partition, int64_t from, int64_t until,
                            int64_t max_time_before) {
  std::lock_guard lock(mutex_);
  Note({.act = Act::kReread,
        .partition = partition,
        .offset = from,
        .until = until,
        .time = max_time_before});
}

int64_t FakeEngine::BufferedBytes() const {
  std::lock_guard lock(mutex_);
  int64_t bytes = buffered_;
  if (buffered_then_.has_value()) buffered_ = *std::exchange(buffered_then_, std::nullopt);
  return bytes;
}

engine::EngineStats FakeEngine::Stats() const {
  std::lock_guard lock(mutex_);
  engine::EngineStats stats;
  stats.generation = generation_;
  return stats;
}

}  // namespace telltale::kafka
