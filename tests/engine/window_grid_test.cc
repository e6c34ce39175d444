// Where windows begin and end: before the epoch, at the ends of time, in days of a zone.
#include "engine/window/window_grid.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <string>

#include "absl/time/time.h"

namespace telltale::engine {
namespace {

constexpr int64_t kHour = int64_t{3600} * 1'000'000'000;
constexpr int64_t kDay = 24 * kHour;

WindowGrid Tumbling(int64_t size, int64_t offset = 0, const std::string& zone = "") {
  rules::Window window;
  window.kind = rules::WindowKind::kTumbling;
  window.size = window.every = size;
  window.offset = offset;
  window.zone = zone;
  auto grid = WindowGrid::Make(window);
  EXPECT_TRUE(grid.ok()) << grid.status();
  return *grid;
}

int64_t Nanos(const std::string& text) {
  absl::Time time;
  std::string error;
  EXPECT_TRUE(absl::ParseTime(absl::RFC3339_full, text, &time, &error)) << error;
  return absl::ToUnixNanos(time);
}

std::string Text(const TimeRange& range) {
  const auto text = [](int64_t time) {
    return absl::FormatTime(absl::RFC3339_full, absl::FromUnixNanos(time), absl::UTCTimeZone());
  };
  return text(range.start) + " " + text(range.end);
}

TEST(WindowGrid, IsCountedFromTheEpoch) {
  const WindowGrid grid = Tumbling(10);
  for (const auto& [time, start] :
       {std::pair<int64_t, int64_t>{0, 0}, {9, 0}, {10, 10}, {-1, -10}, {-10, -10}, {-11, -20}}) {
    EXPECT_EQ(grid.At(time).start, start) << time;
    EXPECT_EQ(grid.At(time).end, start + 10) << time;
  }
}

TEST(WindowGrid, AnOffsetShiftsIt) {
  const WindowGrid grid = Tumbling(10, 3);
  EXPECT_EQ(grid.At(2).start, -7);
  EXPECT_EQ(grid.At(3).start, 3);
  EXPECT_EQ(grid.At(-8).start, -17);
}

TEST(WindowGrid, StaysWithinTime) {
  constexpr int64_t kLeast = std::numeric_limits<int64_t>::min();
  constexpr int64_t kGreatest = std::numeric_limits<int64_t>::max();
  for (const int64_t size : {int64_t{1}, int64_t{1'000'000}, 3650 * kDay}) {
    const WindowGrid grid = Tumbling(size, size / 3);
    for (const int64_t time : {kLeast, kLeast + 1, kGreatest - 1, kGreatest}) {
      const TimeRange range = grid.At(time);
      EXPECT_LE(range.start, time) << size;
      EXPECT_TRUE(range.end > time || range.end == kGreatest) << size;
    }
  }
}

TEST(WindowGrid, DaysAreTheZones) {
  const WindowGrid days = Tumbling(kDay, 0, "Europe/Paris");
  EXPECT_EQ(Text(days.At(Nanos("2026-03-29T12:00:00Z"))),
            "2026-03-28T23:00:00+00:00 2026-03-29T22:00:00+00:00");
  EXPECT_EQ(Text(days.At(Nanos("2026-10-25T12:00:00Z"))),
            "2026-10-24T22:00:00+00:00 2026-10-25T23:00:00+00:00");
  const WindowGrid shifted = Tumbling(kDay, 6 * kHour, "Europe/Paris");
  EXPECT_EQ(Text(shifted.At(Nanos("2026-03-29T03:00:00Z"))),
            "2026-03-28T05:00:00+00:00 2026-03-29T05:00:00+00:00")
      << "six hours that pass after midnight";
  const WindowGrid weeks = Tumbling(7 * kDay, 0, "Europe/Paris");
  EXPECT_EQ(Text(weeks.At(Nanos("1970-01-03T00:00:00Z"))),
            "1969-12-31T23:00:00+00:00 1970-01-07T23:00:00+00:00");
  EXPECT_EQ(Text(weeks.At(Nanos("1969-12-31T22:59:59Z"))),
            "1969-12-24T23:00:00+00:00 1969-12-31T23:00:00+00:00");
}

TEST(WindowGrid, PartsOfADayAreCountedFromMidnight) {
  const WindowGrid grid = Tumbling(6 * kHour, 0, "Europe/Paris");
  EXPECT_EQ(Text(grid.At(Nanos("2026-03-29T20:00:00Z"))),
            "2026-03-29T17:00:00+00:00 2026-03-29T22:00:00+00:00")
      << "the last of a short day";
  EXPECT_EQ(Text(grid.At(Nanos("2026-10-25T22:30:00Z"))),
            "2026-10-25T22:00:00+00:00 2026-10-25T23:00:00+00:00")
      << "the last of a long day";
}

// Every moment is in one window, and the next begins where it ends: also where midnight is left out
// (São Paulo, 2018) or comes twice (St. John's, 2010, a minute after it).
TEST(WindowGrid, WindowsFollowOneAnother) {
  const struct {
    const char* zone;
    const char* around;
  } changes[] = {{"America/Sao_Paulo", "2018-11-04T03:00:00Z"},
                 {"America/St_Johns", "2010-11-07T02:31:00Z"},
                 {"Europe/Paris", "2026-03-29T01:00:00Z"},
                 {"Pacific/Apia", "2011-12-30T10:00:00Z"},
                 {"Asia/Kathmandu", "1986-01-01T00:00:00Z"}};
  for (const auto& [zone, around] : changes) {
    for (const int64_t size : {kHour / 2, 6 * kHour, kDay, 3 * kDay}) {
      const WindowGrid grid = Tumbling(size, 0, zone);
      TimeRange before = grid.At(Nanos(around) - 4 * kDay);
      for (int64_t at = -4 * kDay; at <= 4 * kDay; at += kHour / 4) {
        const int64_t time = Nanos(around) + at;
        const TimeRange range = grid.At(time);
        EXPECT_TRUE(range.Has(time)) << zone << " " << size << " " << at / kHour;
        EXPECT_TRUE(range.start == before.start || range.start == before.end)
            << zone << " " << size << ": " << Text(before) << ", " << Text(range);
        before = range;
        if (size < kDay) continue;
        const int64_t number = grid.NumberAt(time);
        EXPECT_EQ(grid.BeginOf(number), range.start);
        EXPECT_EQ(grid.BeginOf(number + 1), range.end);
      }
    }
  }
}

TEST(WindowGrid, NumbersCountFromTheEpoch) {
  const WindowGrid grid = Tumbling(10, 3);
  EXPECT_EQ(grid.NumberAt(3), 0);
  EXPECT_EQ(grid.NumberAt(12), 0);
  EXPECT_EQ(grid.NumberAt(2), -1);
  EXPECT_EQ(grid.BeginOf(-1), -7);
  EXPECT_EQ(Tumbling(kDay, 0, "Europe/Paris").NumberAt(Nanos("1970-01-02T22:59:59Z")), 1);
  EXPECT_EQ(Tumbling(kDay, 0, "Europe/Paris").NumberAt(Nanos("1970-01-02T23:00:00Z")), 2);
}

TEST(WindowGrid, TheEndsOfTimeAreInSomeWindowOfAZone) {
  constexpr int64_t kLast = std::numeric_limits<int64_t>::max();
  constexpr int64_t kFirst = std::numeric_limits<int64_t>::min();
  for (const int64_t size : {kHour, kDay, 2 * kDay}) {
    const WindowGrid grid = Tumbling(size, 0, "Europe/Paris");
    EXPECT_EQ(grid.At(kLast).end, kLast);
    EXPECT_EQ(grid.At(kFirst).start, kFirst);
    if (size < kDay) continue;
    EXPECT_EQ(grid.BeginOf(grid.NumberAt(kLast) + 1), kLast);
    EXPECT_EQ(grid.BeginOf(grid.NumberAt(kFirst)), kFirst);
  }
}

TEST(WindowGrid, AZoneThatIsNone) {
  rules::Window window;
  window.kind = rules::WindowKind::kTumbling;
  window.size = window.every = kDay;
  window.zone = "Europe/Nowhere";
  EXPECT_EQ(WindowGrid::Make(window).status().message(),
            "this machine has no time zone 'Europe/Nowhere'");
}

}  // namespace
}  // namespace telltale::engine
