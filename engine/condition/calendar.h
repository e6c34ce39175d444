// The parts of a date, as Sigma's time modifiers ask for them.
//
// A text has them as it writes them, in whatever zone that is: "2026-03-01T10:00:00+02:00" has the
// hour 10. A number is a time since 1970, in UTC.
//
// Owner: value type. Thread: any. Errors: none where the text is no date.
#ifndef TELLTALE_ENGINE_CONDITION_CALENDAR_H_
#define TELLTALE_ENGINE_CONDITION_CALENDAR_H_

#include <cstdint>
#include <optional>
#include <string_view>

namespace telltale::engine {

struct DateParts {
  int year = 0;
  int month = 1;  // 1 to 12
  int day = 1;    // 1 to 31
  int hour = -1;  // 0 to 23; -1: a date without a time
  int minute = -1;
};

// YYYY-MM-DD or YYYY/MM/DD, then maybe 'T' or a blank and HH:MM, and anything.
std::optional<DateParts> DateOfText(std::string_view text);
DateParts DateOfSeconds(int64_t seconds);

// The week of ISO 8601, 1 to 53.
int WeekOf(const DateParts& date);

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_CONDITION_CALENDAR_H_
