// A bounded queue from one thread to one other: a ring, two counters, no lock.
//
// Push waits while it is full (that is how backpressure reaches the ingest thread), Pop while it is
// empty. Owner: the engine, one a shard. Thread: Push from one thread, Pop from one other.
#ifndef TELLTALE_ENGINE_RUNTIME_SPSC_QUEUE_H_
#define TELLTALE_ENGINE_RUNTIME_SPSC_QUEUE_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace telltale::engine {

template <typename T>
class SpscQueue {
 public:
  explicit SpscQueue(size_t capacity) : ring_(PowerOfTwo(capacity)) {}

  void Push(T item) {
    const uint32_t tail = tail_.load(std::memory_order_relaxed);
    for (uint32_t head = head_.load(std::memory_order_acquire); tail - head == ring_.size();
         head = head_.load(std::memory_order_acquire)) {
      head_.wait(head, std::memory_order_acquire);
    }
    ring_[tail % ring_.size()] = std::move(item);
    tail_.store(tail + 1, std::memory_order_release);
    tail_.notify_one();
  }

  T Pop() {
    const uint32_t head = head_.load(std::memory_order_relaxed);
    while (tail_.load(std::memory_order_acquire) == head)
      tail_.wait(head, std::memory_order_acquire);
    return Take(head);
  }

  // False: it is empty (TryPop) or full (TryPush).
  bool TryPop(T& item) {
    const uint32_t head = head_.load(std::memory_order_relaxed);
    if (tail_.load(std::memory_order_acquire) == head) return false;
    item = Take(head);
    return true;
  }
  bool TryPush(T& item) {
    const uint32_t tail = tail_.load(std::memory_order_relaxed);
    if (tail - head_.load(std::memory_order_acquire) == ring_.size()) return false;
    ring_[tail % ring_.size()] = std::move(item);
    tail_.store(tail + 1, std::memory_order_release);
    tail_.notify_one();
    return true;
  }

  size_t size() const {  // any thread
    return tail_.load(std::memory_order_relaxed) - head_.load(std::memory_order_relaxed);
  }

 private:
  T Take(uint32_t head) {
    T item = std::move(ring_[head % ring_.size()]);
    head_.store(head + 1, std::memory_order_release);
    head_.notify_one();
    return item;
  }

  // A capacity that is a power of two keeps the positions right when the counters wrap.
  static size_t PowerOfTwo(size_t capacity) {
    size_t power = 1;
    while (power < capacity) power *= 2;
    return power;
  }

  std::vector<T> ring_;
  alignas(64) std::atomic<uint32_t> head_{0};
  alignas(64) std::atomic<uint32_t> tail_{0};
};

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_RUNTIME_SPSC_QUEUE_H_
