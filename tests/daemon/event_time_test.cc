#include "daemon/decode/event_time.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "absl/time/time.h"

namespace telltale::decode {
namespace {

TEST(EventTimeTest, ReadsRfc3339ToTheNanosecond) {
  const struct {
    const char* text;
    int64_t time;
  } cases[] = {
      {"1970-01-01T00:00:00Z", 0},
      {"1970-01-01T00:00:00.000000001Z", 1},
      {"1969-12-31T23:59:59.999999999Z", -1},
      {"2026-03-01T10:00:35.25+01:00", 1'772'355'635'250'000'000},
      {"2026-03-01t09:00:35.25z", 1'772'355'635'250'000'000},
      {"2026-03-01 09:00:35.2500000009Z", 1'772'355'635'250'000'000},
      {"2026-03-01T00:00:35-09:30", 1'772'357'435'000'000'000},
      {"2024-02-29T00:00:00Z", 1'709'164'800'000'000'000},
      {"2016-12-31T23:59:60Z", 1'483'228'800'000'000'000},
      {"1678-01-01T00:00:00Z", kLeastTime},
      {"2261-12-31T23:59:59.999999999Z", kGreatestTime},
  };
  for (const auto& test : cases) EXPECT_EQ(ParseRfc3339(test.text), test.time) << test.text;
}

TEST(EventTimeTest, RefusesWhatIsNotRfc3339) {
  for (const char* text : {"",
                           "2026",
                           "2026-03-01",
                           "2026-03-01T10:00:35",
                           "2026-03-01T10:00Z",
                           "2026-3-01T10:00:35Z",
                           "2026-03-01T10:00:35.Z",
                           "2026-03-01T10:00:35,5Z",
                           "2026-13-01T10:00:35Z",
                           "2026-00-01T10:00:35Z",
                           "2026-02-29T10:00:35Z",
                           "1900-02-29T10:00:35Z",
                           "2026-04-31T10:00:35Z",
                           "2026-03-00T10:00:35Z",
                           "2026-03-01T24:00:00Z",
                           "2026-03-01T10:60:35Z",
                           "2026-03-01T10:00:61Z",
                           "2026-03-01T10:00:35+0100",
                           "2026-03-01T10:00:35+24:00",
                           "2026-03-01T10:00:35Z ",
                           " 2026-03-01T10:00:35Z",
                           "+2026-03-01T10:00:35Z",
                           "2026-03-01T10:00:35Zulu",
                           "1677-12-31T23:59:59Z",
                           "2262-01-01T00:00:00Z",
                           "9999-12-31T23:59:59Z",
                           "0001-01-01T00:00:00Z",
                           "1772355635"}) {
    EXPECT_EQ(ParseRfc3339(text), std::nullopt) << text;
  }
}

TEST(EventTimeTest, AgreesWithAbseilOnEveryDayOfFourCenturies) {
  for (absl::CivilDay day(1700, 1, 1); day < absl::CivilDay(2100, 1, 1); ++day) {
    const std::string text = absl::FormatCivilTime(day) + "T01:02:03.000004Z";
    const int64_t expected =
        absl::ToUnixNanos(absl::FromCivil(day, absl::UTCTimeZone())) + 3'723'000'004'000;
    ASSERT_EQ(ParseRfc3339(text), expected) << text;
  }
}

TEST(EventTimeTest, ReadsDecimalNumbersExactly) {
  const struct {
    const char* text;
    int unit_digits;
    std::optional<int64_t> time;
  } cases[] = {
      {"0", 9, 0},
      {"-0.0", 9, 0},
      {"0e999999999999", 9, 0},
      {"1772355635.123456789", 9, 1'772'355'635'123'456'789},
      {"1772355635.1234567899", 9, 1'772'355'635'123'456'789},
      {"1.772355635123456789e9", 9, 1'772'355'635'123'456'789},
      {"1772355635123.5", 6, 1'772'355'635'123'500'000},
      {"1772355635123456e-3", 6, 1'772'355'635'123'456'000},
      {"0.000000001", 9, 1},
      {"0.0000000001", 9, 0},
      {"-0.0000000001", 9, -1},
      {"-1.5", 0, -2},
      {"1.9", 0, 1},
      {"17e0", 0, 17},
      {"9214646399", 9, 9'214'646'399'000'000'000},
      {"9214646400", 9, std::nullopt},
      {"-9214560000", 9, kLeastTime},
      {"-9214560001", 9, std::nullopt},
      {"1e30", 9, std::nullopt},
      {"1e999999999999999999999", 0, std::nullopt},
      {"1e-999999999999999999999", 9, 0},
      {"99999999999999999999999999", 0, std::nullopt},
      {"0.00000000000000000000000000000000001e35", 9, 1'000'000'000},
  };
  for (const auto& test : cases) {
    EXPECT_EQ(ParseDecimalTime(test.text, test.unit_digits), test.time) << test.text;
  }
}

}  // namespace
}  // namespace telltale::decode
