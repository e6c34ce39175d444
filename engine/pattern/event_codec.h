// Events as bytes, and back into the layout that is read here.
//
// An event is its coordinates, as differences from the event written before it, then the values of
// its slots, each a byte for its kind and what the kind needs. Which layout the slots are of is
// said beside it (layout_book.h).
//
// Owner: the caller. Thread: one. Units: nanoseconds. Errors: hostile bytes make the reader fail:
// values of no kind, deeper than kDeepest, times and addresses that are none, text that is no
// UTF-8, or more than an event can hold.
#ifndef TELLTALE_ENGINE_PATTERN_EVENT_CODEC_H_
#define TELLTALE_ENGINE_PATTERN_EVENT_CODEC_H_

#include <cstdint>
#include <optional>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "engine/event/bytes.h"
#include "engine/event/event.h"
#include "engine/pattern/event_store.h"
#include "engine/pattern/layout_book.h"

namespace telltale::engine {

inline constexpr uint32_t kDeepest = 128;  // values in values

// What the next event's coordinates are written as differences from.
struct EventPlace {
  int64_t time = 0;
  int64_t offset = 0;
  uint32_t partition = 0;
};

void EncodeEvent(const Event& event, EventPlace& before, ByteWriter& out);

// Reads events and holds each once, though several keys and rules may have written it.
//
// What it has read it keeps referenced as long as it lives. Owner: one decoding of many keys.
class EventDecoder {
 public:
  EventDecoder(const LayoutBook& layouts, EventStore& store) : layouts_(layouts), store_(store) {}
  ~EventDecoder();
  EventDecoder(const EventDecoder&) = delete;
  EventDecoder& operator=(const EventDecoder&) = delete;

  const LayoutBook& layouts() const { return layouts_; }

  // With a reference for the caller; none where `in` has failed. REQUIRES: the reading has a
  // stream.
  std::optional<EventHandle> Decode(const LayoutBook::Reading& reading, EventPlace& before,
                                    ByteReader& in);

 private:
  struct Coordinates {
    uint32_t stream;
    uint32_t partition;
    int64_t offset;
    bool operator==(const Coordinates&) const = default;
    template <typename H>
    friend H AbslHashValue(H hash, const Coordinates& c) {
      return H::combine(std::move(hash), c.stream, c.partition, c.offset);
    }
  };

  const LayoutBook& layouts_;
  EventStore& store_;
  EventBuilder builder_;
  EventBuilder dropped_;  // takes in fields that are not read here
  absl::flat_hash_map<Coordinates, EventHandle> held_;
};

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_PATTERN_EVENT_CODEC_H_
