// Event times from text, exact to the nanosecond: RFC 3339, and decimal numbers in a unit.
//
// What is finer than a nanosecond is cut off, toward the past. Only times from 1678 to 2261 are
// taken: the rest does not fit (T8), or leaves no room for the arithmetic of watermarks.
// Thread: any. Units: nanoseconds since the epoch. Errors: nothing is returned.
#ifndef TELLTALE_DAEMON_DECODE_EVENT_TIME_H_
#define TELLTALE_DAEMON_DECODE_EVENT_TIME_H_

#include <cstdint>
#include <optional>
#include <string_view>

namespace telltale::decode {

inline constexpr int64_t kLeastTime = -9'214'560'000'000'000'000;  // 1678-01-01T00:00:00Z
inline constexpr int64_t kGreatestTime =
    9'214'646'399'999'999'999;  // 2261-12-31T23:59:59.999999999Z

inline bool TimeInRange(int64_t time) { return time >= kLeastTime && time <= kGreatestTime; }

// "2026-03-01T10:00:35.25+01:00"; `t` and `z` may be small, a space may stand for the T, and
// second 60 is the first of the next minute.
std::optional<int64_t> ParseRfc3339(std::string_view text);

// A number by JSON's grammar, times 10^unit_digits nanoseconds: seconds have 9, milliseconds 6.
std::optional<int64_t> ParseDecimalTime(std::string_view number, int unit_digits);

}  // namespace telltale::decode

#endif  // TELLTALE_DAEMON_DECODE_EVENT_TIME_H_
