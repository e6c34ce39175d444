// The reorder buffer against a sorted set: whatever the disorder, what comes out is in order, and
// each once.
#include "engine/time/reorder_buffer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>
#include <utility>
#include <vector>

namespace telltale::engine {
namespace {

struct Entry {
  int64_t time = 0;
  int64_t offset = 0;
};
struct Less {
  bool operator()(const Entry& a, const Entry& b) const {
    return std::pair(a.time, a.offset) < std::pair(b.time, b.offset);
  }
};

class ReorderBufferTest : public ::testing::TestWithParam<uint64_t> {};

TEST_P(ReorderBufferTest, AgreesWithASortedSet) {
  std::mt19937_64 random(GetParam());
  SCOPED_TRACE("seed " + std::to_string(GetParam()));
  ReorderBuffer<Entry, Less> buffer(1 + static_cast<int64_t>(random() % 50));
  std::set<std::pair<int64_t, int64_t>> expected;
  int64_t watermark = -1000;
  for (int64_t offset = 0; offset < 5000; ++offset) {
    const Entry entry{.time = watermark + static_cast<int64_t>(random() % 200), .offset = offset};
    buffer.Push(entry);
    expected.emplace(entry.time, entry.offset);
    if (random() % 7 == 0) {
      watermark += static_cast<int64_t>(random() % 40);
      buffer.DrainBefore(watermark, [&](const Entry& drained) {
        ASSERT_EQ(std::pair(drained.time, drained.offset), *expected.begin());
        expected.erase(expected.begin());
      });
      ASSERT_TRUE(expected.empty() || expected.begin()->first >= watermark);
    }
    if (random() % 200 == 0) {
      const int64_t modulus = 2 + static_cast<int64_t>(random() % 5);
      buffer.RemoveIf([&](const Entry& e) { return e.offset % modulus == 0; });
      std::erase_if(expected, [&](const auto& e) { return e.second % modulus == 0; });
    }
    ASSERT_EQ(buffer.size(), expected.size());
  }
}

// What comes next is known in its order within a bucket, and whatever its order in the one behind.
TEST(ReorderBuffer, TellsWhatComesNext) {
  std::mt19937_64 random(3);
  ReorderBuffer<Entry, Less> buffer(10);
  for (int64_t offset = 0; offset < 400; ++offset)
    buffer.Push({.time = static_cast<int64_t>(random() % 200), .offset = offset});
  std::vector<Entry> foretold;
  int64_t drained = 0;
  size_t known = 0;
  buffer.DrainBefore(150, [&](const Entry& entry, const auto& upcoming) {
    ASSERT_EQ(upcoming[0], &entry);
    if (!foretold.empty()) {
      EXPECT_EQ(foretold[0].offset, entry.offset);
    }
    foretold.clear();
    const int64_t bucket = entry.time / 10;
    size_t n = 1;
    for (; upcoming[n] != nullptr; ++n) {
      const Entry& next = *upcoming[n];
      ASSERT_LE(next.time / 10, bucket + 1);
      if (next.time / 10 == bucket) foretold.push_back(next);
    }
    EXPECT_TRUE(std::is_sorted(foretold.begin(), foretold.end(), Less()));
    known += n - 1;
    ++drained;
  });
  EXPECT_EQ(400 - drained, static_cast<int64_t>(buffer.size()));
  EXPECT_GT(known, 25u * static_cast<size_t>(drained)) << "a bucket and a half of 20 on average";
}

INSTANTIATE_TEST_SUITE_P(Seeds, ReorderBufferTest, ::testing::Range<uint64_t>(1, 21));

}  // namespace
}  // namespace telltale::engine
