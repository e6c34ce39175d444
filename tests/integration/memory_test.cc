// A backlog of three topics of very different age stays within the memory that the config gives.
#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "tests/integration/takeover_run.h"

namespace telltale::integration {
namespace {

using support::KafkaRecord;
using support::SharedBroker;

constexpr int64_t kBegin = 1'700'000'000'000;
constexpr int64_t kMiB = 1 << 20;

// The oldest topic has by far the most events, so that a reader that takes what comes would hold
// all of the others.
TEST(MemoryTest, ABacklogOfVeryDifferentAgeStaysWithinTheBuffer) {
  TakeoverRun run(SharedBroker(), {.partitions = 1, .config = "memory: { buffer: 1MiB }"});
  std::vector<KafkaRecord> records;
  for (int stream = 0; stream < 3; ++stream) {
    for (int i = 0; i < 30000; ++i) {
      const int64_t time =
          kBegin + (stream == 0 ? i * 100LL : 2'000'000 + stream * 500'000 + i * 10LL);
      // Each fits its step, and no two belong to one user.
      const std::string user = absl::StrCat("long-user-name-", stream, "-", i);
      records.push_back(run.Record(
          stream, user, time,
          absl::StrCat("\"user_id\":\"", user, "\",\"account\":\"", user, "\",\"payer\":{\"id\":\"",
                       user, "\"},\"result\":\"success\",\"action\":\"added\",\"amount\":2000")));
    }
  }
  run.Produce(records);
  run.Produce(run.Flushers(kBegin + 3'500'000));  // or whoever ends first would hold the rest back
  TakeoverRun::Daemon daemon = run.Start();
  ASSERT_TRUE(daemon.WaitReady());
  double most = 0;
  EXPECT_TRUE(Eventually([&] {
    most = std::max(most, daemon.Metric("telltale_buffered_bytes"));
    return daemon.Metric("telltale_events_total{stream=\"transactions\"}") == 30001;
  })) << run.Describe();
  EXPECT_LE(most, 2 * kMiB);  // what one batch of librdkafka's queue can bring beyond the limit
  RecordProperty("most_buffered_bytes", static_cast<int>(most));
  run.Produce(run.Users(0, 30, kBegin + 4'000'000));
  run.Produce(run.Flushers(kBegin + 5'000'000));
  run.ExpectTruth();
}

}  // namespace
}  // namespace telltale::integration
