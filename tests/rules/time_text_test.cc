// Times as they are written: which of them fit into nanoseconds since 1970.
#include "rules/model/time_text.h"

#include <gtest/gtest.h>

namespace telltale::rules {
namespace {

TEST(ReadNanoTime, TakesRfc3339) {
  EXPECT_EQ(ReadNanoTime("1970-01-01T00:00:00Z"), 0);
  EXPECT_EQ(ReadNanoTime("1970-01-01T01:00:00.5+01:00"), 500'000'000);
  EXPECT_EQ(ReadNanoTime("1969-12-31T23:59:59.999999999Z"), -1);
  EXPECT_EQ(ReadNanoTime("2026-03-01T00:00:00Z"), 1'772'323'200'000'000'000);
  for (const char* text : {"", "2026-03-01", "2026-03-01T00:00:00", "2026-02-30T00:00:00Z", "17",
                           "2026-03-01 00:00:00Z ", "tomorrow"}) {
    EXPECT_EQ(ReadNanoTime(text), std::nullopt) << text;
  }
}

TEST(ReadNanoTime, LeavesRoomForArithmetic) {
  EXPECT_EQ(ReadNanoTime("1678-01-01T00:00:00Z"), kMinNanoTime);
  EXPECT_EQ(ReadNanoTime("2261-12-31T23:59:59.999999999Z"), kMaxNanoTime);
  EXPECT_EQ(ReadNanoTime("1677-12-31T23:59:59Z"), std::nullopt);
  EXPECT_EQ(ReadNanoTime("2262-01-01T00:00:00Z"), std::nullopt);
  EXPECT_EQ(ReadNanoTime("9999-12-31T23:59:59Z"), std::nullopt);
}

}  // namespace
}  // namespace telltale::rules
