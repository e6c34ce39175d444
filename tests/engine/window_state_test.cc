// Windows as bytes: read again they are what they were and go on alike, and bytes that are broken
// are refused without a trace, or make a state that can be gone on with.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "engine/condition/scratch.h"
#include "engine/runtime/routing.h"
#include "engine/time/timer_queue.h"
#include "engine/window/measured_matcher.h"
#include "engine/window/new_terms_matcher.h"
#include "engine/window/window_matcher.h"
#include "tests/engine/engine_harness.h"

namespace telltale::engine {
namespace {

constexpr char kCalls[] =
    "alert: { fields: { n: count(), a: sum(v), b: avg(v), c: min(v), d: max(v), e: stddev(v), f: "
    "median(v), g: count_distinct(v), h: count_if(v > 2), i: first(v), j: last(v) } }\n";

struct Kind {
  std::string name;
  std::string rule;
};

std::vector<Kind> Kinds() {
  const auto window = [](const std::string& kind, const std::string& more) {
    return "id: r\nby: k\naggregate:\n  on: a\n  window: { " + kind + " }\n" + more + kCalls;
  };
  const auto measured = [](const std::string& more) {
    return "id: r\nby: k\nwindows:\n  - name: w\n    on: a\n    window: { sliding: 100s }\n"
           "    values: { n: count(), most: max(v), kinds: count_distinct(v), at: last(v) }\n"
           "  - { name: u, on: a, where: 'v > 1', window: { sliding: 9s }, values: { s: sum(v) } "
           "}\n"
           "sequence:\n  - x: { on: a, where: 'w.n > 1 && (w.kinds > 1 || u.s > 3)' }\n"
           "  - y: { on: a, where: 'x.v != v && v <= w.most && w.at + u.s > 0' }\nwithin: 30s\n" +
           more;
  };
  // What is under way holds events.
  const auto compared = [](const std::string& kind, const std::string& more) {
    return "id: r\nby: k\naggregate:\n  on: a\n  window: { " + kind + " }\n" +
           "  baseline: { of: 'count() + last(v) - first(v)', every: 5s, over: 25s }\n" +
           "  having: count() > baseline.panes\n" + more +
           "alert: { fields: { n: count(), a: baseline.avg, b: baseline.stddev, c: baseline.min, "
           "d: baseline.max, e: baseline.sum } }\n";
  };
  return {
      {"sliding", window("sliding: 100s", "  having: count() > 3\n")},
      {"sliding, told what leaves",
       window("sliding: 100s", "  having: count() > 3 && count() < 1000\n")},
      {"sliding, holds few", window("sliding: 100s", "  evidence: 2\n  having: count() > 3\n")},
      {"sliding in panes",
       window("sliding: 100s", "  having: count() > 3\nlimits: { events: 2 }\n")},
      {"on change", window("sliding: 100s", "emit: on_change\n")},
      {"tumbling", window("tumbling: 100s", "  having: count() > 3\n")},
      {"every window", window("tumbling: 100s", "emit: every_window\n")},
      {"hopping", window("hopping: 100s, every: 5s", "  having: count() > 3\n")},
      {"session", window("session: 100s", "  having: count() > 3\n")},
      {"sliding with a baseline", compared("sliding: 20s", "")},
      {"hopping with a baseline", compared("hopping: 20s, every: 5s", "")},
      {"session with a baseline", compared("session: 20s", "")},
      {"new terms", "id: r\nby: k\nnew_terms: { on: a, field: v, history: 100s }\n"},
      {"read by a sequence", measured("")},
      {"read by a sequence, in panes", measured("limits: { events: 4, partial_matches: 4 }\n")},
  };
}

class Receiver final : public MatchReceiver {
 public:
  void OnMatch(uint32_t, const Match& match) override {
    std::string text = std::to_string(match.time) + (match.truncated ? "~" : "") + ":";
    for (uint32_t i = 0; i < match.size; ++i) text += " " + std::to_string(match.events[i]->offset);
    if (match.key_parts != nullptr && !match.key_parts->empty())
      text += " " + match.key_parts->front().value_or("-");
    if (match.window != nullptr) {
      for (size_t i = 0; i < calls; ++i) {
        text += " ";
        AppendText(match.window->values[i], text);
      }
    }
    results.push_back(std::move(text));
  }
  void OnLimit(uint32_t, const LimitHit&) override {}
  void OnConditionError(uint32_t) override {}
  size_t calls = 0;
  std::vector<std::string> results;
};

class Bench {
 public:
  explicit Bench(const std::string& yaml) : Bench(CompileText(yaml, TestStreams({"a"}))) {}
  explicit Bench(std::shared_ptr<const CompiledRules> rules)
      : rules_(std::move(rules)), layouts_(*rules_->rules->streams, rules_->layouts) {
    matcher_ = Make();
  }

