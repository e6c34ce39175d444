#include "engine/pattern/key_table.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <vector>

namespace telltale::engine {
namespace {

Hash128 RandomKey(std::mt19937_64& random) {
  // Few low parts, so that many share a bucket, and some differ in the high part alone.
  return {random() % 500, random() % 4};
}

TEST(KeyTable, AgreesWithAMapWhateverComesAndGoes) {
  std::mt19937_64 random(1);
  KeyTable table;
  std::map<Hash128, uint32_t> seats;
  for (uint32_t i = 0; i < 100'000; ++i) {
    const Hash128 key = RandomKey(random);
    const auto it = seats.find(key);
    ASSERT_EQ(table.Find(key), it == seats.end() ? KeyTable::kNone : it->second);
    if (it == seats.end()) {
      const uint32_t seat = table.Add(key);
      table[seat].place = i;
      seats.emplace(key, seat);
    } else if (random() % 4 != 0) {
      table.Remove(it->second);
      seats.erase(it);
    }
    ASSERT_EQ(table.size(), seats.size());
  }
  std::map<Hash128, uint32_t> visited;
  table.ForEach([&](uint32_t seat) { visited.emplace(table[seat].key, seat); });
  EXPECT_EQ(visited, seats);
}

TEST(KeyTable, ASeatStaysWhileTheTableGrows) {
  std::mt19937_64 random(2);
  KeyTable table;
  std::vector<Hash128> keys;
  for (uint32_t i = 0; i < 50'000; ++i) {
    keys.push_back({random(), random()});
    ASSERT_EQ(table.Add(keys.back()), i);
  }
  for (uint32_t i = 0; i < keys.size(); ++i) ASSERT_EQ(table.Find(keys[i]), i);
}

TEST(KeyTable, ASeatIsAKeysForAsLongAsItHasIt) {
  KeyTable table;
  const uint32_t first = table.Add({1, 1});
  const uint32_t second = table.Add({2, 2});
  EXPECT_TRUE(table.IsOf(first, {1, 1}));
  EXPECT_FALSE(table.IsOf(second, {1, 1}));
  EXPECT_FALSE(table.IsOf(second + 1, {1, 1})) << "it is of a larger table";
  EXPECT_FALSE(table.IsOf(KeyTable::kNone, {1, 1}));
  table.Remove(first);
  EXPECT_FALSE(table.IsOf(first, {1, 1}));
  EXPECT_EQ(table.Add({3, 3}), first);
  EXPECT_FALSE(table.IsOf(first, {1, 1}));
}

TEST(KeyTable, VisitsMayRemove) {
  KeyTable table;
  for (uint64_t i = 0; i < 100; ++i) table.Add({i, i});
  table.ForEach([&](uint32_t seat) {
    if (table[seat].key[0] % 2 == 0) table.Remove(seat);
  });
  EXPECT_EQ(table.size(), 50u);
  EXPECT_EQ(table.Find({4, 4}), KeyTable::kNone);
  EXPECT_NE(table.Find({5, 5}), KeyTable::kNone);
}

}  // namespace
}  // namespace telltale::engine
