// The worst that one key can do: a million events on it, under patterns whose partial matches grow
// with every event. The limit acts, which is counted and told once an hour of event time; memory
// stays flat; and what other keys do in between is found whole, as if the one were not there.
//
// Caps are small, for what is held is looked at with each event: the work is events times caps.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "tests/engine/engine_harness.h"
#include "tests/support/heap_meter.h"

namespace telltale::engine {
namespace {

#ifdef __SANITIZE_ADDRESS__
constexpr int kEvents = 200'000;  // of which each takes ten times as long
#else
constexpr int kEvents = 1'000'000;
#endif
constexpr int kWarm = 100'000;         // from here on memory is flat
constexpr int64_t kStepMs = 5'000'000 / kEvents;  // 5,000 s in all, which begin two hours
constexpr size_t kSlack = 256 * 1024;  // bytes
constexpr int kOtherEvery = 1'000;     // events of the key between those of other keys
constexpr int kOthers = kEvents / kOtherEvery;

struct Worst {
  const char* name;
  const char* sequence;
  const char* more;
  int matches_of_other;  // of a b b c
};

std::ostream& operator<<(std::ostream& out, const Worst& worst) { return out << worst.name; }

// Every `b` of the key goes on from all that is there; `c` comes for the other key alone.
constexpr Worst kWorst[] = {
    {"AnyRepeatWithoutEnd",  // shared
     "{a: {on: b}}, {b: {on: b, contiguity: any, repeat: {min: 1, inside: any}}}, {c: {on: c}}",
     "limits: { partial_matches: 50, matches: 5 }", 1},
    {"AnyRepeatRejectingNewNodes",
     "{a: {on: b}}, {b: {on: b, contiguity: any, repeat: {min: 1, inside: any}}}, {c: {on: c}}",
     "limits: { partial_matches: 50, on_limit: reject_new }", 1},
    {"AnyRepeatOneByOne",  // the condition tells partial matches apart
     "{a: {on: b}}, {b: {on: b, contiguity: any, repeat: {min: 1, inside: any}}}, "
     "{c: {on: c, where: v >= a.v}}",
     "limits: { partial_matches: 8 }", 1},
    {"AnyRepeatRejectingNew",
     "{a: {on: b}}, {b: {on: b, contiguity: any, repeat: {min: 1, inside: any}}}, "
     "{c: {on: c, where: v >= a.v}}",
     "limits: { partial_matches: 8, on_limit: reject_new }", 1},
    {"AnyRepeatInLinks",
     "{a: {on: b}}, {b: {on: b, contiguity: any, repeat: {min: 1, inside: any}}}, "
     "{c: {on: c, where: v >= a.v}}",
     "limits: { events: 12 }", 1},
    {"ChainOfOptionalSteps",
     "{b: {on: b}}, {b2: {on: b, optional: true}}, {b3: {on: b, optional: true}}, "
     "{b4: {on: b, optional: true}}, {b5: {on: b, optional: true}}, {c: {on: c}}",
     "limits: { partial_matches: 8 }", 3},
    {"RepeatFromEveryEvent", "{b: {on: b, repeat: {min: 1}}}, {c: {on: c}}",
     "limits: { partial_matches: 8 }", 3},
};

class Counting final : public AlertSink {
 public:
  void Deliver(uint32_t, uint64_t, std::vector<Alert> alerts) override {
    for (const Alert& alert : alerts) {
      const bool worst = alert.key.front() == "worst";
      if (alert.kind == AlertKind::kLimit) {
        ++(worst ? limits : other_limits);
      } else if (worst) {
        ++matches;
      } else {
        ++others;
        truncated += alert.truncated ? 1 : 0;
      }
    }
  }
  int limits = 0;
  int other_limits = 0;
  int matches = 0;
  int others = 0;
  int truncated = 0;
};

class WorstCase : public testing::TestWithParam<Worst> {
 protected:
  void Start() {
    rules_ = CompileText(std::string("id: r\nby: k\nwithin: 10s\nsequence: [") +
                             GetParam().sequence + "]\n" + GetParam().more + "\n",
                         TestStreams({"a", "b", "c"}));
    ASSERT_NE(rules_, nullptr);
    engine_ = MakeEngine(rules_, {.threads = false}, sink_);
    for (uint32_t stream = 0; stream < 3; ++stream) engine_->AddPartition({stream, 0}, {});
  }

  void Offer(uint32_t stream, const std::string& key) {
    event_.stream = stream;
    event_.time_ms = now_;
    event_.fields["k"] = key;
    event_.fields["v"] = int64_t{7};
    engine_->Offer(*Build(builder_, *rules_, event_, offsets_[stream]++));
  }

  // What another key does, each time another one.
  void OfferOther() {
    const std::string other = "other " + std::to_string(now_);
    for (const uint32_t stream : {0u, 1u, 1u, 2u}) {
      now_ += kStepMs;
      Offer(stream, other);
    }
  }

  Counting sink_;
  std::shared_ptr<const CompiledRules> rules_;
  std::unique_ptr<Engine> engine_;
  EventBuilder builder_;
  TestEvent event_;
  int64_t offsets_[3] = {};
  int64_t now_ = 0;
};

TEST_P(WorstCase, IsBounded) {
  Start();
  if (HasFatalFailure()) return;
  Offer(0, "worst");
  std::unique_ptr<tests::HeapMeter> meter;
  for (int i = 1; i < kEvents; ++i) {
    now_ += kStepMs;
    Offer(1, "worst");
    if (i % kOtherEvery == 0) {
      OfferOther();
      engine_->Flush();
    }
    if (i == kWarm) meter = std::make_unique<tests::HeapMeter>();
  }
  EXPECT_LT(meter->peak(), kSlack);
  engine_->Finish();

  const RuleStats stats = engine_->Stats().rules.front();
  EXPECT_GT(stats.limit_hits, uint64_t{kEvents} / 2);
  EXPECT_EQ(sink_.limits, 2) << "one an hour";
  EXPECT_EQ(sink_.other_limits, 0);
  EXPECT_EQ(sink_.matches, 0);
  EXPECT_EQ(sink_.others, (kOthers - 1) * GetParam().matches_of_other);
  EXPECT_EQ(sink_.truncated, 0);
}

INSTANTIATE_TEST_SUITE_P(Patterns, WorstCase, testing::ValuesIn(kWorst),
                         [](const auto& tried) { return std::string(tried.param.name); });

}  // namespace
}  // namespace telltale::engine
