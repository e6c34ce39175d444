// Timestamps and durations as text, both ways: what timestamp(), duration() and string() do, and
// what templates and JSON show.
//
// A timestamp is RFC 3339, printed in UTC with as many digits of a second as it needs
// ("2009-02-13T23:31:30.5Z"); any offset is read, digits beyond the ninth are dropped. A duration
// is printed in seconds ("90.5s", "-0.000000001s"), and read as numbers with units from h to ns
// ("1h30m", "-1.5s").
//
// Source: the CEL specification, "Timestamps" and "Durations". Owner: the buffer's. Thread: any.
// Errors: none for what is not a time or out of its range.
#ifndef TELLTALE_ENGINE_CONDITION_TIME_TEXT_H_
#define TELLTALE_ENGINE_CONDITION_TIME_TEXT_H_

#include <cstdint>
#include <optional>
#include <string_view>

#include "engine/condition/number_text.h"
#include "engine/event/value.h"

namespace telltale::engine {

inline constexpr int64_t kNanosPerSecond = 1'000'000'000;
// Of the years 1 to 9999, and of a duration either way, in seconds.
inline constexpr int64_t kMinTimestamp = -62'135'596'800;
inline constexpr int64_t kMaxTimestamp = 253'402'300'799;
inline constexpr int64_t kMaxDuration = 315'576'000'000;

// Absent where they are out of range; the nanoseconds may be any number.
Value MakeTimestamp(int64_t seconds, int64_t nanoseconds);
Value MakeDuration(int64_t seconds, int64_t nanoseconds);

// REQUIRES: a timestamp, a duration.
std::string_view TimestampText(Value timestamp, NumberBuffer& buffer);
std::string_view DurationText(Value duration, NumberBuffer& buffer);

// Absent: not one.
Value ParseTimestamp(std::string_view text);
Value ParseDuration(std::string_view text);

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_CONDITION_TIME_TEXT_H_
