// base64.encode and base64.decode.
//
// Source: RFC 4648; padding may be left out where text is decoded.
#include <string_view>

#include "engine/condition/native.h"

namespace telltale::engine {
namespace {

constexpr std::string_view kDigits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

Value Base64Encode(const Value* args, uint32_t /*count*/, Scratch& scratch) {
  if (!args[0].is(ValueKind::kBytes)) return NoOverload();
  const std::string_view bytes = args[0].as_string();
  const size_t size = (bytes.size() + 2) / 3 * 4;
  char* text = scratch.Allocate(size);
  if (text == nullptr) return Spent();
  char* at = text;
  for (size_t i = 0; i < bytes.size(); i += 3) {
    uint32_t group = 0;
    for (size_t k = 0; k < 3; ++k)
      group = group << 8 | (i + k < bytes.size() ? static_cast<unsigned char>(bytes[i + k]) : 0U);
    for (size_t k = 0; k < 4; ++k)
      *at++ = i + k > bytes.size() ? '=' : kDigits[(group >> (18 - 6 * k)) & 63];
  }
  return Value::String({text, size});
}

// The digits without their padding; false where that is wrong.
bool Unpadded(std::string_view& text) {
  const size_t size = text.size();
  size_t padding = 0;
  for (; padding < 2 && text.ends_with('='); ++padding) text.remove_suffix(1);
  return text.size() % 4 != 1 && (padding == 0 || size % 4 == 0);
}

Value Base64Decode(const Value* args, uint32_t /*count*/, Scratch& scratch) {
  if (!args[0].is(ValueKind::kString)) return NoOverload();
  std::string_view text = args[0].as_string();
  if (!Unpadded(text)) return OutOfRange();
  const size_t size = text.size() * 3 / 4;
  if (!scratch.Charge(text.size() / 4)) return Spent();
  char* bytes = scratch.Allocate(size);
  if (bytes == nullptr) return Spent();
  uint32_t bits = 0;
  size_t held = 0;  // how many of them
  size_t done = 0;
  for (const char c : text) {
    const size_t digit = kDigits.find(c);
    if (digit == std::string_view::npos) return OutOfRange();
    bits = bits << 6 | static_cast<uint32_t>(digit);
    held += 6;
    if (held < 8) continue;
    held -= 8;
    bytes[done++] = static_cast<char>(bits >> held & 0xFF);
  }
  return Value::Bytes({bytes, size});
}

constexpr NativeFunction kNatives[] = {
    {"base64.encode", Base64Encode},
    {"base64.decode", Base64Decode},
};

}  // namespace

NativeTable EncodingNatives() { return kNatives; }

}  // namespace telltale::engine
