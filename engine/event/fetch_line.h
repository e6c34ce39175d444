// Brings what an address names into the cache, where it names something.
//
// To fetch from where nothing is mapped, as from null, walks the page tables each time, for nothing
// of that is remembered: that costs more than what the others spare. Thread: any. Errors: none.
#ifndef TELLTALE_ENGINE_EVENT_FETCH_LINE_H_
#define TELLTALE_ENGINE_EVENT_FETCH_LINE_H_

namespace telltale::engine {

// Inlined always: to the compiler a function that does no more has no effect, and need not be
// called.
[[gnu::always_inline]] inline void FetchLine(const void* address) {
  if (address != nullptr) __builtin_prefetch(address);
}

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_EVENT_FETCH_LINE_H_
