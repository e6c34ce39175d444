// C2 and C3: a rule set is changed while events flow; the alerts are those of the old rules up to
// T_s and of the new ones after it, and a rule that stays does not notice. The test plays the
// source: it reads partitions, and after a switch reads each again from its least offset that is
// not applied.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <random>
#include <set>
#include <thread>

#include "tests/engine/engine_harness.h"

namespace telltale::engine {
namespace {

constexpr int64_t kMs = 1'000'000;

// r1 stays whatever happens; r2 comes, goes and changes.
std::string RuleSet(const std::string& title, const std::string& second) {
  return "id: r1\ntitle: " + title +
         "\nby: k\nsequence: [ {x: {on: a, where: 'v < 3'}}, {y: {on: b, where: 'w == x.v'}} "
         "]\nwithin: 30s\n"
         "alert: { title: 'seen {{x.v}}', fields: { v: x.v } }\n" +
         second;
}

std::string Second(int least) {
  return "---\nid: r2\ntitle: T\nby: k\nsequence: [ {x: {on: b, where: 'w >= " +
         std::to_string(least) + "'}}, {not: {on: a, within: 2s}} ]\n";
}

struct Source {
  std::vector<TestEvent> events;  // by offset
  size_t position = 0;
  size_t until = 0;  // where it had been read to at the last switch
};

class Pipeline {
 public:
  Pipeline(std::shared_ptr<const CompiledRules> rules, std::vector<std::vector<Source>> sources,
           EngineOptions options)
      : sources_(std::move(sources)),
        engine_(MakeEngine(std::move(rules), std::move(options), sink_)) {
    for (uint32_t s = 0; s < sources_.size(); ++s) {
      for (uint32_t p = 0; p < sources_[s].size(); ++p)
        engine_->AddPartition({.stream = s, .partition = p}, {});
    }
  }

  // Reads up to `count` events of one partition; false: it is at its end.
  bool Read(uint32_t stream, uint32_t partition, size_t count) {
    Source& source = sources_[stream][partition];
    for (; count > 0 && source.position < source.events.size(); --count, ++source.position) {
      const TestEvent& event = source.events[source.position];
      const CompiledRules& rules = engine_->RulesAt(event.time_ms * kMs);
      engine_->Offer(*Build(builder_, rules, event, static_cast<int64_t>(source.position)));
    }
    return source.position < source.events.size();
  }

  int64_t Switch(std::shared_ptr<const CompiledRules> rules) {
    const uint64_t epoch = engine_->Flush();
    engine_->Wait();
    const Progress progress = *engine_->Settled(epoch);
    const int64_t from = engine_->Switch(std::move(rules));
    for (uint32_t s = 0; s < sources_.size(); ++s) {
      for (uint32_t p = 0; p < sources_[s].size(); ++p) {
        Source& source = sources_[s][p];
        size_t least = 0;
        int64_t greatest = kMinTime;
        while (least < source.position && source.events[least].time_ms * kMs <
                                              progress.SettledOf({.stream = s, .partition = p})) {
          greatest = std::max(greatest, source.events[least++].time_ms * kMs);
        }
        engine_->RereadFrom({.stream = s, .partition = p}, static_cast<int64_t>(least),
                            static_cast<int64_t>(source.position), greatest);
        source.until = std::max(source.until, source.position);
        source.position = least;
      }
    }
    return from;
  }

  // Some partition is still below where it had been read to when the rules changed.
  bool rereading() const {
    for (const auto& stream : sources_) {
      for (const Source& source : stream) {
        if (source.position < source.until) return true;
      }
    }
    return false;
  }

  Engine& engine() { return *engine_; }
  std::vector<Alert> Finish() {
    engine_->Finish();
    return sink_.Take();
  }

