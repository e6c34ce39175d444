// Timestamps and durations.
#include "rules/load/cel/signature.h"

namespace telltale::rules {
namespace {

constexpr TypeKind kInt = TypeKind::kInt;
constexpr TypeKind kString = TypeKind::kString;
constexpr TypeKind kTime = TypeKind::kTimestamp;
constexpr TypeKind kSpan = TypeKind::kDuration;

// Of a timestamp, in a zone or not.
Result PartOfTime(const Args& args) { return Takes<kInt, kTime, kString>(args); }

// Of a timestamp, or of a duration, which stands in no zone.
Result PartOfEither(const Args& args) {
  const bool taken = args.size() == 1 ? Fits(args[0], kTime, kSpan)
                                      : Fits(args[0], kTime) && Fits(args[1], kString);
  return taken ? Result(Type::Of(kInt)) : std::nullopt;
}

Result ToTimestamp(const Args& args) {
  return Fits(args[0], kInt, kString, kTime) ? Result(Type::Of(kTime)) : std::nullopt;
}

Result ToDuration(const Args& args) {
  return Fits(args[0], kString, kSpan) ? Result(Type::Of(kSpan)) : std::nullopt;
}

constexpr std::string_view kFamily = "times";

constexpr Function kFunctions[] = {
    {"timestamp", "timestamp(text)", "a time in RFC 3339, or in seconds since 1970", kFamily, 1, 1,
     true, false, ToTimestamp,
     "timestamp('2026-03-01T10:00:00+01:00') == timestamp('2026-03-01T09:00:00Z')", "true"},
    {"duration", "duration(text)", "a span of time: numbers with units from h to ns, as in 1h30m",
     kFamily, 1, 1, true, false, ToDuration, "duration('1h30m') == duration('90m')", "true"},
    {"getFullYear", "time.getFullYear([zone])",
     "the year, in UTC or a zone (Europe/Berlin, +02:00)", kFamily, 1, 2, false, true, PartOfTime,
     "timestamp('2026-03-01T10:20:30Z').getFullYear()", "2026"},
    {"getMonth", "time.getMonth([zone])", "the month, January is 0", kFamily, 1, 2, false, true,
     PartOfTime, "timestamp('2026-03-01T10:20:30Z').getMonth()", "2"},
    {"getDate", "time.getDate([zone])", "the day of the month, the first is 1", kFamily, 1, 2,
     false, true, PartOfTime, "timestamp('2026-03-01T10:20:30Z').getDate()", "1"},
    {"getDayOfMonth", "time.getDayOfMonth([zone])", "the day of the month, the first is 0", kFamily,
     1, 2, false, true, PartOfTime, "timestamp('2026-03-01T10:20:30Z').getDayOfMonth()", "0"},
    {"getDayOfWeek", "time.getDayOfWeek([zone])", "the day of the week, Sunday is 0", kFamily, 1, 2,
     false, true, PartOfTime, "timestamp('2026-03-01T10:20:30Z').getDayOfWeek()", "0"},
    {"getDayOfYear", "time.getDayOfYear([zone])", "the day of the year, 1 January is 0", kFamily, 1,
     2, false, true, PartOfTime, "timestamp('2026-03-01T10:20:30Z').getDayOfYear()", "59"},
    {"getHours", "time.getHours([zone])", "the hour; of a duration all of its hours", kFamily, 1, 2,
     false, true, PartOfEither, "timestamp('2026-03-01T10:20:30Z').getHours('+02:00')", "12"},
    {"getMinutes", "time.getMinutes([zone])", "the minute; of a duration all of its minutes",
     kFamily, 1, 2, false, true, PartOfEither, "duration('90m').getMinutes()", "90"},
    {"getSeconds", "time.getSeconds([zone])", "the second; of a duration all of its seconds",
     kFamily, 1, 2, false, true, PartOfEither, "timestamp('2026-03-01T10:20:30Z').getSeconds()",
     "30"},
    {"getMilliseconds", "time.getMilliseconds([zone])", "the milliseconds beyond the second",
     kFamily, 1, 2, false, true, PartOfEither, "duration('1s500ms').getMilliseconds()", "500"},
};

}  // namespace

FunctionTable TimeFunctions() { return kFunctions; }

}  // namespace telltale::rules
