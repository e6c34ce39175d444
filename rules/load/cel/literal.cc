#include "rules/load/cel/literal.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace telltale::rules {
namespace {

struct Prefix {
  size_t size = 0;
  bool raw = false;
  bool bytes = false;
};

// [bB]? [rR]?, the longest that stands before a quote; none where no quote follows.
std::optional<Prefix> ReadPrefix(std::string_view text) {
  Prefix prefix;
  if (prefix.size < text.size() && (text[prefix.size] == 'b' || text[prefix.size] == 'B')) {
    prefix.bytes = true;
    ++prefix.size;
  }
  if (prefix.size < text.size() && (text[prefix.size] == 'r' || text[prefix.size] == 'R')) {
    prefix.raw = true;
    ++prefix.size;
  }
  if (prefix.size >= text.size()) return std::nullopt;
  if (text[prefix.size] != '\'' && text[prefix.size] != '"') return std::nullopt;
  return prefix;
}

// One quote character or three of it.
std::string_view ReadQuote(std::string_view text) {
  const char quote = text[0];
  if (text.size() >= 3 && text[1] == quote && text[2] == quote) return text.substr(0, 3);
  return text.substr(0, 1);
}

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// The escapes that stand for one character.
std::optional<char> SimpleEscape(char c) {
  switch (c) {
    case 'a':
      return '\a';
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    case 'v':
      return '\v';
    case '\\':
    case '?':
    case '"':
    case '\'':
    case '`':
      return c;
    default:
      return std::nullopt;
  }
}

class Decoder {
 public:
  Decoder(std::string_view literal, Prefix prefix, size_t begin, size_t end)
      : text_(literal), prefix_(prefix), pos_(begin), end_(end) {
    out_.is_bytes = prefix.bytes;
    out_.value.reserve(end - begin);
  }

  DecodedLiteral Run() {
    while (pos_ < end_) {
      if (text_[pos_] == '\\' && !prefix_.raw) {
        Escape();
      } else {
        Character();
      }
    }
    out_.offsets.push_back(static_cast<uint32_t>(end_));
    return std::move(out_);
  }

 private:
  void Put(std::string_view bytes, size_t at) {
    out_.value.append(bytes);
    out_.offsets.insert(out_.offsets.end(), bytes.size(), static_cast<uint32_t>(at));
  }

  void Error(size_t begin, size_t end, std::string message) {
    out_.errors.push_back(
        {static_cast<uint32_t>(begin), static_cast<uint32_t>(end), std::move(message)});
  }

  void Character() {
    const size_t size = Utf8SequenceLength(text_.substr(pos_, end_ - pos_));
    if (size == 0) {
      Error(pos_, pos_ + 1, "this string holds bytes that are not UTF-8");
      ++pos_;
      return;
    }
    for (size_t i = 0; i < size; ++i) Put(text_.substr(pos_ + i, 1), pos_ + i);
    pos_ += size;
  }

  void Escape() {
    const size_t begin = pos_;
    if (begin + 1 >= end_) {  // a closed literal never ends in its escape
      pos_ = end_;
      return Error(begin, end_, "a lone '\\' at the end of a string");
    }
    const char c = text_[begin + 1];
    pos_ += 2;
    if (const auto simple = SimpleEscape(c)) return Put(std::string_view(&*simple, 1), begin);
    switch (c) {
      case 'x':
      case 'X':
        return Digits(begin, 2, 16);
      case 'u':
        return Digits(begin, 4, 16);
      case 'U':
        return Digits(begin, 8, 16);
      case '0':
      case '1':
      case '2':
      case '3':
        pos_ = begin + 1;
        return Digits(begin, 3, 8);
      default:
        break;
    }
    pos_ = begin + 1 +
           std::max<size_t>(1, Utf8SequenceLength(text_.substr(begin + 1, end_ - begin - 1)));
    Error(begin, pos_,
          "strings have no escape '" + std::string(text_.substr(begin, pos_ - begin)) +
              "'; for a backslash itself write '\\\\', or the whole string as r\"...\"");
  }

