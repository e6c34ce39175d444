#include "engine/event/packed_event.h"

#include <new>

namespace telltale::engine {
namespace {

// Beside the kind of a slot.
constexpr uint8_t kHasSize = 0x80;
constexpr uint8_t kHasPayload = 0x40;
constexpr uint8_t kKind = 0x3f;
static_assert(static_cast<uint8_t>(ValueKind::kEventList) <= kKind);

uint32_t EndOfSlots(uint32_t slots) {
  return static_cast<uint32_t>(sizeof(Event) + slots * sizeof(StoredValue));
}

void PackSlot(const StoredValue& slot, char*& at) {
  *at++ = static_cast<char>(static_cast<uint8_t>(slot.kind) | (slot.size != 0 ? kHasSize : 0) |
                            (slot.payload != 0 ? kHasPayload : 0));
  if (slot.size != 0) PutVarint(at, slot.size);
  if (slot.payload == 0) return;
  if (slot.kind == ValueKind::kDouble) {
    PutRaw(at, slot.payload);
  } else {
    PutZigzag(at, slot.payload);
  }
}

StoredValue UnpackSlot(const char*& at) {
  const auto head = static_cast<uint8_t>(*at++);
  StoredValue slot;
  slot.kind = static_cast<ValueKind>(head & kKind);
  if ((head & kHasSize) != 0) slot.size = static_cast<uint32_t>(TakeVarint(at));
  if ((head & kHasPayload) != 0)
    slot.payload = slot.kind == ValueKind::kDouble ? TakeRaw<int64_t>(at) : TakeZigzag(at);
  return slot;
}

}  // namespace

void PackEvent(const Event& event, char*& at) {
  const uint32_t tail = event.byte_size - EndOfSlots(event.slot_count);
  PutVarint(at, event.slot_count);
  PutVarint(at, tail);
  PutRaw(at, event.time);
  PutZigzag(at, event.offset);
  PutVarint(at, event.stream);
  PutVarint(at, event.partition);
  for (uint32_t i = 0; i < event.slot_count; ++i) PackSlot(event.slots()[i], at);
  std::memcpy(at, event.slots() + event.slot_count, tail);
  at += tail;
}

uint32_t UnpackedBytes(const char* packed) {
  const auto slots = static_cast<uint32_t>(TakeVarint(packed));
  return EndOfSlots(slots) + static_cast<uint32_t>(TakeVarint(packed));
}

void UnpackEvent(const char* packed, void* block) {
  Event& event = *new (block) Event;
  event.slot_count = static_cast<uint32_t>(TakeVarint(packed));
  const auto tail = static_cast<uint32_t>(TakeVarint(packed));
  event.byte_size = EndOfSlots(event.slot_count) + tail;
  event.time = TakeRaw<int64_t>(packed);
  event.offset = TakeZigzag(packed);
  event.stream = static_cast<uint32_t>(TakeVarint(packed));
  event.partition = static_cast<uint32_t>(TakeVarint(packed));
  for (uint32_t i = 0; i < event.slot_count; ++i)
    new (event.slots() + i) StoredValue(UnpackSlot(packed));
  std::memcpy(event.slots() + event.slot_count, packed, tail);
}

}  // namespace telltale::engine
