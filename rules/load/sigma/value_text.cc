#include "rules/load/sigma/value_text.h"

#include <algorithm>
#include <cctype>
#include <cstdint>

#include "rules/load/yaml/text_check.h"

namespace telltale::rules::sigma {
namespace {

using Kind = PatternPart::Kind;

constexpr size_t kMostVariants = 1000;  // of a text with several dashes, in an encoding

// Letters, digits, '_' and whatever is beyond ASCII, as far as words of a command line go.
bool IsWord(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return std::isalnum(byte) != 0 || c == '_' || byte >= 0x80;
}

// The dash that the text begins with; empty: none.
std::string_view DashAt(std::string_view text) {
  const auto* found = std::find_if(kDashes.begin(), kDashes.end(),
                                   [&](std::string_view dash) { return text.starts_with(dash); });
  return found == kDashes.end() ? std::string_view() : *found;
}

// One code point of valid UTF-8, taken off the text.
uint32_t TakeCodePoint(std::string_view& text) {
  const auto first = static_cast<unsigned char>(text.front());
  const size_t size = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
  uint32_t code = size == 1 ? first : first & (0xFFU >> (size + 1));
  for (size_t i = 1; i < size && i < text.size(); ++i)
    code = (code << 6) | (static_cast<unsigned char>(text[i]) & 0x3FU);
  text.remove_prefix(std::min(size, text.size()));
  return code;
}

void AppendUnit(uint32_t unit, bool big, std::string& out) {
  const char low = static_cast<char>(unit & 0xFF);
  const char high = static_cast<char>(unit >> 8 & 0xFF);
  out += big ? high : low;
  out += big ? low : high;
}

}  // namespace

TextPattern ParseValue(std::string_view text) {
  TextPattern pattern;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const char next = i + 1 < text.size() ? text[i + 1] : '\0';
    if (c == '\\' && (next == '*' || next == '?' || next == '\\')) {
      pattern.AddText(text.substr(++i, 1));
    } else if (c == '*') {
      pattern.Add(Kind::kAnyText);
    } else if (c == '?') {
      pattern.Add(Kind::kAnyCharacter);
    } else {
      pattern.AddText(text.substr(i, 1));
    }
  }
  return pattern;
}

PlaceholderText FindPlaceholders(std::string_view text) {
  const auto word = [](char c) { return IsWord(c) || c == '-'; };
  PlaceholderText found;
  found.texts.emplace_back();
  for (size_t i = 0; i < text.size(); ++i) {
    if (text.substr(i).starts_with("\\%")) {
      found.texts.back() += text[++i];
      continue;
    }
    if (text[i] == '%') {
      size_t end = i + 1;
      while (end < text.size() && word(text[end])) ++end;
      if (end > i + 1 && end < text.size() && text[end] == '%') {
        found.names.emplace_back(text.substr(i + 1, end - i - 1));
        found.texts.emplace_back();
        i = end;
        continue;
      }
    }
    found.texts.back() += text[i];
  }
  return found;
}

TextPattern Windash(const TextPattern& pattern) {
  TextPattern result;
  for (const PatternPart& part : pattern.parts()) {
    if (part.kind != Kind::kText) {
      result.Add(part.kind);
      continue;
    }
    const std::string_view text = part.text;
    for (size_t i = 0; i < text.size();) {
      const std::string_view dash = DashAt(text.substr(i));
      const size_t behind = i + dash.size();
      const bool option = !dash.empty() && (i == 0 || !IsWord(text[i - 1])) &&
                          behind < text.size() && IsWord(text[behind]) &&
                          DashAt(text.substr(behind)).empty();
      if (option) {
        result.Add(Kind::kDash);
      } else {
        result.AddText(text.substr(i, std::max<size_t>(dash.size(), 1)));
      }
      i += std::max<size_t>(dash.size(), 1);
    }
  }
  return result;
}

std::variant<std::vector<Bytes8>, std::string> PlainBytes(const TextPattern& pattern) {
  if (pattern.HasWildcard())
    return std::string("a text with wildcards cannot be encoded; write \\* for the character");
  std::vector<Bytes8> variants = {""};
  for (const PatternPart& part : pattern.parts()) {
    if (part.kind == Kind::kText) {
      for (Bytes8& variant : variants) variant += part.text;
      continue;
    }
    std::vector<Bytes8> more;
    for (const Bytes8& variant : variants) {
      for (const std::string_view dash : kDashes) more.push_back(variant + std::string(dash));
    }
    variants = std::move(more);
    if (variants.size() > kMostVariants)
      return std::string(
          "too many dashes: each has five forms, and each text is encoded by itself");
  }
  return variants;
}

Bytes8 Utf16(std::string_view text, bool big, bool mark) {
  Bytes8 out;
  if (mark) AppendUnit(0xFEFF, big, out);
  while (!text.empty()) {
    const uint32_t code = TakeCodePoint(text);
    if (code >= 0x10000) {
      AppendUnit(0xD800 + ((code - 0x10000) >> 10), big, out);
      AppendUnit(0xDC00 + ((code - 0x10000) & 0x3FF), big, out);
    } else {
      AppendUnit(code, big, out);
    }
  }
  return out;
}

std::string Base64(std::string_view bytes) {
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (size_t i = 0; i < bytes.size(); i += 3) {
    uint32_t group = 0;
    for (size_t k = 0; k < 3; ++k)
      group = group << 8 | (i + k < bytes.size() ? static_cast<unsigned char>(bytes[i + k]) : 0U);
    for (size_t k = 0; k < 4; ++k)
      out += i + k > bytes.size() ? '=' : kDigits[group >> (18 - 6 * k) & 63];
  }
  return out;
}

std::vector<std::string> Base64AtOffsets(std::string_view bytes) {
  std::vector<std::string> forms;
  for (size_t before = 0; before < 3; ++before) {
    // A digit is 6 bits: the first that has none of the bytes before, up to the last that is whole.
    const size_t first = (before * 8 + 5) / 6;
    const size_t last = (before + bytes.size()) * 8 / 6;
    const std::string all = Base64(std::string(before, '\0') + std::string(bytes));
    forms.push_back(last > first ? all.substr(first, last - first) : std::string());
  }
  return forms;
}

bool IsUtf8(std::string_view bytes) {
  for (; !bytes.empty();) {
    const size_t size = Utf8Length(bytes);
    if (size == 0) return false;
    bytes.remove_prefix(size);
  }
  return true;
}

}  // namespace telltale::rules::sigma
