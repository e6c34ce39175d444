// The event path does not allocate in steady state: once every pool has grown, offering, ordering,
// matching and expiring take no memory. Flush (once every few milliseconds) and alerts may.
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "tests/engine/condition_allocations.h"
#include "tests/engine/engine_harness.h"

namespace telltale::engine {
namespace {

using Fields = decltype(TestEvent::fields);

// How often Offer allocates in 40,000 events once every pool has grown. `fields` makes those of an
// event.
template <typename MakeFields>
void ExpectNone(const std::string& rule, const MakeFields& fields) {
  const auto rules = CompileText("id: r\ntitle: T\n" + rule, TestStreams({"a", "b"}));
  ASSERT_NE(rules, nullptr);
  CollectingSink sink;
  EngineOptions options;
  options.threads = false;
  options.max_out_of_orderness = {500'000'000, 500'000'000};
  const auto engine = MakeEngine(rules, options, sink);
  engine->AddPartition({.stream = 0, .partition = 0}, {});
  engine->AddPartition({.stream = 1, .partition = 0}, {});

  // The same second of events over and over, each time a second later.
  std::mt19937_64 random(1);
  EventBuilder builder;
  std::vector<std::vector<char>> blocks;
  for (int i = 0; i < 2000; ++i) {
    TestEvent event;
    event.stream = static_cast<uint32_t>(random() % 2);
    event.time_ms = i / 2 + static_cast<int64_t>(random() % 200);
    event.fields = fields(random);
    const Event* built = Build(builder, *rules, event, i);
    const auto* bytes = reinterpret_cast<const char*>(built);
    blocks.emplace_back(bytes, bytes + built->byte_size);
  }
  const auto round = [&](int64_t number) {
    uint64_t allocations = 0;
    for (auto& block : blocks) {
      Event event = *reinterpret_cast<const Event*>(block.data());
      event.time += number == 0 ? 0 : 1'000'000'000;
      event.offset += number == 0 ? 0 : static_cast<int64_t>(blocks.size());
      *reinterpret_cast<Event*>(block.data()) = event;
      const uint64_t before = Allocations();
      engine->Offer(*reinterpret_cast<const Event*>(block.data()));
      allocations += Allocations() - before;
    }
    engine->Flush();
    engine->Settled(UINT64_MAX);
    return allocations;
  };
  for (int64_t number = 0; number < 60; ++number) round(number);
  uint64_t allocations = 0;
  for (int64_t number = 60; number < 80; ++number) allocations += round(number);
  EXPECT_EQ(allocations, 0u);
  EXPECT_GT(engine->Stats().rules.at(0).partial_matches, 0);
}

// The last step never fits: v is below 5.
constexpr const char* kSteps =
    "sequence:\n"
    "  - x: {on: a, where: 'v == 0'}\n"
    "  - y: {on: a, where: 'v == 1', repeat: {min: 2}}\n"
    "  - not: {on: b, where: 'v == 1'}\n"
    "  - z: {on: b, where: 'v == x.v + 7'}\n"
    "within: 2s\n";

std::string User(std::mt19937_64& random) {
  // Longer than what a std::string holds in itself.
  return "a user with a long name " + std::to_string(random() % 50);
}

TEST(EngineAllocation, NoneForAnEventInSteadyState) {
  ExpectNone(std::string("by: k\n") + kSteps, [](std::mt19937_64& random) {
    return Fields{{"k", User(random)}, {"v", static_cast<int64_t>(random() % 5)}};
  });
}

// What waits is found by an index, which is renumbered now and then.
TEST(EngineAllocation, NoneWhereManyWaitOnOneKey) {
  ExpectNone(
      "sequence:\n"
      "  - x: {on: a, where: 'v == 0'}\n"
      "  - not: {on: b, where: 'v == 1 && k == x.k'}\n"
      "  - y: {on: b, where: 'v > 1 && k == x.k', repeat: {min: 3}}\n"
      "  - z: {on: b, where: 'v == x.v + 7'}\n"
      "within: 2s\n"
      "limits: {partial_matches: 10000, events: 100000}\n",
      [](std::mt19937_64& random) {
        return Fields{{"k", User(random)}, {"v", static_cast<int64_t>(random() % 5)}};
      });
}

TEST(EngineAllocation, NoneForAnEventOfSeveralKeys) {
  ExpectNone(std::string("by: [ each(k), each(l) ]\nmissing_key: group\n") + kSteps,
             [](std::mt19937_64& random) {
               Fields fields = {{"v", static_cast<int64_t>(random() % 5)}};
               for (const char* name : {"k", "l"}) {
                 std::vector<std::string> list;
                 for (uint64_t size = random() % 6; size > 0; --size) list.push_back(User(random));
                 fields[name] = std::move(list);
               }
               return fields;
             });
}

// Nothing comes out of them: results may allocate, and so may what a sketch grows to.
TEST(EngineAllocation, NoneForAnEventInAWindow) {
  const auto fields = [](std::mt19937_64& random) {
    return Fields{{"k", User(random)}, {"v", static_cast<int64_t>(random() % 5)}};
  };
  const std::string sums = "count() < 0 || sum(v) < 0 || stddev(v) < 0.0";
  const std::string all = sums +
                          " || max(v) > 5 || median(v) > 5.0 || count_distinct(v) > 5 || "
                          "first(v) > 5 || last(v) > 5";
  const std::pair<std::string, std::string> windows[] = {{"{ sliding: 700ms }", all},
                                                         {"{ tumbling: 1s }", all},
                                                         {"{ hopping: 1s, every: 100ms }", sums},
                                                         {"{ session: 100ms }", sums}};
  ExpectNone("by: k\naggregate: { on: a, window: { sliding: 700ms }, having: count() > 5000 }\n",
             fields);
  for (const auto& [window, having] : windows) {
    SCOPED_TRACE(window);
    ExpectNone("by: k\naggregate:\n  on: a\n  window: " + window + "\n  having: '" + having + "'\n",
               fields);
  }
  for (const auto& [window, of] :
       {std::pair("{ sliding: 700ms }", "sum(v) + last(v)"),
        std::pair("{ tumbling: 1s }", "count()"), std::pair("{ session: 100ms }", "stddev(v)")}) {
    SCOPED_TRACE(of);
    ExpectNone(
        "by: k\naggregate:\n  on: a\n  window: " + std::string(window) + "\n  baseline: { of: '" +
            of + "', every: 200ms, over: 3s }\n" +
            "  having: 'baseline.avg < -1.0 || baseline.stddev < -1.0 || baseline.min < -1.0 "
            "|| baseline.max < -1.0 || baseline.sum < -1.0'\n",
        fields);
  }
  ExpectNone("by: k\nnew_terms: { on: a, field: v, history: 3s }\n", fields);
}

}  // namespace
}  // namespace telltale::engine
