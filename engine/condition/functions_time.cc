// Timestamps and durations: how they are made, and what is read of them.
#include <optional>
#include <string>
#include <string_view>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "engine/condition/native.h"
#include "engine/condition/time_text.h"
#include "rules/model/scalar_text.h"

namespace telltale::engine {
namespace {

Value OrOutOfRange(Value value) { return value.is(ValueKind::kAbsent) ? OutOfRange() : value; }

Value ToTimestamp(const Value* args, uint32_t /*count*/, Scratch& /*scratch*/) {
  const Value a = args[0];
  if (a.is(ValueKind::kTimestamp)) return a;
  if (a.is(ValueKind::kInt)) return OrOutOfRange(MakeTimestamp(a.as_int(), 0));
  return a.is(ValueKind::kString) ? OrOutOfRange(ParseTimestamp(a.as_string())) : NoOverload();
}

Value ToDuration(const Value* args, uint32_t /*count*/, Scratch& /*scratch*/) {
  const Value a = args[0];
  if (a.is(ValueKind::kDuration)) return a;
  return a.is(ValueKind::kString) ? OrOutOfRange(ParseDuration(a.as_string())) : NoOverload();
}

struct Local {
  absl::CivilSecond civil;
  uint32_t nanoseconds = 0;
};

// args[0] on the calendar and clock of the zone args[1], or of UTC.
std::optional<Local> LocalTime(const Value* args, uint32_t count, Scratch& scratch) {
  int64_t seconds = args[0].seconds();
  if (count > 1) {
    if (!args[1].is(ValueKind::kString)) return std::nullopt;
    const std::string_view zone = args[1].as_string();
    if (const std::optional<int64_t> offset = rules::ReadZoneOffset(zone)) {
      seconds += *offset;
    } else if (const absl::TimeZone* named = scratch.Zone(zone)) {
      return Local{named->At(absl::FromUnixSeconds(seconds)).cs, args[0].nanoseconds()};
    } else {
      return std::nullopt;
    }
  }
  return Local{absl::CivilSecond(1970, 1, 1) + seconds, args[0].nanoseconds()};
}

enum class Part {
  kFullYear,
  kMonth,
  kDate,
  kDayOfMonth,
  kDayOfWeek,
  kDayOfYear,
  kHours,
  kMinutes,
  kSeconds,
  kMilliseconds
};

// Months and days count from 0, but for a date; days of the week from Sunday.
int64_t Read(Part part, const Local& time) {
  const absl::CivilSecond& civil = time.civil;
  switch (part) {
    case Part::kFullYear:
      return civil.year();
    case Part::kMonth:
      return civil.month() - 1;
    case Part::kDate:
      return civil.day();
    case Part::kDayOfMonth:
      return civil.day() - 1;
    case Part::kDayOfWeek:
      return (static_cast<int>(absl::GetWeekday(civil)) + 1) % 7;  // absl's begin with Monday
    case Part::kDayOfYear:
      return absl::GetYearDay(absl::CivilDay(civil)) - 1;
    case Part::kHours:
      return civil.hour();
    case Part::kMinutes:
      return civil.minute();
    case Part::kSeconds:
      return civil.second();
    case Part::kMilliseconds:
      return time.nanoseconds / 1'000'000;
  }
  return 0;
}

// Of a duration: how many whole hours, minutes or seconds it has in all, and the milliseconds
// beyond its seconds; towards zero.
std::optional<int64_t> ReadDuration(Part part, Value duration) {
  int64_t seconds = duration.seconds();
  int64_t nanoseconds = duration.nanoseconds();
  if (seconds < 0 && nanoseconds > 0) {
    ++seconds;
    nanoseconds -= kNanosPerSecond;
  }
  switch (part) {
    case Part::kHours:
      return seconds / 3600;
    case Part::kMinutes:
      return seconds / 60;
    case Part::kSeconds:
      return seconds;
    case Part::kMilliseconds:
      return nanoseconds / 1'000'000;
    default:
      return std::nullopt;
  }
}

template <Part part>
Value Get(const Value* args, uint32_t count, Scratch& scratch) {
  if (args[0].is(ValueKind::kDuration) && count == 1) {
    const std::optional<int64_t> number = ReadDuration(part, args[0]);
    return number.has_value() ? Value::Int(*number) : NoOverload();
  }
  if (!args[0].is(ValueKind::kTimestamp)) return NoOverload();
  if (count > 1 && !args[1].is(ValueKind::kString)) return NoOverload();
  const std::optional<Local> local = LocalTime(args, count, scratch);
  return local.has_value() ? Value::Int(Read(part, *local)) : OutOfRange();
}

constexpr NativeFunction kNatives[] = {
    {"timestamp", ToTimestamp},
    {"duration", ToDuration},
    {"getFullYear", Get<Part::kFullYear>},
    {"getMonth", Get<Part::kMonth>},
    {"getDate", Get<Part::kDate>},
    {"getDayOfMonth", Get<Part::kDayOfMonth>},
    {"getDayOfWeek", Get<Part::kDayOfWeek>},
    {"getDayOfYear", Get<Part::kDayOfYear>},
    {"getHours", Get<Part::kHours>},
    {"getMinutes", Get<Part::kMinutes>},
    {"getSeconds", Get<Part::kSeconds>},
    {"getMilliseconds", Get<Part::kMilliseconds>},
};

}  // namespace

NativeTable TimeNatives() { return kNatives; }

}  // namespace telltale::engine
