// Which offset may be committed, by cases and against a naive ledger that keeps everything.
#include "daemon/kafka/offset_ledger.h"

#include <algorithm>
#include <random>
#include <vector>

#include "gtest/gtest.h"

namespace telltale::kafka {
namespace {

constexpr int64_t kNone = engine::kMinTime;

OffsetLedger Fresh(int64_t offset = 0) { return OffsetLedger({offset, kNone, 0}); }

TEST(OffsetLedgerTest, NothingReadCommitsTheStart) {
  EXPECT_EQ(Fresh(7).Commit(), (CommitPoint{7, kNone, 7}));
}

TEST(OffsetLedgerTest, EventsHoldTheOffsetUntilTheyAreSettled) {
  OffsetLedger ledger = Fresh();
  ledger.OnTime(0, 100);
  ledger.OnTime(1, 90);
  ledger.OnTime(2, 110);
  EXPECT_EQ(ledger.Commit(), (CommitPoint{0, kNone, 3}));
  ledger.Settle(95);  // offset 1 is applied, but 0 is not
  EXPECT_EQ(ledger.Commit(), (CommitPoint{0, kNone, 3}));
  ledger.Settle(100);  // only times below 100
  EXPECT_EQ(ledger.Commit().offset, 0);
  ledger.Settle(101);
  EXPECT_EQ(ledger.Commit(), (CommitPoint{2, 100, 3}));
  ledger.Settle(200);
  EXPECT_EQ(ledger.Commit(), (CommitPoint{3, 110, 3}));
}

TEST(OffsetLedgerTest, SettledNeverFalls) {
  OffsetLedger ledger = Fresh();
  ledger.Settle(100);
  ledger.Settle(50);
  ledger.OnTime(0, 60);
  EXPECT_EQ(ledger.Commit(), (CommitPoint{1, 60, 1}));
}

TEST(OffsetLedgerTest, LettersHoldTheOffsetUntilTheyAreAcknowledged) {
  OffsetLedger ledger = Fresh();
  ledger.OnTime(0, 50);
  ledger.Letter(1);
  ledger.OnTime(2, 80);
  ledger.Letter(3);
  ledger.Passed(4);
  ledger.Settle(1000);
  EXPECT_EQ(ledger.Commit(), (CommitPoint{1, 50, 1}));
  ledger.Acknowledge(1);
  EXPECT_EQ(ledger.Commit(), (CommitPoint{3, 80, 3}));
  ledger.Acknowledge(3);
  EXPECT_EQ(ledger.Commit(), (CommitPoint{5, 80, 5}));
}

TEST(OffsetLedgerTest, LettersBelowTheReadPositionOfAnEarlierRunAreNotSentAgain) {
  OffsetLedger ledger({10, 40, 13});
  EXPECT_FALSE(ledger.SendsLetter(12));
  EXPECT_TRUE(ledger.SendsLetter(13));
  ledger.OnTime(10, 60);
  ledger.Passed(11);
  // Even while less is read again than was read before, the read position stays.
  EXPECT_EQ(ledger.Commit(), (CommitPoint{10, 40, 13}));
}

TEST(OffsetLedgerTest, WhatIsReadAgainIsSeen) {
  OffsetLedger ledger = Fresh();
  ledger.OnTime(0, 10);
  ledger.OnTime(5, 20);  // a gap
  EXPECT_TRUE(ledger.Seen(3));
  EXPECT_FALSE(ledger.SendsLetter(3));
  EXPECT_FALSE(ledger.Seen(6));
  EXPECT_EQ(ledger.Unapplied(), (CommitPoint{0, kNone, 6}));
  ledger.Settle(15);
  EXPECT_EQ(ledger.Unapplied(), (CommitPoint{5, 10, 6}));
}

struct Noted {
  int64_t offset;
  int64_t time;  // of an event
  bool event;
  bool open;  // a letter that is not acknowledged
};

CommitPoint Naive(const std::vector<Noted>& all, int64_t position, int64_t settled) {
  CommitPoint point{position, kNone, position};
  for (const Noted& one : all) {
    if (!one.event && one.open) point.read_position = std::min(point.read_position, one.offset);
    if (one.event ? one.time >= settled : one.open)
      point.offset = std::min(point.offset, one.offset);
  }
  for (const Noted& one : all) {
    if (one.event && one.offset < point.offset) {
      point.max_time_before = std::max(point.max_time_before, one.time);
    }
  }
  return point;
}

TEST(OffsetLedgerTest, AgreesWithANaiveLedger) {
  std::mt19937 random(7);
  for (int round = 0; round < 300; ++round) {
    OffsetLedger ledger = Fresh();
    std::vector<Noted> all;
    int64_t next = 0;
    int64_t settled = kNone;
    for (int step = 0; step < 100; ++step) {
      switch (random() % 5) {
        case 0:
        case 1:
          all.push_back({next, static_cast<int64_t>(step + random() % 20), true, false});
          ledger.OnTime(next, all.back().time);
          break;
        case 2:
          all.push_back({next, 0, false, true});
          ledger.Letter(next);
          break;
        case 3:
          settled = std::max<int64_t>(settled, step - static_cast<int64_t>(random() % 20));
          ledger.Settle(settled);
          break;
        case 4:
          for (Noted& one : all) {
            if (!one.open || random() % 2 == 0) continue;
            one.open = false;
            ledger.Acknowledge(one.offset);
          }
          break;
      }
      next = ledger.position() + static_cast<int64_t>(random() % 8 == 0 ? random() % 3 : 0);
      ASSERT_EQ(ledger.Commit(), Naive(all, ledger.position(), settled)) << round << " " << step;
    }
  }
}

}  // namespace
}  // namespace telltale::kafka
