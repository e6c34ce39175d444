// How often this binary has allocated memory so far: linking condition_allocations.cc replaces
// operator new. Thread: any.
#ifndef TELLTALE_TESTS_ENGINE_CONDITION_ALLOCATIONS_H_
#define TELLTALE_TESTS_ENGINE_CONDITION_ALLOCATIONS_H_

#include <cstdint>

namespace telltale::engine {

uint64_t Allocations();

}  // namespace telltale::engine

#endif  // TELLTALE_TESTS_ENGINE_CONDITION_ALLOCATIONS_H_
