// The events that one key holds, as bytes, each once: the layouts in which they are written (their
// number, then the identity of each; layout_book.h), then the events (their number, then of each
// the number of its layout and its form; event_codec.h). Whoever holds events names them by number.
//
// Owner: the caller. Thread: the shard's. Errors: hostile bytes make the reader fail.
#ifndef TELLTALE_ENGINE_PATTERN_HELD_EVENTS_H_
#define TELLTALE_ENGINE_PATTERN_HELD_EVENTS_H_

#include <cstdint>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "engine/event/bytes.h"
#include "engine/pattern/event_codec.h"
#include "engine/pattern/event_store.h"
#include "engine/pattern/layout_book.h"

namespace telltale::engine {

class HeldEventsEncoder {
 public:
  explicit HeldEventsEncoder(const EventStore& events) : events_(events) {}

  // All events first, then Write. Several times the same is once.
  void Add(EventHandle event);
  void Write(const LayoutBook& layouts, ByteWriter& out) const;
  // REQUIRES: added.
  uint32_t NumberOf(EventHandle event) const { return numbers_.at(event); }

 private:
  const EventStore& events_;
  absl::flat_hash_map<EventHandle, uint32_t> numbers_;
  std::vector<EventHandle> held_;  // by number
};

class HeldEvents {
 public:
  explicit HeldEvents(EventStore& events) : events_(events) {}
  // Gives its references back: whoever goes on holding events takes their own before.
  ~HeldEvents();
  HeldEvents(const HeldEvents&) = delete;
  HeldEvents& operator=(const HeldEvents&) = delete;

  void Read(EventDecoder& decoder, ByteReader& in);
  size_t size() const { return held_.size(); }
  // The event that stands next in `in`, for this step, which must be one of the rule's and of the
  // event's stream. REQUIRES of what it is used for: in.ok().
  EventHandle Next(const rules::Rule& rule, uint32_t step, ByteReader& in) const;

 private:
  EventStore& events_;
  std::vector<EventHandle> held_;
};

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_PATTERN_HELD_EVENTS_H_
