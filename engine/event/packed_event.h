// An event in as few bytes as are quick to write and to read: what is held for long and asked
// seldom.
//
// Its time and coordinates, then of each slot its kind and what of size and payload is not zero, in
// varints; then what stands behind the slots as it is. What is unpacked is the same block again,
// byte for byte. The form is for this process's memory alone, and its bytes are not checked; what
// is written down has another (engine/pattern/event_codec.h).
//
// Owner: the caller. Thread: any. Errors: none.
#ifndef TELLTALE_ENGINE_EVENT_PACKED_EVENT_H_
#define TELLTALE_ENGINE_EVENT_PACKED_EVENT_H_

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "engine/event/event.h"

namespace telltale::engine {

// Numbers in memory of one's own, without a check. Each moves the place on.
inline void PutVarint(char*& at, uint64_t number) {
  for (; number >= 0x80; number >>= 7) *at++ = static_cast<char>(number | 0x80);
  *at++ = static_cast<char>(number);
}
inline uint64_t TakeVarint(const char*& at) {
  uint64_t number = 0;
  for (uint32_t shift = 0;; shift += 7) {
    const auto byte = static_cast<uint8_t>(*at++);
    number |= uint64_t{byte & 0x7fu} << shift;
    if (byte < 0x80) return number;
  }
}
inline void PutZigzag(char*& at, int64_t number) {
  PutVarint(at, static_cast<uint64_t>(number) << 1 ^ static_cast<uint64_t>(number >> 63));
}
inline int64_t TakeZigzag(const char*& at) {
  const uint64_t number = TakeVarint(at);
  return static_cast<int64_t>(number >> 1 ^ (~(number & 1) + 1));
}
template <typename T>
void PutRaw(char*& at, T value) {
  std::memcpy(at, &value, sizeof value);
  at += sizeof value;
}
template <typename T>
T TakeRaw(const char*& at) {
  T value;
  std::memcpy(&value, at, sizeof value);
  at += sizeof value;
  return value;
}

// How many bytes PackEvent writes at most.
inline size_t MostPackedBytes(const Event& event) { return 48 + size_t{event.byte_size}; }
// Appends at `at`.
void PackEvent(const Event& event, char*& at);
// The byte_size of the event that PackEvent has written there.
uint32_t UnpackedBytes(const char* packed);
// Into a block of so many bytes, aligned as events are.
void UnpackEvent(const char* packed, void* block);

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_EVENT_PACKED_EVENT_H_
