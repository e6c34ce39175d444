// The value of a string or bytes literal, as it is written in an expression.
//
// Source: the CEL specification, "Lexis" and "String and Bytes Values". Owner: value type. Thread:
// any. Offsets are bytes in the literal's own text. Errors: a list of what is wrong, with places;
// never a failure.
#ifndef TELLTALE_RULES_LOAD_CEL_LITERAL_H_
#define TELLTALE_RULES_LOAD_CEL_LITERAL_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace telltale::rules {

struct LiteralError {
  uint32_t begin = 0;
  uint32_t end = 0;
  std::string message;
};

struct DecodedLiteral {
  std::string value;
  bool is_bytes = false;
  std::vector<uint32_t> offsets;  // value byte i stands at offsets[i]; one more for the end
  std::vector<LiteralError> errors;
};

// How far the literal that `text` begins with reaches, quotes included; `closed` is false where its
// end is missing (then `size` reaches to the end of the line, or of the text where it is
// triple-quoted).
struct LiteralExtent {
  size_t size = 0;
  bool closed = false;
};

// True where `text` begins with a string or bytes literal: optional prefix, then a quote.
bool StartsLiteral(std::string_view text);
// REQUIRES: StartsLiteral(text).
LiteralExtent MeasureLiteral(std::string_view text);
// REQUIRES: `literal` is a closed literal, whole.
DecodedLiteral DecodeLiteral(std::string_view literal);

// The UTF-8 form of a code point. REQUIRES: code_point <= 0x10FFFF.
std::string EncodeUtf8(uint32_t code_point);
// The length of the valid UTF-8 sequence at the start of a non-empty `text`; 0 where there is none.
size_t Utf8SequenceLength(std::string_view text);

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_LOAD_CEL_LITERAL_H_
