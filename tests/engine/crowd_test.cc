// Thousands of partial matches on one key: found by the index they match, end, and are counted as
// they do one by one. Values of every kind meet in the equalities, those that equal others of
// another kind, those that equal nothing, and those that cannot be compared.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "engine/condition/scratch.h"
#include "engine/pattern/join.h"
#include "engine/pattern/wait_index.h"
#include "tests/engine/engine_harness.h"

namespace telltale::engine {
namespace {

TEST(Join, HashesAgreeWithEquality) {
  const double nan = std::nan("");
  const std::vector<Value> values = {Value::Int(17),
                                     Value::Double(17.0),
                                     Value::Uint(17),
                                     Value::String("17"),
                                     Value::Double(17.5),
                                     Value::Int(0),
                                     Value::Double(-0.0),
                                     Value::Bool(true),
                                     Value::Bool(false),
                                     Value::Int(1),
                                     Value::Null(),
                                     Value::String(""),
                                     Value::Uint(uint64_t{1} << 63),
                                     Value::Double(0x1p63),
                                     Value::Double(-0x1p63),
                                     Value::Int(std::numeric_limits<int64_t>::min()),
                                     Value::Int(std::numeric_limits<int64_t>::max()),
                                     Value::Uint(UINT64_MAX),
                                     Value::Double(0x1p64),
                                     Value::Double(INFINITY),
                                     Value::Double(nan)};
  for (const Value a : values) {
    for (const Value b : values) {
      const JoinValue x = HashOf(a);
      const JoinValue y = HashOf(b);
      const bool meet =
          x.kind == JoinValue::Kind::kHash && y.kind == JoinValue::Kind::kHash && x.hash == y.hash;
      const Value equal = Equals(a, b);
      ASSERT_TRUE(equal.is(ValueKind::kBool));
      EXPECT_TRUE(meet || !equal.as_bool());
      const bool exact = a.is(ValueKind::kInt) && b.is(ValueKind::kInt);
      EXPECT_TRUE(!exact || meet == equal.as_bool());
    }
  }
  EXPECT_EQ(HashOf(Value::Double(nan)).kind, JoinValue::Kind::kNone);
  for (const Value unknown : {Value::Absent(), Value::Error(ErrorCode::kBadFieldValue),
                              Value::List(nullptr, 0), Value::Map(nullptr, 0)})
    EXPECT_EQ(HashOf(unknown).kind, JoinValue::Kind::kUnknown);
}

TEST(WaitIndex, ForgetsWhatIsNoLongerTrueAndKeepsTheRest) {
  WaitIndex index;
  index.Clear();
  std::vector<bool> there(1000, true);
  for (uint32_t i = 0; i < 1000; ++i) {
    index.Add(i % 3, i % 7, i);
    index.AddDeadline(5000 - i, i);
  }
  const auto waits = [&](uint32_t, uint32_t number) { return there[number]; };
  const auto ends = [&](int64_t deadline, uint32_t number) {
    return there[number] && deadline == 5000 - int64_t{number};
  };
  const auto found = [&](uint32_t role, uint64_t hash) {
    std::vector<uint32_t> numbers;
    index.Find(role, hash, waits, [&](uint32_t number) { numbers.push_back(number); });
    std::sort(numbers.begin(), numbers.end());
    return numbers;
  };
  EXPECT_EQ(found(2, 1).size(), 48u);
  EXPECT_EQ(found(2, 9), std::vector<uint32_t>());
  EXPECT_EQ(found(5, 1), std::vector<uint32_t>());
  for (uint32_t i = 0; i < 1000; ++i) there[i] = i % 2 == 0;
  EXPECT_EQ(found(0, 0).size(), 24u);
  EXPECT_EQ(index.NextDeadline(ends), 5000 - 998);
  EXPECT_TRUE(index.crowded());
  // The even ones, by half.
  index.Renumber(waits, ends, [](uint32_t number) { return number / 2; });
  there.assign(500, true);
  EXPECT_EQ(found(0, 0).size(), 24u);
  for (const uint32_t number : found(1, 4)) {
    EXPECT_EQ(2 * number % 3, 1u);
    EXPECT_EQ(2 * number % 7, 4u);
  }
  const auto renumbered = [&](int64_t deadline, uint32_t number) {
    return deadline == 5000 - 2 * int64_t{number};
  };
  std::vector<uint32_t> due;
  index.TakeDue(5000 - 990, renumbered, [&](uint32_t number) { due.push_back(number); });
  EXPECT_EQ(due, (std::vector<uint32_t>{499, 498, 497, 496, 495}));
  EXPECT_EQ(index.NextDeadline(renumbered), 5000 - 988);
  index.Clear();
  EXPECT_EQ(found(0, 0), std::vector<uint32_t>());
  EXPECT_EQ(index.NextDeadline(renumbered), std::numeric_limits<int64_t>::max());
}

// --- Rules ---

constexpr const char* kRules[] = {
    // A join, and its errors where a side is absent or cannot be read.
    R"(
sequence:
  - x: { on: a, where: 't == "x"' }
  - y: { on: a, where: 't == "y" && id == x.id' }
within: 300s
)",
    // Two equalities and more; the sides the other way round.
    R"(
sequence:
  - x: { on: a, where: 't == "x"' }
  - y: { on: a, where: 'x.id == id && n == x.n + 1 && n > 2', contiguity: any }
  - z: { on: b, where: 'id == y.id || n == 3' }
within: 200s
)",
    // A `not` with a join, and one without.
    R"(
sequence:
  - x: { on: a, where: 't == "x"' }
  - not: { on: b, where: 'id == x.id' }
  - not: { on: b, where: 'n == 99' }
  - y: { on: a, where: 't == "z" && id == x.id' }
within: 250s
)",
    // Matches that wait for their deadlines, and what forbids them.
    R"(
