// The byte form of state: numbers, events in other layouts, heads, and bytes that are broken. That
// what is read goes on as if nothing had happened is shown by tests/sim/recode_test.cc.
#include "engine/pattern/state_codec.h"

#include <gtest/gtest.h>

#include <limits>
#include <random>
#include <string>
#include <vector>

#include "engine/condition/scratch.h"
#include "engine/pattern/rule_matcher.h"
#include "engine/runtime/routing.h"
#include "engine/time/timer_queue.h"
#include "tests/engine/engine_harness.h"

namespace telltale::engine {
namespace {

TEST(Bytes, NumbersOfAllSizesComeBack) {
  constexpr int64_t kLeast = std::numeric_limits<int64_t>::min();
  constexpr int64_t kGreatest = std::numeric_limits<int64_t>::max();
  const std::vector<int64_t> numbers = {0, 1, -1, 63, 64, -64, -65, 1 << 20, kLeast, kGreatest};
  std::string bytes;
  ByteWriter out(bytes);
  for (const int64_t number : numbers) {
    out.Zigzag(number);
    out.Varint(static_cast<uint64_t>(number));
    out.Fixed64(static_cast<uint64_t>(number));
  }
  out.Text("text");
  ByteReader in(bytes);
  for (const int64_t number : numbers) {
    EXPECT_EQ(in.Zigzag(), number);
    EXPECT_EQ(in.Varint(), static_cast<uint64_t>(number));
    EXPECT_EQ(in.Fixed64(), static_cast<uint64_t>(number));
  }
  EXPECT_EQ(in.Text(), "text");
  in.End();
  EXPECT_TRUE(in.ok()) << in.status();
  EXPECT_EQ(Sum(kLeast, Difference(kGreatest, kLeast)), kGreatest);
}

TEST(Bytes, SmallNumbersAreSmall) {
  std::string bytes;
  ByteWriter out(bytes);
  out.Zigzag(-64);
  out.Varint(127);
  EXPECT_EQ(bytes, "\x7f\x7f");
}

std::string FailureOf(std::string_view bytes, const std::function<void(ByteReader&)>& read) {
  ByteReader in(bytes);
  read(in);
  EXPECT_FALSE(in.ok());
  EXPECT_EQ(in.Varint(), 0u) << "nothing is read after a failure";
  EXPECT_EQ(in.Count(), 0u);
  return std::string(in.status().message());
}

TEST(Bytes, WhatIsBrokenIsTold) {
  const auto varint = [](ByteReader& in) { in.Varint(); };
  EXPECT_EQ(FailureOf("", varint), "at byte 0 of 0: it ends too early");
  EXPECT_EQ(FailureOf("\xff\xff", varint), "at byte 2 of 2: it ends too early");
  EXPECT_EQ(FailureOf("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02", varint),
            "at byte 10 of 10: a number that is not well-formed");
  EXPECT_EQ(FailureOf(std::string_view("\x81\x00", 2), varint),
            "at byte 2 of 2: a number that is not well-formed");
  EXPECT_EQ(FailureOf("\x05xy", [](ByteReader& in) { in.Text(); }),
            "at byte 1 of 3: more is announced than there is");
  EXPECT_EQ(FailureOf("\x05", [](ByteReader& in) { in.Below(5, "state"); }),
            "at byte 1 of 1: state 5 of 5");
  EXPECT_EQ(FailureOf("\x05", [](ByteReader& in) { in.End(); }),
            "at byte 0 of 1: something follows its end");
}

// --- Matchers ---

constexpr char kRules[] = R"(
id: pairs
by: k
sequence:
  - x: { on: a, where: 'v > 0' }
  - y: { on: a, where: 'v == x.v' }
within: 1h
---
id: shared
by: k
sequence:
  - x: { on: a }
  - y: { on: a, contiguity: any }
  - z: { on: a, contiguity: any, where: 'v == 100' }
within: 1h
)";

// A rule that reads more of the stream.
constexpr char kMore[] = R"(
id: more
by: k
sequence:
  - x: { on: a, where: 'a0 == 1' }
  - y: { on: a, where: 'z9 == x.z9' }
)";