  // `count` digits of the base at pos_, for the escape that begins at `begin`.
  void Digits(size_t begin, int count, int base) {
    const bool unicode = text_[begin + 1] == 'u' || text_[begin + 1] == 'U';
    uint32_t value = 0;
    for (int i = 0; i < count; ++i) {
      const int digit = pos_ < end_ ? HexDigit(text_[pos_]) : -1;
      if (digit < 0 || digit >= base) {
        return Error(begin, std::min(end_, pos_ + 1),
                     "the escape '" + std::string(text_.substr(begin, base == 8 ? 1 : 2)) +
                         "' takes " + std::to_string(count) +
                         (base == 8 ? " octal" : " hexadecimal") + " digits");
      }
      value = value * static_cast<uint32_t>(base) + static_cast<uint32_t>(digit);
      ++pos_;
    }
    if (prefix_.bytes) {
      if (unicode)
        return Error(begin, pos_,
                     "bytes have no '\\u' and '\\U' escapes; write '\\x' for each byte");
      const char byte = static_cast<char>(value);
      return Put(std::string_view(&byte, 1), begin);
    }
    if (value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF)) {
      return Error(
          begin, pos_,
          "'" + std::string(text_.substr(begin, pos_ - begin)) + "' is not a Unicode character");
    }
    Put(EncodeUtf8(value), begin);
  }

  std::string_view text_;
  Prefix prefix_;
  size_t pos_;
  size_t end_;
  DecodedLiteral out_;
};

}  // namespace

bool StartsLiteral(std::string_view text) { return ReadPrefix(text).has_value(); }

LiteralExtent MeasureLiteral(std::string_view text) {
  const Prefix prefix = *ReadPrefix(text);
  const std::string_view quote = ReadQuote(text.substr(prefix.size));
  size_t pos = prefix.size + quote.size();
  while (pos < text.size()) {
    if (quote.size() == 1 && (text[pos] == '\n' || text[pos] == '\r')) return {pos, false};
    if (text[pos] == '\\' && !prefix.raw) {
      const bool breaks = pos + 1 < text.size() && (text[pos + 1] == '\n' || text[pos + 1] == '\r');
      pos += quote.size() == 1 && breaks ? 1 : 2;
      continue;
    }
    if (text.substr(pos, quote.size()) == quote) return {pos + quote.size(), true};
    ++pos;
  }
  return {text.size(), false};
}

DecodedLiteral DecodeLiteral(std::string_view literal) {
  const Prefix prefix = *ReadPrefix(literal);
  const size_t quote = ReadQuote(literal.substr(prefix.size)).size();
  return Decoder(literal, prefix, prefix.size + quote, literal.size() - quote).Run();
}

std::string EncodeUtf8(uint32_t code_point) {
  const auto tail = [code_point](int shift) {
    return static_cast<char>(0x80 | ((code_point >> shift) & 0x3F));
  };
  if (code_point < 0x80) return {static_cast<char>(code_point)};
  if (code_point < 0x800) return {static_cast<char>(0xC0 | (code_point >> 6)), tail(0)};
  if (code_point < 0x10000) return {static_cast<char>(0xE0 | (code_point >> 12)), tail(6), tail(0)};
  return {static_cast<char>(0xF0 | (code_point >> 18)), tail(12), tail(6), tail(0)};
}

size_t Utf8SequenceLength(std::string_view text) {
  const auto byte = [text](size_t i) { return static_cast<uint8_t>(text[i]); };
  const uint8_t first = byte(0);
  if (first < 0x80) return 1;
  size_t size = 0;
  uint32_t value = 0;
  if (first >= 0xC2 && first <= 0xDF) {
    size = 2;
    value = first & 0x1F;
  } else if (first >= 0xE0 && first <= 0xEF) {
    size = 3;
    value = first & 0x0F;
  } else if (first >= 0xF0 && first <= 0xF4) {
    size = 4;
    value = first & 0x07;
  } else {
    return 0;
  }
  if (text.size() < size) return 0;
  for (size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return 0;
    value = (value << 6) | (byte(i) & 0x3F);
  }
  const bool overlong = (size == 3 && value < 0x800) || (size == 4 && value < 0x10000);
  const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
  return overlong || surrogate || value > 0x10FFFF ? 0 : size;
}

}  // namespace telltale::rules
