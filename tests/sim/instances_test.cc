// Several instances share co-partitioned topics: how their partitions are spread changes no alert,
// and a partition that moves is late nowhere and loses only what spans its move. Driven as the
// source drives the engine: offsets by the ledger, a partition begun anew where it was committed.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <iostream>
#include <map>
#include <memory>
#include <random>
#include <set>

#include "daemon/kafka/offset_ledger.h"
#include "engine/runtime/engine.h"
#include "tests/model/agreement.h"
#include "tests/model/scenario.h"

namespace telltale::model {
namespace {

constexpr uint32_t kPartitions = 4;
constexpr std::array<const char*, 3> kKeys = {"user", "account", "payer.id"};

// Rules whose state hangs on the key alone; nothing is kept quiet because it came too early.
constexpr char kRules[] = R"(
id: in-turn
by: user
sequence:
  - first:  { on: logins, where: 't == "a"' }
  - second: { on: devices, by: account, where: 't == "b" && v > first.v', within: 20s }
  - third:  { on: payments, by: payer.id, repeat: { min: 2, max: 3 } }
within: 60s
match: latest
suppress: { by: [user], for: 30s }
---
id: absence
by: account
sequence:
  - device: { on: devices, where: 't != "c"' }
  - not:    { on: payments, by: payer.id, within: 9s }
---
id: quiet-before
by: user
sequence:
  - not:   { on: logins, where: 't == "c"', within: 15s }
  - login: { on: logins, where: 't == "a"' }
  - pay:   { on: payments, by: payer.id, optional: true }
within: 30s
after_match: skip_past_last
warm_up: assume_empty
---
id: capped
by: user
sequence:
  - one: { on: logins, repeat: { min: 1 } }
  - two: { on: logins, where: 't == "b" && v == 0' }
within: 50s
limits: { partial_matches: 20, matches: 5, on_limit: reject_new }
)";

// A pattern of which each part can be lost without making another match.
constexpr char kPlainRule[] = R"(
id: plain
by: user
sequence:
  - first:  { on: logins, where: 't == "a"' }
  - second: { on: devices, by: account, where: 't == "b"' }
  - third:  { on: payments, by: payer.id, where: 'v > 2' }
within: 20s
)";

// By stream and partition, in order of offsets. Users are spread over partitions alike in all
// streams, and the partitions are far apart in time.
using Log = std::array<std::array<std::vector<ScenarioEvent>, kPartitions>, 3>;

Scenario Streams(const char* rules) {
  Scenario scenario;
  scenario.streams = {
      {.name = "logins", .partitions = kPartitions, .max_out_of_orderness = 2 * kSecond},
      {.name = "devices", .partitions = kPartitions, .max_out_of_orderness = 5 * kSecond},
      {.name = "payments", .partitions = kPartitions, .max_out_of_orderness = 0}};
  scenario.rules = rules;
  return scenario;
}

Log MakeLog(uint64_t seed) {
  std::mt19937_64 random(seed);
  Log log;
  for (uint32_t stream = 0; stream < log.size(); ++stream) {
    for (uint32_t partition = 0; partition < kPartitions; ++partition) {
      int64_t now = partition * 700 * kSecond;
      for (int64_t offset = 0; offset < 400; ++offset) {
        now += static_cast<int64_t>(random() % 2000) * kSecond / 1000;
        const int64_t behind = random() % 5 == 0 ? static_cast<int64_t>(random() % 6) * kSecond : 0;
        ScenarioEvent event{.stream = stream,
                            .partition = partition,
                            .offset = offset,
                            .time = now - behind,
                            .fields = {}};
        event.fields[kKeys[stream]] =
            static_cast<int64_t>(random() % 8) * kPartitions + static_cast<int64_t>(partition);
        event.fields["t"] = std::string(1, static_cast<char>('a' + random() % 3));
        event.fields["v"] = static_cast<int64_t>(random() % 6);
        log[stream][partition].push_back(std::move(event));
      }
    }
  }
  return log;
}

// What is stored of a partition when it leaves an instance, as with its offset.
struct Stored {
  kafka::CommitPoint point;
  int64_t floor = engine::kMinTime;
  int64_t settled = engine::kMinTime;
};

class Instance : public engine::AlertSink {
 public:
  Instance(std::shared_ptr<const engine::CompiledRules> rules, const Scenario& scenario,
           const Log& log, bool key_group_is_partition)
      : log_(log), maker_(*rules) {
    engine::EngineOptions options;
    options.workers = 3;
    options.threads = false;
    options.batch_events = 16;
    options.key_group_is_partition = key_group_is_partition;
    for (const ScenarioStream& stream : scenario.streams)
      options.max_out_of_orderness.push_back(stream.max_out_of_orderness);
    engine_ = engine::MakeEngine(std::move(rules), options, *this);
  }

