#include "rules/load/yaml/quantity.h"

#include <gtest/gtest.h>

namespace telltale::rules {
namespace {

int64_t Good(const Quantity& quantity) {
  const auto* value = std::get_if<int64_t>(&quantity);
  return value == nullptr ? -1 : *value;
}

std::string Bad(const Quantity& quantity) {
  const auto* message = std::get_if<std::string>(&quantity);
  return message == nullptr ? "" : *message;
}

TEST(ParseDuration, EveryUnit) {
  EXPECT_EQ(Good(ParseDuration("1w")), 7 * kDay);
  EXPECT_EQ(Good(ParseDuration("2d")), 2 * kDay);
  EXPECT_EQ(Good(ParseDuration("48h")), 2 * kDay);
  EXPECT_EQ(Good(ParseDuration("15m")), 900 * kSecond);
  EXPECT_EQ(Good(ParseDuration("30s")), 30 * kSecond);
  EXPECT_EQ(Good(ParseDuration("500ms")), 500 * kMillisecond);
  EXPECT_EQ(Good(ParseDuration("7us")), 7000);
  EXPECT_EQ(Good(ParseDuration("9ns")), 9);
  EXPECT_EQ(Good(ParseDuration("0s")), 0);
}

TEST(ParseDuration, SeveralUnits) {
  EXPECT_EQ(Good(ParseDuration("1h30m")), 5400 * kSecond);
  EXPECT_EQ(Good(ParseDuration("1w2d3h4m5s6ms7us8ns")),
            9 * kDay + 3 * 3600 * kSecond + 245 * kSecond + 6 * kMillisecond + 7008);
  EXPECT_NE(Bad(ParseDuration("30m1h")), "");
  EXPECT_NE(Bad(ParseDuration("1h1h")), "");
}

TEST(ParseDuration, SaysWhatIsWrong) {
  EXPECT_EQ(Bad(ParseDuration("15")), "'15' has no unit: is it 15s or 15ms?");
  EXPECT_EQ(Bad(ParseDuration("1.5h")), "'1.5h' is not a duration: write 1h30m, not 1.5h");
  EXPECT_EQ(Bad(ParseDuration("15min")),
            "'min' is not a unit of time; they are w, d, h, m, s, ms, us and ns");
  EXPECT_EQ(Bad(ParseDuration("-5m")), "'-5m' is negative; a duration cannot be");
  EXPECT_EQ(Bad(ParseDuration("soon")), "'soon' is not a duration; write for example 15m or 1h30m");
  EXPECT_NE(Bad(ParseDuration("")), "");
  EXPECT_NE(Bad(ParseDuration("1 h")), "");
}

TEST(ParseDuration, OverflowIsTooLong) {
  EXPECT_EQ(Good(ParseDuration("36500d")), kLongestDuration);
  EXPECT_EQ(Bad(ParseDuration("36500d1ns")), "'36500d1ns' is longer than 100 years");
  EXPECT_EQ(Bad(ParseDuration("9223372036854775807w")),
            "'9223372036854775807w' is longer than 100 years");
  EXPECT_NE(Bad(ParseDuration("99999999999999999999999s")), "");
}

TEST(ParseBytes, Units) {
  EXPECT_EQ(Good(ParseBytes("256MiB")), 256 << 20);
  EXPECT_EQ(Good(ParseBytes("1 GB")), 1'000'000'000);
  EXPECT_EQ(Good(ParseBytes("10kB")), 10'000);
  EXPECT_EQ(Bad(ParseBytes("256")), "'256' has no unit; write for example 256MiB");
  EXPECT_EQ(Bad(ParseBytes("256mib")),
            "'mib' is not a unit of size; they are B, kB, MB, GB, TB, KiB, MiB, GiB and TiB");
  EXPECT_EQ(Bad(ParseBytes("99999999TiB")), "'99999999TiB' is too large");
  EXPECT_NE(Bad(ParseBytes("much")), "");
}

TEST(FormatBytes, ReadsBackInTheLargestUnitThatFits) {
  for (const char* text : {"0B", "1023B", "1KiB", "1025B", "64KiB", "4MiB", "5GiB", "2048TiB"}) {
    EXPECT_EQ(FormatBytes(Good(ParseBytes(text))), text);
  }
  EXPECT_EQ(FormatBytes(10'000), "10000B");
}

TEST(FormatDuration, ReadsBack) {
  for (const char* text : {"0s", "1h30m", "2w1d", "500ms", "1s1ns"}) {
    EXPECT_EQ(FormatDuration(Good(ParseDuration(text))), text);
  }
}

}  // namespace
}  // namespace telltale::rules
