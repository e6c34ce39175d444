#include "daemon/config/time_format.h"

#include <algorithm>
#include <array>

#include "absl/strings/ascii.h"
#include "absl/time/civil_time.h"

namespace telltale::config {
namespace {

constexpr int64_t kSecond = 1'000'000'000;
constexpr int kLeastYear = 1678;  // what int64 nanoseconds hold, with room for watermarks
constexpr int kGreatestYear = 2261;

constexpr std::array<std::string_view, 12> kMonths = {
    "january", "february", "march",     "april",   "may",      "june",
    "july",    "august",   "september", "october", "november", "december"};
constexpr std::array<std::string_view, 7> kWeekdays = {
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"};

bool IsSpace(char c) { return c == ' ' || c == '\t'; }

// In any case; `lower` is in small letters.
bool StartsWith(std::string_view text, std::string_view lower) {
  return text.size() >= lower.size() &&
         std::equal(lower.begin(), lower.end(), text.begin(), [](char small, char c) {
           return small == absl::ascii_tolower(static_cast<unsigned char>(c));
         });
}

}  // namespace

// What a text says.
struct TimeFormat::Fields {
  int year = 1970;
  int month = 1;
  int day = 1;
  int day_of_year = 0;  // 0: month and day say it
  int hour = 0;
  int half = -1;  // 0: before noon, 1: after it, -1: hours are 0 to 23
  int minute = 0;
  int second = 0;
  int64_t fraction = 0;          // ns
  std::optional<int64_t> zone;   // seconds east of UTC
  std::optional<int64_t> epoch;  // seconds since 1970
};

class TimeFormat::Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  bool at_end() const { return text_.empty(); }

  bool Take(const Step& step, Fields& fields) {
    switch (step.part) {
      case Part::kLiteral:
        return Char(step.literal);
      case Part::kSpace:
        return Space();
      case Part::kYear:
        return Number(4, 4, kLeastYear, kGreatestYear, fields.year);
      case Part::kShortYear:
        if (!Number(2, 2, 0, 99, fields.year)) return false;
        fields.year += fields.year < 69 ? 2000 : 1900;  // as POSIX has it
        return true;
      case Part::kMonth:
        return Number(1, 2, 1, 12, fields.month);
      case Part::kMonthName:
        return Name(kMonths, fields.month);
      case Part::kDay:
        if (!text_.empty() && text_[0] == ' ') text_.remove_prefix(1);  // " 1", as "%e" writes it
        return Number(1, 2, 1, 31, fields.day);
      case Part::kDayOfYear:
        return Number(1, 3, 1, 366, fields.day_of_year);
      case Part::kWeekday: {
        int unused = 0;
        return Name(kWeekdays, unused);
      }
      case Part::kHour:
        return Number(1, 2, 0, 23, fields.hour);
      case Part::kHour12:
        return Number(1, 2, 1, 12, fields.hour);
      case Part::kHalf:
        return Half(fields.half);
      case Part::kMinute:
        return Number(1, 2, 0, 59, fields.minute);
      case Part::kSecond:
        return Number(1, 2, 0, 60, fields.second);
      case Part::kSecondWithFraction:
        if (!Number(1, 2, 0, 60, fields.second)) return false;
        return !Char('.') || Fraction(fields.fraction);
      case Part::kFraction:
        return Fraction(fields.fraction);
      case Part::kZone:
        return Zone(fields.zone);
      case Part::kEpoch:
        return Epoch(fields.epoch);
    }
    return false;
  }

 private:
  bool Char(char c) {
    if (text_.empty() || text_[0] != c) return false;
    text_.remove_prefix(1);
    return true;
  }

  bool Space() {
    if (text_.empty() || !IsSpace(text_[0])) return false;
    while (!text_.empty() && IsSpace(text_[0])) text_.remove_prefix(1);
    return true;
  }

  bool Number(size_t fewest, size_t most, int least, int greatest, int& out) {
    int value = 0;
    size_t digits = 0;
    for (; digits < most && digits < text_.size() && absl::ascii_isdigit(text_[digits]); ++digits)
      value = value * 10 + (text_[digits] - '0');
    if (digits < fewest || value < least || value > greatest) return false;
    text_.remove_prefix(digits);
    out = value;
    return true;
  }

