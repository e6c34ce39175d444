#include "daemon/telemetry/lateness.h"

#include <gtest/gtest.h>

#include <limits>

namespace telltale::telemetry {
namespace {

TEST(LatenessTest, AnEventInOrderIsInTheFirstBucket) {
  Lateness lateness;
  lateness.Observe(0);
  lateness.Observe(1);
  const HistogramValues values = lateness.Values();
  ASSERT_EQ(values.bounds.size(), Lateness::kBounds.size());
  EXPECT_EQ(values.bounds[0], 0);
  EXPECT_EQ(values.counts[0], 1u);
  EXPECT_EQ(values.counts[1], 1u);
  EXPECT_EQ(values.sum, 1e-9);
}

// An event is late where it is further behind than the bound: at it, it is on time.
TEST(LatenessTest, ABoundIsOfItsOwnBucket) {
  Lateness lateness;
  for (const int64_t bound : Lateness::kBounds) {
    lateness.Observe(bound);
    lateness.Observe(bound + 1);
  }
  const HistogramValues values = lateness.Values();
  EXPECT_EQ(values.counts.front(), 1u);
  for (size_t i = 1; i + 1 < values.counts.size(); ++i) EXPECT_EQ(values.counts[i], 2u) << i;
  EXPECT_EQ(values.counts.back(), 1u);
  EXPECT_EQ(values.bounds.back(), 86'400);
}

TEST(LatenessTest, CenturiesAddUp) {
  Lateness lateness;
  for (int i = 0; i < 100; ++i) lateness.Observe(std::numeric_limits<int64_t>::max());
  EXPECT_EQ(lateness.Values().counts.back(), 100u);
  EXPECT_NEAR(lateness.Values().sum, 100 * 9.223372036854775e9, 1);
}

}  // namespace
}  // namespace telltale::telemetry
