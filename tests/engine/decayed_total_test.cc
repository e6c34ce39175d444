// Sums in which older values count less: their weights, what they come to, and that no order shows.
#include "engine/window/decayed_total.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <string>
#include <vector>

namespace telltale::engine {
namespace {

constexpr int64_t kHour = 3'600'000'000'000;

struct Told {
  double value = 0;
  int64_t time = 0;
};

DecayedTotal Of(const std::vector<Told>& all, int64_t half_life) {
  DecayedTotal total;
  for (const Told& told : all) total.Add(told.value, told.time, half_life, 1);
  return total;
}

std::string Bytes(const DecayedTotal& total) {
  std::string bytes;
  ByteWriter out(bytes);
  total.Encode(out);
  return bytes;
}

DecayedTotal Recoded(const DecayedTotal& total) {
  const std::string bytes = Bytes(total);
  ByteReader in(bytes);
  DecayedTotal after;
  after.Decode(in);
  in.End();
  EXPECT_TRUE(in.ok()) << in.status();
  EXPECT_EQ(Bytes(after), bytes);
  return after;
}

TEST(DecayedTotal, EachWeightIsTheNearest) {
  static_assert(std::numeric_limits<long double>::digits >= 64);
  for (uint32_t part = 0; part < 65'536; ++part) {
    const long double exact = std::exp2(static_cast<long double>(part) / 65'536) * 0x1p40L;
    ASSERT_EQ(DecayWeight(part), static_cast<uint64_t>(std::nearbyint(exact))) << part;
  }
}

TEST(DecayedTotal, AValueCountsAsItIsAndThenHalfAfterEachHalfLife) {
  for (const int64_t time : {int64_t{0}, kHour / 3, int64_t{1'700'000'123'456'789'012},
                             int64_t{-1'700'000'123'456'789'012}, int64_t{-1}}) {
    for (const int64_t half_life : {int64_t{1'000'000}, kHour, 24 * kHour, 8'760 * kHour}) {
      const DecayedTotal total = Of({{80, time}, {20.5, time}, {-0.25, time}}, half_life);
      EXPECT_EQ(total.At(time, half_life), 100.25);
      EXPECT_EQ(total.At(time + half_life, half_life), 50.125);
      EXPECT_EQ(total.At(time + 10 * half_life, half_life), 100.25 / 1024);
      EXPECT_EQ(total.At(time + 60 * half_life, half_life), std::ldexp(100.25, -60));
    }
  }
  EXPECT_EQ(DecayedTotal().At(kHour, kHour), 0);
}

TEST(DecayedTotal, IsNearToWhatIsMeant) {
  std::mt19937_64 random(3);
  for (int run = 0; run < 300; ++run) {
    const int64_t half_life = 1'000'000 + static_cast<int64_t>(random() % (100 * kHour));
    const int64_t begin = static_cast<int64_t>(random() >> 2) - (int64_t{1} << 61);
    std::vector<Told> all;
    for (int i = static_cast<int>(random() % 30); i >= 0; --i) {
      const auto age = static_cast<int64_t>(static_cast<double>(random() >> 11) * 0x1p-53 * 20 *
                                            static_cast<double>(half_life));
      all.push_back({static_cast<double>(random() % 1000) / 4, begin - age});
    }
    long double meant = 0;
    for (const Told& told : all)
      meant += told.value * std::exp2(-static_cast<long double>(begin - told.time) /
                                      static_cast<long double>(half_life));
    // A moment is known to a 65,536th of the half-life: two of them are off by two at most.
    EXPECT_NEAR(Of(all, half_life).At(begin, half_life), static_cast<double>(meant),
                static_cast<double>(meant) * 2.2e-5);
  }
}

TEST(DecayedTotal, NoOrderShowsAndWhatIsTakenOutLeavesNothing) {
  std::mt19937_64 random(7);
  for (int run = 0; run < 500; ++run) {
    const int64_t half_life = 1'000'000 + static_cast<int64_t>(random() % kHour);
    const int64_t begin = static_cast<int64_t>(random() >> 3);
    const auto some = [&] {
      std::vector<Told> all;
      for (int i = static_cast<int>(random() % 12); i > 0; --i) {
        const double size =
            std::ldexp(static_cast<double>(random() >> 11), static_cast<int>(random() % 60) - 60);
        all.push_back({random() % 2 == 0 ? size : -size,
                       begin + static_cast<int64_t>(random() % 60) * half_life +
                           static_cast<int64_t>(random() % 1'000'000)});
      }
      return all;
    };
    std::vector<Told> kept = some();
    const std::vector<Told> gone = some();
    const DecayedTotal wanted = Of(kept, half_life);
    DecayedTotal total = Of(gone, half_life);
    std::shuffle(kept.begin(), kept.end(), random);
    for (const Told& told : kept) total.Add(told.value, told.time, half_life, 1);
    total = Recoded(total);
    for (const Told& told : gone) total.Add(told.value, told.time, half_life, -1);
    DecayedTotal parts =
        Of({kept.begin(), kept.begin() + static_cast<long>(kept.size() / 2)}, half_life);
    parts.Merge(Of({kept.begin() + static_cast<long>(kept.size() / 2), kept.end()}, half_life));
    for (const int64_t later : {int64_t{60}, int64_t{61}, int64_t{65}}) {
      const int64_t at = begin + later * half_life + 17;
      EXPECT_EQ(total.At(at, half_life), wanted.At(at, half_life));
      EXPECT_EQ(parts.At(at, half_life), wanted.At(at, half_life));
    }
  }
}

// Values come and leave for a long time: the number in which they are summed goes on with them.
TEST(DecayedTotal, GoesOnWithTime) {
  std::mt19937_64 random(11);
  const int64_t half_life = kHour;
  std::vector<Told> inside;
  DecayedTotal total;
  int64_t now = -900 * kHour;
  for (int step = 0; step < 20'000; ++step) {
    now += static_cast<int64_t>(random() % (step % 1000 < 500 ? kHour / 10 : 9 * kHour));
    while (!inside.empty() && inside.front().time < now - 60 * half_life) {
      total.Add(inside.front().value, inside.front().time, half_life, -1);
      inside.erase(inside.begin());
    }
    const Told next{static_cast<double>(random() % 2001) - 1000, now};
    total.Add(next.value, next.time, half_life, 1);
    inside.push_back(next);
    if (step % 97 == 0) {
      ASSERT_EQ(total.At(now, half_life), Of(inside, half_life).At(now, half_life)) << step;
      total = Recoded(total);
    }
  }
}

TEST(DecayedTotal, ValuesThatCancelOutLeaveRoomForOlderOnes) {
  DecayedTotal total;
  total.Add(5, 60 * kHour, kHour, 1);
  total.Add(-5, 60 * kHour, kHour, 1);
  EXPECT_EQ(total.At(60 * kHour, kHour), 0);
  total.Add(3, 121 * kHour, kHour, 1);
  total.Add(5, 60 * kHour, kHour, -1);
  total.Add(-5, 60 * kHour, kHour, -1);
  EXPECT_EQ(total.At(121 * kHour, kHour), 3);
}

TEST(DecayedTotal, BytesThatNobodyWroteDoNoHarm) {
  std::mt19937_64 random(13);
  for (int run = 0; run < 20'000; ++run) {
    std::string bytes;
    ByteWriter out(bytes);
    out.Zigzag(static_cast<int64_t>(random() >> (random() % 64)) & (random() % 2 == 0 ? -64 : -1));
    out.Varint(random() % 15);
    for (int i = static_cast<int>(random() % 7); i > 0; --i) out.Fixed64(random());
    ByteReader in(bytes);
    DecayedTotal total;
    total.Decode(in);
    if (!in.ok()) continue;
    total.Add(1, static_cast<int64_t>(random()), 1'000'000, random() % 2 == 0 ? 1 : -1);
    total.Add(std::numeric_limits<double>::infinity(), 0, kHour, 1);
    total.Merge(Of({{1, kHour}}, kHour));
    total.At(static_cast<int64_t>(random()), kHour);
  }
}

}  // namespace
}  // namespace telltale::engine
