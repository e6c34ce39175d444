// Functions over text, containers and conversions.
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <string>

#include "engine/condition/number_text.h"
#include "engine/condition/operations.h"
#include "re2/re2.h"

namespace telltale::engine {
namespace {

Value NoOverload() { return Value::Error(ErrorCode::kNoSuchOverload); }
Value OutOfRange() { return Value::Error(ErrorCode::kOutOfRange); }
Value Spent() { return Value::Error(ErrorCode::kBudget); }

bool AreText(Value a, Value b) { return a.is(ValueKind::kString) && b.is(ValueKind::kString); }

// What was found in a map or list, as the value of an expression.
Value Found(Value value, ErrorCode missing) {
  return value.is(ValueKind::kAbsent) ? Value::Error(missing) : value;
}

template <typename Change>
Value Changed(Value text, Scratch& scratch, Change change) {
  if (!text.is(ValueKind::kString)) return NoOverload();
  const std::string_view from = text.as_string();
  char* to = scratch.Allocate(from.size());
  if (to == nullptr) return Spent();
  for (size_t i = 0; i < from.size(); ++i) to[i] = change(from[i]);
  return Value::String({to, from.size()});
}

Value Copied(std::string_view text, Scratch& scratch) {
  char* copy = scratch.Allocate(text.size());
  if (copy == nullptr) return Spent();
  text.copy(copy, text.size());
  return Value::String({copy, text.size()});
}

template <typename Integer>
std::optional<Integer> ParseInteger(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  if (text.empty() || text[0] == '+') return std::nullopt;
  Integer number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::optional<double> ParseDouble(std::string_view text) {
  if (text.starts_with('+')) {
    text.remove_prefix(1);
    if (text.starts_with('-')) return std::nullopt;
  }
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || end != text.data() + text.size() || text.back() == ')')
    return std::nullopt;  // no nan(...)
  if (error == std::errc()) return number;
  if (error != std::errc::result_out_of_range) return std::nullopt;
  number = std::strtod(std::string(text).c_str(), nullptr);  // too small: zero, or nearly
  return std::isinf(number) ? std::nullopt : std::optional(number);
}

// Strictly: no overlong forms, no surrogates.
bool IsUtf8(std::string_view text) {
  for (size_t i = 0; i < text.size();) {
    const auto byte = [&](size_t at) {
      return at < text.size() ? static_cast<unsigned char>(text[at]) : 0U;
    };
    const unsigned lead = byte(i);
    const size_t size = lead < 0x80 ? 1 : lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    unsigned point = size == 1 ? lead : lead & (0x7FU >> size);
    if (lead >= 0x80 && (lead < 0xC2 || lead > 0xF4)) return false;
    for (size_t k = 1; k < size; ++k) {
      if ((byte(i + k) & 0xC0) != 0x80) return false;
      point = (point << 6) | (byte(i + k) & 0x3F);
    }
    if (size == 3 && (point < 0x800 || (point >= 0xD800 && point <= 0xDFFF))) return false;
    if (size == 4 && (point < 0x10000 || point > 0x10FFFF)) return false;
    i += size;
  }
  return true;
}

}  // namespace

Value Index(Value container, Value key, Scratch& scratch) {
  if (container.is(ValueKind::kMap))
    return Found(Lookup(container, key, scratch), ErrorCode::kNoSuchKey);
  const bool events = container.is(ValueKind::kEventList);
  if (!events && !container.is(ValueKind::kList)) return NoOverload();
  const std::optional<int64_t> index = IntegralValue(key);
  if (!index.has_value()) return key.is(ValueKind::kUint) ? OutOfRange() : NoOverload();
  if (*index < 0 || *index >= container.size()) return OutOfRange();
  if (events) return Value::OfEvent(container.events()[*index]);
  return Found(container.elements()[*index].Load(), ErrorCode::kNoSuchField);
}

Value Select(Value map, std::string_view name, Scratch& scratch) {
  if (!map.is(ValueKind::kMap)) return NoOverload();
  return Found(Lookup(map, Value::String(name), scratch), ErrorCode::kNoSuchKey);
}

Value HasField(Value map, std::string_view name, Scratch& scratch) {
  if (!map.is(ValueKind::kMap)) return NoOverload();
  return Contains(map, Value::String(name), scratch);
}

Value Walk(Value map, const StoredValue* names, uint32_t count, Scratch& scratch) {
  for (uint32_t i = 0; i < count; ++i) {
    if (!map.is(ValueKind::kMap)) return Value::Absent();
    map = Lookup(map, names[i].Load(), scratch);
  }
  return map;
}

Value Size(Value a, Scratch& scratch) {
  switch (a.kind()) {
    case ValueKind::kString: {
      if (!scratch.Charge(a.size() / 64)) return Spent();
      int64_t points = 0;
      for (const char c : a.as_string())
        points += (static_cast<unsigned char>(c) & 0xC0) != 0x80 ? 1 : 0;
      return Value::Int(points);
    }
    case ValueKind::kBytes:
    case ValueKind::kList:
    case ValueKind::kMap:
    case ValueKind::kEventList:
      return Value::Int(a.size());
    default:
      return NoOverload();
  }
}

Value Matches(Value text, Value pattern, Scratch& scratch) {
  if (!AreText(text, pattern)) return NoOverload();
  if (!scratch.Charge(100 + (text.size() / 16))) return Spent();
  const re2::RE2* regex = scratch.Regex(pattern.as_string());
  if (regex == nullptr) return Value::Error(ErrorCode::kBadPattern);
  return Value::Bool(
      re2::RE2::PartialMatch(re2::StringPiece(text.as_string().data(), text.size()), *regex));
}

Value StartsWith(Value text, Value prefix) {
  return AreText(text, prefix) ? Value::Bool(text.as_string().starts_with(prefix.as_string()))
                               : NoOverload();
}

Value EndsWith(Value text, Value suffix) {
  return AreText(text, suffix) ? Value::Bool(text.as_string().ends_with(suffix.as_string()))
                               : NoOverload();
}

Value ContainsText(Value text, Value part) {
  if (!AreText(text, part)) return NoOverload();
  return Value::Bool(text.as_string().find(part.as_string()) != std::string_view::npos);
}

Value LowerAscii(Value text, Scratch& scratch) {
  return Changed(text, scratch, [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
}

Value UpperAscii(Value text, Scratch& scratch) {
  return Changed(text, scratch, [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  });
}

Value ToInt(Value a) {
  switch (a.kind()) {
    case ValueKind::kInt:
      return a;
    case ValueKind::kUint:
      return a.as_uint() <= static_cast<uint64_t>(INT64_MAX)
                 ? Value::Int(static_cast<int64_t>(a.as_uint()))
                 : OutOfRange();
    case ValueKind::kDouble: {
      const double d = a.as_double();
      return d > -9223372036854775808.0 && d < 9223372036854775808.0
                 ? Value::Int(static_cast<int64_t>(d))
                 : OutOfRange();
    }
    case ValueKind::kString: {
      const std::optional<int64_t> number = ParseInteger<int64_t>(a.as_string());
      return number.has_value() ? Value::Int(*number) : OutOfRange();
    }
    default:
      return NoOverload();
  }
}

Value ToUint(Value a) {
  switch (a.kind()) {
    case ValueKind::kUint:
      return a;
    case ValueKind::kInt:
      return a.as_int() >= 0 ? Value::Uint(static_cast<uint64_t>(a.as_int())) : OutOfRange();
    case ValueKind::kDouble: {
      const double d = a.as_double();
      return d >= 0 && d < 18446744073709551616.0 ? Value::Uint(static_cast<uint64_t>(d))
                                                  : OutOfRange();
    }
    case ValueKind::kString: {
      const std::optional<uint64_t> number = ParseInteger<uint64_t>(a.as_string());
      return number.has_value() ? Value::Uint(*number) : OutOfRange();
    }
    default:
      return NoOverload();
  }
}

Value ToDouble(Value a) {
  switch (a.kind()) {
    case ValueKind::kDouble:
      return a;
    case ValueKind::kInt:
      return Value::Double(static_cast<double>(a.as_int()));
    case ValueKind::kUint:
      return Value::Double(static_cast<double>(a.as_uint()));
    case ValueKind::kString: {
      const std::optional<double> number = ParseDouble(a.as_string());
      return number.has_value() ? Value::Double(*number) : OutOfRange();
    }
    default:
      return NoOverload();
  }
}

Value ToText(Value a, Scratch& scratch) {
  NumberBuffer buffer;
  switch (a.kind()) {
    case ValueKind::kString:
      return a;
    case ValueKind::kBytes:
      return IsUtf8(a.as_string()) ? Value::String(a.as_string()) : OutOfRange();
    case ValueKind::kBool:
      return Value::String(a.as_bool() ? "true" : "false");
    case ValueKind::kInt:
      return Copied(IntText(a.as_int(), buffer), scratch);
    case ValueKind::kUint:
      return Copied(UintText(a.as_uint(), buffer), scratch);
    case ValueKind::kDouble:
      return Copied(DoubleText(a.as_double(), buffer), scratch);
    default:
      return NoOverload();
  }
}

Value ToBool(Value a) {
  if (a.is(ValueKind::kBool)) return a;
  if (!a.is(ValueKind::kString)) return NoOverload();
  for (const std::string_view word : {"1", "t", "T", "true", "TRUE", "True"}) {
    if (a.as_string() == word) return Value::Bool(true);
  }
  for (const std::string_view word : {"0", "f", "F", "false", "FALSE", "False"}) {
    if (a.as_string() == word) return Value::Bool(false);
  }
  return OutOfRange();
}

Value ToBytes(Value a) {
  if (a.is(ValueKind::kBytes)) return a;
  return a.is(ValueKind::kString) ? Value::Bytes(a.as_string()) : NoOverload();
}

}  // namespace telltale::engine
