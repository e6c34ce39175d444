// The ring in which sliding windows remember events: order, links, what is held, growing.
#include "engine/window/entry_ring.h"

#include <gtest/gtest.h>

#include <deque>
#include <map>
#include <random>
#include <vector>

namespace telltale::engine {
namespace {

// Pushes an entry behind the last one of its key.
uint64_t PushLinked(EntryRing& ring, std::map<uint32_t, uint64_t>& last, int64_t time,
                    uint32_t key) {
  const uint64_t place = ring.Push(time, key);
  if (const auto it = last.find(key); it != last.end()) ring.Link(it->second, place);
  last[key] = place;
  return place;
}

TEST(EntryRing, LinksAKeysEntriesFromTheOldestOnWhileItGrows) {
  EntryRing ring(0, 0, false);
  std::map<uint32_t, uint64_t> last;
  std::map<uint32_t, std::vector<uint64_t>> places;
  for (int64_t time = 0; time < 1000; ++time) {
    const auto key = static_cast<uint32_t>(time * time % 7);
    places[key].push_back(PushLinked(ring, last, time, key));
  }
  for (const auto& [key, of_key] : places) {
    uint64_t place = of_key.front();
    for (size_t i = 0; i < of_key.size(); ++i) {
      EXPECT_EQ(place, of_key[i]);
      EXPECT_EQ(ring.Key(place), key);
      EXPECT_EQ(ring.Time(place), static_cast<int64_t>(of_key[i]));
      if (i + 1 < of_key.size()) place = ring.After(place);
    }
  }
}

TEST(EntryRing, GoesRoundWithoutMixingUpWhatItHolds) {
  EntryRing ring(1, 1, true);
  const AccumulatorPlan plan{.tag = 0, .word = 0};
  std::deque<uint64_t> there;
  std::mt19937_64 random(1);
  for (uint64_t i = 0; i < 5'000; ++i) {
    const uint64_t place = ring.Push(static_cast<int64_t>(i), static_cast<uint32_t>(i % 100));
    EXPECT_EQ(ring.SaidAt(place, plan).tag, 0) << "nothing is left of who stood there before";
    EXPECT_EQ(ring.EventAt(place), kNoEvent);
    ring.Remember(place, plan, {.tag = 3, .word = i * i});
    ring.Hold(place, static_cast<EventHandle>(i), static_cast<uint32_t>(i % 5));
    there.push_back(i);
    while (there.size() > 300 || (!there.empty() && random() % 3 == 0)) {
      const uint64_t front = ring.begin();
      EXPECT_EQ(ring.Time(front), static_cast<int64_t>(there.front()));
      EXPECT_EQ(ring.SaidAt(front, plan).tag, 3);
      EXPECT_EQ(ring.SaidAt(front, plan).word, there.front() * there.front());
      EXPECT_EQ(ring.SourceAt(front), there.front() % 5);
      EXPECT_EQ(ring.Release(front), there.front());
      EXPECT_EQ(ring.EventAt(front), kNoEvent);
      ring.PopFront();
      there.pop_front();
    }
    EXPECT_EQ(ring.end() - ring.begin(), there.size());
  }
}

// Few tags stand beside the event, many in words of their own.
TEST(EntryRing, KeepsWhatWasSaidAndTheEventApart) {
  for (const uint32_t tags : {1u, 2u, 3u, 4u, 8u, 9u}) {
    for (const bool shows : {false, true}) {
      SCOPED_TRACE(testing::Message() << tags << " tags, events " << shows);
      EntryRing ring(tags, tags, shows);
      std::vector<AccumulatorPlan> plans(tags);
      for (uint32_t i = 0; i < tags; ++i) plans[i].tag = plans[i].word = i;
      for (uint32_t turn = 0; turn < 40; ++turn) {
        const uint64_t place = ring.Push(turn, 7);
        for (uint32_t i = 0; i < tags; i += 2)
          ring.Remember(place, plans[i], {.tag = static_cast<uint8_t>(255 - i), .word = i + turn});
        if (shows) ring.Hold(place, turn, kMaxSteps - 1);
        for (uint32_t i = 1; i < tags; i += 2)
          ring.Remember(place, plans[i], {.tag = static_cast<uint8_t>(255 - i), .word = i + turn});
        if (shows) {
          EXPECT_EQ(ring.EventAt(place), turn);
          EXPECT_EQ(ring.SourceAt(place), kMaxSteps - 1);
          EXPECT_EQ(ring.Release(place), turn);
          EXPECT_EQ(ring.EventAt(place), kNoEvent);
        }
        for (uint32_t i = 0; i < tags; ++i) {
          EXPECT_EQ(ring.SaidAt(place, plans[i]).tag, 255 - i);
          EXPECT_EQ(ring.SaidAt(place, plans[i]).word, i + turn);
        }
      }
    }
  }
}

// What takes an event over has to find none where it was given away before.
TEST(EntryRing, WhatIsDroppedHoldsNoEvent) {
  EntryRing ring(0, 0, true);
  ring.Hold(ring.Push(1, 1), 17, 2);
  ring.Drop(ring.begin());
  EXPECT_EQ(ring.Key(ring.begin()), EntryRing::kGone);
  EXPECT_EQ(ring.EventAt(ring.begin()), kNoEvent);
}

TEST(EntryRing, SortsByTimeAndKeepsWhatIsEqualAsItWas) {
  EntryRing ring(0, 0, true);
  const std::vector<std::pair<int64_t, uint32_t>> pushed = {
      {5, 1}, {2, 2}, {5, 3}, {-1, 4}, {2, 5}};
  for (const auto& [time, key] : pushed) ring.Hold(ring.Push(time, key), key * 10, 0);
  ring.Drop(1);
  ring.Sort();
  std::vector<uint32_t> events;
  for (uint64_t place = ring.begin(); place != ring.end(); ++place)
    events.push_back(ring.EventAt(place));
  EXPECT_EQ(events, (std::vector<uint32_t>{40, kNoEvent, 50, 10, 30}));
  EXPECT_EQ(ring.Key(1), EntryRing::kGone);
  EXPECT_EQ(ring.Key(2), 5u);
}

}  // namespace
}  // namespace telltale::engine
