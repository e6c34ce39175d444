#include "daemon/control/wire_values.h"

#include <string_view>

#include "engine/runtime/engine.h"

namespace telltale::control {
namespace {

constexpr int64_t kSecond = 1'000'000'000;

// Of the character that begins at `i`; 0 where none does.
size_t Utf8Length(std::string_view text, size_t i) {
  auto byte = [&](size_t k) {
    return k < text.size() ? static_cast<uint32_t>(static_cast<unsigned char>(text[k])) : 0u;
  };
  uint32_t first = byte(i);
  if (first < 0x80) return 1;
  size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4) return 0;
  uint32_t code = first & (0xFFu >> (length + 1));
  for (size_t k = 1; k < length; ++k) {
    if ((byte(i + k) & 0xC0u) != 0x80u) return 0;
    code = code << 6 | (byte(i + k) & 0x3Fu);
  }
  constexpr uint32_t kLeast[] = {0, 0, 0x80, 0x800, 0x10000};
  bool surrogate = code >= 0xD800 && code < 0xE000;
  return code < kLeast[length] || surrogate || code > 0x10FFFF ? 0 : length;
}

}  // namespace

bool IsTime(int64_t time) { return time != engine::kMinTime && time != engine::kMaxTime; }

void SetTime(int64_t time, google::protobuf::Timestamp* out) {
  int64_t seconds = time / kSecond;
  int64_t nanos = time % kSecond;
  if (nanos < 0) {
    --seconds;
    nanos += kSecond;
  }
  out->set_seconds(seconds);
  out->set_nanos(static_cast<int32_t>(nanos));
}

std::string Utf8(const std::string& text) {
  std::string valid;
  size_t i = 0;
  while (i < text.size()) {
    size_t length = Utf8Length(text, i);
    if (length == 0) {
      valid += "\xEF\xBF\xBD";  // U+FFFD
      ++i;
    } else {
      valid.append(text, i, length);
      i += length;
    }
  }
  return valid;
}

}  // namespace telltale::control
