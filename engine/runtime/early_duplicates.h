// Which events that wait in a lane are duplicates (V8) as far as is known before they are settled
// (T5): of one that is settled, or of one that waits and comes before them in total order.
//
// An event that comes late among them may make a duplicate of the next one of its value, and of no
// other: each sighting counts, so those behind that one had one before them already. Owner: a lane
// whose rules tell early. Thread: the shard's. Units: nanoseconds. Memory: of what waits.
#ifndef TELLTALE_ENGINE_RUNTIME_EARLY_DUPLICATES_H_
#define TELLTALE_ENGINE_RUNTIME_EARLY_DUPLICATES_H_

#include <cstdint>
#include <functional>
#include <optional>

#include "absl/container/inlined_vector.h"
#include "engine/event/event.h"
#include "engine/event/hash.h"
#include "engine/runtime/deduplicator.h"

namespace telltale::engine {

class EarlyDuplicates {
 public:
  // `settled`: what the lane has applied. It outlives this.
  explicit EarlyDuplicates(Deduplicator& settled) : settled_(settled) {}

  // An event that is to wait, where it stays until it is removed. Where the next one of its value
  // is a duplicate of it: when that of which it was one so far was seen; kNever: it has counted.
  std::optional<int64_t> Add(const Event& event, const Hash128& key);
  // It is applied, or dropped.
  void Remove(const Event& event, const Hash128& key);
  void RemoveIf(const std::function<bool(const Event&)>& drops);
  // For a rule that has seen nothing up to `begin`.
  bool IsDuplicate(const Event& event, const Hash128& key, int64_t begin);

 private:
  using OfValue = absl::InlinedVector<const Event*, 1>;
  // When the value was seen last before the event, within the time.
  int64_t SeenBefore(const OfValue& waiting, const Hash128& value, const Event& event) const;

  Deduplicator& settled_;
  HashMap<OfValue> waiting_;  // by value, in total order
};

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_RUNTIME_EARLY_DUPLICATES_H_
