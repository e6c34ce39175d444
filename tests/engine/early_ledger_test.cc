// What a ledger of early alerts (T5) says of each change of a picture, and its byte form.
#include "engine/alert/early_ledger.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "tests/engine/engine_harness.h"

namespace telltale::engine {
namespace {

constexpr Hash128 kKey = {1, 2};
constexpr int64_t kNoWait = 0;

// An alert of a rule over logins and payments, and others like it.
class EarlyLedgerTest : public testing::Test {
 protected:
  EarlyLedgerTest() {
    const TestEvent login{.stream = 0, .time_ms = 1000, .fields = {{"user", std::string("u")}}};
    const TestEvent pay{.stream = 1, .time_ms = 2000, .fields = {{"user", std::string("u")}}};
    alert_ =
        RunRules(
            "id: r\nby: user\nsequence:\n  - login: { on: logins }\n  - pay: { on: payments }\n"
            "within: 1m\nalert: { title: 'of {{user}}', fields: { a: user }, risk_score: 7,\n"
            "  entities: { user: user } }\n",
            {"logins", "payments"}, {login, pay})
            .at(0);
  }
  Alert Other(uint64_t id, int64_t time) const {
    Alert alert = alert_;
    alert.id = {id, id};
    alert.time = time;
    return alert;
  }
  // "early 1" of each that was told since the last call.
  std::vector<std::string> Told() {
    std::vector<std::string> lines;
    for (const Alert& alert : out_) {
      lines.push_back((alert.status == AlertStatus::kEarly ? "early " : "retracted ") +
                      std::to_string(alert.revision) + " of " + std::to_string(alert.id[0]));
    }
    out_.clear();
    return lines;
  }
  void Replace(EarlyLedger& ledger, std::vector<Alert> picture) {
    ledger.Replace(kKey, picture, out_);
  }

