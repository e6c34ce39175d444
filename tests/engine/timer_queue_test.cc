#include "engine/time/timer_queue.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>
#include <utility>
#include <vector>

namespace telltale::engine {
namespace {

// Deadlines as `next` gives them from the present on; all are due in order, each once.
template <typename Next>
void ExpectInOrder(const Next& next) {
  TimerQueue queue;
  std::set<std::pair<int64_t, uint32_t>> waiting;
  std::mt19937_64 random(1);
  int64_t now = 0;
  for (uint32_t i = 0; i < 20'000; ++i) {
    const int64_t deadline = next(now, random);
    queue.Arm({.deadline = deadline, .rule = i % 7, .key = i});
    waiting.emplace(deadline, i);
    if (random() % 3 == 0) now += static_cast<int64_t>(random() % 50);
    while (queue.DueBefore(now)) {
      const Timer timer = queue.Pop();
      ASSERT_EQ(timer.deadline, waiting.begin()->first);
      ASSERT_EQ(timer.rule, timer.key % 7);
      ASSERT_EQ(waiting.erase({timer.deadline, timer.key}), 1u);
    }
    ASSERT_TRUE(waiting.empty() || waiting.begin()->first >= now);
    ASSERT_EQ(queue.size(), waiting.size());
  }
  while (queue.size() > 0) {
    ASSERT_EQ(queue.Pop().deadline, waiting.begin()->first);
    waiting.erase(waiting.begin());
  }
  EXPECT_TRUE(waiting.empty());
  EXPECT_FALSE(queue.DueBefore(kForever));
}

TEST(TimerQueue, OneWindow) {
  ExpectInOrder([](int64_t now, std::mt19937_64&) { return now + 1000; });
}

TEST(TimerQueue, AFewWindows) {
  ExpectInOrder([](int64_t now, std::mt19937_64& random) {
    return now + (int64_t{1} << (random() % 5 * 3));
  });
}

TEST(TimerQueue, MoreWindowsThanRuns) {
  ExpectInOrder([](int64_t now, std::mt19937_64& random) {
    return now + static_cast<int64_t>(random() % 40) * 100;
  });
}

TEST(TimerQueue, NoOrderAtAll) {
  ExpectInOrder([](int64_t now, std::mt19937_64& random) {
    return now + static_cast<int64_t>(random() % 100'000);
  });
}

TEST(TimerQueue, AllLaterThanWhatComes) {
  int64_t latest = 1'000'000'000;
  ExpectInOrder([&](int64_t, std::mt19937_64&) { return latest -= 10; });
}

TEST(TimerQueue, TheBeginAndTheEndOfTime) {
  TimerQueue queue;
  for (const int64_t deadline : {kForever - 1, kNever, kNever + 1, int64_t{0}})
    queue.Arm({.deadline = deadline});
  std::vector<int64_t> due;
  while (queue.DueBefore(kForever)) due.push_back(queue.Pop().deadline);
  EXPECT_EQ(due, (std::vector<int64_t>{kNever, kNever + 1, 0, kForever - 1}));
}

}  // namespace
}  // namespace telltale::engine
