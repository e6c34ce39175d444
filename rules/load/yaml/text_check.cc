#include "rules/load/yaml/text_check.h"

#include <cstdio>

namespace telltale::rules {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

std::string Hex(unsigned value, int digits) {
  char text[16];
  std::snprintf(text, sizeof text, "%0*X", digits, value);
  return text;
}

}  // namespace

size_t Utf8Length(std::string_view text) {
  if (text.empty()) return 0;
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return 1;
  const size_t size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || size > text.size()) return 0;
  for (size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return 0;
  }
  // Overlong forms, surrogates, and what is beyond U+10FFFF.
  if (lead == 0xE0 && byte(1) < 0xA0) return 0;
  if (lead == 0xED && byte(1) > 0x9F) return 0;
  if (lead == 0xF0 && byte(1) < 0x90) return 0;
  if (lead == 0xF4 && byte(1) > 0x8F) return 0;
  return size;
}

bool CheckText(const SourcePtr& file, Diagnostics& diagnostics) {
  const std::string_view text = file->text();
  for (size_t at = 0; at < text.size();) {
    const auto lead = static_cast<unsigned char>(text[at]);
    if ((lead >= 0x20 && lead < 0x7F) || lead == '\n') {
      ++at;
      continue;
    }
    const size_t size = Utf8Length(text.substr(at));
    const auto begin = static_cast<uint32_t>(at);
    if (size == 0) {
      const bool utf16 = text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF");
      diagnostics.Error(kYamlEncoding, {file, begin, begin + 1},
                        utf16 ? "the file is UTF-16: save it as UTF-8"
                              : "the byte 0x" + Hex(lead, 2) + " is not UTF-8");
      return false;
    }
    const bool control = (lead < 0x20 && lead != '\t' && lead != '\n' && lead != '\r') ||
                         lead == 0x7F ||
                         (lead == 0xC2 && static_cast<unsigned char>(text[at + 1]) < 0xA0 &&
                          static_cast<unsigned char>(text[at + 1]) != 0x85);
    if (control) {
      const unsigned point = size == 1 ? lead : static_cast<unsigned char>(text[at + 1]);
      diagnostics.Error(kYamlControlCharacter, {file, begin, begin + static_cast<uint32_t>(size)},
                        "the control character U+" + Hex(point, 4) + " is not allowed here");
      return false;
    }
    if (at > 0 && text.substr(at).starts_with(kByteOrderMark)) {
      diagnostics
          .Error(kYamlControlCharacter, {file, begin, begin + static_cast<uint32_t>(size)},
                 "a byte order mark (U+FEFF) stands in the middle of the file")
          .notes.push_back("it cannot be seen; files that were joined together can have one");
      return false;
    }
    at += size;
  }
  return true;
}

}  // namespace telltale::rules
