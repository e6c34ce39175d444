// A vector that never moves what it holds: growing takes new room and touches none of the old, so
// that the millionth element costs what the tenth does, and references stay valid.
//
// Room comes in chunks, each twice as large as the one before it. What of a chunk is not used yet
// has never been touched, and so is no resident memory. Owner: whoever has it. Thread: one. Errors:
// none.
#ifndef TELLTALE_ENGINE_EVENT_STABLE_VECTOR_H_
#define TELLTALE_ENGINE_EVENT_STABLE_VECTOR_H_

#include <array>
#include <bit>
#include <cstddef>
#include <memory>
#include <new>
#include <utility>

namespace telltale::engine {

template <typename T>
class StableVector {
 public:
  StableVector() = default;
  ~StableVector() { Clear(); }
  StableVector(StableVector&& other) noexcept
      : chunks_(std::move(other.chunks_)), size_(std::exchange(other.size_, 0)) {}
  StableVector& operator=(StableVector&& other) noexcept {
    Clear();
    chunks_ = std::move(other.chunks_);
    size_ = std::exchange(other.size_, 0);
    return *this;
  }

  size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  T& operator[](size_t index) { return *At(index); }
  const T& operator[](size_t index) const { return *At(index); }

  T& Add(T element = T()) {
    const size_t chunk = ChunkOf(size_);
    if (chunks_[chunk] == nullptr)
      chunks_[chunk].reset(static_cast<std::byte*>(::operator new(SizeOf(chunk) * sizeof(T))));
    T* const place = new (At(size_)) T(std::move(element));
    ++size_;
    return *place;
  }
  void RemoveLast() {
    --size_;
    At(size_)->~T();
  }

 private:
  static constexpr size_t kFirstBits = 4;
  static constexpr size_t kFirst = size_t{1} << kFirstBits;
  static constexpr size_t kChunks = 33;  // 2^36 elements

  struct Release {
    void operator()(std::byte* bytes) const { ::operator delete(bytes); }
  };
  static size_t ChunkOf(size_t index) {
    return static_cast<size_t>(std::bit_width(index + kFirst)) - 1 - kFirstBits;
  }
  static size_t SizeOf(size_t chunk) { return kFirst << chunk; }
  T* At(size_t index) const {
    const size_t chunk = ChunkOf(index);
    const size_t place = index + kFirst - SizeOf(chunk);
    return std::launder(reinterpret_cast<T*>(chunks_[chunk].get() + place * sizeof(T)));
  }
  void Clear() {
    while (size_ > 0) RemoveLast();
  }

  static_assert(alignof(T) <= alignof(std::max_align_t));
  std::array<std::unique_ptr<std::byte, Release>, kChunks> chunks_;
  size_t size_ = 0;
};

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_EVENT_STABLE_VECTOR_H_