  void Deliver(uint32_t, uint64_t, std::vector<engine::Alert> alerts) override {
    for (engine::Alert& alert : alerts) alerts_.push_back(std::move(alert));
  }

  void Join(uint32_t partition, const std::array<Stored, 3>& stored) {
    for (uint32_t stream = 0; stream < 3; ++stream) {
      const engine::PartitionKey key{stream, partition};
      const Stored& start = stored[stream];
      Reader reader{kafka::OffsetLedger(start.point)};
      reader.floor = std::max(start.floor, engine_->JoinFloor(key));
      reader.settled = start.settled;
      reader.ledger.Settle(start.settled);
      engine_->AddPartition(key, {.floor = reader.floor,
                                  .max_time_before = start.point.max_time_before,
                                  .applied_below = start.settled});
      readers_.emplace(key, std::move(reader));
    }
  }

  // The stored state of the partition's streams: all that was offered is processed.
  std::array<Stored, 3> Leave(uint32_t partition) {
    Progress();
    std::array<Stored, 3> stored;
    for (uint32_t stream = 0; stream < 3; ++stream) {
      const auto reader = readers_.find({stream, partition});
      stored[stream] = {reader->second.ledger.Commit(), reader->second.floor,
                        reader->second.settled};
      engine_->RemovePartition({stream, partition});
      readers_.erase(reader);
    }
    engine_->Flush();
    return stored;
  }

  // Reads up to so many records of a partition of its own, any; false: there are none left.
  bool Read(std::mt19937_64& random, size_t count) {
    std::vector<engine::PartitionKey> open;
    for (const auto& [key, reader] : readers_) {
      if (Left(key, reader)) open.push_back(key);
    }
    if (open.empty()) return false;
    const engine::PartitionKey key = open[random() % open.size()];
    Reader& reader = readers_.at(key);
    for (; count > 0 && Left(key, reader); --count) {
      const int64_t offset = reader.ledger.position();
      const ScenarioEvent& event = log_[key.stream][key.partition][static_cast<size_t>(offset)];
      if (engine_->Offer(maker_.Make(event)).late) {
        late_.insert({key.stream, key.partition, offset});
        reader.ledger.Passed(offset);
      } else {
        reader.ledger.OnTime(offset, event.time);
      }
    }
    return true;
  }

  void Progress() {
    const engine::Progress progress = *engine_->Settled(engine_->Flush());
    for (auto& [key, reader] : readers_) {
      reader.settled = std::max(reader.settled, progress.SettledOf(key));
      reader.ledger.Settle(reader.settled);
    }
  }

  void Finish() { engine_->Finish(); }
  bool Has(uint32_t partition) const { return readers_.contains({0, partition}); }
  const std::vector<engine::Alert>& alerts() const { return alerts_; }
  const std::set<std::tuple<uint32_t, uint32_t, int64_t>>& late() const { return late_; }

 private:
  struct Reader {
    kafka::OffsetLedger ledger;
    int64_t floor = engine::kMinTime;
    int64_t settled = engine::kMinTime;
  };
  bool Left(engine::PartitionKey key, const Reader& reader) const {
    return reader.ledger.position() < static_cast<int64_t>(log_[key.stream][key.partition].size());
  }

  const Log& log_;
  EventMaker maker_;
  std::unique_ptr<engine::Engine> engine_;
  std::map<engine::PartitionKey, Reader> readers_;
  std::vector<engine::Alert> alerts_;
  std::set<std::tuple<uint32_t, uint32_t, int64_t>> late_;
};

std::vector<std::string> Bodies(const std::vector<const Instance*>& instances) {
  std::vector<std::string> bodies;
  for (const Instance* instance : instances) {
    for (const engine::Alert& alert : instance->alerts()) bodies.push_back(AlertJson(alert));
  }
  std::sort(bodies.begin(), bodies.end());
  return bodies;
}

// Every partition is read to its end, by whoever has it.
void ReadAll(const std::vector<Instance*>& instances, std::mt19937_64& random) {
  for (bool more = true; more;) {
    more = false;
    for (Instance* instance : instances) {
      more = instance->Read(random, 1 + random() % 40) || more;
      if (random() % 3 == 0) instance->Progress();
    }
  }
  for (Instance* instance : instances) instance->Finish();
}

