// A hash of a value that agrees with CEL's ==: 17, 17.0 and 17u are one value. It has no seed, so
// that it may reach a result (W5).
//
// Owner: none. Thread: any. Errors: nan, which equals nothing, has none.
#ifndef TELLTALE_ENGINE_WINDOW_VALUE_HASH_H_
#define TELLTALE_ENGINE_WINDOW_VALUE_HASH_H_

#include <cstdint>
#include <optional>

#include "engine/event/value.h"

namespace telltale::engine {

// Every bit of the number has a part in every bit of it.
inline uint64_t Mix(uint64_t x) {  // Stafford's thirteenth
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
  return x ^ (x >> 31);
}

// Of several values in their order.
inline uint64_t Combine(uint64_t hash, uint64_t next) {
  return Mix(hash * 0x9e3779b97f4a7c15u + next);
}

std::optional<uint64_t> ValueHash(Value value);

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_WINDOW_VALUE_HASH_H_
