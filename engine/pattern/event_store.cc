#include "engine/pattern/event_store.h"

#include <cstring>

#include "engine/event/packed_event.h"

namespace telltale::engine {

EventHandle EventStore::Hold(const Event& event) {
  const EventHandle handle = blocks_.Take(BytesOf(event.byte_size));
  Block& block = At(handle);
  block.references = 1;
  std::memcpy(static_cast<void*>(&block.event), &event, event.byte_size);
  ++size_;
  return handle;
}

EventHandle EventStore::HoldPacked(const char* packed) {
  const EventHandle handle = blocks_.Take(BytesOf(UnpackedBytes(packed)));
  Block& block = At(handle);
  block.references = 1;
  UnpackEvent(packed, &block.event);
  ++size_;
  return handle;
}

void EventStore::Unref(EventHandle handle) {
  Block& block = At(handle);
  if (--block.references != 0) return;
  blocks_.Give(handle, BytesOf(block.event.byte_size));
  --size_;
}

}  // namespace telltale::engine
