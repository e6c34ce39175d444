// Timestamps and durations as text, both ways: what timestamp(), duration() and string() do, and
// what templates and JSON show.
//
// A timestamp is printed in UTC with as many digits of a second as it needs
// ("2009-02-13T23:31:30.5Z"), a duration in seconds ("90.5s", "-0.000000001s"). What is read, and
// within which range, rules/model/time_text.h says.
//
// Source: the CEL specification, "Timestamps" and "Durations". Owner: the buffer's. Thread: any.
// Errors: none for what is not a time or out of its range.
#ifndef TELLTALE_ENGINE_CONDITION_TIME_TEXT_H_
#define TELLTALE_ENGINE_CONDITION_TIME_TEXT_H_

#include <cstdint>
#include <string_view>

#include "engine/condition/number_text.h"
#include "engine/event/value.h"
#include "rules/model/time_text.h"

namespace telltale::engine {

using rules::kMaxDuration;
using rules::kMaxTimestamp;
using rules::kMinTimestamp;
using rules::kNanosPerSecond;

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
