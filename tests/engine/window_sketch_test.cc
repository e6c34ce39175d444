// What windows compute with: exact sums that can be taken back, different values, percentiles.
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "engine/condition/exact_total.h"
#include "engine/event/bytes.h"
#include "engine/window/distinct.h"
#include "engine/window/entry_ring.h"
#include "engine/window/hash_counts.h"
#include "engine/window/quantiles.h"
#include "engine/window/state_table.h"
#include "engine/window/value_hash.h"

namespace telltale::engine {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

template <typename T>
T Recoded(const T& before) {
  std::string bytes;
  ByteWriter out(bytes);
  before.Encode(out);
  ByteReader in(bytes);
  T after;
  after.Decode(in);
  in.End();
  EXPECT_TRUE(in.ok()) << in.status();
  std::string again;
  ByteWriter writer(again);
  after.Encode(writer);
  EXPECT_EQ(bytes, again);
  return after;
}

std::vector<Value> Numbers(std::mt19937_64& random, size_t count) {
  std::vector<Value> numbers;
  for (size_t i = 0; i < count; ++i) {
    switch (random() % 6) {
      case 0:
        numbers.push_back(Value::Int(static_cast<int64_t>(random())));
        break;
      case 1:
        numbers.push_back(Value::Uint(random()));
        break;
      case 2:
        numbers.push_back(Value::Double(static_cast<double>(random() % 100'000) / 100));
        break;
      case 3:
        numbers.push_back(Value::Double(
            std::ldexp(static_cast<double>(random()), static_cast<int>(random() % 1500) - 1000)));
        break;
      case 4:
        numbers.push_back(Value::Double(-0.1 * static_cast<double>(random() % 10)));
        break;
      default:
        numbers.push_back(Value::Int(static_cast<int64_t>(random() % 10)));
    }
  }
  return numbers;
}

TEST(Totals, WhatIsTakenOutLeavesNothing) {
  std::mt19937_64 random(1);
  for (int run = 0; run < 200; ++run) {
    const std::vector<Value> kept = Numbers(random, random() % 20);
    std::vector<Value> gone = Numbers(random, random() % 20);
    Totals wanted;
    for (const Value value : kept) wanted.Add(value);
    Totals totals;
    for (const Value value : gone) totals.Add(value);
    for (const Value value : kept) totals.Add(value);
    totals = Recoded(totals);
    std::shuffle(gone.begin(), gone.end(), random);
    for (const Value value : gone) totals.Remove(value);
    EXPECT_EQ(totals.count(), kept.size());
    for (const bool real : {false, true}) {
      const Value a = totals.Sum(real);
      const Value b = wanted.Sum(real);
      ASSERT_EQ(a.kind(), b.kind());
      if (a.is(ValueKind::kDouble)) {
        EXPECT_EQ(a.as_double(), b.as_double());
      }
      if (a.is(ValueKind::kInt)) {
        EXPECT_EQ(a.as_int(), b.as_int());
      }
    }
  }
}

TEST(Totals, MergesToTheSame) {
  std::mt19937_64 random(2);
  const std::vector<Value> numbers = Numbers(random, 100);
  Totals all;
  Totals a;
  Totals b;
  for (size_t i = 0; i < numbers.size(); ++i) {
    all.Add(numbers[i]);
    (i % 3 == 0 ? a : b).Add(numbers[i]);
  }
  a.Merge(b);
  EXPECT_EQ(a.Sum(true).as_double(), all.Sum(true).as_double());
  EXPECT_EQ(a.Average().as_double(), all.Average().as_double());
}

TEST(Totals, WhatIsNoFiniteNumberComesAndGoes) {
  Totals totals;
  totals.Add(Value::Double(1));
  totals.Add(Value::Double(kInfinity));
  EXPECT_EQ(totals.Sum(true).as_double(), kInfinity);
  totals.Add(Value::Double(-kInfinity));
  EXPECT_TRUE(std::isnan(totals.Sum(true).as_double()));
  totals.Remove(Value::Double(kInfinity));
  EXPECT_EQ(totals.Sum(true).as_double(), -kInfinity);
  totals.Remove(Value::Double(-kInfinity));
  totals.Add(Value::Double(std::nan("")));
  EXPECT_TRUE(std::isnan(totals.Sum(true).as_double()));
  totals.Remove(Value::Double(std::nan("")));
  EXPECT_EQ(totals.Sum(true).as_double(), 1);
  totals.Remove(Value::Double(1));
  totals.Add(Value::Double(-0.0));
  EXPECT_TRUE(std::signbit(totals.Sum(true).as_double()));
  totals.Add(Value::Int(0));
  EXPECT_FALSE(std::signbit(totals.Sum(true).as_double()));
  EXPECT_FALSE(totals.Add(Value::Bool(true)));
}

TEST(Totals, WholeNumbersOverflow) {
  Totals totals;
  totals.Add(Value::Int(INT64_MAX));
  totals.Add(Value::Int(1));
  EXPECT_EQ(totals.Sum(false).error(), ErrorCode::kOverflow);
  totals.Remove(Value::Int(1));
  EXPECT_EQ(totals.Sum(false).as_int(), INT64_MAX);
}

double Deviation(const std::vector<Value>& numbers, const std::vector<Value>& gone = {}) {
  Totals totals;
  ExactTotal squares;
  for (const auto* values : {&numbers, &gone}) {
    for (const Value value : *values) {
      totals.Add(value);
      Totals::Square(value, squares, 1);
    }
  }
  squares = Recoded(squares);
  for (const Value value : gone) {
    totals.Remove(value);
    Totals::Square(value, squares, -1);
  }
  return totals.Deviation(squares).as_double();
}

TEST(Totals, DeviationsLoseNoDigits) {
  const auto ints = [](std::vector<int64_t> numbers) {
    std::vector<Value> values;
    for (const int64_t number : numbers) values.push_back(Value::Int(number));
    return values;
  };
  EXPECT_DOUBLE_EQ(Deviation(ints({2, 4, 4, 4, 5, 5, 7, 9})), 2);
  EXPECT_DOUBLE_EQ(Deviation(ints({1, 2, 3})), std::sqrt(2.0 / 3));
  const int64_t far = int64_t{1} << 61;  // as times in nanoseconds are
  EXPECT_DOUBLE_EQ(Deviation(ints({far + 1, far + 2, far + 3})), std::sqrt(2.0 / 3));
  EXPECT_EQ(Deviation(ints({far, far, far})), 0);
  EXPECT_DOUBLE_EQ(Deviation({Value::Double(1e9 + 0.1), Value::Double(1e9 + 0.1)},
                             {Value::Double(1e300), Value::Int(far), Value::Uint(UINT64_MAX)}),
                   0);
  EXPECT_EQ(Deviation({Value::Double(1e200), Value::Double(0)}), kInfinity);
}

TEST(ValueHash, AgreesWithEquality) {
  const auto hash = [](Value value) { return ValueHash(value).value(); };
  EXPECT_EQ(hash(Value::Int(17)), hash(Value::Double(17)));
  EXPECT_EQ(hash(Value::Int(17)), hash(Value::Uint(17)));
  EXPECT_EQ(hash(Value::Double(0)), hash(Value::Double(-0.0)));
  EXPECT_EQ(hash(Value::Double(0x1p63)), hash(Value::Uint(uint64_t{1} << 63)));
  EXPECT_EQ(ValueHash(Value::Double(std::nan(""))), std::nullopt);
  const std::vector<Value> different = {
      Value::Int(0),          Value::Int(1),         Value::Bool(false),
      Value::Bool(true),      Value::Null(),         Value::String("1"),
      Value::Bytes("1"),      Value::Double(1.5),    Value::Int(0x3ff8000000000000),
      Value::Timestamp(1, 0), Value::Duration(1, 0), Value::String("")};
  for (size_t i = 0; i < different.size(); ++i) {
    for (size_t j = 0; j < i; ++j) EXPECT_NE(hash(different[i]), hash(different[j])) << i << j;
  }
}

TEST(Distinct, IsExactUpToItsBoundAndNearBeyond) {
  Distinct distinct;
  for (uint64_t i = 0; i < 10'000; ++i) {
    distinct.Add(Mix(i));
    distinct.Add(Mix(i));
  }
  EXPECT_EQ(distinct.Count(), 10'000u);
  distinct.AddUnequal();
  EXPECT_EQ(distinct.Count(), 10'001u);
  distinct.RemoveUnequal();
  uint64_t next = 10'000;
  for (const uint64_t many : {10'001u, 20'000u, 50'000u, 200'000u, 1'000'000u}) {
    for (; next < many; ++next) distinct.Add(Mix(next));
    const double error =
        std::fabs(static_cast<double>(distinct.Count()) / static_cast<double>(many) - 1);
    EXPECT_LT(error, 0.025) << many;  // three deviations
  }
  EXPECT_EQ(Recoded(distinct).Count(), distinct.Count());
}

TEST(Distinct, MergesToTheSame) {
  for (const uint64_t many : {100u, 9'000u, 15'000u, 60'000u}) {
    Distinct all;
    std::vector<Distinct> parts(7);
    for (uint64_t i = 0; i < many; ++i) {
      all.Add(Mix(i));
      parts[i % 7].Add(Mix(i));
      parts[(i + 3) % 7].Add(Mix(i));
    }
    Distinct merged;
    for (const Distinct& part : parts) merged.Merge(Recoded(part));
    EXPECT_EQ(merged.Count(), all.Count()) << many;
  }
}

TEST(Distinct, ForgetsWhatIsTakenOut) {
  Distinct distinct;
  for (uint64_t i = 0; i < 20'000; ++i) distinct.AddOne(Mix(i % 15'000));
  EXPECT_EQ(distinct.Count(), 15'000u) << "what is taken out again is known one by one";
  for (uint64_t i = 0; i < 6'000; ++i) distinct.RemoveOne(Mix(i));
  EXPECT_EQ(distinct.Count(), 14'000u);
}

double Exactly(std::vector<double> values, double percentile) {
  std::sort(values.begin(), values.end());
  const double rank = percentile / 100 * static_cast<double>(values.size() - 1);
  const auto below = static_cast<size_t>(rank);
  const double fraction = rank - std::floor(rank);
  if (fraction == 0) return values[below];
  return values[below] * (1 - fraction) + values[below + 1] * fraction;
}

// Against a map, with hashes that want one place, around the end of the table, too.
TEST(HashCounts, CountsWhateverIsTakenOut) {
  std::mt19937_64 random(7);
  for (const uint64_t places : {1u, 2u, 5u, 1'000u}) {
    HashCounts counts;
    std::map<uint64_t, uint64_t> expected;
    for (int step = 0; step < 20'000; ++step) {
      // One of them comes so often that a slot cannot say it.
      const uint64_t hash =
          step % 3 == 0
              ? HashCounts::Part(UINT64_MAX)
              : HashCounts::Part((random() % 40 << 40) + UINT64_MAX - (random() % places << 8));
      if (random() % 2 == 0 || (step % 3 == 0 && step < 10'000)) {
        counts.Add(hash);
        ++expected[hash];
      } else if (random() % 8 == 0) {
        counts.Insert(hash);
        expected.try_emplace(hash, 1);
      } else {
        counts.Remove(hash);
        const auto it = expected.find(hash);
        if (it != expected.end() && --it->second == 0) expected.erase(it);
      }
      ASSERT_EQ(counts.size(), expected.size());
    }
    std::map<uint64_t, uint64_t> found;
    counts.ForEach([&](uint64_t hash, uint64_t count) { found[hash] = count; });
    EXPECT_EQ(found, expected);
    EXPECT_GT(found[HashCounts::Part(UINT64_MAX)], 1'000u);
    counts.Clear();
    EXPECT_EQ(counts.size(), 0u);
    counts.Remove(UINT64_MAX);
    EXPECT_TRUE(counts.AddNew(UINT64_MAX, 2));
    EXPECT_FALSE(counts.AddNew(UINT64_MAX, 1));
    counts.Remove(UINT64_MAX);
    counts.Remove(UINT64_MAX);
    EXPECT_EQ(counts.size(), 0u);
    counts.Add(0);
    EXPECT_EQ(counts.size(), 1u);
  }
}

// Bits, for 0.0 and -0.0 are equal, and nan equals nothing.
TEST(Quantiles, WhatIsBorrowedIsWhatIsMerged) {
  std::mt19937_64 random(3);
  const double few[] = {0.0, -0.0, 1.5, -kInfinity, std::nan(""), 7};
  for (int run = 0; run < 300; ++run) {
    // Of some runs some parts are beyond what is exact, or in buckets.
    const size_t most = run % 10 == 0 ? 1'200 : run % 10 == 1 ? 2'500 : 40;
    std::vector<Quantiles> parts(1 + random() % 5);
    Quantiles merged;
    Quantiles borrowed;
    for (Quantiles& part : parts) {
      for (size_t left = random() % most; left > 0; --left)
        part.Add(random() % 3 == 0 ? few[random() % 6] : static_cast<double>(random() % 50));
      merged.Merge(part);
      borrowed.Borrow(part);
    }
    ASSERT_EQ(borrowed.count(), merged.count());
    if (merged.count() == 0) continue;
    for (const double percentile : {0.0, 1.0, 25.0, 49.9, 50.0, 51.0, 90.0, 99.0, 100.0}) {
      EXPECT_EQ(std::bit_cast<uint64_t>(borrowed.At(percentile)),
                std::bit_cast<uint64_t>(merged.At(percentile)))
          << "run " << run << " at " << percentile;
    }
    borrowed.Clear();
    EXPECT_EQ(borrowed.count(), 0u);
    borrowed.Add(4);
    EXPECT_EQ(borrowed.At(50), 4);
  }
}

TEST(Quantiles, AreExactForFewAndNearForMany) {
  std::mt19937_64 random(3);
  for (const size_t many : {1u, 2u, 999u, 1000u, 1001u, 2001u, 20'000u}) {
    std::vector<double> values;
    Quantiles quantiles;
    for (size_t i = 0; i < many; ++i) {
      values.push_back(std::exp(static_cast<double>(random() % 2000) / 100) - 2);
      quantiles.Add(values.back());
    }
    for (const double percentile : {0.0, 10.0, 50.0, 99.0, 99.9, 100.0}) {
      const double wanted = Exactly(values, percentile);
      const double found = quantiles.At(percentile);
      if (many <= Quantiles::kMostExact) {
        EXPECT_EQ(found, wanted) << many;
      } else {
        EXPECT_LE(std::fabs(found - wanted), 0.01 * std::fabs(wanted)) << many << " " << percentile;
      }
      EXPECT_EQ(Recoded(quantiles).At(percentile), found);
    }
  }
}

// Whatever came, went or was merged: what is answered follows from the values that are there.
TEST(Quantiles, HangOnTheirValuesAlone) {
  std::mt19937_64 random(4);
  std::vector<double> values;
  for (int i = 0; i < 3000; ++i) values.push_back(static_cast<double>(random() % 100'000) / 7);
  Quantiles moving;
  for (const double value : values) moving.Add(value);
  for (const size_t left : {2500u, 2001u, 1500u, 1001u, 1000u, 10u}) {
    while (values.size() > left) {
      moving.Remove(values.back());
      values.pop_back();
    }
    if (moving.wants_values()) {
      moving.Clear();
      for (const double value : values) moving.Add(value);
    }
    Quantiles fresh;
    Quantiles parts[3];
    for (size_t i = 0; i < values.size(); ++i) {
      fresh.Add(values[i]);
      parts[i % 3].Add(values[i]);
    }
    parts[0].Merge(parts[1]);
    parts[0].Merge(parts[2]);
    for (const double percentile : {0.0, 33.0, 50.0, 95.0, 100.0}) {
      EXPECT_EQ(moving.At(percentile), fresh.At(percentile)) << left;
      EXPECT_EQ(parts[0].At(percentile), fresh.At(percentile)) << left;
    }
  }
}

TEST(Quantiles, OfWhatIsNoFiniteNumber) {
  Quantiles quantiles;
  for (const double value : {kInfinity, 1.0, -kInfinity, std::nan("")}) quantiles.Add(value);
  EXPECT_EQ(quantiles.At(0), -kInfinity);
  EXPECT_TRUE(std::isnan(quantiles.At(100)));
  quantiles.Remove(std::nan(""));
  EXPECT_EQ(quantiles.At(100), kInfinity);
  EXPECT_EQ(quantiles.At(50), 1);
}

struct Entry {
  Hash128 key{};
  uint64_t value = 0;
};

TEST(StateTable, FindsWhatWasAddedAndNotWhatHasGone) {
  std::mt19937_64 random(5);
  StateTable<Entry> table;
  std::map<uint64_t, uint64_t> model;
  for (int i = 0; i < 50'000; ++i) {
    const uint64_t key = random() % 3000;
    const Hash128 hash = {key * 16, key};  // low bits that collide
    const uint32_t number = table.Find(hash);
    ASSERT_EQ(number != kNoState, model.contains(key));
    if (number == kNoState) {
      table[table.Add(hash)].value = model[key] = random();
    } else if (random() % 2 == 0) {
      EXPECT_EQ(table[number].value, model[key]);
      table.Remove(number);
      model.erase(key);
    }
    ASSERT_EQ(table.size(), model.size());
  }
  size_t visited = 0;
  table.ForEach([&](uint32_t number) {
    EXPECT_EQ(table[number].value, model.at(table[number].key[1]));
    ++visited;
  });
  EXPECT_EQ(visited, model.size());
}

TEST(StateTable, WhatWasFoundBeforeIsAskedForAgain) {
  StateTable<Entry> table;
  const uint32_t first = table.Add({1, 1});
  const uint32_t second = table.Add({2, 2});
  EXPECT_EQ(table.PeekAgain({2, 2}, kNoState), second);
  EXPECT_EQ(table.PeekAgain({2, 2}, second), second);
  EXPECT_EQ(table.PeekAgain({2, 2}, second + 1'000), second) << "it is of a larger table";
  table.Remove(first);
  EXPECT_EQ(table.PeekAgain({1, 1}, first), kNoState);
  EXPECT_EQ(table.PeekAgain({2, 2}, first), second);
}

}  // namespace
}  // namespace telltale::engine
