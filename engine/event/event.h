// An event at rest: one block of bytes with its coordinates, its time, a slot for each field that
// some rule reads, and behind the slots the text and the nested values that they point to (by
// distance, see value.h). Copying the block copies the event.
//
// Owner: whoever owns the block: an EventBuilder, a batch between threads, the shard's event store.
// Thread: immutable once built. Units: time in nanoseconds since the epoch (T8).
#ifndef TELLTALE_ENGINE_EVENT_EVENT_H_
#define TELLTALE_ENGINE_EVENT_EVENT_H_

#include <cstdint>
#include <string_view>
#include <vector>

#include "engine/event/value.h"

namespace telltale::engine {

struct Event {
  int64_t time = 0;
  int64_t offset = 0;
  uint32_t stream = 0;  // its index, which is its rank (T2)
  uint32_t partition = 0;
  uint32_t byte_size = 0;  // of the whole block, a multiple of 8
  uint32_t slot_count = 0;

  const StoredValue* slots() const { return reinterpret_cast<const StoredValue*>(this + 1); }
  StoredValue* slots() { return reinterpret_cast<StoredValue*>(this + 1); }
  Value slot(uint32_t index) const { return slots()[index].Load(); }
};
static_assert(sizeof(Event) == 32 && alignof(Event) == 8);

// The total order of T2: (time, rank, partition, offset).
bool Before(const Event& a, const Event& b);

// Builds one event after another in memory that it keeps: no allocation once it has grown.
//
// Begin, then Set slots in any order, values coming from the builder's own memory (CopyString,
// NewList, NewMap) or being plain numbers; then Finish, whose event is valid until the next Begin.
// Memory may move while building, so what the builder hands out is addressed by Ref, not by
// pointer.
class EventBuilder {
 public:
  using Ref = uint32_t;  // an offset into the block, of a StoredValue

  void Begin(uint32_t stream, uint32_t slot_count);
  Ref slot(uint32_t index) const;

  void SetNull(Ref ref);
  void SetBool(Ref ref, bool b);
  void SetInt(Ref ref, int64_t i);
  void SetUint(Ref ref, uint64_t u);
  void SetDouble(Ref ref, double d);
  void SetError(Ref ref, ErrorCode code);
  void SetString(Ref ref, std::string_view s);
  void SetAbsent(Ref ref);
  // A list of `size` absent elements, a map of `size` absent entries: fill them through Element,
  // Key and Item.
  Ref SetList(Ref ref, uint32_t size);  // returns the first element
  Ref SetMap(Ref ref, uint32_t size);   // returns the first entry
  Ref SetOptional(Ref ref);             // of a value that is absent yet; returns it
  static Ref Element(Ref list, uint32_t index) {
    return list + index * static_cast<uint32_t>(sizeof(StoredValue));
  }
  static Ref Key(Ref map, uint32_t index) {
    return map + index * static_cast<uint32_t>(sizeof(StoredEntry));
  }
  static Ref Item(Ref map, uint32_t index) {
    return Key(map, index) + static_cast<uint32_t>(sizeof(StoredValue));
  }
  // Copies a value with all that it points to (which must not be the builder's memory). Of a map
  // all entries.
  void SetCopy(Ref ref, Value value);

  // Bytes so far. Whoever fills it sees to it that they stay within 32 bits.
  size_t size() const { return used_; }

  const Event* Finish(int64_t time, uint32_t partition, int64_t offset);

 private:
  StoredValue& At(Ref ref) { return *reinterpret_cast<StoredValue*>(bytes_.data() + ref); }
  uint32_t Grow(size_t bytes);  // returns the offset of the new room, 8-aligned

  std::vector<char> bytes_;
  size_t used_ = 0;
};

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_EVENT_EVENT_H_
