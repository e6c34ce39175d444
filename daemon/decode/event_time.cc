#include "daemon/decode/event_time.h"

#include <algorithm>

namespace telltale::decode {
namespace {

constexpr int64_t kSecond = 1'000'000'000;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// Takes fixed pieces off the front of a text.
class Pieces {
 public:
  explicit Pieces(std::string_view text) : text_(text) {}

  // A number of exactly `digits` digits, at most `max`.
  std::optional<int> Number(size_t digits, int max) {
    if (text_.size() < digits) return std::nullopt;
    int value = 0;
    for (size_t i = 0; i < digits; ++i) {
      if (!IsDigit(text_[i])) return std::nullopt;
      value = value * 10 + (text_[i] - '0');
    }
    text_.remove_prefix(digits);
    if (value > max) return std::nullopt;
    return value;
  }

  bool Char(std::string_view any_of) {
    if (text_.empty() || any_of.find(text_[0]) == std::string_view::npos) return false;
    last_ = text_[0];
    text_.remove_prefix(1);
    return true;
  }

  // Nanoseconds of a fraction whose point is taken; none without a digit.
  std::optional<int64_t> Fraction() {
    int64_t value = 0;
    int64_t scale = kSecond / 10;
    size_t digits = 0;
    for (; digits < text_.size() && IsDigit(text_[digits]); ++digits, scale /= 10) {
      value += (text_[digits] - '0') * scale;
    }
    text_.remove_prefix(digits);
    if (digits == 0) return std::nullopt;
    return value;
  }

  char last() const { return last_; }
  bool at_end() const { return text_.empty(); }

 private:
  std::string_view text_;
  char last_ = 0;
};

bool IsLeap(int year) { return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0; }

int DaysIn(int year, int month) {
  static constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && IsLeap(year) ? 29 : kDays[month - 1];
}

// Days since 1970-01-01 in the proleptic Gregorian calendar, counted in eras of 400 years that
// begin on March 1st.
int64_t DaysSinceEpoch(int year, int month, int day) {
  const int64_t y = month <= 2 ? year - 1 : year;
  const int64_t era = (y >= 0 ? y : y - 399) / 400;
  const int64_t year_of_era = y - era * 400;
  const int64_t day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
  const int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146'097 + day_of_era - 719'468;
}

// Seconds of day of "10:00:35", a leap second included.
std::optional<int64_t> ClockSeconds(Pieces& pieces) {
  const auto hour = pieces.Number(2, 23);
  if (!hour || !pieces.Char(":")) return std::nullopt;
  const auto minute = pieces.Number(2, 59);
  if (!minute || !pieces.Char(":")) return std::nullopt;
  const auto second = pieces.Number(2, 60);
  if (!second) return std::nullopt;
  return *hour * 3600 + *minute * 60 + *second;
}

// Seconds east of UTC of "Z" or "+01:00".
std::optional<int64_t> ZoneSeconds(Pieces& pieces) {
  if (pieces.Char("Zz")) return 0;
  if (!pieces.Char("+-")) return std::nullopt;
  const int64_t sign = pieces.last() == '-' ? -1 : 1;
  const auto hour = pieces.Number(2, 23);
  if (!hour || !pieces.Char(":")) return std::nullopt;
  const auto minute = pieces.Number(2, 59);
  if (!minute) return std::nullopt;
  return sign * (*hour * 3600 + *minute * 60);
}

}  // namespace

std::optional<int64_t> ParseRfc3339(std::string_view text) {
  Pieces pieces(text);
  const auto year = pieces.Number(4, 9999);
  if (!year || !pieces.Char("-")) return std::nullopt;
  const auto month = pieces.Number(2, 12);
  if (!month || *month == 0 || !pieces.Char("-")) return std::nullopt;
  const auto day = pieces.Number(2, DaysIn(*year, *month));
  if (!day || *day == 0 || !pieces.Char("Tt ")) return std::nullopt;
  const auto clock = ClockSeconds(pieces);
  if (!clock) return std::nullopt;
  int64_t fraction = 0;
  if (pieces.Char(".")) {
    const auto digits = pieces.Fraction();
    if (!digits) return std::nullopt;
    fraction = *digits;
  }
  const auto zone = ZoneSeconds(pieces);
  if (!zone || !pieces.at_end()) return std::nullopt;
  const int64_t seconds = DaysSinceEpoch(*year, *month, *day) * 86'400 + *clock - *zone;
  if (seconds < kLeastTime / kSecond || seconds > kGreatestTime / kSecond) return std::nullopt;
  return seconds * kSecond + fraction;
}

std::optional<int64_t> ParseDecimalTime(std::string_view number, int unit_digits) {
  constexpr int64_t kFar = 1'000'000'000;  // an exponent that decides everything
  size_t at = 0;
  const bool negative = !number.empty() && number[0] == '-';
  if (negative) ++at;

  // The digits without leading zeros, of which only the first 20 matter, and where the point is.
  char digits[20];
  int64_t count = 0;  // significant digits, those not kept included
  int64_t kept = 0;
  int64_t point = 0;  // how many of them stand before the point; negative: zeros after it
  bool seen_point = false;
  bool rest_nonzero = false;
  for (; at < number.size(); ++at) {
    const char c = number[at];
    if (c == '.' && !seen_point) {
      seen_point = true;
    } else if (IsDigit(c)) {
      if (count == 0 && c == '0') {
        if (seen_point) --point;
        continue;
      }
      ++count;
      if (!seen_point) ++point;
      if (kept < 20) {
        digits[kept++] = c;
      } else if (c != '0') {
        rest_nonzero = true;
      }
    } else {
      break;
    }
  }
  int64_t exponent = 0;
  if (at < number.size() && (number[at] == 'e' || number[at] == 'E')) {
    ++at;
    const bool minus = at < number.size() && number[at] == '-';
    if (at < number.size() && (number[at] == '-' || number[at] == '+')) ++at;
    for (; at < number.size() && IsDigit(number[at]); ++at) {
      exponent = std::min(kFar, exponent * 10 + (number[at] - '0'));
    }
    if (minus) exponent = -exponent;
  }
  if (at != number.size()) return std::nullopt;
  if (count == 0) return 0;

  const int64_t whole = point + exponent + unit_digits;  // digits before the point, in nanoseconds
  if (whole > 19) return std::nullopt;
  uint64_t value = 0;  // 19 digits fit
  int64_t used = 0;
  for (; used < whole; ++used) {
    value = value * 10 + static_cast<uint64_t>(used < kept ? digits[used] - '0' : 0);
  }
  bool cut = rest_nonzero;
  for (; used < kept; ++used) cut = cut || digits[used] != '0';
  if (whole <= 0) cut = true;
  if (value > static_cast<uint64_t>(kGreatestTime)) return std::nullopt;
  const auto time = static_cast<int64_t>(value);
  const int64_t signed_time = negative ? -time - (cut ? 1 : 0) : time;
  if (!TimeInRange(signed_time)) return std::nullopt;
  return signed_time;
}

}  // namespace telltale::decode
