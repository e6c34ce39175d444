// The events that partial matches hold: each stored once a shard, counted, in recycled blocks.
//
// A handle is 32 bits. Blocks come in size classes of 64 bytes and return to a free list: no
// allocation in steady state. Owner: the shard. Thread: the shard's.
#ifndef TELLTALE_ENGINE_PATTERN_EVENT_STORE_H_
#define TELLTALE_ENGINE_PATTERN_EVENT_STORE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "engine/event/event.h"

namespace telltale::engine {

using EventHandle = uint32_t;

class EventStore {
 public:
  EventStore() = default;
  ~EventStore();
  EventStore(const EventStore&) = delete;
  EventStore& operator=(const EventStore&) = delete;

  // A copy of the event, with one reference.
  EventHandle Hold(const Event& event);
  void Ref(EventHandle handle) { ++entries_[handle].references; }
  void Unref(EventHandle handle);
  const Event& operator[](EventHandle handle) const { return *entries_[handle].event; }

  size_t size() const { return entries_.size() - free_.size(); }
  size_t bytes() const { return bytes_; }

 private:
  struct Entry {
    Event* event = nullptr;
    uint32_t references = 0;
  };

  std::vector<Entry> entries_;
  std::vector<EventHandle> free_;
  std::vector<std::vector<void*>> blocks_;  // free ones, by size class
  size_t bytes_ = 0;
};

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_PATTERN_EVENT_STORE_H_
