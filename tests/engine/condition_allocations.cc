#include "tests/engine/condition_allocations.h"

#include <atomic>
#include <cstdlib>
#include <new>

namespace telltale::engine {
namespace {

std::atomic<uint64_t> allocations{0};

}  // namespace

uint64_t Allocations() { return allocations.load(); }

}  // namespace telltale::engine

void* operator new(size_t size) {
  telltale::engine::allocations.fetch_add(1, std::memory_order_relaxed);
  if (void* memory = std::malloc(size == 0 ? 1 : size)) return memory;
  std::abort();
}
// std::stable_sort's buffer comes from here; all of them must belong to the same family.
void* operator new(size_t size, const std::nothrow_t&) noexcept { return operator new(size); }
void operator delete(void* memory, const std::nothrow_t&) noexcept { std::free(memory); }
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, size_t) noexcept { std::free(memory); }
