#include "engine/pattern/block_pool.h"

#include <bit>
#include <cstring>
#include <utility>

namespace telltale::engine {

BlockPool::Class BlockPool::ClassOf(size_t units) {
  if (units <= 16) return {.number = units, .units = static_cast<uint32_t>(units)};
  const auto shift = static_cast<uint32_t>(std::bit_width(units - 1)) - 4;
  const auto eighths = static_cast<uint32_t>((units - 1) >> shift) + 1;  // 9 to 16 of them
  return {.number = 8 * shift + eighths, .units = eighths << shift};
}

BlockPool::Handle BlockPool::Take(size_t bytes) {
  const size_t units = (bytes + kUnit - 1) / kUnit;
  if (units > kLargestUnits) return TakeLarge(bytes);
  const Class size = ClassOf(units);
  if (free_[size.number] == kNone) {
    // Handles are used up after eight gigabytes.
    if (chunks_.size() * kChunkUnits >= kLarge && cut_ + size.units > kChunkUnits)
      return TakeLarge(bytes);
    bytes_ += size.units * kUnit;
    return Cut(size.units);
  }
  bytes_ += size.units * kUnit;
  const Handle handle = free_[size.number];
  std::memcpy(&free_[size.number], At(handle), sizeof(Handle));
  return handle;
}

BlockPool::Handle BlockPool::Cut(uint32_t units) {
  if (cut_ + units > kChunkUnits) {
    chunks_.Add(std::unique_ptr<char[]>(new char[kChunkUnits * kUnit]));
    cut_ = 0;
  }
  const auto chunk = static_cast<Handle>(chunks_.size() - 1);
  return chunk * kChunkUnits + std::exchange(cut_, cut_ + units);
}

BlockPool::Handle BlockPool::TakeLarge(size_t bytes) {
  bytes_ += bytes;
  Handle number = free_large_;
  if (number == kNone) {
    number = static_cast<Handle>(large_.size());
    large_.Add();
  } else {
    free_large_ = large_[number].next_free;
  }
  large_[number].block.reset(new char[bytes]);
  return number | kLarge;
}

void BlockPool::Give(Handle handle, size_t bytes) {
  if ((handle & kLarge) != 0) {
    Large& large = large_[handle & ~kLarge];
    large.block = nullptr;
    large.next_free = std::exchange(free_large_, handle & ~kLarge);
    bytes_ -= bytes;
    return;
  }
  const Class size = ClassOf((bytes + kUnit - 1) / kUnit);
  std::memcpy(At(handle), &free_[size.number], sizeof(Handle));
  free_[size.number] = handle;
  bytes_ -= size.units * kUnit;
}

}  // namespace telltale::engine
