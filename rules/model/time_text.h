// The text of a timestamp and of a duration, as timestamp() and duration() read it.
//
// A timestamp is RFC 3339, with any offset; digits beyond the ninth are dropped. A duration is
// numbers with units from h to ns ("1h30m", "-1.5s").
//
// Source: the CEL specification, "Timestamps" and "Durations". Owner: value types. Thread: any;
// nothing is allocated. Units: seconds since 1970, or of the duration; nanoseconds beyond them, of
// a duration with its sign. Errors: nullopt for what is not one or out of its range; the functions
// with "Mistake" say what is wrong.
#ifndef TELLTALE_RULES_MODEL_TIME_TEXT_H_
#define TELLTALE_RULES_MODEL_TIME_TEXT_H_

#include <cstdint>
#include <optional>
#include <string_view>

namespace telltale::rules {

inline constexpr int64_t kNanosPerSecond = 1'000'000'000;
// Of the years 1 to 9999, and of a duration either way, in seconds.
inline constexpr int64_t kMinTimestamp = -62'135'596'800;
inline constexpr int64_t kMaxTimestamp = 253'402'300'799;
inline constexpr int64_t kMaxDuration = 315'576'000'000;

struct TimeParts {
  int64_t seconds = 0;
  int64_t nanoseconds = 0;
};

std::optional<TimeParts> ReadTimestamp(std::string_view text);
std::optional<TimeParts> ReadDuration(std::string_view text);

// A timestamp in nanoseconds since 1970, from 1678 to 2261: what an int64 holds, and days to spare
// for the arithmetic of watermarks (T8).
inline constexpr int64_t kMinNanoTime = -9'214'560'000'000'000'000;
inline constexpr int64_t kMaxNanoTime = 9'214'646'399'999'999'999;
std::optional<int64_t> ReadNanoTime(std::string_view text);

// In the words of its author; empty: none.
std::string_view TimestampMistake(std::string_view text);
std::string_view DurationMistake(std::string_view text);

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_MODEL_TIME_TEXT_H_
