#include "daemon/telemetry/histogram.h"

#include <cmath>
#include <thread>
#include <vector>

#include "gtest/gtest.h"

namespace telltale::telemetry {
namespace {

TEST(HistogramTest, ABoundBelongsToItsBucket) {
  Histogram histogram({0.01, 0.05});
  histogram.Observe(0.01);
  histogram.Observe(0.02);
  histogram.Observe(0.05, 2);
  histogram.Observe(7);
  histogram.Observe(-1);  // a clock that went back
  HistogramValues values = histogram.Values();
  EXPECT_EQ(values.counts, (std::vector<uint64_t>{2, 3, 1}));
  EXPECT_EQ(values.Count(), 6u);
  EXPECT_NEAR(values.sum, 7.13, 1e-9);
}

TEST(HistogramTest, Quantiles) {
  HistogramValues values{.bounds = {1, 2, 4}, .counts = {50, 40, 9, 1}, .sum = 0};
  EXPECT_EQ(values.Quantile(0.5), 1);
  EXPECT_EQ(values.Quantile(0.51), 2);
  EXPECT_EQ(values.Quantile(0.99), 4);
  EXPECT_TRUE(std::isinf(values.Quantile(1)));
  EXPECT_EQ(HistogramValues().Quantile(0.5), 0);
}

TEST(HistogramTest, BoundsAscend) {
  std::vector<double> bounds = LatencyBounds();
  for (size_t i = 1; i < bounds.size(); ++i) EXPECT_LT(bounds[i - 1], bounds[i]);
}

TEST(HistogramTest, ThreadsLoseNothing) {
  Histogram histogram(LatencyBounds());
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int n = 0; n < 10000; ++n) histogram.Observe(0.001 * (n % 100));
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(histogram.Values().Count(), 40000u);
}

}  // namespace
}  // namespace telltale::telemetry
