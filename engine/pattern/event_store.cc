#include "engine/pattern/event_store.h"

#include <cstring>
#include <new>

namespace telltale::engine {
namespace {

constexpr size_t kClassBytes = 64;
// Larger blocks go back to the allocator: they are rare, and keeping them would hold memory for
// ever.
constexpr size_t kClasses = 64;

size_t ClassOf(size_t bytes) { return (bytes + kClassBytes - 1) / kClassBytes; }

}  // namespace

EventStore::~EventStore() {
  for (Entry& entry : entries_) ::operator delete(entry.event);
  for (auto& blocks : blocks_) {
    for (void* block : blocks) ::operator delete(block);
  }
}

EventHandle EventStore::Hold(const Event& event) {
  const size_t size_class = ClassOf(event.byte_size);
  void* block = nullptr;
  if (size_class < blocks_.size() && !blocks_[size_class].empty()) {
    block = blocks_[size_class].back();
    blocks_[size_class].pop_back();
  } else {
    block = ::operator new(size_class* kClassBytes);
  }
  std::memcpy(block, &event, event.byte_size);
  bytes_ += size_class * kClassBytes;

  EventHandle handle;
  if (free_.empty()) {
    handle = static_cast<EventHandle>(entries_.size());
    entries_.emplace_back();
  } else {
    handle = free_.back();
    free_.pop_back();
  }
  entries_[handle] = {.event = static_cast<Event*>(block), .references = 1};
  return handle;
}

void EventStore::Unref(EventHandle handle) {
  Entry& entry = entries_[handle];
  if (--entry.references != 0) return;
  const size_t size_class = ClassOf(entry.event->byte_size);
  bytes_ -= size_class * kClassBytes;
  if (size_class < kClasses) {
    if (blocks_.size() <= size_class) blocks_.resize(size_class + 1);
    blocks_[size_class].push_back(entry.event);
  } else {
    ::operator delete(entry.event);
  }
  entry.event = nullptr;
  free_.push_back(handle);
}

}  // namespace telltale::engine
