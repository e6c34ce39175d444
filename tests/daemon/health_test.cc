#include "daemon/app/health.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace telltale::app {
namespace {

using ::testing::ElementsAre;

TEST(HealthBoardTest, ReadyWhileNobodyHasAReason) {
  HealthBoard board;
  EXPECT_TRUE(board.Get().ready);
  board.NotReady("topics", "topic 'a' does not exist");
  board.NotReady("broker", "broker away");
  telemetry::Health health = board.Get();
  EXPECT_TRUE(health.live);
  EXPECT_FALSE(health.ready);
  EXPECT_THAT(health.reasons, ElementsAre("broker away", "topic 'a' does not exist"));
  board.Ready("broker");
  EXPECT_THAT(board.Get().reasons, ElementsAre("topic 'a' does not exist"));
  board.Ready("topics");
  EXPECT_TRUE(board.Get().ready);
}

TEST(HealthBoardTest, ALaterReasonReplacesTheEarlier) {
  HealthBoard board;
  board.NotReady("broker", "one");
  board.NotReady("broker", "two");
  EXPECT_THAT(board.Get().reasons, ElementsAre("two"));
}

TEST(HealthBoardTest, DeadStaysDead) {
  HealthBoard board;
  board.Dead("out of luck");
  board.Dead("again");
  board.NotReady("broker", "away");
  board.Ready("broker");
  telemetry::Health health = board.Get();
  EXPECT_FALSE(health.live);
  EXPECT_FALSE(health.ready);
  EXPECT_FALSE(board.live());
  EXPECT_THAT(health.reasons, ElementsAre("out of luck"));
}

}  // namespace
}  // namespace telltale::app
