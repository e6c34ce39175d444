#include "rules/model/scalar_text.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <string>

#include "absl/time/time.h"

namespace telltale::rules {
namespace {

template <typename Integer>
std::optional<Integer> ParseInteger(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  if (text.empty() || text[0] == '+') return std::nullopt;
  Integer number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace

std::optional<int64_t> ReadInt(std::string_view text) { return ParseInteger<int64_t>(text); }

std::optional<uint64_t> ReadUint(std::string_view text) { return ParseInteger<uint64_t>(text); }

std::optional<double> ReadDouble(std::string_view text) {
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

std::optional<bool> ReadBool(std::string_view text) {
  for (const std::string_view word : {"1", "t", "T", "true", "TRUE", "True"}) {
    if (text == word) return true;
  }
  for (const std::string_view word : {"0", "f", "F", "false", "FALSE", "False"}) {
    if (text == word) return false;
  }
  return std::nullopt;
}

std::optional<int64_t> ReadZoneOffset(std::string_view text) {
  const bool west = text.starts_with('-');
  if (west || text.starts_with('+')) text.remove_prefix(1);
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  int64_t parts[2] = {0, 0};
  for (const size_t i : {size_t{0}, size_t{1}, size_t{3}, size_t{4}}) {
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
    parts[i / 3] = parts[i / 3] * 10 + (text[i] - '0');
  }
  if (parts[0] > 23 || parts[1] > 59) return std::nullopt;
  const int64_t offset = parts[0] * 3600 + parts[1] * 60;
  return west ? -offset : offset;
}

bool IsZoneName(std::string_view name) {
  constexpr size_t kLongest = 40;
  for (const std::string_view own : {"localtime", "posixrules", "Factory"}) {
    if (name == own) return false;
  }
  const auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '/' ||
           c == '_' || c == '-' || c == '+';
  };
  return !name.empty() && name.size() <= kLongest && name[0] != '/' &&
         std::all_of(name.begin(), name.end(), plain);
}

std::string_view IntMistake(std::string_view text) {
  return ReadInt(text) ? "" : "this is no integer of 64 bits in decimal";
}

std::string_view UintMistake(std::string_view text) {
  return ReadUint(text) ? "" : "this is no unsigned integer of 64 bits in decimal";
}

std::string_view DoubleMistake(std::string_view text) {
  return ReadDouble(text) ? "" : "this is no number";
}

std::string_view BoolMistake(std::string_view text) {
  return ReadBool(text) ? "" : "this is neither true nor false";
}

std::string_view ZoneMistake(std::string_view text) {
  absl::TimeZone zone;
  if (ReadZoneOffset(text) ||
      (IsZoneName(text) && absl::LoadTimeZone({text.data(), text.size()}, &zone)))
    return "";
  return "there is no time zone of this name: zones are IANA's, as Europe/Berlin, or +02:00";
}

}  // namespace telltale::rules
