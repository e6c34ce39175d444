// Leaves out what a producer has sent twice (V8), for one lane: of the events of a key an event of
// a stream with `dedup` counts where none before it in total order, within the time, is of its
// stream and has the same value in the field. Every sighting counts for this, also one that is left
// out itself. Values are compared as parts of keys are (K1); an event without one always counts.
//
// A rule that began at T_s has seen nothing up to it, so what the lane has seen before is nothing
// to that rule: the caller is told when the value was seen last. Owner: the lane. Thread: the
// shard's. Units: nanoseconds. Errors: of broken bytes, a status.
#ifndef TELLTALE_ENGINE_RUNTIME_DEDUPLICATOR_H_
#define TELLTALE_ENGINE_RUNTIME_DEDUPLICATOR_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "engine/event/bytes.h"
#include "engine/event/event.h"
#include "engine/event/hash.h"
#include "engine/runtime/recent_values.h"
#include "engine/runtime/routing.h"

namespace telltale::engine {

class Deduplicator {
 public:
  // `routing` outlives it.
  Deduplicator(const Routing& routing, const Lane& lane);

  // Whether a stream of the lane has a `dedup`.
  bool active() const { return lane_.deduplicates; }
  // What it is by that it may be a duplicate, of its stream and key; nothing: it never is.
  std::optional<Hash128> ValueOf(const Event& event, const Hash128& key);
  // REQUIRES: the stream has a `dedup`.
  int64_t WithinOf(uint32_t stream) const { return routing_.dedups[stream]->within; }
  // When the value was seen last, within the time before `time`; kNever: it was not.
  int64_t LastSeen(const Hash128& value, int64_t time) const {
    return values_.LastSeen(value, time);
  }

  // When the event's value was seen last within the time; kNever: the event counts. REQUIRES: the
  // events of a lane come in total order.
  int64_t SeenBefore(const Event& event, const Hash128& key);
  // Values that were given up beyond RecentValues::kMost since the last call.
  uint64_t TakeForgotten();

  void Clear() { values_.Clear(); }
  // What the lane before it has seen (C3); nothing where that was taken already.
  void TakeOver(Deduplicator& before);

  void Encode(ByteWriter& out) const;
  // Of a lane whose streams have another `dedup`, it is passed over.
  void Decode(ByteReader& in);

 private:
  uint64_t Identity() const;

  const Routing& routing_;
  const Lane& lane_;
  RecentValues values_;
  uint64_t told_ = 0;
  PartHasher hasher_;
  std::string text_;
};

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_RUNTIME_DEDUPLICATOR_H_