sequence:
  - x: { on: a, where: 't != "z"' }
  - not: { on: b, where: 'id == x.id', within: 90s }
  - not: { on: a, where: 't == "z" && n == x.n', within: 40s }
)",
    // Windows of their own, timeouts.
    R"(
sequence:
  - x: { on: a, where: 't == "x"' }
  - y: { on: a, where: 't == "y" && n == x.n', within: 60s }
  - z: { on: b, where: 'id == x.id', within: 50s, optional: true }
  - w: { on: b, where: 'n == y.n' }
within: 150s
on_timeout: { from: x }
)",
    // Repeats that are greedy at the end, and what ends them.
    R"(
sequence:
  - x: { on: a, where: 't == "x"' }
  - y: { on: b, where: 'n == x.n', repeat: { min: 1, max: 4, greedy: true, within: 60s,
         until: { on: a, where: 't == "z" && n == x.n' } } }
  - not: { on: a, where: 't == "z" && id == x.id', within: 20s }
within: 200s
)",
    // Strict ways, and strict `not`s, beside others.
    R"(
sequence:
  - x: { on: a, where: 't == "x"' }
  - y: { on: a, where: 'n != x.n', contiguity: strict, optional: true }
  - not: { on: b, where: 'n == 1', contiguity: strict }
  - w: { on: a, where: 't == "z" && n == x.n' }
within: 120s
)",
    R"(
sequence:
  - all_of:
      - x: { on: a, where: 't == "x"' }
      - y: { on: b, where: 'n == 2', within: 30s }
  - z: { on: a, where: 't == "z" && id == x.id' }
within: 100s
limits: { partial_matches: 400, on_limit: reject_new }
)",
    R"(
sequence:
  - x: { on: a, repeat: { min: 1, max: 3, inside: any } }
  - y: { on: b, where: 'n == x[0].n && id == x[size(x) - 1].id' }
within: 60s
limits: { partial_matches: 300, events: 500 }
)",
    R"(
sequence:
  - x: { on: a, where: 't == "x"' }
  - y: { on: a, where: 't == "y" && n == x.n', contiguity: any }
  - z: { on: b, where: 'n == 3' }
