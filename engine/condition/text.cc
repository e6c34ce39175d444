// Values as text: parts of keys, templates, JSON.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <vector>

#include "engine/condition/address_text.h"
#include "engine/condition/condition.h"
#include "engine/condition/number_text.h"
#include "engine/condition/time_text.h"
#include "rules/model/json.h"

namespace telltale::engine {
namespace {

template <typename Number, typename... Format>
std::string_view Written(Number number, NumberBuffer& buffer, Format... format) {
  const auto result =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), number, format...);
  return {buffer.data(), static_cast<size_t>(result.ptr - buffer.data())};
}

void AppendBase64(std::string_view bytes, std::string& out) {
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (size_t i = 0; i < bytes.size(); i += 3) {
    uint32_t group = 0;
    for (size_t k = 0; k < 3; ++k) {
      group = (group << 8) | (i + k < bytes.size() ? static_cast<unsigned char>(bytes[i + k]) : 0U);
    }
    for (size_t k = 0; k < 4; ++k) {
      out += i + k > bytes.size() ? '=' : kDigits[(group >> (18 - 6 * k)) & 63];
    }
  }
}

void AppendDouble(double number, std::string& out) {
  NumberBuffer buffer;
  const std::string_view text = DoubleText(number, buffer);
  if (!std::isfinite(number)) {
    rules::AppendJsonText(text, out);
    return;
  }
  out += text;
  if (text.find_first_of(".e") == std::string_view::npos) out += ".0";
}

// What is text in JSON, too, and needs no escapes there. False: it is something else.
bool AppendPlain(Value value, std::string& out) {
  NumberBuffer buffer;
  switch (value.kind()) {
    case ValueKind::kTimestamp:
      out += TimestampText(value, buffer);
      return true;
    case ValueKind::kDuration:
      out += DurationText(value, buffer);
      return true;
    case ValueKind::kType:
      out += TypeName(value.as_type());
      return true;
    case ValueKind::kIp:
    case ValueKind::kCidr:
      AppendAddress(value, out);
      return true;
    default:
      return false;
  }
}

void AppendMap(Value map, std::string& out) {
  std::vector<std::pair<std::string, Value>> entries;
  entries.reserve(map.size());
  for (uint32_t i = 0; i < map.size(); ++i) {
    std::string key;
    AppendText(map.entries()[i].key.Load(), key);
    entries.emplace_back(std::move(key), map.entries()[i].value.Load());
  }
  std::sort(entries.begin(), entries.end(),
            [](const auto& a, const auto& b) { return a.first < b.first; });
  out += '{';
  bool first = true;
  for (const auto& [key, value] : entries) {
    if (!first) out += ',';
    first = false;
    rules::AppendJsonText(key, out);
    out += ':';
    AppendJson(value, out);
  }
  out += '}';
}

}  // namespace

std::string_view TypeName(ValueKind kind) {
  switch (kind) {
    case ValueKind::kNull:
      return "null_type";
    case ValueKind::kBool:
      return "bool";
    case ValueKind::kInt:
      return "int";
    case ValueKind::kUint:
      return "uint";
    case ValueKind::kDouble:
      return "double";
    case ValueKind::kString:
      return "string";
    case ValueKind::kBytes:
      return "bytes";
    case ValueKind::kList:
    case ValueKind::kEventList:
      return "list";
    case ValueKind::kMap:
    case ValueKind::kEvent:
      return "map";
    case ValueKind::kTimestamp:
      return "google.protobuf.Timestamp";
    case ValueKind::kDuration:
      return "google.protobuf.Duration";
    case ValueKind::kType:
      return "type";
    case ValueKind::kOptional:
      return "optional_type";
    case ValueKind::kIp:
      return "net.IP";
    case ValueKind::kCidr:
      return "net.CIDR";
    case ValueKind::kAbsent:
    case ValueKind::kError:
      break;
  }
  return "?";
}

std::string_view IntText(int64_t number, NumberBuffer& buffer) { return Written(number, buffer); }
std::string_view UintText(uint64_t number, NumberBuffer& buffer) { return Written(number, buffer); }

std::string_view DoubleText(double number, NumberBuffer& buffer) {
  if (std::isnan(number)) return "NaN";
  if (std::isinf(number)) return number > 0 ? "Infinity" : "-Infinity";
  const double magnitude = std::fabs(number);
  const bool plain = magnitude == 0 || (magnitude >= 1e-6 && magnitude < 1e21);
  return plain ? Written(number, buffer, std::chars_format::fixed)
               : Written(number, buffer, std::chars_format::scientific);
}

bool KeyText(Value value, std::string& out) {
  NumberBuffer buffer;
  switch (value.kind()) {
    case ValueKind::kString:
      out += value.as_string();
      return true;
    case ValueKind::kInt:
      out += IntText(value.as_int(), buffer);
      return true;
    case ValueKind::kUint:
      out += UintText(value.as_uint(), buffer);
      return true;
    case ValueKind::kDouble: {
      const double number = value.as_double();
      if (!std::isfinite(number) || std::floor(number) != number) return false;
      std::array<char, 400> digits;  // the greatest double has 309
      const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number + 0.0,
                                     std::chars_format::fixed, 0)
                           .ptr;
      out.append(digits.data(), static_cast<size_t>(end - digits.data()));  // -0.0 + 0.0 is 0.0
      return true;
    }
    default:
      return false;
  }
}

void AppendText(Value value, std::string& out) {
  NumberBuffer buffer;
  switch (value.kind()) {
    case ValueKind::kString:
      out += value.as_string();
      return;
    case ValueKind::kDouble:
      out += DoubleText(value.as_double(), buffer);
      return;
    case ValueKind::kError:
    case ValueKind::kAbsent:
    case ValueKind::kEvent:
    case ValueKind::kEventList:
      out += '?';
      return;
    case ValueKind::kOptional:
      if (value.has_value()) AppendText(value.optional_value(), out);
      return;
    default:
      if (!AppendPlain(value, out)) AppendJson(value, out);
  }
}

void AppendJson(Value value, std::string& out) {
  NumberBuffer buffer;
  switch (value.kind()) {
    case ValueKind::kBool:
      out += value.as_bool() ? "true" : "false";
      return;
    case ValueKind::kInt:
      out += IntText(value.as_int(), buffer);
      return;
    case ValueKind::kUint:
      out += UintText(value.as_uint(), buffer);
      return;
    case ValueKind::kDouble:
      return AppendDouble(value.as_double(), out);
    case ValueKind::kString:
      return rules::AppendJsonText(value.as_string(), out);
    case ValueKind::kBytes:
      out += '"';
      AppendBase64(value.as_string(), out);
      out += '"';
      return;
    case ValueKind::kList:
      out += '[';
      for (uint32_t i = 0; i < value.size(); ++i) {
        if (i > 0) out += ',';
        AppendJson(value.elements()[i].Load(), out);
      }
      out += ']';
      return;
    case ValueKind::kMap:
      return AppendMap(value, out);
    case ValueKind::kTimestamp:
    case ValueKind::kDuration:
    case ValueKind::kType:
    case ValueKind::kIp:
    case ValueKind::kCidr:
      out += '"';
      AppendPlain(value, out);
      out += '"';
      return;
    case ValueKind::kOptional:
      if (value.has_value()) return AppendJson(value.optional_value(), out);
      out += "null";
      return;
    default:  // null, what is absent or an error, events
      out += "null";
  }
}

}  // namespace telltale::engine
