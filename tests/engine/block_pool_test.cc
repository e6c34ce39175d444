#include "engine/pattern/block_pool.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <random>
#include <string>
#include <vector>

#include "engine/event/packed_event.h"
#include "engine/event/stable_vector.h"

namespace telltale::engine {
namespace {

TEST(BlockPool, BlocksKeepWhatIsWrittenInThem) {
  struct Block {
    BlockPool::Handle handle;
    std::string text;
  };
  BlockPool pool;
  std::vector<Block> blocks;
  std::mt19937_64 random(1);
  for (int i = 0; i < 20'000; ++i) {
    if (blocks.empty() || random() % 5 < 3) {
      // Mostly small; some of a chunk's largest class and beyond.
      const size_t size = 1 + random() % (random() % 20 == 0 ? 20'000 : 300);
      Block block{pool.Take(size), std::string(size, static_cast<char>('a' + i % 26))};
      ASSERT_EQ(reinterpret_cast<uintptr_t>(pool.At(block.handle)) % 8, 0u);
      ASSERT_LT(block.handle, BlockPool::Handle{1} << 31);
      std::memcpy(pool.At(block.handle), block.text.data(), size);
      blocks.push_back(block);
    } else {
      std::swap(blocks[random() % blocks.size()], blocks.back());
      const Block& gone = blocks.back();
      ASSERT_EQ(std::memcmp(pool.At(gone.handle), gone.text.data(), gone.text.size()), 0);
      pool.Give(gone.handle, gone.text.size());
      blocks.pop_back();
    }
  }
  EXPECT_GT(pool.bytes(), 0u);
  for (const Block& block : blocks) {
    ASSERT_EQ(std::memcmp(pool.At(block.handle), block.text.data(), block.text.size()), 0);
    pool.Give(block.handle, block.text.size());
  }
  EXPECT_EQ(pool.bytes(), 0u);
}

TEST(BlockPool, RoundingAddsAnEighthAtMost) {
  for (size_t size = 1; size < 20'000; ++size) {
    BlockPool pool;
    pool.Take(size);
    EXPECT_GE(pool.bytes(), size);
    EXPECT_LE(pool.bytes(), std::max(size + 7, size + size / 8 + 8)) << size;
  }
}

TEST(BlockPool, WhatIsGivenBackIsTakenAgain) {
  BlockPool pool;
  const BlockPool::Handle first = pool.Take(100);
  pool.Give(first, 100);
  EXPECT_EQ(pool.Take(97), first);
}

TEST(StableVector, ReferencesStayWhileItGrows) {
  StableVector<std::string> texts;
  std::vector<std::string*> places;
  for (int i = 0; i < 1000; ++i) places.push_back(&texts.Add(std::to_string(i)));
  for (size_t i = 0; i < 1000; ++i) {
    EXPECT_EQ(&texts[i], places[i]);
    EXPECT_EQ(texts[i], std::to_string(i));
  }
  StableVector<std::string> moved = std::move(texts);
  EXPECT_EQ(moved.size(), 1000u);
  for (int i = 0; i < 500; ++i) moved.RemoveLast();
  moved.Add("again");
  EXPECT_EQ(moved[500], "again");
  EXPECT_EQ(&moved[500], places[500]);
}

TEST(PackedEvent, IsTheSameBlockAgain) {
  EventBuilder builder;
  std::mt19937_64 random(1);
  const auto any = [&] { return random() >> random() % 64; };
  for (int i = 0; i < 2'000; ++i) {
    const auto slots = static_cast<uint32_t>(random() % 12);
    builder.Begin(static_cast<uint32_t>(random() % 3), slots);
    for (uint32_t slot = 0; slot < slots; ++slot) {
      const EventBuilder::Ref ref = builder.slot(slot);
      switch (random() % 8) {
        case 0:
          builder.SetInt(ref, static_cast<int64_t>(any()) * (random() % 2 == 0 ? 1 : -1));
          break;
        case 1:
          builder.SetUint(ref, any());
          break;
        case 2:
          builder.SetDouble(ref, static_cast<double>(any()) / 7);
          break;
        case 3:
          builder.SetString(ref, std::string(random() % 40, 'x'));
          break;
        case 4:
          builder.SetBool(ref, random() % 2 == 0);
          break;
        case 5:
          builder.SetNull(ref);
          break;
        case 6: {
          const EventBuilder::Ref first = builder.SetList(ref, 2);
          builder.SetString(first, "in a list");
          builder.SetInt(EventBuilder::Element(first, 1), -1);
          break;
        }
        default:
          break;  // absent
      }
    }
    const Event* event =
        builder.Finish(static_cast<int64_t>(any()), 3, static_cast<int64_t>(any()));
    std::vector<char> packed(MostPackedBytes(*event));
    char* end = packed.data();
    PackEvent(*event, end);
    ASSERT_LE(end, packed.data() + packed.size());
    ASSERT_EQ(UnpackedBytes(packed.data()), event->byte_size);
    std::vector<uint64_t> block(event->byte_size / 8);
    UnpackEvent(packed.data(), block.data());
    const auto* again = reinterpret_cast<const Event*>(block.data());
    ASSERT_EQ(again->time, event->time);
    ASSERT_EQ(again->offset, event->offset);
    ASSERT_EQ(again->stream, event->stream);
    ASSERT_EQ(again->partition, event->partition);
    ASSERT_EQ(again->byte_size, event->byte_size);
    ASSERT_EQ(again->slot_count, event->slot_count);
    for (uint32_t slot = 0; slot < slots; ++slot) {
      const StoredValue& a = again->slots()[slot];
      const StoredValue& b = event->slots()[slot];
      ASSERT_TRUE(a.kind == b.kind && a.size == b.size && a.payload == b.payload);
    }
    ASSERT_EQ(std::memcmp(again->slots() + slots, event->slots() + slots,
                          event->byte_size - sizeof(Event) - slots * sizeof(StoredValue)),
              0);
  }
}

TEST(PackedEvent, ThreeSmallNumbersTakeAQuarterOfTheirBlock) {
  EventBuilder builder;
  builder.Begin(0, 3);
  builder.SetInt(builder.slot(0), 0);
  builder.SetInt(builder.slot(1), 5'000'000);
  builder.SetInt(builder.slot(2), 17);
  const Event* event = builder.Finish(1'700'000'000'000'000'000, 3, 5'000'000);
  std::vector<char> packed(MostPackedBytes(*event));
  char* end = packed.data();
  PackEvent(*event, end);
  EXPECT_LE(end - packed.data(), 26);
}

}  // namespace
}  // namespace telltale::engine
