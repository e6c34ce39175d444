#include "rules/load/yaml/quantity.h"

#include <array>
#include <charconv>
#include <limits>

namespace telltale::rules {
namespace {

struct Unit {
  std::string_view name;
  int64_t size;
};

// The largest first.
constexpr std::array<Unit, 8> kDurations = {{{"w", 7 * kDay},
                                             {"d", kDay},
                                             {"h", 3600 * kSecond},
                                             {"m", 60 * kSecond},
                                             {"s", kSecond},
                                             {"ms", kMillisecond},
                                             {"us", 1000},
                                             {"ns", kNanosecond}}};

constexpr int64_t kKibi = 1024;
constexpr std::array<Unit, 9> kSizes = {{{"B", 1},
                                         {"kB", 1'000},
                                         {"MB", 1'000'000},
                                         {"GB", 1'000'000'000},
                                         {"TB", 1'000'000'000'000},
                                         {"KiB", kKibi},
                                         {"MiB", kKibi* kKibi},
                                         {"GiB", kKibi* kKibi* kKibi},
                                         {"TiB", kKibi* kKibi* kKibi* kKibi}}};

template <size_t N>
size_t FindUnit(const std::array<Unit, N>& units, std::string_view name) {
  for (size_t i = 0; i < N; ++i) {
    if (units[i].name == name) return i;
  }
  return N;
}

template <size_t N>
std::vector<std::string_view> Names(const std::array<Unit, N>& units) {
  std::vector<std::string_view> names;
  for (const Unit& unit : units) names.push_back(unit.name);
  return names;
}

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

std::string Quoted(std::string_view text) {
  constexpr size_t kShown = 40;
  return "'" + std::string(text.substr(0, kShown)) + (text.size() > kShown ? "...'" : "'");
}

// Takes <digits><letters> off the front of `text`; false where it is not that.
bool TakePart(std::string_view& text, std::string_view& digits, std::string_view& unit) {
  size_t i = 0;
  while (i < text.size() && IsDigit(text[i])) ++i;
  size_t j = i;
  while (j < text.size() && !IsDigit(text[j])) ++j;
  digits = text.substr(0, i);
  unit = text.substr(i, j - i);
  text.remove_prefix(j);
  return i > 0;
}

// digits * size; false on overflow.
bool Multiply(std::string_view digits, int64_t size, int64_t& result) {
  int64_t count = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), count);
  return error == std::errc() && !__builtin_mul_overflow(count, size, &result);
}

}  // namespace

Quantity ParseDuration(std::string_view text) {
  const std::string whole = Quoted(text);
  if (text.empty()) return "a duration is missing; write for example 15m";
  if (text.front() == '-') return whole + " is negative; a duration cannot be";
  int64_t total = 0;
  size_t last = 0;
  bool first = true;
  while (!text.empty()) {
    std::string_view digits;
    std::string_view name;
    if (!TakePart(text, digits, name))
      return whole + " is not a duration; write for example 15m or 1h30m";
    if (name.empty())
      return whole + " has no unit: is it " + std::string(digits) + "s or " + std::string(digits) +
             "ms?";
    if (name == ".") return whole + " is not a duration: write 1h30m, not 1.5h";
    const size_t unit = FindUnit(kDurations, name);
    if (unit == kDurations.size()) {
      return Quoted(name) + " is not a unit of time; they are w, d, h, m, s, ms, us and ns";
    }
    if (!first && unit <= last) return whole + " must name each unit once, the larger first";
    int64_t part = 0;
    if (!Multiply(digits, kDurations[unit].size, part) ||
        __builtin_add_overflow(total, part, &total) || total > kLongestDuration) {
      return whole + " is longer than 100 years";
    }
    last = unit;
    first = false;
  }
  return total;
}

Quantity ParseBytes(std::string_view text) {
  const std::string whole = Quoted(text);
  std::string_view digits;
  std::string_view name;
  if (!TakePart(text, digits, name) || !text.empty())
    return whole + " is not a size; write for example 256MiB";
  if (name.empty()) return whole + " has no unit; write for example 256MiB";
  while (name.starts_with(' ')) name.remove_prefix(1);
  const size_t unit = FindUnit(kSizes, name);
  if (unit == kSizes.size()) {
    return Quoted(name) +
           " is not a unit of size; they are B, kB, MB, GB, TB, KiB, MiB, GiB and TiB";
  }
  int64_t bytes = 0;
  if (!Multiply(digits, kSizes[unit].size, bytes)) return whole + " is too large";
  return bytes;
}

std::vector<std::string_view> DurationUnits() { return Names(kDurations); }

std::vector<std::string_view> SizeUnits() { return Names(kSizes); }

std::string FormatDuration(int64_t nanoseconds) {
  std::string text;
  for (const Unit& unit : kDurations) {
    if (nanoseconds < unit.size) continue;
    text += std::to_string(nanoseconds / unit.size) + std::string(unit.name);
    nanoseconds %= unit.size;
  }
  return text.empty() ? "0s" : text;
}

std::string FormatBytes(int64_t bytes) {
  constexpr std::array<std::string_view, 5> kUnits = {"B", "KiB", "MiB", "GiB", "TiB"};
  size_t unit = 0;
  while (bytes != 0 && bytes % kKibi == 0 && unit + 1 < kUnits.size()) {
    bytes /= kKibi;
    ++unit;
  }
  return std::to_string(bytes) + std::string(kUnits[unit]);
}

}  // namespace telltale::rules
