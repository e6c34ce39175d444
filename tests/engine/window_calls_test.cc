// What a rule's calls need, and the calls that only correlations make: how many events fit some of
// the sources, and whether there is one of each in an order.
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/runtime/routing.h"
#include "tests/engine/window_cases.h"

namespace telltale::engine {
namespace {

TEST(WindowPlan, CallsShareWhatTheyNeed) {
  const auto rules = CompileText(
      "id: r\nby: k\naggregate:\n  on: a\n  window: { sliding: 10s }\n"
      "  having: 'sum(v) > 1 && count_if(v > 2) > 1 && k != \"\"'\n"
      "alert: { fields: { a: avg(v), b: sum(v), c: stddev(w), d: sum(w), e: median(v), f: "
      "'percentile(v, 99)', g: max(v), h: count(), i: 'count_distinct(v, w)' } }\n",
      TestStreams({"a"}));
  ASSERT_NE(rules, nullptr);
  EXPECT_EQ(rules->routing->windows[0]->ToString(),
            "accumulator 0: numbers, tag 0, word 0\n"
            "accumulator 1: count_if, tag 1\n"
            "accumulator 2: numbers and squares, tag 2, word 1\n"
            "accumulator 3: quantiles, tag 3, word 2\n"
            "accumulator 4: greatest\n"
            "accumulator 5: distinct, tag 4, word 3\n"
            "call 0: sum of 0\n"
            "call 1: count_if of 1\n"
            "call 2: avg of 0\n"
            "call 3: stddev of 2\n"
            "call 4: sum of 2\n"
            "call 5: percentile of 3 at 50\n"
            "call 6: percentile of 3 at 99\n"
            "call 7: max of 4\n"
            "call 8: count\n"
            "call 9: count_distinct of 5\n"
            "having reads 0 1 and the key\n"
            "keeps 10 events and the key\n");
}

TEST(WindowPlan, OfCountsAloneNothingIsKept) {
  const auto rules = CompileText(
      "id: r\nby: k\naggregate: { on: a, window: { tumbling: 1m } }\nemit: every_window\n"
      "alert: { fields: { n: count() } }\n",
      TestStreams({"a"}));
  ASSERT_NE(rules, nullptr);
  EXPECT_EQ(rules->routing->windows[0]->ToString(), "call 0: count\nkeeps 0 events and the key\n");
}

// Three sources, v > 0, v > 5 and stream b; `call` in the place of the first one, which `having`
// is or compares.
Lines ResultsOf(rules::AggregateCall call, const std::string& window, const std::string& having,
                const std::vector<TestEvent>& events) {
  const auto loaded = CompileText(
      "id: r\nby: k\nwarm_up: assume_empty\naggregate:\n  any_of:\n"
      "    - { on: a, name: low, where: 'v > 0' }\n    - { on: a, name: high, where: 'v > 5' }\n"
      "    - { on: b }\n  window: { " +
          window + " }\n  having: '" + having + "'\nalert: { fields: { n: count() } }\n",
      TestStreams({"a", "b"}));
  auto set = std::make_shared<rules::RuleSet>();
  set->streams = loaded->rules->streams;
  set->tables = loaded->rules->tables;
  set->rules = loaded->rules->rules;
  rules::Aggregate& aggregate = *set->rules[0].aggregate;
  if (call.type.kind == rules::TypeKind::kBool) {
    auto root = std::make_shared<rules::Expr>();
    root->kind = rules::ExprKind::kAggregate;
    root->type = call.type;
    aggregate.having->root = std::move(root);
  }
  aggregate.calls[0] = std::move(call);
  const auto compiled = CompileRules(set);
  EXPECT_TRUE(compiled.ok()) << compiled.status();
  CollectingSink sink;
  const auto engine = MakeEngine(*compiled, {.threads = false}, sink);
  for (const uint32_t stream : {0u, 1u}) engine->AddPartition({stream, 0}, {});
  EventBuilder builder;
  int64_t offset = 0;
  for (const TestEvent& event : events) {
    engine->Offer(*Build(builder, **compiled, event, offset++));
    engine->AdvanceTo(event.time_ms * 1'000'000);
    EXPECT_TRUE(engine->RecodeState().ok());
  }
  engine->Finish();
  return Told(sink.Take());
}

rules::AggregateCall Ordered(std::vector<uint32_t> sources) {
  rules::AggregateCall call;
  call.function = rules::AggregateFunction::kOrdered;
  call.sources = std::move(sources);
  call.type = rules::Type::Of(rules::TypeKind::kBool);
  return call;
}

TEST(WindowCalls, SeenCountsAnEventForEachSourceThatItFits) {
  rules::AggregateCall call;
  call.function = rules::AggregateFunction::kSeen;
  call.sources = {2 | 4};
  call.type = rules::Type::Of(rules::TypeKind::kInt);
  EXPECT_EQ(ResultsOf(call, "sliding: 10ms", "count_if(v > 99) >= 2",
                      {At(0, "x", int64_t{1}), At(1, "x", int64_t{6}), At(2, "x", int64_t{2}),
                       At(3, "x", int64_t{0}, 1)}),
            (Lines{"3 x n=4 | 0 1 2 3"}));
}

// && absorbs errors whatever its order; what is costly is asked last, and not where it is not
// needed.
TEST(WindowCalls, WhatHavingJoinsIsAskedInAnyOrder) {
  const std::vector<std::vector<int64_t>> orders = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2},
                                                    {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
  const std::vector<std::string> joined = {"percentile(v, 50) > 2.0", "sum(v) > 3",
                                           "10 / (count() - 2) > 2"};
  for (const std::vector<int64_t>& order : orders) {
    const std::string having = joined[static_cast<size_t>(order[0])] + " && " +
                               joined[static_cast<size_t>(order[1])] + " && " +
                               joined[static_cast<size_t>(order[2])];
    SCOPED_TRACE(having);
    const auto rules = CompileText(
        "id: r\nby: k\nwarm_up: assume_empty\naggregate:\n  on: a\n  window: { sliding: 100ms }\n"
        "  having: '" +
            having + "'\n",
        TestStreams({"a"}));
    ASSERT_NE(rules, nullptr);
    const std::vector<HavingPart>& parts = rules->routing->windows[0]->having_parts;
    ASSERT_EQ(parts.size(), 3u);
    EXPECT_EQ(rules->routing->windows[0]->calls[parts[2].calls[0]].function,
              rules::AggregateFunction::kPercentile);
    CollectingSink sink;
    const auto engine = MakeEngine(rules, {.threads = false}, sink);
    engine->AddPartition({0, 0}, {});
    EventBuilder builder;
    int64_t offset = 0;
    // With two events the quotient is an error: of x all else is true then, as they come and as
    // they leave, of y only as they leave.
    for (const auto& [key, v] : std::vector<std::pair<std::string, int64_t>>{
             {"x", 3}, {"x", 4}, {"x", 5}, {"y", 1}, {"y", 1}, {"y", 9}}) {
      engine->Offer(*Build(builder, *rules, At(offset, key, v), offset));
      ++offset;
    }
    engine->Finish();
    EXPECT_EQ(Told(sink.Take()), (Lines{"2 x | 0 1 2"}));
    EXPECT_EQ(engine->Stats().rules[0].condition_errors, 3u);
  }
}

TEST(WindowCalls, OrderedAsksForOneOfEachInTheWindow) {
  const std::vector<TestEvent> events = {At(0, "x", int64_t{0}, 1), At(1, "x", int64_t{1}),
                                         At(2, "x", int64_t{6}),    At(5, "x", int64_t{0}, 1),
                                         At(11, "x", int64_t{1}),   At(14, "x", int64_t{0}, 1)};
  EXPECT_EQ(ResultsOf(Ordered({1, 2, 4}), "sliding: 10ms", "count_if(v > 99) >= 2", events),
            (Lines{"5 x n=4 | 0 1 2 5"}))
      << "from 11 on the first is out of it, and 11, 14 have no high one between";
  EXPECT_EQ(ResultsOf(Ordered({1, 4}), "sliding: 10ms", "count_if(v > 99) >= 2", events),
            (Lines{"5 x n=4 | 0 1 2 5", "14 x n=3 | 5 11 14"}))
      << "2 fits low, too, so it is true up to 12";
  EXPECT_EQ(ResultsOf(Ordered({2, 2}), "sliding: 10ms", "count_if(v > 99) >= 2",
                      {At(0, "x", int64_t{6}), At(3, "x", int64_t{7})}),
            (Lines{"3 x n=2 | 0 3"}))
      << "an event does not follow itself";
}

TEST(WindowCalls, OrderGoesOnOverPanes) {
  const std::vector<TestEvent> events = {At(1, "x", int64_t{1}), At(12, "x", int64_t{0}, 1),
                                         At(45, "x", int64_t{0}, 1)};
  EXPECT_EQ(
      ResultsOf(Ordered({1, 4}), "hopping: 30ms, every: 10ms", "count_if(v > 99) >= 2", events),
      (Lines{"20 x n=2 | 1 12"}));
}

}  // namespace
}  // namespace telltale::engine
