// What travels from the ingest thread to a shard: events for its keys, watermarks behind them, now
// and then commands.
//
// A watermark in a batch covers all batches before it and its own events: they stand in one queue.
// The events' bytes live in the batch, which is counted by what still waits in reorder buffers,
// then goes back to be filled again. Owner: the ingest thread until pushed, then the shard. Thread:
// the owner's.
#ifndef TELLTALE_ENGINE_RUNTIME_BATCH_H_
#define TELLTALE_ENGINE_RUNTIME_BATCH_H_

#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "engine/event/event.h"
#include "engine/event/hash.h"
#include "engine/runtime/compiled_rules.h"
#include "engine/runtime/routing.h"

namespace telltale::engine {

struct Delivery {
  uint32_t event = 0;  // where its bytes begin, in words
  uint32_t lane = 0;
  uint32_t first_fit = 0;
  uint32_t fit_count = 0;
  uint32_t key_group = 0;
  bool feed_only = false;   // K2: its alerts have gone out before a restart, and are only read (A5)
  uint64_t generation = 0;  // of the rule set that it is for
  Hash128 key{};
};

// How far a lane may settle, and the least on-time event time of its streams so far (C5).
struct LaneTime {
  int64_t watermark = 0;
  int64_t first_event = 0;
  bool operator==(const LaneTime&) const = default;
};

struct EarlierEvent {
  uint32_t delivery = 0;
  uint32_t lane = 0;  // by key group and lane
  uint64_t generation = 0;
  int64_t time = 0;
};

struct SwitchRules {
  std::shared_ptr<const CompiledRules> rules;
  int64_t from = 0;  // T_s
  uint64_t generation = 0;
};
// What waits of a partition is dropped; where its key group is its own, what its keys hold, too.
struct DropPartition {
  uint32_t stream = 0;
  uint32_t partition = 0;
  uint32_t key_group = 0;
  bool forget_keys = false;
};
// What recoding has met in all shards.
struct Recoded {
  std::mutex mutex;
  absl::Status status;
  size_t bytes = 0;
};
// The first partition of a key group has come, the last one has gone: all that is there of it goes.
struct BeginGroup {
  uint32_t key_group = 0;
};
struct EndGroup {
  uint32_t key_group = 0;
};
// All that is kept of keys is encoded, destroyed and decoded.
struct RecodeState {
  std::shared_ptr<Recoded> recoded;
};
using Command = std::variant<SwitchRules, DropPartition, BeginGroup, EndGroup, RecodeState>;

struct Batch {
  std::vector<uint64_t> words;  // events
  std::vector<Fit> fits;
  std::vector<Delivery> deliveries;

  // Of lanes with `early`: how the least event time so far (LaneTime) has fallen, in order. Each
  // counts for the deliveries from `delivery` on.
  std::vector<EarlierEvent> earlier_events;

  // How far to settle, by key group and lane (ActiveRules), of the newest rules.
  std::vector<LaneTime> lanes;
  // While switches are under way: of the rule sets that end, oldest first; their generations count
  // on from `oldest`.
  std::vector<std::vector<LaneTime>> old_lanes;
  uint64_t oldest = 0;
  uint64_t epoch = 0;
  bool closes_epoch = false;

  std::vector<Command> commands;  // carried out in this order, before the deliveries
  bool stop = false;

  // Deliveries that wait in reorder buffers; the shard's.
  uint32_t waiting = 0;

  uint32_t Append(const Event& event) {
    const auto position = static_cast<uint32_t>(words.size());
    const auto* begin = reinterpret_cast<const uint64_t*>(&event);
    words.insert(words.end(), begin, begin + event.byte_size / sizeof(uint64_t));
    return position;
  }
  const Event& EventOf(const Delivery& delivery) const {
    return *reinterpret_cast<const Event*>(words.data() + delivery.event);
  }
  std::span<const Fit> FitsOf(const Delivery& delivery) const {
    return {fits.data() + delivery.first_fit, delivery.fit_count};
  }
  size_t bytes() const {
    return words.size() * 8 + fits.size() * sizeof(Fit) + deliveries.size() * sizeof(Delivery);
  }
  void Clear();
};

inline void Batch::Clear() {
  words.clear();
  fits.clear();
  deliveries.clear();
  earlier_events.clear();
  lanes.clear();
  old_lanes.clear();
  closes_epoch = false;
  commands.clear();
  stop = false;
  waiting = 0;
}

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_RUNTIME_BATCH_H_
