// Where a text stands in another.
//
// Both may be an event's, so the time is linear in their sizes whatever they are: where
// std::string_view::find compares half a megabyte of "aaa...b" at each byte of a megabyte of 'a',
// this does not. The caller charges them to the scratch, a unit for 64 bytes.
//
// Owner: none. Thread: any; nothing is allocated. Errors: npos. Source: memmem(3), whose search is
// the two-way one.
#ifndef TELLTALE_ENGINE_CONDITION_TEXT_FIND_H_
#define TELLTALE_ENGINE_CONDITION_TEXT_FIND_H_

#include <cstring>
#include <string_view>

namespace telltale::engine {

// The first place from `from` on; npos: none. A text without bytes stands everywhere.
inline size_t FindText(std::string_view text, std::string_view part, size_t from = 0) {
  if (from > text.size()) return std::string_view::npos;
  if (part.empty()) return from;
  const void* found = ::memmem(text.data() + from, text.size() - from, part.data(), part.size());
  return found == nullptr ? std::string_view::npos
                          : static_cast<size_t>(static_cast<const char*>(found) - text.data());
}

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_CONDITION_TEXT_FIND_H_