within: 90s
after_match: skip_to_next
until: { on: b, where: 'n == 0 && id == 5' }
)"};

TestEvent At(std::mt19937_64& random, int64_t time_ms) {
  TestEvent event;
  event.stream = random() % 3 == 0 ? 1 : 0;
  event.time_ms = time_ms;
  event.fields["t"] = std::string(1, static_cast<char>('x' + random() % 3));
  const auto id = static_cast<int64_t>(random() % 200);
  switch (random() % 12) {
    case 0:
      event.fields["id"] = static_cast<double>(id);
      break;
    case 1:
      event.fields["id"] = std::to_string(id);
      break;
    case 2:
      event.fields["id"] = static_cast<double>(id) + 0.5;
      break;
    case 3:
      if (random() % 10 == 0) event.fields["id"] = std::vector<std::string>{"1", "2"};
      break;
    case 4:
      if (random() % 10 == 0) event.fields["id"] = ErrorCode::kBadFieldValue;
      break;
    case 5:
      event.fields["id"] = nullptr;
      break;
    case 6:
      if (random() % 10 == 0) event.fields["id"] = std::nan("");
      break;
    default:
      event.fields["id"] = id;
  }
  event.fields["n"] = static_cast<int64_t>(random() % 60);
  return event;
}

struct Told {
  std::vector<std::string> bodies;
  uint64_t errors = 0;
  uint64_t limits = 0;
  int64_t most = 0;  // partial matches at a time
};

Told TellOf(const CompiledRules& of, std::shared_ptr<const CompiledRules> rules,
            const std::vector<TestEvent>& events, uint32_t index_from) {
  CollectingSink sink;
  EngineOptions options;
  options.threads = false;
  options.index_from = index_from;
  const auto engine = MakeEngine(std::move(rules), options, sink);
  engine->AddPartition({0, 0}, {});
  engine->AddPartition({1, 0}, {});
  EventBuilder builder;
  Told told;
  int64_t offset = 0;
  for (const TestEvent& event : events) {
    engine->Offer(*Build(builder, of, event, offset++));
    if (offset % 50 != 0) continue;
    engine->Flush();
    told.most = std::max(told.most, engine->Stats().rules[0].partial_matches);
  }
  engine->Finish();
  told.errors = engine->Stats().rules[0].condition_errors;
  told.limits = engine->Stats().rules[0].limit_hits;
  for (const Alert& alert : sink.Take()) told.bodies.push_back(AlertJson(alert));
  return told;
}

TEST(Crowd, TheIndexShowsInNothing) {
  int64_t most = 0;
  uint64_t errors = 0;
  for (const char* rule : kRules) {
    std::string text = "id: r\ntitle: T\n" + std::string(rule);
    if (text.find("limits:") == std::string::npos)
      text += "limits: { partial_matches: 3000, events: 20000 }\n";
    const auto rules = CompileText(text, TestStreams({"a", "b"}));
    ASSERT_NE(rules, nullptr) << text;
    std::mt19937_64 random(7);
    std::vector<TestEvent> events;
    for (int64_t i = 0; i < 3000; ++i)
      events.push_back(At(random, i * 60 + static_cast<int64_t>(random() % 3) * 20));
    const Told plain = TellOf(*rules, rules, events, 1'000'000);
    EXPECT_GT(plain.bodies.size(), 10u) << text;
    for (const uint32_t index_from : {0u, 16u}) {
      const Told indexed = TellOf(*rules, rules, events, index_from);
      EXPECT_TRUE(indexed.bodies == plain.bodies)
          << text << indexed.bodies.size() << " alerts, not " << plain.bodies.size();
      EXPECT_EQ(indexed.errors, plain.errors) << text;
      EXPECT_EQ(indexed.limits, plain.limits) << text;
      EXPECT_EQ(indexed.most, plain.most) << text;
    }
    most = std::max(most, plain.most);
    errors += plain.errors;
  }
  EXPECT_GT(most, 900) << "no crowd";
  EXPECT_GT(errors, 1000u) << "no errors to count";
}

}  // namespace
}  // namespace telltale::engine