  using Lines = std::vector<std::string>;
  Alert alert_;
  std::vector<Alert> out_;
};

TEST_F(EarlyLedgerTest, TellsWhatIsNewAndWhatSaysSomethingElse) {
  EarlyLedger ledger(kNoWait);
  ledger.Add(kKey, Other(1, 10), out_);
  EXPECT_EQ(Told(), Lines({"early 1 of 1"}));
  ledger.Add(kKey, Other(1, 10), out_);
  EXPECT_EQ(Told(), Lines());
  Alert other = Other(1, 10);
  other.suppressed = 3;
  ledger.Add(kKey, other, out_);
  EXPECT_EQ(Told(), Lines({"early 2 of 1"}));
  EXPECT_EQ(ledger.outstanding(), 1);
  Alert final = Other(1, 10);
  ledger.Finish(kKey, final);
  EXPECT_EQ(final.revision, 3u);
  EXPECT_EQ(ledger.outstanding(), 0);
  Alert unheard = Other(2, 10);
  ledger.Finish(kKey, unheard);
  EXPECT_EQ(unheard.revision, 1u);
}

TEST_F(EarlyLedgerTest, APictureTakesBackWhatItDoesNotHave) {
  EarlyLedger ledger(kNoWait);
  Replace(ledger, {Other(1, 30), Other(2, 20)});
  EXPECT_EQ(Told(), Lines({"early 1 of 1", "early 1 of 2"}));
  Replace(ledger, {Other(3, 40)});
  // In T7's order, and before what is told anew.
  EXPECT_EQ(Told(), Lines({"retracted 2 of 2", "retracted 2 of 1", "early 1 of 3"}));
  Replace(ledger, {Other(1, 30)});
  EXPECT_EQ(Told(), Lines({"retracted 2 of 3", "early 3 of 1"}));
  EXPECT_EQ(ledger.outstanding(), 1);
  EXPECT_EQ(ledger.retracted(), 3);
}

TEST_F(EarlyLedgerTest, WhatWasTakenBackIsForgottenOnceItCannotComeAgain) {
  EarlyLedger ledger(5);
  Replace(ledger, {Other(1, 30)});
  Replace(ledger, {});
  ledger.Pass(35, out_);
  Told();
  Replace(ledger, {Other(1, 30)});
  EXPECT_EQ(Told(), Lines({"early 3 of 1"}));
  Replace(ledger, {});
  ledger.Pass(36, out_);
  Told();
  Replace(ledger, {Other(1, 30)});
  EXPECT_EQ(Told(), Lines({"early 1 of 1"}));
}

TEST_F(EarlyLedgerTest, NothingIsRememberedOfAKeyOfWhichNothingIsKept) {
  EarlyLedger ledger(kNoWait);
  Replace(ledger, {Other(1, 30), Other(2, 40)});
  Replace(ledger, {Other(2, 40)});
  Told();
  ledger.Conclude(kKey, true, out_);
  EXPECT_EQ(Told(), Lines({"retracted 2 of 2"}));
  size_t keys = 0;
  ledger.ForEachKey([&](const Hash128&) { ++keys; });
  EXPECT_EQ(keys, 1u);
  ledger.Conclude(kKey, false, out_);
  ledger.ForEachKey([&](const Hash128&) { ++keys; });
  EXPECT_EQ(keys, 1u);
}

// One limit alert stands for an hour of its key (P10): it can come again with any event of it.
TEST_F(EarlyLedgerTest, WhatLimitsHaveToSayIsRememberedForItsHour) {
  constexpr int64_t kHour = 3'600'000'000'000;
  for (const int64_t wait : {kNoWait, kForever}) {
    EarlyLedger ledger(wait);
    Alert limit = Other(1, kHour + 30);
    limit.kind = AlertKind::kLimit;
    limit.evidence.clear();
    Replace(ledger, {limit});
    Replace(ledger, {});
    ledger.Conclude(kKey, false, out_);
    ledger.Pass(2 * kHour, out_);
    Told();
    limit.time = kHour + 40;
    Replace(ledger, {limit});
    EXPECT_EQ(Told(), Lines({"early 3 of 1"}));
    Replace(ledger, {});
    std::string bytes;
    ByteWriter writer(bytes);
    ledger.Encode(writer);
    EarlyLedger read(wait);
    ByteReader reader(bytes);
    read.Decode(alert_.rules, *alert_.rule, reader);
    ASSERT_TRUE(reader.ok());
    read.Conclude(kKey, false, out_);
    size_t keys = 0;
    read.ForEachKey([&](const Hash128&) { ++keys; });
    EXPECT_EQ(keys, 1u);
    read.Pass(2 * kHour + 1, out_);
    read.ForEachKey([&](const Hash128&) { ++keys; });
    EXPECT_EQ(keys, 1u);
    Told();
  }
}

TEST_F(EarlyLedgerTest, WhatIsAwaitedOutlivesPicturesUntilItsWatermark) {
  EarlyLedger ledger(kNoWait);
  Replace(ledger, {Other(1, 30), Other(2, 40)});
  ledger.Await(kKey);
  Told();
  Replace(ledger, {Other(2, 40)});
  ledger.Conclude(kKey, true, out_);
  ledger.Pass(30, out_);
  // The second stands in a picture, so it was for the end of its key's events to judge.
  EXPECT_EQ(Told(), Lines({"retracted 2 of 2"}));
  ledger.Pass(31, out_);
  EXPECT_EQ(Told(), Lines({"retracted 2 of 1"}));
}

TEST_F(EarlyLedgerTest, BytesKeepWhatWasSaid) {
  EarlyLedger ledger(kNoWait);
  Alert rich = Other(1, 30);
  rich.window = {.start = -5, .end = 7, .by_event = true};
  rich.record_key = "k";
  rich.key = {rules::KeyPart()};
  Replace(ledger, {rich, Other(2, 40)});
  Replace(ledger, {rich});
  const std::vector<std::string> said = {AlertJson(rich)};
  std::string bytes;
  ByteWriter writer(bytes);
  ledger.Encode(writer);
  EarlyLedger read(kNoWait);
  ByteReader reader(bytes);
  read.Decode(alert_.rules, *alert_.rule, reader);
  reader.End();
  ASSERT_TRUE(reader.status().ok()) << reader.status();
  EXPECT_EQ(read.outstanding(), 1);
  Told();
  read.Add(kKey, rich, out_);
  EXPECT_EQ(Told(), Lines());
  read.Add(kKey, Other(2, 40), out_);
  EXPECT_EQ(Told(), Lines({"early 3 of 2"}));
  read.RetractAll(out_);
  ASSERT_EQ(out_.size(), 2u);
  Alert back = out_[0];
  EXPECT_EQ(back.revision, 2u);
  back.revision = 0;
  back.status = AlertStatus::kFinal;
  EXPECT_EQ(AlertJson(back), said[0]);
}

TEST_F(EarlyLedgerTest, BrokenBytesAreRefused) {
  EarlyLedger ledger(kNoWait);
  Replace(ledger, {Other(1, 30), Other(2, 40)});
  std::string bytes;
  ByteWriter writer(bytes);
  ledger.Encode(writer);
  for (size_t size = 0; size < bytes.size(); ++size) {
    EarlyLedger read(kNoWait);
    ByteReader reader(std::string_view(bytes).substr(0, size));
    read.Decode(alert_.rules, *alert_.rule, reader);
    EXPECT_FALSE(reader.ok()) << size;
  }
  for (size_t i = 0; i < bytes.size(); ++i) {
    for (const int bit : {0, 3, 7}) {
      std::string broken = bytes;
      broken[i] = static_cast<char>(broken[i] ^ 1 << bit);
      EarlyLedger read(kNoWait);
      ByteReader reader(broken);
      read.Decode(alert_.rules, *alert_.rule, reader);
      if (!reader.ok()) continue;
      read.RetractAll(out_);
      for (const Alert& alert : out_) EXPECT_FALSE(AlertJson(alert).empty());
      out_.clear();
    }
  }
}

}  // namespace
}  // namespace telltale::engine
