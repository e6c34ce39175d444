#include "rules/model/time_text.h"

#include "absl/time/civil_time.h"

namespace telltale::rules {
namespace {

__extension__ using Wide = __int128;  // nanoseconds beyond the range of int64

// Seconds since 1970 of a day and a time in it.
int64_t SecondsOf(absl::CivilSecond civil) { return civil - absl::CivilSecond(1970, 1, 1); }

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  bool AtEnd() const { return text_.empty(); }

  bool Accept(std::string_view word) {
    if (!text_.starts_with(word)) return false;
    text_.remove_prefix(word.size());
    return true;
  }

  // Exactly `width` digits of a number from `low` to `high`.
  std::optional<int> Number(size_t width, int low, int high) {
    if (text_.size() < width) return std::nullopt;
    int number = 0;
    for (const char c : text_.substr(0, width)) {
      if (c < '0' || c > '9') return std::nullopt;
      number = number * 10 + (c - '0');
    }
    text_.remove_prefix(width);
    return number < low || number > high ? std::nullopt : std::optional(number);
  }

  std::string_view TakeDigits() {
    size_t size = 0;
    while (size < text_.size() && text_[size] >= '0' && text_[size] <= '9') ++size;
    const std::string_view digits = text_.substr(0, size);
    text_.remove_prefix(size);
    return digits;
  }

 private:
  std::string_view text_;
};

// What the digits behind a point weigh, in units of which 10^9 are one.
int64_t Billionths(std::string_view digits) {
  int64_t value = 0;
  for (size_t i = 0; i < 9; ++i) value = value * 10 + (i < digits.size() ? digits[i] - '0' : 0);
  return value;
}

// "Z" or "+02:00", in seconds east of Greenwich.
std::optional<int64_t> ReadOffset(Reader& in) {
  if (in.Accept("Z") || in.Accept("z")) return 0;
  const bool west = in.Accept("-");
  if (!west && !in.Accept("+")) return std::nullopt;
  const auto hours = in.Number(2, 0, 23);
  if (!hours || !in.Accept(":")) return std::nullopt;
  const auto minutes = in.Number(2, 0, 59);
  if (!minutes) return std::nullopt;
  const int64_t offset = int64_t{*hours} * 3600 + int64_t{*minutes} * 60;
  return west ? -offset : offset;
}

struct Unit {
  std::string_view name;
  int64_t nanoseconds;
};

// A unit comes before the one that its name begins with.
constexpr Unit kUnits[] = {{"ns", 1},
                           {"us", 1'000},
                           {"\u00b5s", 1'000},
                           {"\u03bcs", 1'000},
                           {"ms", 1'000'000},
                           {"h", 3'600 * kNanosPerSecond},
                           {"m", 60 * kNanosPerSecond},
                           {"s", kNanosPerSecond}};

// One number with its unit, in nanoseconds.
std::optional<Wide> ReadPart(Reader& in) {
  const std::string_view whole = in.TakeDigits();
  std::string_view fraction;
  if (in.Accept(".")) fraction = in.TakeDigits();
  if (whole.empty() && fraction.empty()) return std::nullopt;
  if (whole.size() > 21) return std::nullopt;  // of any unit beyond the range
  Wide number = 0;
  for (const char c : whole) number = number * 10 + (c - '0');
  for (const Unit& unit : kUnits) {
    if (!in.Accept(unit.name)) continue;
    return number * unit.nanoseconds +
           Wide{Billionths(fraction)} * unit.nanoseconds / kNanosPerSecond;
  }
  return std::nullopt;
}

}  // namespace

std::optional<TimeParts> ReadTimestamp(std::string_view text) {
  Reader in(text);
  const auto year = in.Number(4, 1, 9999);
  if (!year || !in.Accept("-")) return std::nullopt;
  const auto month = in.Number(2, 1, 12);
  if (!month || !in.Accept("-")) return std::nullopt;
  const auto day = in.Number(2, 1, 31);
  if (!day || !(in.Accept("T") || in.Accept("t"))) return std::nullopt;
  const auto hour = in.Number(2, 0, 23);
  if (!hour || !in.Accept(":")) return std::nullopt;
  const auto minute = in.Number(2, 0, 59);
  if (!minute || !in.Accept(":")) return std::nullopt;
  const auto second = in.Number(2, 0, 59);
  if (!second) return std::nullopt;
  std::string_view fraction;
  if (in.Accept(".")) {
    fraction = in.TakeDigits();
    if (fraction.empty()) return std::nullopt;
  }
  const auto offset = ReadOffset(in);
  const absl::CivilDay date(*year, *month, *day);
  if (!offset || !in.AtEnd() || date.day() != *day) return std::nullopt;  // no 30 February
  const absl::CivilSecond civil(*year, *month, *day, *hour, *minute, *second);
  const int64_t seconds = SecondsOf(civil) - *offset;
  if (seconds < kMinTimestamp || seconds > kMaxTimestamp) return std::nullopt;
  return TimeParts{seconds, Billionths(fraction)};
}

std::optional<int64_t> ReadNanoTime(std::string_view text) {
  const std::optional<TimeParts> time = ReadTimestamp(text);
  if (!time) return std::nullopt;
  int64_t nanoseconds = 0;
  if (__builtin_mul_overflow(time->seconds, kNanosPerSecond, &nanoseconds) ||
      __builtin_add_overflow(nanoseconds, time->nanoseconds, &nanoseconds) ||
      nanoseconds < kMinNanoTime || nanoseconds > kMaxNanoTime)
    return std::nullopt;
  return nanoseconds;
}

std::optional<TimeParts> ReadDuration(std::string_view text) {
  Reader in(text);
  const bool negative = in.Accept("-");
  if (!negative) in.Accept("+");
  if (in.Accept("0") && in.AtEnd()) return TimeParts{};
  in = Reader(text);
  if (!in.Accept("-")) in.Accept("+");
  Wide total = 0;
  do {
    const std::optional<Wide> part = ReadPart(in);
    if (!part) return std::nullopt;
    total += *part;
    if (total > Wide{kMaxDuration} * kNanosPerSecond) return std::nullopt;
  } while (!in.AtEnd());
  if (negative) total = -total;
  return TimeParts{static_cast<int64_t>(total / kNanosPerSecond),
                   static_cast<int64_t>(total % kNanosPerSecond)};
}

std::string_view TimestampMistake(std::string_view text) {
  return ReadTimestamp(text) ? "" : "not a time in RFC 3339, such as 2026-03-01T10:00:00Z";
}

std::string_view DurationMistake(std::string_view text) {
  return ReadDuration(text) ? ""
                            : "not a duration: numbers with units of h, m, s, ms, us and ns, such "
                              "as 1h30m; a day is 24h";
}

}  // namespace telltale::rules