class Receiver final : public MatchReceiver {
 public:
  void OnMatch(uint32_t, const Match& match) override {
    std::string text;
    for (uint32_t i = 0; i < match.size; ++i)
      text += (i == 0 ? "" : " ") + std::to_string(match.events[i]->offset);
    matches.push_back(text);
  }
  void OnLimit(uint32_t, const LimitHit&) override {}
  void OnConditionError(uint32_t) override {}
  std::vector<std::string> matches;
};

// One matcher of one rule of a set, fed by hand: all its steps' local conditions hold.
class Bench {
 public:
  Bench(const std::string& yaml, const std::string& id)
      : rules_(CompileText(yaml, TestStreams({"a", "b"}))),
        layouts_(*rules_->rules->streams, rules_->layouts) {
    for (size_t i = 0; i < rules_->rules->rules.size(); ++i) {
      if (rules_->rules->rules[i].id == id) pattern_ = &rules_->routing->patterns[i];
    }
    matcher_ = MakeMatcher(*pattern_, 0, memory_, timers_, scratch_, receiver);
  }

  void Feed(int64_t offset, int64_t v, StepMask steps) {
    TestEvent event{.stream = 0, .time_ms = offset * 1000, .fields = {{"k", "u"}, {"v", v}}};
    event.fields["list"] = std::vector<std::string>{"p", "q"};
    EventHandle held = kNoEvent;
    matcher_->Process(*Build(builder_, *rules_, event, offset), kKey, steps, 0, held);
    if (held != kNoEvent) memory_.events.Unref(held);
  }
  std::string Encoded() const {
    std::string bytes;
    matcher_->Encode(kKey, layouts_, bytes);
    return bytes;
  }
  absl::Status Decode(std::string_view bytes) {
    EventDecoder events(layouts_, memory_.events);
    return matcher_->Decode(bytes, events);
  }
  std::string Described() const {
    std::string bytes;
    ByteWriter out(bytes);
    layouts_.Describe(out);
    return bytes;
  }
  void Learn(std::string_view description) {
    ByteReader in(description);
    layouts_.Learn(in);
    EXPECT_TRUE(in.ok()) << in.status();
  }

  static constexpr Hash128 kKey = {17, 4};
  Receiver receiver;
  RuleMatcher& matcher() { return *matcher_; }
  ShardMemory& memory() { return memory_; }

 private:
  std::shared_ptr<const CompiledRules> rules_;
  LayoutBook layouts_;
  const Pattern* pattern_ = nullptr;
  ShardMemory memory_;
  TimerQueue timers_;
  Scratch scratch_;
  EventBuilder builder_;
  std::unique_ptr<RuleMatcher> matcher_;
};

void FeedSome(Bench& bench) {
  for (int64_t offset = 0; offset < 9; ++offset) bench.Feed(offset, offset % 3 + 1, 3);
}

TEST(StateCodec, WhatIsReadIsWrittenAlikeAndGoesOn) {
  for (const std::string rule : {"pairs", "shared"}) {
    Bench before(kRules, rule);
    FeedSome(before);
    before.receiver.matches.clear();
    Bench after(kRules, rule);
    ASSERT_TRUE(after.Decode(before.Encoded()).ok());
    EXPECT_EQ(after.Encoded(), before.Encoded()) << rule;
    EXPECT_EQ(after.matcher().partial_matches(), before.matcher().partial_matches());
    EXPECT_EQ(after.memory().events.size(), before.memory().events.size());
    for (Bench* bench : {&before, &after}) bench->Feed(20, 2, 6);
    EXPECT_EQ(after.receiver.matches, before.receiver.matches);
    EXPECT_GT(after.receiver.matches.size(), 0u);
  }
}

