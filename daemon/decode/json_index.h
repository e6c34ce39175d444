// Where the parts of a JSON text stand: the positions of all brackets, colons, commas and of the
// first byte of every string, number and word, found by simdjson's first stage, which checks UTF-8,
// control characters in strings and that every string is closed. Nothing else is checked there:
// who walks the positions checks what it walks over.
//
// The text needs no padding and is not copied. Positions are numbered from 0 to size(); walkers
// pass such numbers. Owner: a decoder, which uses one again and again. Thread: one at a time.
// Errors: a DeadLetterReason.
#ifndef TELLTALE_DAEMON_DECODE_JSON_INDEX_H_
#define TELLTALE_DAEMON_DECODE_JSON_INDEX_H_

#include <simdjson.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "daemon/decode/dead_letter.h"

namespace telltale::decode {

inline bool IsSpace(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }

// A line that holds nothing: no record, and no mistake.
inline bool IsBlank(std::string_view line) {
  return std::all_of(line.begin(), line.end(), IsSpace);
}

class JsonIndex {
 public:
  // The text is borrowed until the next call.
  DeadLetterReason Read(std::string_view text);

  std::string_view text() const { return text_; }
  uint32_t size() const { return size_; }
  uint32_t At(uint32_t i) const { return positions_[i]; }
  char Byte(uint32_t i) const { return text_[positions_[i]]; }

  // The bytes between the quotes of the string that begins at `i`, escapes as they stand.
  std::string_view String(uint32_t i) const {
    const uint32_t begin = positions_[i];
    uint32_t end = (i + 1 < size_ ? positions_[i + 1] : static_cast<uint32_t>(text_.size())) - 1;
    while (end > begin + 1 && text_[end] != '"') --end;  // only white space can stand between
    return text_.substr(begin + 1, end - begin - 1);
  }

  // Passes over the value that begins at `i`, looking only at whether its brackets are balanced.
  // False: there is no value, it is not balanced, or the text ends in it.
  bool Skip(uint32_t& i) {
    if (i >= size_) return false;
    const char c = Byte(i);
    if (IsOpening(c)) return SkipNested(i);
    if (c == ',' || c == ':' || c == '}' || c == ']') return false;
    ++i;
    return true;
  }
  // The same, and what was wrong.
  DeadLetterReason Fault(uint32_t i);

 private:
  static bool IsOpening(char c) { return (c | 0x20) == '{'; }
  bool SkipNested(uint32_t& i);

  std::unique_ptr<simdjson::internal::dom_parser_implementation> stage_;
  std::string_view text_;
  const uint32_t* positions_ = nullptr;
  uint32_t size_ = 0;
  std::vector<uint64_t> nesting_;  // of SkipNested
};

}  // namespace telltale::decode

#endif  // TELLTALE_DAEMON_DECODE_JSON_INDEX_H_
