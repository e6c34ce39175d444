#include "engine/condition/address_text.h"

#include <string_view>

#include "engine/condition/number_text.h"

namespace telltale::engine {
namespace {

constexpr size_t kGroups = 8;
constexpr std::string_view kMapped("\0\0\0\0\0\0\0\0\0\0\xFF\xFF", 12);

unsigned ByteAt(std::string_view bytes, size_t i) { return static_cast<unsigned char>(bytes[i]); }

void AppendDotted(std::string_view bytes, std::string& out) {
  NumberBuffer buffer;
  for (size_t i = 0; i < 4; ++i) {
    if (i > 0) out += '.';
    out += IntText(ByteAt(bytes, i), buffer);
  }
}

unsigned GroupAt(std::string_view bytes, size_t i) {
  return ByteAt(bytes, 2 * i) << 8 | ByteAt(bytes, 2 * i + 1);
}

void AppendHex(unsigned group, std::string& out) {
  constexpr std::string_view kHex = "0123456789abcdef";
  bool begun = false;
  for (int shift = 12; shift >= 0; shift -= 4) {
    const unsigned digit = (group >> shift) & 0xF;
    begun = begun || digit != 0 || shift == 0;
    if (begun) out += kHex[digit];
  }
}

void AppendColons(std::string_view bytes, std::string& out) {
  size_t begin = kGroups;  // of the run that becomes "::"
  size_t size = 1;
  for (size_t i = 0; i < kGroups; ++i) {
    size_t end = i;
    while (end < kGroups && GroupAt(bytes, end) == 0) ++end;
    if (end - i > size) {
      begin = i;
      size = end - i;
    }
  }
  for (size_t i = 0; i < kGroups;) {
    if (i == begin) {
      out += "::";
      i += size;
      continue;
    }
    if (i > 0 && i != begin + size) out += ':';
    AppendHex(GroupAt(bytes, i++), out);
  }
}

}  // namespace

void AppendAddress(Value value, std::string& out) {
  std::string_view bytes = value.as_string();
  if (value.is(ValueKind::kCidr)) bytes.remove_suffix(1);
  if (bytes.size() == 4) {
    AppendDotted(bytes, out);
  } else if (bytes.starts_with(kMapped)) {
    out += "::ffff:";
    AppendDotted(bytes.substr(kMapped.size()), out);
  } else {
    AppendColons(bytes, out);
  }
  if (!value.is(ValueKind::kCidr)) return;
  NumberBuffer buffer;
  out += '/';
  out += IntText(ByteAt(value.as_string(), bytes.size()), buffer);
}

}  // namespace telltale::engine
