// Numbers, words and strings of JSON, read from text that is not padded.
//
// Thread: any. Errors: false, or kind kBad; nothing is thrown.
#ifndef TELLTALE_DAEMON_DECODE_JSON_SCALAR_H_
#define TELLTALE_DAEMON_DECODE_JSON_SCALAR_H_

#include <cstdint>
#include <string_view>

namespace telltale::decode {

enum class NumberKind : uint8_t {
  kBad,     // no number by JSON's grammar, or beyond the doubles
  kInt,     // its text is an integer that an int64 holds
  kUint,    // an integer that only a uint64 holds
  kDouble,  // all others
};

struct Number {
  NumberKind kind = NumberKind::kBad;
  int64_t i = 0;   // of kInt
  uint64_t u = 0;  // of kInt (where not negative) and kUint
  std::string_view text;
};

// The number that begins at text[begin] and ends before white space, a comma or a closing bracket.
Number ReadNumber(std::string_view text, size_t begin);
// Its value as a double, correctly rounded; false where it is beyond the doubles.
bool ToDouble(const Number& number, double& value);

// Whether the word ("true") stands at text[begin], and nothing more.
bool IsWord(std::string_view text, size_t begin, std::string_view word);

// Resolves escapes into `out`, which has room for raw.size() bytes. Returns how many were written,
// or -1: an unknown escape, or half a surrogate pair.
int64_t Unescape(std::string_view raw, char* out);

}  // namespace telltale::decode

#endif  // TELLTALE_DAEMON_DECODE_JSON_SCALAR_H_