TEST(StateCodec, EventsAreReadInLayoutsWithOtherFields) {
  Bench before(kRules, "pairs");
  FeedSome(before);
  // Its slots are others: a0 stands before them, z9 behind.
  Bench after(std::string(kRules) + "---" + kMore, "pairs");
  const absl::Status unknown = after.Decode(before.Encoded());
  EXPECT_NE(unknown.message().find("a layout that nothing describes"), std::string::npos)
      << unknown;
  after.Learn(before.Described());
  ASSERT_TRUE(after.Decode(before.Encoded()).ok());
  after.Feed(20, 2, 2);
  EXPECT_EQ(after.receiver.matches, (std::vector<std::string>{"7 20"}));
  // And back, where the fields between are not read.
  Bench again(kRules, "pairs");
  again.Learn(after.Described());
  ASSERT_TRUE(again.Decode(after.Encoded()).ok());
  again.Feed(21, 3, 2);
  EXPECT_EQ(again.receiver.matches, (std::vector<std::string>{"8 21"}));
}

TEST(StateCodec, StateOfAnotherRuleIsRefused) {
  Bench pairs(kRules, "pairs");
  FeedSome(pairs);
  Bench shared(kRules, "shared");
  const absl::Status other = shared.Decode(pairs.Encoded());
  EXPECT_EQ(other.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(other.message(), "rule 'shared': state of another rule or of an earlier form of it");
  std::string bytes = pairs.Encoded();
  EXPECT_EQ(pairs.Decode(bytes).code(), absl::StatusCode::kAlreadyExists);
  Bench fresh(kRules, "pairs");
  bytes[0] = 2;
  EXPECT_EQ(fresh.Decode(bytes).message(), "state of version 2, where this build reads version 1");
  bytes[0] = 1;
  bytes[1] = 2;
  EXPECT_EQ(fresh.Decode(bytes).message(),
            "rule 'pairs': state in representation 2, where the rule runs in 1");
  bytes[1] = 1;
  ++bytes[20];
  EXPECT_EQ(fresh.Decode(bytes).message(),
            "rule 'pairs': state of another build, which numbers the rule's states otherwise");
}

TEST(StateCodec, WhatIsCutOffIsRefusedAndLeavesNothing) {
  for (const std::string rule : {"pairs", "shared"}) {
    Bench before(kRules, rule);
    FeedSome(before);
    const std::string bytes = before.Encoded();
    Bench after(kRules, rule);
    for (size_t size = 0; size < bytes.size(); ++size) {
      EXPECT_FALSE(after.Decode(bytes.substr(0, size)).ok()) << rule << " " << size;
      EXPECT_EQ(after.memory().events.size(), 0u);
      EXPECT_EQ(after.matcher().partial_matches(), 0);
    }
    EXPECT_FALSE(after.Decode(bytes + "x").ok());
    EXPECT_TRUE(after.Decode(bytes).ok());
  }
}

// Any byte changed: refused, or a state that can be gone on with.
TEST(StateCodec, WhatIsBrokenNeverDoesHarm) {
  std::mt19937_64 random(1);
  for (const std::string rule : {"pairs", "shared"}) {
    Bench before(kRules, rule);
    FeedSome(before);
    const std::string bytes = before.Encoded();
    int read = 0;
    for (int run = 0; run < 3000; ++run) {
      std::string broken = bytes;
      for (uint64_t changes = 1 + random() % 3; changes > 0; --changes)
        broken[42 + random() % (broken.size() - 42)] = static_cast<char>(random());
      Bench after(kRules, rule);
      if (!after.Decode(broken).ok()) continue;
      ++read;
      FeedSome(after);
      after.Feed(20, 2, 7);
      EXPECT_FALSE(after.Encoded().empty());
    }
    EXPECT_GT(read, 10) << "most changes touch values, and are not seen";
  }
}

}  // namespace
}  // namespace telltale::engine
