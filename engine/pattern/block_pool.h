// Memory for many small blocks that come and go, named by 31 bits.
//
// Blocks are cut from chunks in size classes, a class eight bytes larger than the one before it and
// from 128 bytes on an eighth at most; a free block waits in its class for the next of that size,
// and names the next free one itself. So a block has no overhead, taking and giving back are a few
// instructions, and nothing that is there ever moves. Large blocks are the allocator's. What was
// taken for one class is not given to another: the memory of a shard is the sum of the peaks of its
// classes.
//
// Owner: the shard. Thread: the shard's.
#ifndef TELLTALE_ENGINE_PATTERN_BLOCK_POOL_H_
#define TELLTALE_ENGINE_PATTERN_BLOCK_POOL_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "engine/event/stable_vector.h"

namespace telltale::engine {

class BlockPool {
 public:
  using Handle = uint32_t;  // below 2^31
  static constexpr Handle kNone = UINT32_MAX;

  BlockPool() { free_.fill(kNone); }
  BlockPool(const BlockPool&) = delete;
  BlockPool& operator=(const BlockPool&) = delete;

  // Aligned to eight bytes.
  Handle Take(size_t bytes);
  // `bytes`: as it was taken.
  void Give(Handle handle, size_t bytes);
  char* At(Handle handle) const {
    if ((handle & kLarge) != 0) return large_[handle & ~kLarge].block.get();
    return chunks_[handle / kChunkUnits].get() + size_t{handle % kChunkUnits} * kUnit;
  }
  size_t bytes() const { return bytes_; }  // of what is taken, with what rounding adds

 private:
  static constexpr size_t kUnit = 8;
  static constexpr uint32_t kChunkUnits = 8192;
  static constexpr size_t kLargestUnits = 1024;
  static constexpr size_t kClasses = 65;
  static constexpr Handle kLarge = Handle{1} << 30;

  struct Class {
    size_t number = 0;
    uint32_t units = 0;
  };
  struct Large {
    std::unique_ptr<char[]> block;
    Handle next_free = kNone;
  };
  static Class ClassOf(size_t units);
  Handle Cut(uint32_t units);
  Handle TakeLarge(size_t bytes);

  StableVector<std::unique_ptr<char[]>> chunks_;
  uint32_t cut_ = kChunkUnits;         // of the last chunk
  std::array<Handle, kClasses> free_;  // by class
  StableVector<Large> large_;
  Handle free_large_ = kNone;
  size_t bytes_ = 0;
};

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_PATTERN_BLOCK_POOL_H_
