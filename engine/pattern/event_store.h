// The events that partial matches hold: each stored once a shard, and counted.
//
// A handle is 32 bits. Owner: the shard. Thread: the shard's.
#ifndef TELLTALE_ENGINE_PATTERN_EVENT_STORE_H_
#define TELLTALE_ENGINE_PATTERN_EVENT_STORE_H_

#include <cstddef>
#include <cstdint>

#include "engine/event/event.h"
#include "engine/pattern/block_pool.h"

namespace telltale::engine {

using EventHandle = uint32_t;

class EventStore {
 public:
  // The pool outlives it.
  explicit EventStore(BlockPool& blocks) : blocks_(blocks) {}
  EventStore(const EventStore&) = delete;
  EventStore& operator=(const EventStore&) = delete;

  // A copy of the event, with one reference.
  EventHandle Hold(const Event& event);
  // The same of one that was packed (packed_event.h).
  EventHandle HoldPacked(const char* packed);
  void Ref(EventHandle handle) { ++At(handle).references; }
  void Unref(EventHandle handle);
  [[gnu::always_inline]] void Prefetch(EventHandle handle) const {
    __builtin_prefetch(blocks_.At(handle));
  }
  uint32_t references(EventHandle handle) const { return At(handle).references; }
  const Event& operator[](EventHandle handle) const { return At(handle).event; }

  size_t size() const { return size_; }

 private:
  struct Block {
    uint32_t references = 0;
    uint32_t unused = 0;
    Event event;
  };
  static size_t BytesOf(uint32_t event_bytes) {
    return sizeof(Block) - sizeof(Event) + size_t{event_bytes};
  }
  Block& At(EventHandle handle) const { return *reinterpret_cast<Block*>(blocks_.At(handle)); }

  BlockPool& blocks_;
  size_t size_ = 0;
};

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_PATTERN_EVENT_STORE_H_
