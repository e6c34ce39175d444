#include "daemon/telemetry/log.h"

#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

namespace telltale::telemetry {
namespace {

constexpr int64_t kSecond = 1'000'000'000;
constexpr int64_t kStart = 1'772'359'235 * kSecond;  // 2026-03-01T10:00:35Z

class LogTest : public testing::Test {
 protected:
  LogOptions Options(LogFormat format) {
    LogOptions options;
    options.format = format;
    options.write = [this](std::string_view line) { lines_.emplace_back(line); };
    options.now = [this] { return now_; };
    return options;
  }

  int64_t now_ = kStart;
  std::vector<std::string> lines_;
};

TEST_F(LogTest, TextQuotesOnlyWhatNeedsIt) {
  Logger logger(Options(LogFormat::kText));
  logger.Write(LogLevel::kInfo, "group joined",
               {{"group", "soc"},
                {"reason", "a b"},
                {"empty", ""},
                {"members", 3},
                {"ok", true},
                {"share", 0.5}});
  ASSERT_EQ(lines_.size(), 1u);
  EXPECT_EQ(lines_[0],
            "2026-03-01T10:00:35.000Z INFO  group joined group=soc reason=\"a b\" empty=\"\" "
            "members=3 ok=true "
            "share=0.5\n");
}

TEST_F(LogTest, JsonIsOneObjectALineWhateverTheText) {
  Logger logger(Options(LogFormat::kJson));
  logger.Write(LogLevel::kError, "no \"topic\"",
               {{"topic", std::string("a\nb\x01\xFFz\xC3\xA9")}, {"n", -5}, {"u", UINT64_MAX}});
  ASSERT_EQ(lines_.size(), 1u);
  EXPECT_EQ(
      lines_[0],
      "{\"time\":\"2026-03-01T10:00:35.000Z\",\"level\":\"error\",\"message\":\"no \\\"topic\\\"\","
      "\"topic\":\"a\\nb\\u0001\xEF\xBF\xBDz\xC3\xA9\",\"n\":-5,\"u\":18446744073709551615}\n");
}

TEST_F(LogTest, ALineBreakNeverMakesTwoRecords) {
  Logger logger(Options(LogFormat::kText));
  logger.Write(LogLevel::kWarning, "a\nb", {{"error", "x\ny"}});
  EXPECT_EQ(lines_[0], "2026-03-01T10:00:35.000Z WARN  a b error=\"x\\ny\"\n");
}

TEST_F(LogTest, LevelsBelowTheConfiguredOneAreLeftOut) {
  LogOptions options = Options(LogFormat::kText);
  options.level = LogLevel::kWarning;
  Logger logger(options);
  EXPECT_FALSE(logger.enabled(LogLevel::kInfo));
  logger.Write(LogLevel::kInfo, "no", {});
  logger.Write(LogLevel::kWarning, "yes", {});
  EXPECT_EQ(lines_.size(), 1u);
}

TEST_F(LogTest, RepeatsAreHeldBackAndCounted) {
  Logger logger(Options(LogFormat::kText));
  for (int i = 0; i < 100; ++i) logger.Write(LogLevel::kWarning, "broker away", {{"try", i}});
  EXPECT_EQ(lines_.size(), static_cast<size_t>(Logger::kBurst));
  logger.Write(LogLevel::kWarning, "another", {});
  EXPECT_EQ(lines_.size(), static_cast<size_t>(Logger::kBurst) + 1);
  now_ += Logger::kWindow;
  logger.Write(LogLevel::kWarning, "broker away", {{"try", 100}});
  ASSERT_EQ(lines_.size(), static_cast<size_t>(Logger::kBurst) + 2);
  EXPECT_EQ(lines_.back(), "2026-03-01T10:00:45.000Z WARN  broker away try=100 repeated=95\n");
}

TEST_F(LogTest, ThreadsDoNotMixTheirLines) {
  LogOptions options = Options(LogFormat::kText);
  Logger logger(options);
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&logger, t] {
      for (int i = 0; i < 200; ++i)
        logger.Write(LogLevel::kInfo, "thread " + std::to_string(t * 1000 + i), {});
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(lines_.size(), 800u);
}

}  // namespace
}  // namespace telltale::telemetry
