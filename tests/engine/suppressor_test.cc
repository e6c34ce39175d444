// A3: episodes are closed intervals, counts go out with the next alert, and forgetting shows in no
// decision.
#include "engine/alert/suppressor.h"

#include <gtest/gtest.h>

#include <limits>

namespace telltale::engine {
namespace {

constexpr Hash128 kKey = {1, 2};

TEST(Suppressor, KeepsBackUpToThePeriodInclusive) {
  Suppressor suppressor(10, 0);
  EXPECT_TRUE(suppressor.Decide(kKey, 100).deliver);
  EXPECT_FALSE(suppressor.Decide(kKey, 100).deliver);
  EXPECT_FALSE(suppressor.Decide(kKey, 110).deliver);
  const auto next = suppressor.Decide(kKey, 111);
  EXPECT_TRUE(next.deliver);
  EXPECT_EQ(next.episode, 111);
  EXPECT_EQ(next.suppressed, 2u);
}

TEST(Suppressor, KeysAreApart) {
  Suppressor suppressor(10, 0);
  EXPECT_TRUE(suppressor.Decide(kKey, 100).deliver);
  EXPECT_TRUE(suppressor.Decide({3, 4}, 100).deliver);
}

TEST(Suppressor, ForgettingDoesNotShow) {
  Suppressor suppressor(10, 0);
  EXPECT_TRUE(suppressor.Decide(kKey, 100).deliver);
  EXPECT_FALSE(suppressor.Decide(kKey, 105).deliver);
  EXPECT_TRUE(suppressor.Decide({3, 4}, 100).deliver);
  suppressor.ForgetBefore(1000);
  EXPECT_EQ(suppressor.Decide(kKey, 1000).suppressed, 1u);
  EXPECT_EQ(suppressor.Decide({3, 4}, 1000).suppressed, 0u);
}

TEST(Suppressor, AnEpisodeInItsPeriodIsNotForgotten) {
  Suppressor suppressor(10, 0);
  EXPECT_TRUE(suppressor.Decide(kKey, 100).deliver);
  suppressor.ForgetBefore(110);
  EXPECT_FALSE(suppressor.Decide(kKey, 110).deliver);
}

TEST(Suppressor, AnEpisodeThatALateMatchMayMeetIsNotForgotten) {
  Suppressor suppressor(10, 1000);
  EXPECT_TRUE(suppressor.Decide(kKey, 100).deliver);
  suppressor.ForgetBefore(1100);
  EXPECT_FALSE(suppressor.Decide(kKey, 105).deliver);
}

TEST(Suppressor, GoesOnWhereItWasWrittenDown) {
  Suppressor before(10, 0);
  before.Decide(kKey, 100);
  before.Decide(kKey, 105);
  before.Decide({3, 4}, 102);
  Suppressor after(10, 0);
  int episodes = 0;
  before.ForEach([&](const Hash128& key, int64_t start, uint64_t suppressed) {
    ++episodes;
    after.Restore(key, start, suppressed);
  });
  EXPECT_EQ(episodes, 2);
  for (const Hash128& key : {kKey, Hash128{3, 4}}) {
    for (const int64_t time : {110, 113}) {
      const Suppressor::Decision expected = before.Decide(key, time);
      const Suppressor::Decision got = after.Decide(key, time);
      EXPECT_EQ(got.deliver, expected.deliver);
      EXPECT_EQ(got.episode, expected.episode);
      EXPECT_EQ(got.suppressed, expected.suppressed);
    }
  }
}

TEST(Suppressor, APeriodWithoutEnd) {
  Suppressor suppressor(std::numeric_limits<int64_t>::max(), 0);
  EXPECT_TRUE(suppressor.Decide(kKey, 100).deliver);
  EXPECT_FALSE(suppressor.Decide(kKey, std::numeric_limits<int64_t>::max()).deliver);
}

}  // namespace
}  // namespace telltale::engine
