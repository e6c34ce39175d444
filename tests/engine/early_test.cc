// `emit: early` (T5) by hand: what is told at which event, what takes it back, and what is final.
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "tests/engine/engine_harness.h"

namespace telltale::engine {
namespace {

constexpr int64_t kMs = 1'000'000;

TestEvent At(int64_t time_ms, const std::string& type, const std::string& user = "u",
             uint32_t partition = 0) {
  return {.stream = 0,
          .time_ms = time_ms,
          .fields = {{"t", type}, {"k", user}},
          .partition = partition};
}

// One engine over stream a, whose events may be 10 s out of order, with a step after each event.
class Teller {
 public:
  explicit Teller(const std::string& yaml) {
    rules_ = CompileText(yaml, streams_);
    EngineOptions options{.threads = false};
    options.max_out_of_orderness = {10'000 * kMs};
    engine_ = MakeEngine(rules_, options, sink_);
    engine_->AddPartition({0, 0}, {});
  }

  // What the event makes to be told, before any watermark moves: "early 1 @2000: 1000 2000".
  std::vector<std::string> Offer(const TestEvent& event) {
    engine_->Offer(*Build(builder_, engine_->RulesAt(event.time_ms * kMs), event, offset_++));
    // A batch that is sent carries the watermarks; they lie 10 s behind.
    engine_->Flush();
    return Told();
  }
  std::vector<std::string> Finish() {
    engine_->Finish();
    return Told();
  }
  std::vector<std::string> AdvanceTo(int64_t time_ms) {
    engine_->AdvanceTo(time_ms * kMs);
    engine_->Flush();
    return Told();
  }
  Engine& engine() { return *engine_; }
  const std::vector<Alert>& last() const { return last_; }
  RuleStats stats() const { return engine_->Stats().rules.at(0); }
  std::vector<std::string> Told() {
    last_ = sink_.Delivered();
    std::vector<std::string> lines;
    for (const Alert& alert : last_) {
      const char* status = alert.status == AlertStatus::kFinal   ? "final "
                           : alert.status == AlertStatus::kEarly ? "early "
                                                                 : "retracted ";
      std::string line =
          status + std::to_string(alert.revision) + " @" + std::to_string(alert.time / kMs) + ":";
      for (const Evidence& evidence : alert.evidence)
        line += " " + std::to_string(evidence.time / kMs);
      if (alert.suppressed != 0) line += " +" + std::to_string(alert.suppressed);
      lines.push_back(std::move(line));
    }
    return lines;
  }
  const std::shared_ptr<const rules::StreamCatalog>& streams() const { return streams_; }

 private:
  const std::shared_ptr<const rules::StreamCatalog> streams_ = TestStreams({"a"});
  std::shared_ptr<const CompiledRules> rules_;
  CollectingSink sink_;
  std::unique_ptr<Engine> engine_;
  EventBuilder builder_;
  int64_t offset_ = 0;
  std::vector<Alert> last_;
};

using Lines = std::vector<std::string>;

std::string Step(const std::string& name, const std::string& type, const std::string& more = "") {
  return "  - " + name + ": { on: a, where: t == \"" + type + "\"" + more + " }\n";
}

const char* const kHead = "id: r\nby: k\nemit: early\nwarm_up: assume_empty\n";

TEST(Early, AMatchIsToldWhenItsLastEventComesAndConfirmed) {
  Teller teller(kHead + ("sequence:\n" + Step("a", "A") + Step("b", "B")) + "within: 1m\n");
  EXPECT_EQ(teller.Offer(At(1000, "A")), Lines());
  EXPECT_EQ(teller.Offer(At(2000, "B")), Lines({"early 1 @2000: 1000 2000"}));
  EXPECT_EQ(teller.stats().early, 1);
  const Alert early = teller.last().at(0);
  EXPECT_EQ(teller.Offer(At(11'000, "X")), Lines());
  EXPECT_EQ(teller.Offer(At(12'001, "X")), Lines({"final 2 @2000: 1000 2000"}));
  const Alert settled = teller.last().at(0);
  EXPECT_EQ(settled.id, early.id);
  EXPECT_EQ(teller.stats().early, 0);
  EXPECT_EQ(teller.stats().retracted, 0u);
  EXPECT_EQ(teller.stats().alerts, 1u);
  EXPECT_EQ(teller.Finish(), Lines());
}

// The body is the settled one but for status and revision.
TEST(Early, FinalsAreTheSettledAlerts) {
  const std::string rule = "id: r\nby: k\nsequence:\n" + Step("a", "A") + Step("b", "B");
  std::vector<Alert> settled =
      RunRules(rule + "within: 1m\n", {"a"}, {At(1000, "A"), At(2000, "B")});
  Teller teller(rule + "within: 1m\nemit: early\n");
  teller.Offer(At(1000, "A"));
  teller.Offer(At(2000, "B"));
  teller.Finish();
  ASSERT_EQ(settled.size(), 1u);
  Alert last = teller.last().at(0);
  EXPECT_EQ(last.revision, 2u);
  EXPECT_EQ(settled[0].revision, 0u);
  last.revision = 0;
  EXPECT_EQ(AlertJson(last), AlertJson(settled[0]));
}

// What was told of a match is not made again when it is settled, but its errors are those of the
// settled alert, once (V1).
TEST(Early, AConditionOfItsRiskIsJudgedWhenItIsSettled) {
  Teller teller(
      "id: r\nby: k\nwithin: 10s\nemit: early\nsequence:\n"
      "  - a: { on: a, where: t == 'a' }\n  - b: { on: a, where: t == 'b' }\n"
      "alert: { risk_score: { base: 10, add: [ { where: 'a.nowhere == 1', score: 5 } ] } "
      "}\n");
  teller.Offer(At(1000, "a"));
  teller.Offer(At(2000, "b"));
  EXPECT_EQ(teller.stats().condition_errors, 0u);
  const std::string told = AlertJson(teller.last().at(0));
  teller.Finish();
  EXPECT_EQ(teller.stats().condition_errors, 1u);
}

// The settled alert is one of a match, not of a key: of few or of many each is the one that was
// told of it.
TEST(Early, EachOfAKeysAlertsIsConfirmedAsItWasTold) {
  for (const int64_t count : {3, 30}) {
    Teller teller(
        "id: r\nby: k\nwithin: 10s\nemit: early\nsequence:\n"
        "  - a: { on: a, where: t == 'a' }\n  - b: { on: a, where: t == 'b' }\n"
        "alert: { fields: { began: a.event_time, ended: b.event_time } }\n");
    for (int64_t i = 0; i < count; ++i) teller.Offer(At(1000 + i, "a"));
    teller.Offer(At(2000, "b"));
    std::map<Hash128, std::string> told;
    for (Alert alert : teller.last()) {
      alert.status = AlertStatus::kFinal;
      ++alert.revision;
      told[alert.id] = AlertJson(alert);
    }
    teller.Finish();
    ASSERT_EQ(static_cast<int64_t>(told.size()), count);
    ASSERT_EQ(static_cast<int64_t>(teller.last().size()), count);
    for (const Alert& alert : teller.last()) EXPECT_EQ(AlertJson(alert), told[alert.id]);
  }
}

TEST(Early, AnEarlierEventOfANotTakesItBack) {
  Teller teller(kHead + ("sequence:\n" + Step("a", "A")) +
                "  - not: { on: a, where: t == \"N\" }\n" + Step("b", "B") + "within: 1m\n");
  teller.Offer(At(1000, "A"));
  EXPECT_EQ(teller.Offer(At(5000, "B")), Lines({"early 1 @5000: 1000 5000"}));
  EXPECT_EQ(teller.Offer(At(3000, "N")), Lines({"retracted 2 @5000: 1000 5000"}));
  EXPECT_EQ(teller.stats().early, 0);
  EXPECT_EQ(teller.stats().retracted, 1u);
  EXPECT_EQ(teller.Finish(), Lines());
}

TEST(Early, AnAbsenceIsToldAtTheNextEventAndTakenBack) {
  Teller teller(kHead + ("sequence:\n" + Step("a", "A")) +
                "  - not: { on: a, where: t == \"N\", within: 5s }\n");
  EXPECT_EQ(teller.Offer(At(1000, "A")), Lines());
  // Another event of the key that the rule asks for, beyond the deadline.
  EXPECT_EQ(teller.Offer(At(7000, "A")), Lines({"early 1 @6000: 1000"}));
  EXPECT_EQ(teller.Offer(At(4000, "N")), Lines({"retracted 2 @6000: 1000"}));
  EXPECT_EQ(teller.Finish(), Lines({"final 1 @12000: 7000"}));
}

TEST(Early, TheRightOneIsToldBesideTheOneThatIsTakenBack) {
  // The first B after A counts; an earlier one makes another match.
  Teller teller(kHead + ("sequence:\n" + Step("a", "A") + Step("b", "B")) + "within: 1m\n");
  teller.Offer(At(1000, "A"));
  EXPECT_EQ(teller.Offer(At(5000, "B")), Lines({"early 1 @5000: 1000 5000"}));
  EXPECT_EQ(teller.Offer(At(3000, "B")),
            Lines({"retracted 2 @5000: 1000 5000", "early 1 @3000: 1000 3000"}));
  EXPECT_EQ(teller.Finish(), Lines({"final 2 @3000: 1000 3000"}));
}

TEST(Early, WhatWasTakenBackComesAgainWithAHigherRevision) {
  // A at 4 s begins a match of its own for each B; strictly next after 1 s is N, then A, then B.
  Teller teller(kHead + ("sequence:\n" + Step("a", "A") + Step("b", "B", ", contiguity: strict")) +
                "within: 1m\nmatch: all\nsuppress: { for: 2s }\n");
  teller.Offer(At(4000, "A"));
  EXPECT_EQ(teller.Offer(At(5000, "B")), Lines({"early 1 @5000: 4000 5000"}));
  // An earlier match keeps it back...
  teller.Offer(At(3000, "A"));
  EXPECT_EQ(teller.Offer(At(3500, "B")),
            Lines({"retracted 2 @5000: 4000 5000", "early 1 @3500: 3000 3500"}));
  // ... until that proves not to be strictly next.
  EXPECT_EQ(teller.Offer(At(3200, "N")),
            Lines({"retracted 2 @3500: 3000 3500", "early 3 @5000: 4000 5000"}));
  EXPECT_EQ(teller.Finish(), Lines({"final 4 @5000: 4000 5000"}));
}

TEST(Early, StrictContiguityIsBrokenByAnEventThatComesLater) {
  Teller teller(kHead + ("sequence:\n" + Step("a", "A") + Step("b", "B", ", contiguity: strict")) +
                "within: 1m\n");
  teller.Offer(At(1000, "A"));
  EXPECT_EQ(teller.Offer(At(3000, "B")), Lines({"early 1 @3000: 1000 3000"}));
  EXPECT_EQ(teller.Offer(At(2000, "X")), Lines({"retracted 2 @3000: 1000 3000"}));
  EXPECT_EQ(teller.Finish(), Lines());
}

TEST(Early, SuppressionChangesHands) {
  Teller teller(kHead + ("sequence:\n" + Step("a", "A") + Step("b", "B")) +
                "within: 1m\nsuppress: { for: 10s }\n");
  teller.Offer(At(4000, "A"));
  EXPECT_EQ(teller.Offer(At(5000, "B")), Lines({"early 1 @5000: 4000 5000"}));
  // Of two matches by one event that which began first goes out.
  EXPECT_EQ(teller.Offer(At(1000, "A")),
            Lines({"retracted 2 @5000: 4000 5000", "early 1 @5000: 1000 5000"}));
  EXPECT_EQ(teller.Offer(At(2000, "B")),
            Lines({"retracted 2 @5000: 1000 5000", "early 1 @2000: 1000 2000"}));
  EXPECT_EQ(teller.Offer(At(16'000, "X")), Lines({"final 2 @2000: 1000 2000"}));
  EXPECT_EQ(teller.Finish(), Lines());
}

TEST(Early, ASessionIsJoinedByAnEventInBetween) {
  Teller teller(
      "id: r\nby: k\nemit: [early, every_window]\nwarm_up: assume_empty\naggregate:\n"
      "  on: a\n  window: { session: 3s }\n  evidence: 1\nalert: { fields: { n: count() } }\n");
  teller.Offer(At(1000, "A"));
  // The first session is over, as far as one knows.
  EXPECT_EQ(teller.Offer(At(6000, "A")), Lines({"early 1 @4000: 1000"}));
  EXPECT_EQ(teller.last().at(0).fields.at(0).second, "1");
  EXPECT_EQ(teller.Offer(At(3500, "A")), Lines({"retracted 2 @4000: 1000"}));
  EXPECT_EQ(teller.Finish(), Lines({"final 1 @9000: 6000"}));
  EXPECT_EQ(teller.last().at(0).fields.at(0).second, "3");
}

TEST(Early, AWindowThatSaysSomethingElseIsToldAgain) {
  Teller teller(
      "id: r\nby: k\nemit: [early, every_window]\nwarm_up: assume_empty\naggregate:\n"
      "  on: a\n  window: { tumbling: 5s }\nalert: { fields: { n: count() } }\n");
  teller.Offer(At(1000, "A"));
  EXPECT_EQ(teller.Offer(At(6000, "A")), Lines({"early 1 @5000:"}));
  EXPECT_EQ(teller.Offer(At(2000, "A")), Lines({"early 2 @5000:"}));
  EXPECT_EQ(teller.last().at(0).fields.at(0).second, "2");
  EXPECT_EQ(teller.Finish(), Lines({"final 3 @5000:", "final 1 @10000:"}));
}

TEST(Early, NewTermsAreTakenBackByAnEarlierSighting) {
  Teller teller(
      "id: r\nby: k\nemit: early\nwarm_up: assume_empty\n"
      "new_terms: { on: a, field: t, history: 1h }\n");
  EXPECT_EQ(teller.Offer(At(5000, "A")), Lines({"early 1 @5000: 5000"}));
  EXPECT_EQ(teller.Offer(At(2000, "A")), Lines({"retracted 2 @5000: 5000", "early 1 @2000: 2000"}));
  EXPECT_EQ(teller.Finish(), Lines({"final 2 @2000: 2000"}));
}

TEST(Early, TheFirstWordOfWhatSettlesByTimeAloneIsFinal) {
  Teller teller(kHead + ("sequence:\n" + Step("a", "A")) +
                "  - not: { on: a, where: t == \"N\", within: 5s }\n");
  teller.Offer(At(1000, "A"));
  EXPECT_EQ(teller.AdvanceTo(6001), Lines({"final 1 @6000: 1000"}));
}

// All that has come of the key is settled before more comes of it.
TEST(Early, GoesOnFromWhatIsSettled) {
  Teller teller(kHead + ("sequence:\n" + Step("a", "A") + Step("b", "B")) +
                "within: 1m\nsuppress: { by: k, for: 20s }\n");
  teller.Offer(At(1000, "A"));
  teller.AdvanceTo(5000);
  EXPECT_EQ(teller.Offer(At(6000, "B")), Lines({"early 1 @6000: 1000 6000"}));
  EXPECT_EQ(teller.AdvanceTo(7000), Lines({"final 2 @6000: 1000 6000"}));
  teller.Offer(At(8000, "A"));
  teller.AdvanceTo(9000);
  EXPECT_EQ(teller.Offer(At(10'000, "B")), Lines());  // it is kept back
  teller.AdvanceTo(11'000);
  teller.Offer(At(30'000, "A"));
  EXPECT_EQ(teller.Offer(At(31'000, "B")), Lines({"early 1 @31000: 30000 31000 +1"}));
  EXPECT_EQ(teller.Finish(), Lines({"final 2 @31000: 30000 31000 +1"}));
}

// What has ended while the key had no events that wait is told once.
TEST(Early, WhatEndsByTheWatermarkIsNotToldAgain) {
  Teller teller(kHead + ("sequence:\n" + Step("a", "A")) +
                "  - not: { on: a, where: t == \"N\", within: 5s }\n");
  teller.Offer(At(1000, "A"));
  EXPECT_EQ(teller.AdvanceTo(2000), Lines());
  EXPECT_EQ(teller.AdvanceTo(7000), Lines({"final 1 @6000: 1000"}));
  EXPECT_EQ(teller.Offer(At(8000, "A")), Lines());
  EXPECT_EQ(teller.AdvanceTo(9000), Lines());
  EXPECT_EQ(teller.Offer(At(9500, "N")), Lines());
  EXPECT_EQ(teller.Finish(), Lines());
}

// Twice around: those of which no picture has stayed are drawn anew.
TEST(Early, MoreKeysThanPicturesStay) {
  constexpr int kKeys = 20'000;
  Teller teller(kHead + ("sequence:\n" + Step("a", "A") + Step("b", "B")) + "within: 1d\n");
  int64_t now = 0;
  for (int i = 0; i < kKeys; ++i) {
    teller.Offer(At(++now, "A", "u" + std::to_string(i)));
    if (i % 7 == 0) teller.Offer(At(++now, "A", "u" + std::to_string(i / 2)));
    if (i % 100 == 0) teller.AdvanceTo(now);
  }
  teller.AdvanceTo(++now);
  size_t early = 0;
  size_t settled = 0;
  for (int i = 0; i < kKeys; ++i) {
    early += teller.Offer(At(++now, "B", "u" + std::to_string(i))).size();
    if (i % 100 == 0) settled += teller.AdvanceTo(now + 1).size();
  }
  settled += teller.Finish().size();
  const size_t begun = kKeys + (kKeys + 6) / 7;
  EXPECT_EQ(early, begun);
  EXPECT_EQ(settled, begun);
}

TEST(Early, LateEventsChangeNothing) {
  Teller teller(kHead + ("sequence:\n" + Step("a", "A")) +
                "  - not: { on: a, where: t == \"N\" }\n" + Step("b", "B") + "within: 1m\n");
  teller.Offer(At(1000, "A"));
  teller.Offer(At(5000, "B"));
  EXPECT_EQ(teller.Offer(At(16'000, "X")), Lines({"final 2 @5000: 1000 5000"}));
  EXPECT_EQ(teller.Offer(At(3000, "N")), Lines());
  EXPECT_EQ(teller.Finish(), Lines());
}

TEST(Early, SingleEventsAreFinalAtOnce) {
  Teller teller("id: r\non: a\nwhere: t == \"A\"\nemit: early\n");
  EXPECT_EQ(teller.Offer(At(1000, "A")), Lines({"final 0 @1000: 1000"}));
}

// C2, C3: what was told of events behind the switch is confirmed by the next set, where the rule
// goes on, and taken back where it does not.
class EarlySwitch : public testing::Test {
 protected:
  static std::string Rule(const std::string& where, const std::string& title) {
    return kHead + ("title: " + title + "\nsequence:\n") + Step("a", "A") + Step("b", where) +
           "within: 1m\n";
  }
  void Switch(const std::string& yaml) {
    teller_.engine().Switch(CompileText(yaml, teller_.streams()));
    teller_.engine().Flush();
  }
  Lines Reread() {
    Lines all;
    EventBuilder builder;
    int64_t offset = 0;
    teller_.engine().RereadFrom({0, 0}, 0, 2, kMinTime);
    for (const TestEvent& event : {At(1000, "A"), At(2000, "B")}) {
      teller_.engine().Offer(
          *Build(builder, teller_.engine().RulesAt(event.time_ms * kMs), event, offset++));
      teller_.engine().Flush();
      for (std::string& line : teller_.Told()) all.push_back(std::move(line));
    }
    return all;
  }
  Teller teller_{Rule("B", "one")};
};

TEST_F(EarlySwitch, ARuleThatGoesOnConfirmsWhatItHasTold) {
  teller_.Offer(At(1000, "A"));
  EXPECT_EQ(teller_.Offer(At(2000, "B")), Lines({"early 1 @2000: 1000 2000"}));
  Switch(Rule("B", "one") + "level: high\n");
  EXPECT_EQ(teller_.Told(), Lines());
  EXPECT_EQ(Reread(), Lines());
  // The watermark passes the switch, and the new set has the rule's state. Its level has changed,
  // so its body has.
  EXPECT_EQ(teller_.Offer(At(2100, "X")), Lines({"early 2 @2000: 1000 2000"}));
  EXPECT_EQ(teller_.Finish(), Lines({"final 3 @2000: 1000 2000"}));
}

TEST_F(EarlySwitch, ARuleThatChangesTakesBackWhatItHasTold) {
  teller_.Offer(At(1000, "A"));
  teller_.Offer(At(2000, "B"));
  Switch(Rule("C", "one"));
  EXPECT_EQ(teller_.Told(), Lines({"retracted 2 @2000: 1000 2000"}));
  EXPECT_EQ(Reread(), Lines());
  EXPECT_EQ(teller_.Finish(), Lines());
}

// A restart, or a switch, after which the events do not come again: the watermark takes it back.
TEST_F(EarlySwitch, WhatIsAwaitedInVainIsTakenBackAtItsWatermark) {
  teller_.Offer(At(1000, "A"));
  teller_.Offer(At(2000, "B"));
  Switch(Rule("B", "one"));
  EXPECT_EQ(teller_.AdvanceTo(2000), Lines());
  EXPECT_EQ(teller_.AdvanceTo(2001), Lines({"retracted 2 @2000: 1000 2000"}));
}

TEST(Early, ADroppedPartitionTakesItsPartAway) {
  Teller teller(kHead + ("sequence:\n" + Step("a", "A") + Step("b", "B")) + "within: 1m\n");
  teller.engine().AddPartition({0, 1}, {});
  teller.Offer(At(1000, "A"));
  EXPECT_EQ(teller.Offer(At(2000, "B", "u", 1)), Lines({"early 1 @2000: 1000 2000"}));
  teller.engine().RemovePartition({0, 1});
  teller.engine().Flush();
  EXPECT_EQ(teller.Told(), Lines({"retracted 2 @2000: 1000 2000"}));
  EXPECT_EQ(teller.Finish(), Lines());
}

TEST(Early, BytesKeepWhatIsOutstanding) {
  Teller teller(kHead + ("sequence:\n" + Step("a", "A")) +
                "  - not: { on: a, where: t == \"N\" }\n" + Step("b", "B") + "within: 1m\n");
  teller.Offer(At(1000, "A"));
  teller.Offer(At(5000, "B"));
  ASSERT_TRUE(teller.engine().RecodeState().ok());
  EXPECT_EQ(teller.Told(), Lines());
  EXPECT_EQ(teller.stats().early, 1);
  EXPECT_EQ(teller.Offer(At(3000, "N")), Lines({"retracted 2 @5000: 1000 5000"}));
}

}  // namespace
}  // namespace telltale::engine
