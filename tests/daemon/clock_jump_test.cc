// Jumps of the machine's clock, by years to either side while all goes on: nothing is idle before
// its time, what was refused is tried again, and a drain ends.
#include <chrono>
#include <cstdint>
#include <string>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "daemon/kafka/steady_clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/daemon/source_harness.h"
#include "tests/support/clock_jump.h"

namespace telltale::kafka {
namespace {

using support::ClockJump;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using Act = FakeEngine::Act;

constexpr int64_t kYears = 10 * 365 * 86'400;
constexpr int16_t kProduce = 0;  // Kafka's number of the request

class ClockJumpTest : public SourceHarness {};

TEST_F(ClockJumpTest, TheTimeOfDayJumpsAndNothingElse) {
  const auto before = std::chrono::system_clock::now();
  const int64_t steady = SteadyNow();
  const ClockJump jump(-kYears);
  EXPECT_LT(std::chrono::system_clock::now(), before - std::chrono::seconds(kYears / 2));
  EXPECT_LT(absl::ToChronoTime(absl::Now()), before - std::chrono::seconds(kYears / 2));
  EXPECT_GE(SteadyNow(), steady);
  EXPECT_GE(jump.asked(), 2u);
}

// Records are written between the jumps: those who write them here look at the clock.
TEST_F(ClockJumpTest, NothingIsIdleBeforeItsTime) {
  for (auto& stream : config_.streams) stream.time.idle_timeout = int64_t{3'600'000'000'000};
  Start();
  for (int64_t round = 1; round <= 3; ++round) {
    for (const auto partition : {kA0, kA1, kB0, kB1})
      Produce(partition, {std::to_string(100 * round)});
    const ClockJump jump(kYears, /*at_random=*/true);
    for (const auto partition : {kA0, kA1, kB0, kB1})
      ASSERT_TRUE(Applied(partition, static_cast<size_t>(round)));
    EXPECT_TRUE(Eventually([&] { return PositionOf("a0") == round; }));
  }
  for (const auto partition : {kA0, kA1, kB0, kB1})
    EXPECT_THAT(engine_.Calls(Act::kIdle, partition), IsEmpty());
  const ClockJump jump(kYears);
  EXPECT_TRUE(Stop().ok());
}

// What is to be tried again in half a second is not put off by years.
TEST_F(ClockJumpTest, WhatWasRefusedIsTriedAgainAndADrainEnds) {
  Start();
  outputs_.AnswerNext(kProduce, RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED);
  AlertAtNextFlush();
  Produce(kA0, {"100"});
  ASSERT_TRUE(Eventually([&] { return outputs_.Answered(kProduce); }));
  ASSERT_TRUE(Eventually([&] { return Log().find("cannot write") != std::string::npos; }));
  const ClockJump jump(-kYears);
  EXPECT_THAT(Output("alerts", 1), SizeIs(1));
  EXPECT_TRUE(Eventually([&] { return alerts_->figures().outstanding == 0; }));
  AlertAtNextFlush();
  Produce(kA0, {"200"});
  EXPECT_TRUE(Stop().ok());
}

}  // namespace
}  // namespace telltale::kafka
