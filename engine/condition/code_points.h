// Characters of text: where the one of a number begins.
//
// A character is a Unicode code point, as CEL counts them; text is UTF-8. What depends on the size
// of the text is charged to the scratch by the caller, a unit for 64 bytes.
//
// Owner: none. Thread: any. Errors: npos.
#ifndef TELLTALE_ENGINE_CONDITION_CODE_POINTS_H_
#define TELLTALE_ENGINE_CONDITION_CODE_POINTS_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace telltale::engine {

// Whether a character begins with the byte.
constexpr bool BeginsCharacter(char byte) {
  return (static_cast<unsigned char>(byte) & 0xC0) != 0x80;
}

inline int64_t CountCharacters(std::string_view text) {
  return std::count_if(text.begin(), text.end(), BeginsCharacter);
}

// Bytes of the character that begins at `at`. REQUIRES: at < text.size().
inline size_t CharacterSize(std::string_view text, size_t at) {
  size_t end = at + 1;
  while (end < text.size() && !BeginsCharacter(text[end])) ++end;
  return end - at;
}

// Where character number `index` begins, counted from 0; the end of the text is the place of the
// one after the last; npos: beyond, or negative.
inline size_t CharacterOffset(std::string_view text, int64_t index) {
  if (index < 0 || static_cast<uint64_t>(index) > text.size()) return std::string_view::npos;
  size_t at = 0;
  for (; index > 0 && at < text.size(); --index) at += CharacterSize(text, at);
  return index == 0 ? at : std::string_view::npos;
}

// Bytes of the character that the bytes begin with; 0: they begin with none (strictly: no overlong
// forms, no surrogates). REQUIRES: there are some.
size_t ValidCharacterSize(std::string_view bytes);
bool IsUtf8(std::string_view bytes);

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_CONDITION_CODE_POINTS_H_