  // Whole or its first three letters, in any case.
  template <size_t kCount>
  bool Name(const std::array<std::string_view, kCount>& names, int& number) {
    for (size_t i = 0; i < kCount; ++i) {
      if (!StartsWith(text_, names[i].substr(0, 3))) continue;
      text_.remove_prefix(StartsWith(text_, names[i]) ? names[i].size() : 3);
      number = static_cast<int>(i) + 1;
      return true;
    }
    return false;
  }

  bool Half(int& half) {
    const bool after = StartsWith(text_, "pm");
    if (!after && !StartsWith(text_, "am")) return false;
    text_.remove_prefix(2);
    half = after ? 1 : 0;
    return true;
  }

  bool Fraction(int64_t& fraction) {
    int64_t scale = kSecond / 10;
    size_t digits = 0;
    fraction = 0;
    for (; digits < text_.size() && absl::ascii_isdigit(text_[digits]); ++digits, scale /= 10)
      fraction += (text_[digits] - '0') * scale;
    text_.remove_prefix(digits);
    return digits > 0;
  }

  // "Z", "+01:00", "+0100" or "+01".
  bool Zone(std::optional<int64_t>& zone) {
    if (Char('Z') || Char('z')) {
      zone = 0;
      return true;
    }
    const bool west = !text_.empty() && text_[0] == '-';
    if (!west && (text_.empty() || text_[0] != '+')) return false;
    text_.remove_prefix(1);
    int hour = 0;
    int minute = 0;
    if (!Number(2, 2, 0, 23, hour)) return false;
    const bool more = Char(':') || (!text_.empty() && absl::ascii_isdigit(text_[0]));
    if (more && !Number(2, 2, 0, 59, minute)) return false;
    const int64_t seconds = hour * 3600 + minute * 60;
    zone = west ? -seconds : seconds;
    return true;
  }

  bool Epoch(std::optional<int64_t>& epoch) {
    constexpr size_t kMostDigits = 11;  // beyond the year 2261
    int64_t value = 0;
    size_t digits = 0;
    for (; digits < text_.size() && absl::ascii_isdigit(text_[digits]); ++digits) {
      if (digits == kMostDigits) return false;
      value = value * 10 + (text_[digits] - '0');
    }
    text_.remove_prefix(digits);
    epoch = value;
    return digits > 0;
  }

  std::string_view text_;
};

std::optional<int64_t> TimeFormat::Read(std::string_view text) const {
  Reader reader(text);
  Fields fields;
  for (const Step& step : steps_) {
    if (!reader.Take(step, fields)) return std::nullopt;
  }
  if (!reader.at_end()) return std::nullopt;
  return Moment(fields);
}

std::optional<int64_t> TimeFormat::Moment(const Fields& fields) const {
  constexpr int64_t kMostSeconds = INT64_MAX / kSecond - 1;
  int64_t seconds = 0;
  if (fields.epoch) {
    seconds = *fields.epoch;
  } else {
    absl::CivilDay day(fields.year, fields.month, fields.day);
    // Abseil makes March 2nd of February 30th.
    if (day.day() != fields.day) return std::nullopt;
    if (fields.day_of_year > 0) {
      day = absl::CivilDay(fields.year, 1, 1) + (fields.day_of_year - 1);
      if (day.year() != fields.year) return std::nullopt;
    }
    const int hour = fields.half < 0 ? fields.hour : fields.hour % 12 + 12 * fields.half;
    const int64_t clock = hour * 3600 + fields.minute * 60 + fields.second;
    const std::optional<int64_t>& offset = fields.zone ? fields.zone : offset_;
    if (offset) {
      seconds = (day - absl::CivilDay()) * 86'400 + clock - *offset;
    } else {
      seconds = absl::ToUnixSeconds(zone_.At(absl::CivilSecond(day) + clock).pre);
    }
  }
  if (seconds > kMostSeconds) return std::nullopt;
  return seconds * kSecond + fields.fraction;
}

std::string TimeFormat::Write(int64_t time) const {
  return absl::FormatTime(written_, absl::FromUnixNanos(time), zone_);
}

}  // namespace telltale::config
