// An engine for tests of the source: it writes down what it is told and says what the test wants.
//
// Every event is on time but those below LateBelow; every epoch is processed as soon as it is
// closed, and what it has settled is what the test has said by then (Settle).
//
// Owner: the test. Thread: the engine's own methods from the ingest thread, the test's from any.
// Errors: none.
#ifndef TELLTALE_TESTS_DAEMON_FAKE_ENGINE_H_
#define TELLTALE_TESTS_DAEMON_FAKE_ENGINE_H_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "engine/runtime/compiled_rules.h"
#include "engine/runtime/engine.h"

namespace telltale::kafka {

// A compiled set without any rule.
inline std::shared_ptr<const engine::CompiledRules> NoRules() {
  auto compiled = std::make_shared<engine::CompiledRules>();
  compiled->rules = std::make_shared<const rules::RuleSet>();
  return compiled;
}

class FakeEngine final : public engine::Engine {
 public:
  enum class Act { kAdd, kRemove, kIdle, kWake, kOffer, kFlush, kSwitch, kReread };
  struct Call {
    Act act = Act::kFlush;
    engine::PartitionKey partition = {};
    int64_t offset = -1;                // kOffer; kReread: from
    int64_t until = -1;                 // kReread
    int64_t time = 0;                   // kOffer; kReread: the greatest event time below `from`
    engine::PartitionStart start = {};  // kAdd
    int64_t at = 0;                     // steady clock
  };

  explicit FakeEngine(size_t streams) : settled_(streams, engine::kMinTime) {}

  // The calls so far, in their order.
  std::vector<Call> Calls() const;
  std::vector<Call> Calls(Act act) const;
  std::vector<Call> Calls(Act act, engine::PartitionKey partition) const;
  // The offsets offered of one partition, in their order.
  std::vector<int64_t> Offered(engine::PartitionKey partition) const;

  // As a new process would begin: no epoch, nothing settled. Calls stay.
  void Restart();

  // From the next epoch on: events of the stream below `time` are applied.
  void Settle(uint32_t stream, int64_t time);
  void LateBelow(int64_t time);
  void SetJoinFloor(int64_t floor);
  // What is buffered, from now on; with `once`, `first` is the answer to the next question alone.
  void Buffer(int64_t bytes);
  void BufferOnce(int64_t first, int64_t then);
  bool asked_once() const;  // the first answer of BufferOnce was given
  // Runs on the ingest thread when the next epoch is closed.
  void AtNextFlush(std::function<void(uint64_t epoch)> action);

  void AddPartition(engine::PartitionKey partition, const engine::PartitionStart& start) override;
  void RemovePartition(engine::PartitionKey partition) override;
  void SetIdle(engine::PartitionKey partition, bool idle) override;
  const engine::CompiledRules& RulesAt(int64_t) const override { return *rules_; }
  uint64_t GenerationAt(int64_t) const override { return 1; }
  engine::Admission Offer(const engine::Event& event) override;
  void AdvanceTo(int64_t) override {}
  uint64_t Flush() override;
  void Finish() override {}
  void Wait() override {}
  uint64_t Processed() const override;
  std::optional<engine::Progress> Settled(uint64_t acknowledged) override;
  int64_t JoinFloor(engine::PartitionKey partition) const override;
  int64_t PartitionWatermark(engine::PartitionKey partition) const override;
  absl::StatusOr<size_t> RecodeState() override { return 0; }
  int64_t Switch(std::shared_ptr<const engine::CompiledRules> rules) override;
  bool switching() const override { return false; }
  void RereadFrom(engine::PartitionKey partition, int64_t from, int64_t until,
                  int64_t max_time_before) override;
  absl::Status Watch(const std::string&, const rules::KeyParts&,
                     const engine::WatchLimits&) override {
    return absl::OkStatus();
  }
  bool Unwatch(const std::string&, const rules::KeyParts&) override { return false; }
  std::vector<engine::WatchedKey> Watched() const override { return {}; }
  int64_t BufferedBytes() const override;
  engine::EngineStats Stats() const override;

  static constexpr int64_t kSwitchTime = 1234;  // what Switch answers

 private:
  void Note(Call call);  // REQUIRES: mutex_ is held

  mutable std::mutex mutex_;
  std::vector<Call> calls_;
  std::vector<int64_t> settled_;
  std::map<uint64_t, std::vector<int64_t>> epochs_;  // what each has settled
  std::map<engine::PartitionKey, int64_t> watermarks_;
  int64_t late_below_ = engine::kMinTime;
  int64_t floor_ = engine::kMinTime;
  mutable int64_t buffered_ = 0;
  mutable std::optional<int64_t> buffered_then_;
  std::function<void(uint64_t)> at_flush_;
  uint64_t epoch_ = 0;
  uint64_t generation_ = 1;
  std::shared_ptr<const engine::CompiledRules> rules_ = NoRules();
};

}  // namespace telltale::kafka

#endif  // TELLTALE_TESTS_DAEMON_FAKE_ENGINE_H_
