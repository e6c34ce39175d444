#include "daemon/config/time_format.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "tests/support/heap_meter.h"

namespace telltale::config {
namespace {

constexpr int64_t kSecond = 1'000'000'000;

TimeFormat Make(std::string_view format, std::string_view zone = "") {
  std::vector<TimeFormat::Mistake> mistakes;
  std::optional<TimeFormat> made = TimeFormat::Compile(format, zone, mistakes);
  for (const auto& mistake : mistakes) ADD_FAILURE() << format << ": " << mistake.says;
  return made ? *std::move(made) : *TimeFormat::Compile("%s", "", mistakes);
}

// "begin-end says [suggestion]" a line.
std::string Mistakes(std::string_view format, std::string_view zone = "") {
  std::vector<TimeFormat::Mistake> mistakes;
  const bool made = TimeFormat::Compile(format, zone, mistakes).has_value();
  EXPECT_EQ(made, mistakes.empty());
  std::string text;
  for (const auto& mistake : mistakes) {
    absl::StrAppend(&text, mistake.begin, "-", mistake.end, " ", mistake.says);
    if (!mistake.suggestion.empty()) absl::StrAppend(&text, " [", mistake.suggestion, "]");
    text += "\n";
  }
  return text;
}

// As RFC 3339 in UTC; "none" for what is not read.
std::string Read(std::string_view format, std::string_view text, std::string_view zone = "") {
  const std::optional<int64_t> time = Make(format, zone).Read(text);
  if (!time) return "none";
  return absl::FormatTime("%Y-%m-%dT%H:%M:%E*SZ", absl::FromUnixNanos(*time), absl::UTCTimeZone());
}

TEST(TimeFormatTest, ReadsWhatLogsWrite) {
  const struct {
    const char* format;
    const char* text;
    const char* time;
    const char* zone = "";
  } cases[] = {
      {"%d/%b/%Y:%H:%M:%S %z", "10/Oct/2026:13:55:36 -0700", "2026-10-10T20:55:36Z"},
      {"%Y-%m-%d %H:%M:%S,%f", "2026-03-01 10:00:35,250", "2026-03-01T10:00:35.25Z", "UTC"},
      {"%Y-%m-%d %H:%M:%E*S", "2026-03-01 10:00:35", "2026-03-01T10:00:35Z", "UTC"},
      {"%Y-%m-%d %H:%M:%E*S", "2026-03-01 10:00:35.123456789", "2026-03-01T10:00:35.123456789Z",
       "UTC"},
      {"%F %T.%f %Ez", "2026-03-01 10:00:35.5 +05:30", "2026-03-01T04:30:35.5Z"},
      {"%a, %d %b %Y %T %z", "Sun, 01 Mar 2026 10:00:35 +0000", "2026-03-01T10:00:35Z"},
      {"%A %B %e %Y %r", "sunday MARCH  1 2026 12:00:35 am", "2026-03-01T00:00:35Z", "+00:00"},
      {"%m/%d/%Y %I:%M:%S %p", "3/1/2026 12:05:09 PM", "2026-03-01T12:05:09Z", "UTC"},
      {"%D %R", "03/01/26 10:07", "2026-03-01T10:07:00Z", "UTC"},
      {"%Y%m%d%H%M%S%z", "20260301100035Z", "2026-03-01T10:00:35Z"},
      {"%Y-%j", "2024-366", "2024-12-31T00:00:00Z", "UTC"},
      {"%s", "1772359235", "2026-03-01T10:00:35Z"},
      {"%s.%f", "1772359235.000001", "2026-03-01T10:00:35.000001Z"},
      {"100%% %Y%t%m%n%d %z", "100% 2026 \t3  1 +01", "2026-02-28T23:00:00Z"},
      {"%Y-%m-%d", "1969-12-31", "1969-12-31T00:00:00Z", "UTC"},
      {"%y-%m-%d", "69-01-01", "1969-01-01T00:00:00Z", "UTC"},
      {"%y-%m-%d", "68-01-01", "2068-01-01T00:00:00Z", "UTC"},
      {"%Y-%m-%d %T %z", "2016-12-31 23:59:60 Z", "2017-01-01T00:00:00Z"},
      {"%Y-%m-%d %H:%M:%E*S", "2026-03-01 10:00:35.0000000019", "2026-03-01T10:00:35.000000001Z",
       "UTC"},
  };
  for (const auto& test : cases)
    EXPECT_EQ(Read(test.format, test.text, test.zone), test.time) << test.text;
}

TEST(TimeFormatTest, RefusesTextsOfAnotherForm) {
  const std::string_view format = "%d/%b/%Y:%H:%M:%S %z";
  for (const char* text : {"",
                           "10/Oct/2026:13:55:36",
                           "10/Oct/2026:13:55:36 ",
                           "10/Oct/2026:13:55:36 -0700x",
                           " 10/Oct/2026:13:55:36-0700",
                           "32/Oct/2026:13:55:36 -0700",
                           "00/Oct/2026:13:55:36 -0700",
                           "31/Sep/2026:13:55:36 -0700",
                           "29/Feb/2026:13:55:36 -0700",
                           "10/Okt/2026:13:55:36 -0700",
                           "10/Oct/26:13:55:36 -0700",
                           "10/Oct/2026:24:55:36 -0700",
                           "10/Oct/2026:13:60:36 -0700",
                           "10/Oct/2026:13:55:61 -0700",
                           "10/Oct/2026:13:55:36 0700",
                           "10/Oct/2026:13:55:36 -24:00",
                           "10/Oct/2026:13:55:36 -0760",
                           "10/Oct/2026:13:55:36 -07:",
                           "10/Oct/1677:13:55:36 -0700",
                           "10/Oct/2262:13:55:36 -0700",
                           "10/Oct/2026:-3:55:36 -0700",
                           "10/Oct/2026:13:55:36 PST"}) {
    EXPECT_EQ(Read(format, text), "none") << text;
  }
  EXPECT_EQ(Read("%Y-%j", "2025-366", "UTC"), "none");
  EXPECT_EQ(Read("%Y-%m-%d %I %p", "2026-03-01 0 am", "UTC"), "none");
  EXPECT_EQ(Read("%Y-%m-%d %H:%M:%S.%f", "2026-03-01 10:00:35.", "UTC"), "none");
  EXPECT_EQ(Read("%Y-%m-%d %H:%M:%E*S", "2026-03-01 10:00:35.", "UTC"), "none");
  for (const char* text : {"", "-1", "+1", "1e9", "99999999999", "999999999999999999999999"})
    EXPECT_EQ(Read("%s", text), "none") << text;
}

// Clocks that are put forward pass over an hour; put back, they show one twice.
TEST(TimeFormatTest, ReadsTheHoursAtWhichClocksAreChanged) {
  const struct {
    const char* text;
    const char* time;
  } cases[] = {
      {"2026-03-29 01:59:59", "2026-03-29T00:59:59Z"},
      {"2026-03-29 02:30:00", "2026-03-29T01:30:00Z"},
      {"2026-03-29 03:00:00", "2026-03-29T01:00:00Z"},
      {"2026-10-25 01:59:59", "2026-10-24T23:59:59Z"},
      {"2026-10-25 02:30:00", "2026-10-25T00:30:00Z"},
      {"2026-10-25 03:00:00", "2026-10-25T02:00:00Z"},
  };
  for (const auto& test : cases)
    EXPECT_EQ(Read("%Y-%m-%d %H:%M:%S", test.text, "Europe/Berlin"), test.time) << test.text;
  EXPECT_EQ(Read("%Y-%m-%d %H:%M:%S", "2026-03-29 02:30:00", "+01:00"), "2026-03-29T01:30:00Z");
}

TEST(TimeFormatTest, TellsEveryMistakeWithItsPlace) {
  EXPECT_EQ(Mistakes("%d/%b/%Y:%H:%M:%L %Q"),
            "15-17 '%L' is no directive of times [%f]\n18-20 '%Q' is no directive of times\n");
  EXPECT_EQ(Mistakes("%Y %m %d %H %H %z"), "12-14 '%H' says again what the format has already\n");
  EXPECT_EQ(Mistakes("%F %z%"), "5-6 '%' alone is no directive; a percent sign is '%%' [%%]\n");
  EXPECT_EQ(Mistakes("%Y-%m-%dT%H:%M:%SZ"),
            "0-18 the format says nothing of the zone: a 'Z' is only a letter, '%z' reads it "
            "[%Y-%m-%dT%H:%M:%S%z]\n");
  for (const char* format :
       {"",         "now",      "%H:%M",      "%Y",          "%Y %m",       "%Y %d",     "%m %d",
        "%j",       "%Y %j %d", "%F %I",      "%F %p",       "%F %H %p",    "%F %M",     "%F %S",
        "%F %H %S", "%F %f",    "%F %E*S %f", "%F %I %H %p", "%F %D",       "%s %Y",     "%F %Z",
        "%F %5",    "%F %E",    "%F %E3",     "%F %E*f",     "%Y %y %m %d", "%F %T %E3S"}) {
    EXPECT_NE(Mistakes(format, "UTC"), "") << format;
  }
  EXPECT_NE(Mistakes("%s", "UTC"), "");
  EXPECT_NE(Mistakes("%F %z", "UTC"), "");
  EXPECT_NE(Mistakes("%F"), "");
  EXPECT_NE(Mistakes("%F", "Mars/Olympus"), "");
}

// What both read, they read alike; and what is written is read.
TEST(TimeFormatTest, AgreesWithAbseil) {
  std::mt19937_64 random(7);
  const struct {
    const char* format;
    const char* zone;
  } cases[] = {{"%Y-%m-%d %H:%M:%S %z", ""},
               {"%d/%b/%Y:%H:%M:%E*S %Ez", ""},
               {"%a, %d %B %Y %H:%M:%S", "Europe/Berlin"},
               {"%m/%d/%Y %I:%M:%E6S %p", "America/New_York"},
               {"%Y %m %e %H.%M.%S", "Australia/Lord_Howe"},
               {"%s", ""}};
  for (const auto& test : cases) {
    const TimeFormat format = Make(test.format, test.zone);
    absl::TimeZone zone = absl::UTCTimeZone();
    if (*test.zone != 0) {
      ASSERT_TRUE(absl::LoadTimeZone(test.zone, &zone));
    }
    int both = 0;
    for (int i = 0; i < 20'000; ++i) {
      const int64_t time = static_cast<int64_t>(random() % 3'000'000'000) * kSecond +
                           (format.has_fraction() ? static_cast<int64_t>(random() % kSecond) : 0);
      std::string text = format.Write(time);
      const auto exact = format.Read(text);
      ASSERT_TRUE(exact.has_value()) << text;
      EXPECT_EQ(format.Write(*exact), text);
      // One character in another, now and then.
      if (random() % 2 == 0) text[random() % text.size()] = "0123456789 -+:/AaZ."[random() % 19];
      absl::Time theirs;
      std::string error;
      const bool parsed = absl::ParseTime(test.format, text, zone, &theirs, &error);
      const auto ours = format.Read(text);
      if (!ours || !parsed) continue;
      ++both;
      // Of a leap second Abseil drops the fraction.
      const bool leap = text.find(":60") != std::string::npos && *ours % (60 * kSecond) < kSecond;
      EXPECT_EQ(leap ? *ours - *ours % kSecond : *ours, absl::ToUnixNanos(theirs))
          << test.format << ": " << text;
    }
    EXPECT_GT(both, 10'000) << test.format;
  }
}

TEST(TimeFormatTest, AllocatesNothing) {
  const TimeFormat text = Make("%d/%b/%Y:%H:%M:%E*S %z");
  const TimeFormat zoned = Make("%A %d %B %Y %H:%M:%S", "Europe/Berlin");
  const tests::HeapMeter meter;
  for (int i = 0; i < 1000; ++i) {
    ASSERT_TRUE(text.Read("10/Oct/2026:13:55:36.125 -0700").has_value());
    ASSERT_TRUE(zoned.Read("Saturday 10 October 2026 13:55:36").has_value());
  }
  EXPECT_EQ(meter.peak(), 0u);
}

}  // namespace
}  // namespace telltale::config