 private:
  std::vector<std::vector<Source>> sources_;
  CollectingSink sink_;
  EventBuilder builder_;
  std::unique_ptr<Engine> engine_;
};

std::vector<std::vector<Source>> RandomSources(std::mt19937_64& random, int64_t disorder_ms) {
  std::vector<std::vector<Source>> sources(2, std::vector<Source>(2));
  for (uint32_t s = 0; s < 2; ++s) {
    for (uint32_t p = 0; p < 2; ++p) {
      for (int i = 0; i < 400; ++i) {
        TestEvent event;
        event.stream = s;
        event.partition = p;
        event.time_ms =
            100 * i + static_cast<int64_t>(random() % static_cast<uint64_t>(disorder_ms));
        event.fields["k"] = "u" + std::to_string(random() % 5);
        event.fields[s == 0 ? "v" : "w"] = static_cast<int64_t>(random() % 6);
        sources[s][p].events.push_back(std::move(event));
      }
    }
  }
  return sources;
}

std::multiset<std::string> Bodies(const std::vector<Alert>& alerts, const std::string& rule) {
  std::multiset<std::string> bodies;
  for (const Alert& alert : alerts) {
    // The rule's own title is not part of what must be equal: it differs between the sets on
    // purpose.
    if (alert.rule->id == rule)
      bodies.insert(ToHex(alert.id) + FormatTime(alert.time) + alert.title);
  }
  return bodies;
}

std::vector<Alert> RunPlain(const std::string& yaml,
                            const std::vector<std::vector<Source>>& sources, int64_t after_ns,
                            EngineOptions options) {
  Pipeline pipeline(CompileText(yaml, TestStreams({"a", "b"})), {}, options);
  EventBuilder builder;
  for (uint32_t s = 0; s < sources.size(); ++s) {
    for (uint32_t p = 0; p < sources[s].size(); ++p)
      pipeline.engine().AddPartition({.stream = s, .partition = p}, {});
  }
  for (const auto& stream : sources) {
    for (const Source& source : stream) {
      for (size_t i = 0; i < source.events.size(); ++i) {
        if (source.events[i].time_ms * kMs <= after_ns) continue;
        const CompiledRules& rules = pipeline.engine().RulesAt(source.events[i].time_ms * kMs);
        pipeline.engine().Offer(*Build(builder, rules, source.events[i], static_cast<int64_t>(i)));
      }
    }
  }
  return pipeline.Finish();
}

class SwitchTest : public ::testing::TestWithParam<uint64_t> {};

TEST_P(SwitchTest, OldRulesUpToTheSwitchAndNewOnesAfterIt) {
  std::mt19937_64 random(GetParam());
  SCOPED_TRACE("seed " + std::to_string(GetParam()));
  const auto streams = TestStreams({"a", "b"});
  const auto sources = RandomSources(random, 500);
  EngineOptions options;
  options.workers = 1 + static_cast<uint32_t>(random() % 3);
  options.threads = random() % 2 == 0;
  options.batch_events = 1 + static_cast<uint32_t>(random() % 50);
  if (options.batch_events % 2 == 0) options.warm_keys = 1;
  options.max_out_of_orderness = {500 * kMs, 500 * kMs};

  Pipeline pipeline(CompileText(RuleSet("first", Second(3)), streams), sources, options);
  std::set<std::pair<uint32_t, uint32_t>> open = {{0, 0}, {0, 1}, {1, 0}, {1, 1}};
  const size_t switch_after = 20 + random() % 60;
  int64_t from = kMinTime;
  for (size_t round = 0; !open.empty(); ++round) {
    auto it = open.begin();
    std::advance(it, static_cast<ptrdiff_t>(random() % open.size()));
    if (!pipeline.Read(it->first, it->second, 1 + random() % 30)) open.erase(it);
    if (random() % 4 == 0) pipeline.engine().Flush();
    if (round == switch_after) {
      from = pipeline.Switch(CompileText(RuleSet("second", Second(4)), streams));
      open = {{0, 0}, {0, 1}, {1, 0}, {1, 1}};
    }
  }
  const std::vector<Alert> alerts = pipeline.Finish();

  EXPECT_EQ(Bodies(alerts, "r1"),
            Bodies(RunPlain(RuleSet("first", ""), sources, kMinTime, options), "r1"));
  EXPECT_FALSE(Bodies(alerts, "r1").empty());
  const auto after = Bodies(RunPlain(Second(4).substr(4), sources, from, options), "r2");
  std::multiset<std::string> got_after, got_before;
  const auto new_fingerprint =
      CompileText(Second(4).substr(4), streams)->rules->rules[0].fingerprint;
  for (const Alert& alert : alerts) {
    if (alert.rule->id != "r2") continue;
    const std::string body = ToHex(alert.id) + FormatTime(alert.time) + alert.title;
    (alert.rule->fingerprint == new_fingerprint ? got_after : got_before).insert(body);
  }
  EXPECT_EQ(got_after, after);
  // The old rule's state ends at T_s: its deadlines up to there have come, and no later ones.
  std::multiset<std::string> before;
  for (const Alert& alert : RunPlain(Second(3).substr(4), sources, kMinTime, options)) {
    if (alert.time <= from) before.insert(ToHex(alert.id) + FormatTime(alert.time) + alert.title);
  }
  EXPECT_EQ(got_before, before);
}

INSTANTIATE_TEST_SUITE_P(Seeds, SwitchTest, ::testing::Range<uint64_t>(1, 41));

TEST(Switch, ManyInARow) {
  std::mt19937_64 random(7);
  const auto streams = TestStreams({"a", "b"});
  const auto sources = RandomSources(random, 500);
  EngineOptions options;
  options.workers = 3;
  options.max_out_of_orderness = {500 * kMs, 500 * kMs};
  Pipeline pipeline(CompileText(RuleSet("0", Second(3)), streams), sources, options);
  int switches = 0;
  int rounds = 0;
  bool overlapped = false;
  for (bool more = true; more;) {
    more = false;
    for (uint32_t s = 0; s < 2; ++s) {
      for (uint32_t p = 0; p < 2; ++p) more |= pipeline.Read(s, p, 2);
    }
    pipeline.engine().Flush();
    rounds = pipeline.rereading() ? 0 : rounds + 1;
    // Every other switch comes as soon as all is read again, before the watermark has moved: both
    // are then under way.
    if (more && (rounds > 3 || (rounds == 1 && switches % 2 == 1))) {
      rounds = 0;
      ++switches;
      overlapped = overlapped || pipeline.engine().switching();
      pipeline.Switch(
          CompileText(RuleSet(std::to_string(switches), Second(switches % 5)), streams));
    }
  }
  EXPECT_GT(switches, 10);
  EXPECT_TRUE(overlapped) << "no switch began before the last one was over";
  EXPECT_EQ(Bodies(pipeline.Finish(), "r1"),
            Bodies(RunPlain(RuleSet("x", ""), sources, kMinTime, options), "r1"));
}

// Whoever asks for statistics does so in a thread of their own.
TEST(Switch, CountsOfErrorsNeverFall) {
  std::mt19937_64 random(11);
  const auto streams = TestStreams({"a", "b"});
  const auto sources = RandomSources(random, 500);
  const std::string errs =
      "---\nid: r3\ntitle: T\nby: k\nsequence: [ {x: {on: a, where: 'u == \"x\" && v < 9'}}, "
      "{y: {on: a}} ]\n";
  EngineOptions options;
  options.workers = 2;
  options.max_out_of_orderness = {500 * kMs, 500 * kMs};
  Pipeline pipeline(CompileText(RuleSet("0", errs), streams), sources, options);
  std::atomic<bool> over = false;
  uint64_t seen = 0;
  bool fell = false;
  std::thread reader([&] {
    while (!over) {
      for (const RuleStats& rule : pipeline.engine().Stats().rules) {
        if (rule.id != "r3") continue;
        fell = fell || rule.condition_errors < seen;
        seen = rule.condition_errors;
      }
    }
  });
  int rounds = 0;
  int switches = 0;
  for (bool more = true; more; ++rounds) {
    more = false;
    for (uint32_t s = 0; s < 2; ++s) {
      for (uint32_t p = 0; p < 2; ++p) more |= pipeline.Read(s, p, 5);
    }
    pipeline.engine().Flush();
    if (more && rounds % 20 == 10 && !pipeline.rereading())
      pipeline.Switch(CompileText(RuleSet(std::to_string(++switches), errs), streams));
  }
  pipeline.Finish();
  over = true;
  reader.join();
  EXPECT_GT(switches, 2);
  EXPECT_FALSE(fell);
  for (const RuleStats& rule : pipeline.engine().Stats().rules) {
    // Every event of `a` is one; what is read again is counted again.
    if (rule.id != "r3") continue;
    EXPECT_GE(rule.condition_errors, 800u);
  }
}

// V6: a set with other contents of lists and tables is another set, and the rule stays the same:
// what had begun under the old contents goes on under the new.
TEST(Switch, ContentsOfListsAndTablesChangeAndStateStays) {
  const auto streams = TestStreams({"a", "b"});
  const auto set = [&](const std::string& list, const std::string& city) {
    auto table = std::make_shared<Table>("users");
    StoredEntry row;
    row.key.Store(Value::String("city"));
    row.value.Store(Value::String(city));
    table->Set("u1", Value::Map(&row, 1));
    table->Set("u2", Value::Map(&row, 1));
    return CompileText(
        "id: r\nby: k\nsequence:\n  - x: { on: a }\n"
        "  - y: { on: b, where: 'k in lists.l && tables.users[k].city == city' }\nwithin: 1h\n"
        "exceptions: [ { name: e, where: 'k in lists.kept_back' } ]\n"
        "---\nlists: { l: [" +
            list + "], kept_back: [u3] }\n",
        streams, {{"users", table}});
  };
  const auto event = [](uint32_t stream, int64_t time_ms, const std::string& key) {
    return TestEvent{
        .stream = stream, .time_ms = time_ms, .fields = {{"k", key}, {"city", std::string("Ulm")}}};
  };
  std::vector<std::vector<Source>> sources(2, std::vector<Source>(1));
  sources[0][0].events = {event(0, 1000, "u1"), event(0, 1000, "u2"), event(0, 5000, "u9")};
  sources[1][0].events = {event(1, 2000, "u1"), event(1, 5000, "u9"), event(1, 9000, "u1"),
                          event(1, 9000, "u2")};
  const auto before = set("u1, u2", "Bonn");
  const auto after = set("u2", "Ulm");
  ASSERT_NE(before, nullptr);
  ASSERT_EQ(before->rules->rules[0].fingerprint, after->rules->rules[0].fingerprint);
  Pipeline pipeline(before, sources, {.threads = false});
  pipeline.Read(0, 0, 3);
  pipeline.Read(1, 0, 2);
  EXPECT_EQ(pipeline.Switch(after), 5000 * kMs);
  pipeline.Read(0, 0, 10);
  pipeline.Read(1, 0, 10);
  EXPECT_EQ(Summaries(pipeline.Finish()), std::vector<std::string>{"9000: a@1000 b@9000"});
}

}  // namespace
}  // namespace telltale::engine
