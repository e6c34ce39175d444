// Events through the mock cluster: all of them arrive, in order, though far more is written than it
// keeps.
#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "daemon/demo/alert_reader.h"
#include "daemon/demo/feed_window.h"
#include "daemon/demo/feeder.h"
#include "daemon/demo/mock_cluster.h"
#include "gtest/gtest.h"

namespace telltale::demo {
namespace {

template <typename Condition>
bool WaitFor(Condition condition, absl::Duration timeout = absl::Seconds(60)) {
  absl::Time deadline = absl::Now() + timeout;
  while (!condition()) {
    if (absl::Now() > deadline) return false;
    absl::SleepFor(absl::Milliseconds(10));
  }
  return true;
}

// Events of one stream and partition, as bodies of alerts, so that an AlertReader can read them.
std::vector<GeneratedEvent> Events(int count, size_t padding) {
  std::vector<GeneratedEvent> events;
  for (int i = 0; i < count; ++i) {
    GeneratedEvent event;
    event.stream = kLogins;
    event.partition = 0;
    event.offset = i;
    event.time_ms = 1'772'355'600'000 + i;
    event.key = "u";
    event.json =
        absl::StrCat(R"({"rule":{"id":"r"},"key":{"k":"u"},"time":"2026-03-01T00:00:00Z",)",
                     R"("title":")", std::string(padding, 'x'),
                     R"(","evidence":[{"stream":"s","partition":0,"offset":)", i, "}]}");
    events.push_back(std::move(event));
  }
  return events;
}

TEST(FeedTest, MoreThanTheClusterKeepsArrivesInOrder) {
  auto cluster = MockCluster::Start({{kDemoTopics[kLogins], 1}});
  ASSERT_TRUE(cluster.ok()) << cluster.status();
  std::vector<GeneratedEvent> events = Events(30'000, 400);  // 15 MB

  std::mutex mutex;
  std::vector<int64_t> offsets;
  std::atomic<int64_t> position{0};
  auto reader = AlertReader::Start((*cluster)->bootstrap(), kDemoTopics[kLogins], {"s"},
                                   [&](const SeenAlert& seen) {
                                     std::lock_guard lock(mutex);
                                     offsets.push_back(seen.identity.evidence[0].offset);
                                     ++position;
                                   });
  ASSERT_TRUE(reader.ok()) << reader.status();
  auto feeder = Feeder::Start((*cluster)->bootstrap(), events, [&] {
    return Positions{{{kLogins, 0}, position.load()}};
  });
  ASSERT_TRUE(feeder.ok()) << feeder.status();

  EXPECT_TRUE(WaitFor([&] { return (*reader)->read() == events.size(); })) << (*reader)->read();
  EXPECT_TRUE(WaitFor([&] { return (*feeder)->done(); }));
  EXPECT_EQ((*feeder)->written(), events.size());
  EXPECT_TRUE((*feeder)->failure().ok()) << (*feeder)->failure();
  EXPECT_EQ((*reader)->malformed(), 0u);
  std::lock_guard lock(mutex);
  for (size_t i = 0; i < offsets.size(); ++i) ASSERT_EQ(offsets[i], static_cast<int64_t>(i));
}

TEST(FeedWindowTest, IsFullOfRecordsUntilSomeAreRead) {
  FeedWindow window;
  for (int64_t i = 0; i < FeedWindow::kRecords; ++i) {
    ASSERT_FALSE(window.full()) << i;
    window.Write(100);
  }
  EXPECT_TRUE(window.full());
  window.ReadUpTo(0);
  EXPECT_TRUE(window.full());
  window.ReadUpTo(1);
  EXPECT_FALSE(window.full());
  window.Write(100);
  EXPECT_TRUE(window.full());
  window.ReadUpTo(0);  // a position that goes back
  EXPECT_TRUE(window.full());
  window.ReadUpTo(1'000'000);  // one of a partition that was there before
  EXPECT_FALSE(window.full());
  EXPECT_EQ(window.records(), FeedWindow::kRecords + 1);
}

TEST(FeedWindowTest, IsFullOfBytesUntilSomeAreRead) {
  FeedWindow window;
  window.Write(FeedWindow::kBytes - 1);
  EXPECT_FALSE(window.full());
  window.Write(10);
  EXPECT_TRUE(window.full());
  window.ReadUpTo(1);
  EXPECT_FALSE(window.full());
}

TEST(FeedTest, WaitsForAReaderThatDoesNotRead) {
  auto cluster = MockCluster::Start({{kDemoTopics[kLogins], 1}});
  ASSERT_TRUE(cluster.ok()) << cluster.status();
  std::vector<GeneratedEvent> events = Events(30'000, 0);
  std::atomic<int64_t> position{0};
  std::atomic<int64_t> asked{0};
  auto feeder = Feeder::Start((*cluster)->bootstrap(), events, [&] {
    ++asked;
    return Positions{{{kLogins, 0}, position.load()}};
  });
  ASSERT_TRUE(feeder.ok()) << feeder.status();
  EXPECT_TRUE(WaitFor([&] { return (*feeder)->written() == FeedWindow::kRecords; }));
  // It asks because the window is full, and again and again, as no answer makes room.
  const int64_t before = asked.load();
  EXPECT_TRUE(WaitFor([&] { return asked.load() >= before + 10; }));
  EXPECT_EQ((*feeder)->written(), static_cast<uint64_t>(FeedWindow::kRecords));
  EXPECT_FALSE((*feeder)->done());
  position = 15'000;
  EXPECT_TRUE(WaitFor([&] { return (*feeder)->done(); }));
  EXPECT_EQ((*feeder)->written(), events.size());
}

TEST(FeedTest, AnEndInTheMiddleDoesNotHang) {
  auto cluster = MockCluster::Start({{kDemoTopics[kLogins], 1}});
  ASSERT_TRUE(cluster.ok()) << cluster.status();
  std::vector<GeneratedEvent> events = Events(30'000, 0);
  auto feeder = Feeder::Start((*cluster)->bootstrap(), events, [] { return Positions(); });
  ASSERT_TRUE(feeder.ok()) << feeder.status();
  EXPECT_TRUE(WaitFor([&] { return (*feeder)->written() > 0; }));
  absl::Time begun = absl::Now();
  feeder->reset();
  EXPECT_LT(absl::Now() - begun, absl::Seconds(10));
}

}  // namespace
}  // namespace telltale::demo
