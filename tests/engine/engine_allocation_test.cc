// The event path does not allocate in steady state: once every pool has grown, offering, ordering,
// matching and expiring take no memory. Flush (once every few milliseconds) and alerts may.
#include <gtest/gtest.h>

#include <random>

#include "tests/engine/condition_allocations.h"
#include "tests/engine/engine_harness.h"

namespace telltale::engine {
namespace {

TEST(EngineAllocation, NoneForAnEventInSteadyState) {
  const auto rules = CompileText(
      "id: r\ntitle: T\nby: k\n"
      "sequence:\n"
      "  - x: {on: a, where: 'v == 0'}\n"
      "  - y: {on: a, where: 'v == 1', repeat: {min: 2}}\n"
      "  - not: {on: b, where: 'v == 1'}\n"
      "  - z: {on: b, where: 'v == x.v + 7'}\n"  // never: v is below 5
      "within: 2s\n",
      TestStreams({"a", "b"}));
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
    event.fields["k"] = "user-" + std::to_string(random() % 50);
    event.fields["v"] = static_cast<int64_t>(random() % 5);
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
  EXPECT_EQ(allocations, 0u) << "in 40,000 events";
  EXPECT_GT(engine->Stats().rules.at(0).partial_matches, 0);
}

}  // namespace
}  // namespace telltale::engine
