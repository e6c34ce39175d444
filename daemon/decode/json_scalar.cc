#include "daemon/decode/json_scalar.h"

#include <charconv>
#include <cmath>
#include <cstring>
#include <limits>

#include "absl/strings/charconv.h"

namespace telltale::decode {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

bool EndsScalar(std::string_view text, size_t at) {
  if (at >= text.size()) return true;
  switch (text[at]) {
    case ' ':
    case '\n':
    case '\r':
    case '\t':
    case ',':
    case '}':
    case ']':
      return true;
    default:
      return false;
  }
}

// Passes over at least one digit.
bool Digits(std::string_view text, size_t& at) {
  const size_t begin = at;
  while (at < text.size() && IsDigit(text[at])) ++at;
  return at != begin;
}

// The value of four hexadecimal digits, or -1.
int32_t Hex4(std::string_view text) {
  if (text.size() < 4) return -1;
  int32_t value = 0;
  for (int i = 0; i < 4; ++i) {
    const char c = text[static_cast<size_t>(i)];
    int32_t digit = 0;
    if (IsDigit(c)) {
      digit = c - '0';
    } else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f') {
      digit = (c | 0x20) - 'a' + 10;
    } else {
      return -1;
    }
    value = value << 4 | digit;
  }
  return value;
}

int64_t PutUtf8(uint32_t code, char* out) {
  const auto put = [out](int i, uint32_t byte) { out[i] = static_cast<char>(byte); };
  if (code < 0x80) {
    put(0, code);
    return 1;
  }
  if (code < 0x800) {
    put(0, 0xC0 | code >> 6);
    put(1, 0x80 | (code & 0x3F));
    return 2;
  }
  if (code < 0x10000) {
    put(0, 0xE0 | code >> 12);
    put(1, 0x80 | (code >> 6 & 0x3F));
    put(2, 0x80 | (code & 0x3F));
    return 3;
  }
  put(0, 0xF0 | code >> 18);
  put(1, 0x80 | (code >> 12 & 0x3F));
  put(2, 0x80 | (code >> 6 & 0x3F));
  put(3, 0x80 | (code & 0x3F));
  return 4;
}

// The character of the escape "\uXXXX" whose digits begin the text, with a second one where it is
// half of a pair; takes it off the text. -1: none.
int32_t TakeUnicode(std::string_view& text) {
  const int32_t first = Hex4(text);
  if (first < 0) return -1;
  text.remove_prefix(4);
  if (first < 0xD800 || first > 0xDFFF) return first;
  if (first > 0xDBFF || !text.starts_with("\\u")) return -1;
  const int32_t second = Hex4(text.substr(2));
  if (second < 0xDC00 || second > 0xDFFF) return -1;
  text.remove_prefix(6);
  return 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00);
}

}  // namespace

Number ReadNumber(std::string_view text, size_t begin) {
  size_t at = begin;
  const bool negative = text[at] == '-';
  if (negative) ++at;
  const size_t digits_begin = at;
  uint64_t value = 0;
  while (at < text.size() && IsDigit(text[at])) {
    value = value * 10 + static_cast<uint64_t>(text[at] - '0');  // wraps around past 19 digits
    ++at;
  }
  const size_t digits = at - digits_begin;
  if (digits == 0 || (digits > 1 && text[digits_begin] == '0')) return {};
  Number number;
  if (EndsScalar(text, at)) {
    number.text = text.substr(begin, at - begin);
    number.u = value;
    // 20 digits that begin with 1 fit or have wrapped around to less than 10^19.
    const bool fits = digits < 20 || (digits == 20 && text[digits_begin] == '1' &&
                                      value >= 10'000'000'000'000'000'000u);
    const uint64_t limit =
        static_cast<uint64_t>(std::numeric_limits<int64_t>::max()) + (negative ? 1 : 0);
    if (fits && value <= limit) {
      number.kind = NumberKind::kInt;
      number.i = static_cast<int64_t>(negative ? 0 - value : value);
    } else if (fits && !negative) {
      number.kind = NumberKind::kUint;
    } else {
      number.kind = NumberKind::kDouble;
    }
    return number;
  }
  if (text[at] == '.' && !Digits(text, ++at)) return {};
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
    if (!Digits(text, at)) return {};
  }
  if (!EndsScalar(text, at)) return {};
  number.kind = NumberKind::kDouble;
  number.text = text.substr(begin, at - begin);
  return number;
}

bool ToDouble(const Number& number, double& value) {
  if (number.kind == NumberKind::kInt && number.i != 0) {
    value = static_cast<double>(number.i);
    return true;
  }
  if (number.kind == NumberKind::kUint) {
    value = static_cast<double>(number.u);
    return true;
  }
  const char* const end = number.text.data() + number.text.size();
  if (std::from_chars(number.text.data(), end, value).ec == std::errc()) return true;
  // Out of range: too small is a zero, too large is none.
  const absl::from_chars_result result = absl::from_chars(number.text.data(), end, value);
  return (result.ec == std::errc() || result.ec == std::errc::result_out_of_range) &&
         std::fabs(value) < 1;
}

bool IsWord(std::string_view text, size_t begin, std::string_view word) {
  return text.substr(begin, word.size()) == word && EndsScalar(text, begin + word.size());
}

int64_t Unescape(std::string_view raw, char* out) {
  char* const begin = out;
  while (true) {
    const size_t plain = std::min(raw.find('\\'), raw.size());
    std::memcpy(out, raw.data(), plain);
    out += plain;
    raw.remove_prefix(plain);
    if (raw.empty()) return out - begin;
    if (raw.size() < 2) return -1;
    const char c = raw[1];
    raw.remove_prefix(2);
    switch (c) {
      case '"':
      case '\\':
      case '/':
        *out++ = c;
        break;
      case 'b':
        *out++ = '\b';
        break;
      case 'f':
        *out++ = '\f';
        break;
      case 'n':
        *out++ = '\n';
        break;
      case 'r':
        *out++ = '\r';
        break;
      case 't':
        *out++ = '\t';
        break;
      case 'u': {
        const int32_t code = TakeUnicode(raw);
        if (code < 0) return -1;
        out += PutUtf8(static_cast<uint32_t>(code), out);
        break;
      }
      default:
        return -1;
    }
  }
}

}  // namespace telltale::decode