TEST(Instances, HowPartitionsAreSpreadChangesNoAlert) {
  const uint64_t seed = Seed(20'261'126);
  std::mt19937_64 random(seed);
  const Log log = MakeLog(seed);
  const Scenario scenario = Streams(kRules);
  const auto rules = Compile(scenario);
  ASSERT_NE(rules, nullptr);

  Instance together(rules, scenario, log, false);
  for (uint32_t p = 0; p < kPartitions; ++p) together.Join(p, {});
  ReadAll({&together}, random);
  const std::vector<std::string> expected = Bodies({&together});
  EXPECT_GT(expected.size(), 300u) << "an input on which little happens proves little";

  Instance alone(rules, scenario, log, true);
  for (uint32_t p = 0; p < kPartitions; ++p) alone.Join(p, {});
  ReadAll({&alone}, random);
  EXPECT_TRUE(Bodies({&alone}) == expected) << "TELLTALE_SEED=" << seed;

  Instance one(rules, scenario, log, true);
  Instance other(rules, scenario, log, true);
  for (uint32_t p = 0; p < kPartitions; ++p) (p == 2 ? other : one).Join(p, {});
  ReadAll({&one, &other}, random);
  EXPECT_TRUE(Bodies({&one, &other}) == expected) << "TELLTALE_SEED=" << seed;
}

// When a partition moved, by what had been settled of it then.
using Moves = std::map<uint32_t, std::set<int64_t>>;

// A match whose events were not all applied on one side of a move may be lost: its state was in
// memory.
bool SpansAMove(const engine::Alert& alert, const Moves& moves) {
  const auto of = moves.find(alert.evidence.front().partition);
  if (of == moves.end()) return false;
  const auto move = of->second.upper_bound(alert.evidence.front().time);
  return move != of->second.end() && *move <= alert.evidence.back().time;
}

TEST(Instances, APartitionThatMovesLosesOnlyWhatSpansTheMove) {
  const uint64_t first_seed = Seed(7'000);
  size_t compared = 0;
  size_t moved = 0;
  for (uint64_t seed = first_seed; seed < first_seed + 60; ++seed) {
    std::mt19937_64 random(seed);
    const Log log = MakeLog(seed);
    const Scenario scenario = Streams(kPlainRule);
    const auto rules = Compile(scenario);
    ASSERT_NE(rules, nullptr);
    Instance still(rules, scenario, log, true);
    for (uint32_t p = 0; p < kPartitions; ++p) still.Join(p, {});
    ReadAll({&still}, random);

    Instance one(rules, scenario, log, true);
    Instance other(rules, scenario, log, true);
    for (uint32_t p = 0; p < kPartitions; ++p) (p % 2 == 0 ? one : other).Join(p, {});
    Moves moves;
    for (int turn = 0; turn < 200; ++turn) {
      for (Instance* instance : {&one, &other}) {
        instance->Read(random, 1 + random() % 40);
        if (random() % 3 == 0) instance->Progress();
      }
      if (random() % 20 != 0) continue;
      const uint32_t partition = random() % kPartitions;
      Instance& from = one.Has(partition) ? one : other;
      Instance& to = one.Has(partition) ? other : one;
      const std::array<Stored, 3> stored = from.Leave(partition);
      if (stored[0].settled != engine::kMinTime) moves[partition].insert(stored[0].settled);
      to.Join(partition, stored);
      ++moved;
    }
    ReadAll({&one, &other}, random);

    std::set<std::string> got;
    for (const std::string& body : Bodies({&one, &other})) {
      EXPECT_TRUE(got.insert(body).second) << "twice, TELLTALE_SEED=" << seed << ": " << body;
    }
    std::set<std::tuple<uint32_t, uint32_t, int64_t>> late = one.late();
    late.insert(other.late().begin(), other.late().end());
    EXPECT_TRUE(late == still.late()) << "late events differ, TELLTALE_SEED=" << seed;
    for (const engine::Alert& alert : still.alerts()) {
      const bool found = got.erase(AlertJson(alert)) > 0;
      if (SpansAMove(alert, moves)) continue;
      EXPECT_TRUE(found) << "lost, TELLTALE_SEED=" << seed << ": " << AlertJson(alert);
      ++compared;
    }
    EXPECT_TRUE(got.empty()) << "spurious, TELLTALE_SEED=" << seed << ": " << *got.begin();
    if (testing::Test::HasFailure()) break;
  }
  EXPECT_GT(compared, 1000u);
  EXPECT_GT(moved, 300u);
}

}  // namespace
}  // namespace telltale::model
