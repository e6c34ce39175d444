#include "engine/condition/calendar.h"

namespace telltale::engine {
namespace {

constexpr int64_t kDaySeconds = 86'400;

// Days since 1970-01-01 of a date of the Gregorian calendar; years begin in March, so that the leap
// day is the last of its year.
int64_t DaysOf(int year, int month, int day) {
  const int64_t y = month <= 2 ? year - 1 : year;
  const int64_t era = (y >= 0 ? y : y - 399) / 400;
  const int64_t of_era = y - era * 400;
  const int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  return era * 146'097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719'468;
}

void SetDays(int64_t days, DateParts& date) {
  days += 719'468;
  const int64_t era = (days >= 0 ? days : days - 146'096) / 146'097;
  const int64_t of_era = days - era * 146'097;
  const int64_t year = (of_era - of_era / 1'460 + of_era / 36'524 - of_era / 146'096) / 365;
  const int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
  const int64_t month = (5 * of_year + 2) / 153;
  date.day = static_cast<int>(of_year - (153 * month + 2) / 5 + 1);
  date.month = static_cast<int>(month < 10 ? month + 3 : month - 9);
  date.year = static_cast<int>(year + era * 400 + (date.month <= 2 ? 1 : 0));
}

int DaysIn(int year, int month) {
  constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  return month == 2 && leap ? 29 : kDays[month - 1];
}

// So many digits at the front of `text`, taken off it; -1: they are not there.
int TakeDigits(std::string_view& text, size_t count) {
  if (text.size() < count) return -1;
  int number = 0;
  for (const char c : text.substr(0, count)) {
    if (c < '0' || c > '9') return -1;
    number = number * 10 + (c - '0');
  }
  text.remove_prefix(count);
  return number;
}

bool Take(std::string_view& text, std::string_view any_of) {
  if (text.empty() || any_of.find(text.front()) == std::string_view::npos) return false;
  text.remove_prefix(1);
  return true;
}

}  // namespace

std::optional<DateParts> DateOfText(std::string_view text) {
  DateParts date;
  date.year = TakeDigits(text, 4);
  if (date.year < 0 || !Take(text, "-/")) return std::nullopt;
  date.month = TakeDigits(text, 2);
  if (date.month < 1 || date.month > 12 || !Take(text, "-/")) return std::nullopt;
  date.day = TakeDigits(text, 2);
  if (date.day < 1 || date.day > DaysIn(date.year, date.month)) return std::nullopt;
  if (text.empty()) return date;
  if (!Take(text, "Tt ")) return std::nullopt;
  date.hour = TakeDigits(text, 2);
  if (date.hour < 0 || date.hour > 23 || !Take(text, ":")) return std::nullopt;
  date.minute = TakeDigits(text, 2);
  if (date.minute < 0 || date.minute > 59) return std::nullopt;
  return date;
}

DateParts DateOfSeconds(int64_t seconds) {
  int64_t days = seconds / kDaySeconds;
  int64_t rest = seconds % kDaySeconds;
  if (rest < 0) {
    rest += kDaySeconds;
    --days;
  }
  DateParts date;
  SetDays(days, date);
  date.hour = static_cast<int>(rest / 3600);
  date.minute = static_cast<int>(rest % 3600 / 60);
  return date;
}

int WeekOf(const DateParts& date) {
  const int64_t days = DaysOf(date.year, date.month, date.day);
  const int64_t weekday = ((days + 3) % 7 + 7) % 7;  // 0: Monday
  DateParts thursday;                                // of the same week: its year is the week's
  SetDays(days - weekday + 3, thursday);
  const int64_t of_year = days - weekday + 3 - DaysOf(thursday.year, 1, 1);
  return static_cast<int>(of_year / 7 + 1);
}

}  // namespace telltale::engine