  // As a change of rules hands state on, to a matcher of the same rule: each event is made anew.
  void HandOn() {
    timers_ = {};
    std::unique_ptr<RuleMatcher> next = Make();
    std::map<EventHandle, EventHandle> made;
    next->TakeOver(*matcher_, [&](EventHandle event) {
      const auto [it, added] = made.try_emplace(event, kNoEvent);
      if (added) {
        memory_.events.Ref(event);  // so that no other gets its handle meanwhile
        it->second = memory_.events.Hold(memory_.events[event]);
      }
      memory_.events.Ref(it->second);
      return it->second;
    });
    for (const auto& [before, after] : made) {
      EXPECT_EQ(memory_.events.references(before), 1u) << "it was handed on more or less than held";
      memory_.events.Unref(before);
      memory_.events.Unref(after);
    }
    matcher_ = std::move(next);
  }

  void Feed(int64_t offset, int64_t v, const Hash128& key = kKey) {
    const TestEvent event{.stream = 0, .time_ms = offset * 1000, .fields = {{"k", "u"}, {"v", v}}};
    const Event* built = Build(builder_, *rules_, event, offset);
    Advance(built->time);
    EventHandle held = kNoEvent;
    matcher_->Process(*built, key, fits_, 0, held);
    if (held != kNoEvent) memory_.events.Unref(held);
  }
  void Advance(int64_t time) {
    while (timers_.DueBefore(time)) matcher_->Fire(timers_.Pop());
  }
  std::string Encoded(const Hash128& key = kKey) const {
    std::string bytes;
    matcher_->Encode(key, layouts_, bytes);
    return bytes;
  }
  absl::Status Decode(std::string_view bytes) {
    EventDecoder events(layouts_, memory_.events);
    return matcher_->Decode(bytes, events);
  }

  static constexpr Hash128 kKey = {17, 4};
  Receiver receiver;
  RuleMatcher& matcher() { return *matcher_; }
  size_t held() const { return memory_.events.size(); }

 private:
  std::unique_ptr<RuleMatcher> Make() {
    const Routing& routing = *rules_->routing;
    if (const auto& windows = routing.step_windows[0]; !windows.empty()) {
      fits_ = 0b1111;  // its steps and the sources of its windows, whatever v is
      return std::make_unique<MeasuredMatcher>(routing.patterns[0], windows, 0, memory_, timers_,
                                               timers_, scratch_, receiver);
    }
    if (routing.windows[0] == nullptr) {
      return std::make_unique<NewTermsMatcher>(*routing.new_terms[0], 0, timers_, scratch_,
                                               receiver);
    }
    receiver.calls = routing.windows[0]->calls.size();
    return MakeWindowMatcher(*routing.windows[0], 0, memory_, timers_, timers_, scratch_, receiver);
  }

