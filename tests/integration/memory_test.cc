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

// The topics begin 40 minutes apart, so that a reader that takes what comes would hold most of the
// others, which is five times the buffer.
TEST(MemoryTest, ABacklogOfVeryDifferentAgeStaysWithinTheBuffer) {
  TakeoverRun run(SharedBroker(), {.partitions = 1, .config = "memory: { buffer: 1MiB }"});
  std::vector<KafkaRecord> records;
  for (int stream = 0; stream < 3; ++stream) {
    for (int i = 0; i < 30000; ++i) {
      // Ten a second: what is within a topic's disorder of a minute, which has to be held whatever
      // the limit, are 600 of them.
      const int64_t time = kBegin + stream * 2'400'000LL + i * 100LL;
      // Each fits its step, and no two belong to one user.
      const std::string user = absl::StrCat("long-user-name-", stream, "-", i);
      records.push_back(run.Record(
          stream, user, time,
          absl::StrCat("\"user_id\":\"", user, "\",\"account\":\"", user, "\",\"payer\":{\"id\":\"",
                       user, "\"},\"result\":\"success\",\"action\":\"added\",\"amount\":2000")));
    }
  }
  run.Produce(records);
  run.Produce(run.Flushers(kBegin + 8'000'000));  // or whoever ends first would hold the rest back
  TakeoverRun::Daemon daemon = run.Start();
  ASSERT_TRUE(daemon.WaitReady());
  double most = 0;
  EXPECT_TRUE(Eventually([&] {
    most = std::max(most, daemon.Metric("telltale_buffered_bytes"));
    return daemon.Metric("telltale_events_total{stream=\"transactions\"}") == 30001;
  })) << run.Describe();
  // Beyond the limit: a thousand records that were read when it was reached, and what the topic
  // that the others wait for has within its disorder.
  EXPECT_LE(most, 2 * kMiB);
  EXPECT_GT(daemon.Metric("telltale_partition_pauses_total{stream=\"devices\",reason=\"ahead\"}") +
                daemon.Metric(
                    "telltale_partition_pauses_total{stream=\"transactions\",reason=\"ahead\"}"),
            0)
      << "the backlog fitted into the buffer: nothing is proved";
  RecordProperty("most_buffered_bytes", static_cast<int>(most));
  run.Produce(run.Users(0, 30, kBegin + 9'000'000));
  run.Produce(run.Flushers(kBegin + 10'000'000));
  run.ExpectTruth();
}

}  // namespace
}  // namespace telltale::integration
