#include "tests/support/heap_meter.h"

#include <malloc.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <new>

namespace telltale::tests {
namespace {

std::atomic<size_t> now{0};
std::atomic<size_t> most{0};

}  // namespace

HeapMeter::HeapMeter() : before_(now.load()) { most.store(before_); }
size_t HeapMeter::peak() const { return most.load() - before_; }
size_t HeapMeter::held() const { return now.load() - std::min(before_, now.load()); }

}  // namespace telltale::tests

void* operator new(size_t size) {
  using telltale::tests::most;
  using telltale::tests::now;
  void* memory = std::malloc(size == 0 ? 1 : size);
  if (memory == nullptr) std::abort();
  const size_t bytes = malloc_usable_size(memory);
  const size_t held = now.fetch_add(bytes, std::memory_order_relaxed) + bytes;
  size_t known = most.load(std::memory_order_relaxed);
  while (held > known && !most.compare_exchange_weak(known, held)) {
  }
  return memory;
}
// std::stable_sort's buffer comes from here; all of them must belong to the same family.
void* operator new(size_t size, const std::nothrow_t&) noexcept { return operator new(size); }
void operator delete(void* memory) noexcept {
  telltale::tests::now.fetch_sub(malloc_usable_size(memory), std::memory_order_relaxed);
  std::free(memory);
}
void operator delete(void* memory, const std::nothrow_t&) noexcept { operator delete(memory); }
void operator delete(void* memory, size_t) noexcept { operator delete(memory); }