  std::shared_ptr<const CompiledRules> rules_;
  StepMask fits_ = 1;
  LayoutBook layouts_;
  ShardMemory memory_;
  TimerQueue timers_;
  Scratch scratch_;
  EventBuilder builder_;
  std::unique_ptr<RuleMatcher> matcher_;
};

void FeedSome(Bench& bench, int64_t from = 0) {
  for (int64_t offset = from; offset < from + 9; ++offset) bench.Feed(offset, offset % 4);
}

TEST(WindowState, WhatIsReadIsWrittenAlikeAndGoesOn) {
  for (const Kind& kind : Kinds()) {
    SCOPED_TRACE(kind.name);
    Bench before(kind.rule);
    FeedSome(before);
    before.receiver.results.clear();
    Bench after(kind.rule);
    ASSERT_TRUE(after.Decode(before.Encoded()).ok());
    EXPECT_EQ(after.Encoded(), before.Encoded());
    EXPECT_EQ(after.held(), before.held());
    EXPECT_EQ(after.matcher().partial_matches(), before.matcher().partial_matches());
    for (Bench* bench : {&before, &after}) {
      FeedSome(*bench, 9);
      bench->Advance(int64_t{1'000'000} * 1'000'000'000);
    }
    EXPECT_EQ(after.receiver.results, before.receiver.results);
    EXPECT_EQ(after.held(), 0u);
    EXPECT_EQ(before.held(), 0u);
    EXPECT_EQ(after.matcher().partial_matches(), 0);
  }
}

// Keys are read in any order; what they hold together is in the order of time again.
TEST(WindowState, ManyKeysAreReadInAnyOrder) {
  size_t results = 0;
  for (const Kind& kind : Kinds()) {
    SCOPED_TRACE(kind.name);
    Bench before(kind.rule);
    for (int64_t offset = 0; offset < 60; ++offset)
      before.Feed(offset, offset % 7, {static_cast<uint64_t>(offset * 7 % 11), 1});
    std::vector<std::string> states;
    before.matcher().ForEachKey([&](const Hash128& key) { states.push_back(before.Encoded(key)); });
    EXPECT_EQ(states.size(), 11u);
    Bench after(kind.rule);
    std::shuffle(states.begin(), states.end(), std::mt19937_64(1));
    for (const std::string& state : states) EXPECT_TRUE(after.Decode(state).ok());
    before.receiver.results.clear();
    for (Bench* bench : {&before, &after}) {
      for (int64_t offset = 60; offset < 90; ++offset)
        bench->Feed(offset, offset % 5, {static_cast<uint64_t>(offset % 11), 1});
      bench->Advance(int64_t{1'000'000} * 1'000'000'000);
      std::sort(bench->receiver.results.begin(), bench->receiver.results.end());
    }
    EXPECT_EQ(after.receiver.results, before.receiver.results);
    results += after.receiver.results.size();
  }
  EXPECT_GT(results, 100u);
}

TEST(WindowState, IsHandedOnAtAnyMoment) {
  for (const Kind& kind : Kinds()) {
    SCOPED_TRACE(kind.name);
    Bench before(kind.rule);
    Bench after(kind.rule);
    for (int64_t offset = 0; offset < 30; ++offset) {
      for (Bench* bench : {&before, &after})
        bench->Feed(offset * 9, offset % 4, {static_cast<uint64_t>(offset % 3), 1});
      after.HandOn();
      EXPECT_EQ(after.held(), before.held());
    }
    for (Bench* bench : {&before, &after}) {
      bench->Advance(int64_t{1'000'000} * 1'000'000'000);
      EXPECT_EQ(bench->held(), 0u);
      // Keys that end at one moment do so in any order.
      std::sort(bench->receiver.results.begin(), bench->receiver.results.end());
    }
    EXPECT_EQ(after.receiver.results, before.receiver.results);
    EXPECT_FALSE(after.receiver.results.empty());
  }
}

TEST(WindowState, StateOfAnotherRuleIsRefused) {
  const std::vector<Kind> kinds = Kinds();
  for (const Kind& one : kinds) {
    Bench before(one.rule);
    FeedSome(before);
    EXPECT_EQ(before.Decode(before.Encoded()).code(), absl::StatusCode::kAlreadyExists);
    for (const Kind& other : kinds) {
      if (one.name == other.name) continue;
      Bench after(other.rule);
      EXPECT_EQ(after.Decode(before.Encoded()).code(), absl::StatusCode::kFailedPrecondition);
    }
  }
}

TEST(WindowState, WhatIsCutOffIsRefusedAndLeavesNothing) {
  for (const Kind& kind : Kinds()) {
    SCOPED_TRACE(kind.name);
    Bench before(kind.rule);
    FeedSome(before);
    const std::string bytes = before.Encoded();
    Bench after(kind.rule);
    for (size_t size = 0; size < bytes.size(); ++size) {
      EXPECT_FALSE(after.Decode(bytes.substr(0, size)).ok()) << size;
      EXPECT_EQ(after.held(), 0u);
      EXPECT_EQ(after.matcher().partial_matches(), 0);
    }
    EXPECT_FALSE(after.Decode(bytes + "x").ok());
    EXPECT_TRUE(after.Decode(bytes).ok());
  }
}

TEST(WindowState, WhatIsBrokenNeverDoesHarm) {
  std::mt19937_64 random(1);
  for (const Kind& kind : Kinds()) {
    SCOPED_TRACE(kind.name);
    Bench before(kind.rule);
    FeedSome(before);
    const std::string bytes = before.Encoded();
    const auto rules = CompileText(kind.rule, TestStreams({"a"}));
    int read = 0;
    for (int run = 0; run < 1500; ++run) {
      std::string broken = bytes;
      for (uint64_t changes = 1 + random() % 3; changes > 0; --changes)
        broken[42 + random() % (broken.size() - 42)] = static_cast<char>(random());
      Bench after(rules);
      if (!after.Decode(broken).ok()) continue;
      ++read;
      FeedSome(after, 9);
      after.Advance(int64_t{1'000'000} * 1'000'000'000);
    }
    EXPECT_GT(read, 10);
  }
}

}  // namespace
}  // namespace telltale::engine
