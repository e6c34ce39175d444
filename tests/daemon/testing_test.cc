// Tests of rules as they are run: what makes one pass and fail.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "daemon/testing/test_records.h"
#include "daemon/testing/text_report.h"
#include "tests/daemon/testing_harness.h"

namespace telltale::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kSequence[] = R"(
id: r
by: user
sequence:
  - login: { on: logins, where: 'result == "ok"' }
  - device: { on: devices, within: 5m }
  - transfer: { on: transactions, where: 'amount > 100.0', repeat: { min: 1, max: 2 } }
within: 1h
match: latest
alert: { title: '{{user}} from {{login.country}}', risk_score: 40, fields: { sum: 'transfer.map(t, t.amount).sum()', n: 'size(transfer)' } }
)";

std::string WithTests(const char* rule, const std::string& tests) {
  return absl::StrCat(rule, "tests:\n", tests);
}

TEST(Testing, EverythingThatATestCanSayOfAnAlert) {
  TestingHarness harness;
  EXPECT_EQ(harness.Failures(WithTests(kSequence, R"(
  - name: two alerts
    events:
      - { at: 0s, on: logins, user: u1, result: ok, country: FR }
      - { at: 30s, on: devices, user: u1 }
      - { at: 1m, on: transactions, user: u1, amount: 150 }
      - { at: 2m, on: transactions, user: u1, amount: 250.5 }
    alerts:
      # In any order; what is not said is not compared.
      - { at: 2m, evidence: { login: 0, device: 1, transfer: [2, 3] }, fields: { sum: 400.5, n: 2 } }
      - { key: u1, at: 1m, evidence: [0, 1, 2], title: u1 from FR, risk_score: 40, level: medium,
          fields: { sum: 150 }, kind: match, rule: r, suppressed: 0, truncated: false }
)")),
            "");
}

TEST(Testing, WhatDiffersIsMarkedBesideWhatWasExpected) {
  TestingHarness harness;
  EXPECT_EQ(harness.Failures(WithTests(kSequence, R"(
  - name: wrong
    base: 2026-03-01T10:00:00Z
    events:
      - { at: 0s, on: logins, user: u1, result: ok, country: FR }
      - { at: 30s, on: devices, user: u1 }
      - { at: 1m, on: transactions, user: u1, amount: 150 }
    alerts:
      - { key: u1, at: 2026-03-01T10:00:59Z, evidence: { login: 0, transfer: 1 }, title: "u1\nfrom Frankreich",
          fields: { sum: 151, n: 1 } }
)")),
            R"(r/wrong
    alert 0 is not as expected  rules.yml:20:11
                         expected             got
      key                u1                   u1
    * at                 59s                  1m
      evidence.login     0                    0
    * evidence.transfer  1                    2
    * title              u1\nfrom Frankreich  u1 from FR
    * fields.sum         151                  150.0
      fields.n           1                    1
)");
}

constexpr char kFunnel[] = R"(
id: funnel
by: user
sequence:
  - login: { on: logins }
  - device: { on: devices, within: 5m }
  - transfer: { on: transactions, within: 10m }
on_timeout: { from: device }
match: latest
alert: { title: '{{user}} {{has(device.id) ? device.id : "none"}}' }
)";

TEST(Testing, TimeoutsSayHowFarTheyGot) {
  TestingHarness harness;
  const std::string events = R"(
    events:
      - { at: 0s, on: logins, user: u1 }
      - { at: 10s, on: logins, user: u2 }
      - { at: 60s, on: devices, user: u2, id: d2 }
      - { at: 70s, on: logins, user: u3 }
      - { at: 80s, on: devices, user: u3, id: d3 }
      - { at: 90s, on: transactions, user: u3 }
)";
  EXPECT_EQ(harness.Failures(WithTests(kFunnel, "  - name: u2 leaves" + events + R"(
    alerts:
      - { key: u3, kind: match, at: 90s }
      - { key: u2, kind: timeout, reached: device, at: 11m, evidence: { login: 1, device: 2 }, title: u2 d2 }
)")),
            "");
  const std::string failures = harness.Failures(WithTests(kFunnel, "  - name: wrong" + events + R"(
    alerts:
      - { key: u3 }
      - { key: u2, reached: transfer }
)"));
  EXPECT_THAT(failures, HasSubstr("* reached   transfer  device\n"));
  EXPECT_THAT(failures, HasSubstr("  kind                timeout\n"));
}

constexpr char kPair[] = R"(
id: r
by: [each(users), place]
missing_key: group
sequence:
  - login: { on: logins }
  - device: { on: devices, by: [user, place] }
within: 1h
)";

TEST(Testing, KeysMayBeSeveralAndHaveMissingParts) {
  TestingHarness harness;
  const std::string events = R"(
    events:
      - { at: 0s, on: logins, users: [u1, u2], place: FR }
      - { at: 1s, on: logins, users: [] }
      - { at: 2s, on: devices, user: u2, place: FR }
      - { at: 3s, on: devices, place: 0.5 }
)";
  EXPECT_EQ(harness.Failures(WithTests(kPair, "  - name: right" + events + R"(
    alerts:
      - { key: [u2, FR], evidence: [0, 2] }
      - { key: { users: null, place: null }, evidence: [1, 3] }
)")),
            "");
  EXPECT_THAT(
      harness.Failures(WithTests(kPair, "  - name: wrong" + events + R"(
    alerts:
      - { key: [u2, FR] }
      - { key: ["null", null] }
)")),
      AllOf(HasSubstr("key       null, null"), HasSubstr("has other keys: u1, FR; u2, FR")));
}

TEST(Testing, ExactlyTheExpectedAlertsMustCome) {
  TestingHarness harness;
  const std::string failures = harness.Failures(WithTests(kSequence, R"(
  - name: none is expected
    events:
      - { at: 0s, on: logins, user: u1, result: ok, country: FR }
      - { at: 30s, on: devices, user: u1 }
      - { at: 1m, on: transactions, user: u1, amount: 150 }
    alerts: []
  - name: none comes
    events: [ { at: 0s, on: logins, user: u1, result: ok } ]
    alerts: [ { key: u1 } ]
)"));
  EXPECT_THAT(failures, HasSubstr(R"(r/none is expected
    an alert came that is not expected
                got
      key       u1
      at        1m
      evidence  login 0; device 1; transfer 2
      title     u1 from FR
)"));
  EXPECT_THAT(failures, HasSubstr(R"(r/none comes
    alert 0 did not come, nor one like it  rules.yml:21:17
           expected
      key  u1
)"));
}

TEST(Testing, PartialExpectationsArePairedSoThatAllCanBeMet) {
  TestingHarness harness;
  // The first would take the only alert that is right for the second.
  EXPECT_EQ(harness.Failures(R"(
id: r
by: user
on: logins
tests:
  - name: pairs
    events: [ { at: 0s, on: logins, user: a }, { at: 1s, on: logins, user: b } ]
    alerts: [ {}, { key: a } ]
)"),
            "");
}

TEST(Testing, EventsArriveInTheOrderOfTheList) {
  TestingHarness harness;
  const char* rule = R"(
id: r
by: user
sequence: [ { a: { on: logins, where: 'n == 1' } }, { b: { on: logins, where: 'n == 2' } } ]
)";
  EXPECT_EQ(harness.Failures(WithTests(rule, R"(
  - name: out of order and on time
    events: [ { at: 10s, on: logins, user: u, n: 2 }, { at: 0s, on: logins, user: u, n: 1 } ]
    alerts: [ { at: 10s, evidence: { a: 1, b: 0 } } ]
  - name: too late
    events: [ { at: 11s, on: logins, user: u, n: 2 }, { at: 0s, on: logins, user: u, n: 1 } ]
    late: [1]
    alerts: []
  - name: another partition has a clock of its own
    events: [ { at: 1h, on: logins, user: u, n: 2 }, { at: 0s, on: logins, partition: 1, user: u, n: 1 } ]
    alerts: [ { at: 1h } ]
)")),
            "");
}

TEST(Testing, LateEventsAndDeadLettersMustBeExpected) {
  TestingHarness harness;
  const char* rule = "id: r\nby: user\non: logins\n";
  EXPECT_EQ(harness.Failures(WithTests(rule, R"(
  - name: neither is expected
    events:
      - { at: 1h, on: logins, user: u }
      - { at: 0s, on: logins, user: u }
      - { at: 3h, kafka_time: 1h, on: logins, user: u }
    alerts: [ { key: u } ]
  - name: both are
    events:
      - { at: 1h, on: logins, user: u }
      - { at: 0s, on: logins, user: u }
      - { at: 3h, kafka_time: 1h, on: logins, user: u }
    late: 1
    dead_letters: 2
    alerts: [ { key: u } ]
  - name: none of them is there
    events: [ { at: 1h, on: logins, user: u } ]
    late: 0
    dead_letters: 0
    alerts: [ { key: u } ]
)")),
            R"(r/neither is expected
    event 1 (logins at 0s) came too late, and no rule sees it: the watermark of its partition had passed it
    event 2 (logins at 3h) is a dead letter (time_ahead), and no rule sees it
r/none of them is there
    event 0 (logins at 1h) was to come too late, and is on time
    event 0 (logins at 1h) was to be a dead letter, and is an event
)");
}

constexpr char kAbsence[] = R"(
id: r
by: user
sequence: [ { a: { on: devices } }, { not: { on: logins, within: 1h } } ]
)";

TEST(Testing, TheEndSettlesEverythingUnlessItIsADrain) {
  TestingHarness harness;
  EXPECT_EQ(harness.Failures(WithTests(kAbsence, R"(
  - { name: infinity, events: [ { at: 0s, on: devices, user: u } ], alerts: [ { at: 1h } ] }
  - { name: drain, end: drain, events: [ { at: 0s, on: devices, user: u } ], alerts: [] }
)")),
            "");
}

TEST(Testing, TheWatermarkPassesATimeWithoutEvents) {
  TestingHarness harness;
  EXPECT_EQ(harness.Failures(WithTests(kAbsence, R"(
  - { name: just not, end: drain, events: [ { at: 0s, on: devices, user: u }, { advance_to: 59m59s } ], alerts: [] }
  - { name: settled, end: drain, events: [ { at: 0s, on: devices, user: u }, { advance_to: 1h } ], alerts: [ { at: 1h } ] }
  - name: what comes afterwards is late
    events: [ { at: 0s, on: devices, user: u }, { advance_to: 1h }, { at: 30m, on: logins, user: u }, { at: 1h1ms, on: logins, user: u } ]
    late: 2
    alerts: [ { at: 1h } ]
)")),
            "");
}

TEST(Testing, TestsRunAsIfNothingHadBeenBefore) {
  TestingHarness harness;
  EXPECT_EQ(harness.Failures(R"(
id: r
by: user
sequence: [ { not: { on: devices, within: 30d } }, { a: { on: logins } } ]
tests:
  - { name: assumed, events: [ { at: 0s, on: logins, user: u } ], alerts: [ { key: u } ] }
  - { name: as in production, warm_up: quiet, events: [ { at: 0s, on: logins, user: u } ], alerts: [] }
)"),
            "");
}

TEST(Testing, ARuleIsTestedAloneAndWhateverItsMode) {
  TestingHarness harness;
  EXPECT_EQ(harness.Failures(R"(
- id: off
  mode: off
  by: user
  on: logins
  tests: [ { name: alone, events: [ { at: 0s, on: logins, user: u } ], alerts: [ { key: u } ] } ]
- { id: other, by: user, on: logins }
)",
                             R"(
rules: [other, off]
tests:
  - name: together
    events: [ { at: 0s, on: logins, user: u } ]
    alerts: [ { rule: off }, { rule: other } ]
)"),
            "");
}

TEST(Testing, WhatIsKeptBackIsCountedInTheNextAlert) {
  TestingHarness harness;
  EXPECT_EQ(harness.Failures(R"(
id: r
by: user
on: logins
suppress: { for: 1h }
tests:
  - name: suppressed
    events:
      - { at: 0s, on: logins, user: u }
      - { at: 1h, on: logins, user: u }
      - { at: 1h1s, on: logins, user: u }
    alerts: [ { at: 0s, suppressed: 0 }, { at: 1h1s, suppressed: 1 } ]
)"),
            "");
}

TEST(Testing, LimitAlertsAreAlerts) {
  TestingHarness harness;
  EXPECT_EQ(harness.Failures(R"(
id: r
by: user
sequence: [ { a: { on: logins } }, { b: { on: devices } } ]
limits: { partial_matches: 1 }
tests:
  - name: limited
    events: [ { at: 0s, on: logins, user: u }, { at: 1s, on: logins, user: u }, { at: 2s, on: devices, user: u } ]
    alerts: [ { kind: limit, key: u, at: 1s }, { kind: match, truncated: true, evidence: [1, 2] } ]
)"),
            "");
}

TEST(Testing, ListsAndTablesHoldWhatTheTestSays) {
  TestingHarness harness;
  EXPECT_EQ(harness.Failures(R"(
id: r
by: user
on: transactions
where: '!(user in lists.friends) && amount > tables.users[user].limit && tables.users[user].home.city == "Ulm"'
tests:
  - name: what the list holds elsewhere
    events: [ { at: 0s, on: transactions, user: f, amount: 10 }, { at: 0s, on: transactions, user: u, amount: 10 } ]
    tables: { users: { f: { limit: 5, home: { city: Ulm } }, u: { limit: 5, home: { city: Ulm } } } }
    alerts: [ { key: u } ]
  - name: its own
    events: [ { at: 0s, on: transactions, user: f, amount: 10 }, { at: 0s, on: transactions, user: u, amount: 10 } ]
    lists: { friends: [u, 17] }
    tables: { users: { f: { limit: 5, home: { city: Ulm } }, u: { limit: 5, home: { city: Ulm } } } }
    alerts: [ { key: f } ]
  - name: no rows
    events: [ { at: 0s, on: transactions, user: u, amount: 10 } ]
    alerts: []
---
lists: { friends: [f] }
)"),
            "");
}

// Its events are written as its format says, which cuts what is less than a second, and what its
// producer sends twice counts once.
TEST(Testing, AStreamMayHaveAFormatOfTimesAndADedup) {
  TestingHarness harness;
  EXPECT_EQ(harness.Failures(R"(
id: r
by: user
sequence:
  - x: { on: written, where: 'at.endsWith(":00:10 +0000")' }
  - y: { on: written }
within: 1h
tests:
  - name: written
    events:
      - { at: 10s700ms, on: written, user: u, id: a }
      - { at: 30s, on: written, user: u, id: a }
      - { at: 50s, on: written, user: u, id: b }
    alerts: [ { key: u, at: 50s, evidence: [0, 2] } ]
)"),
            "");
}

TEST(Testing, ExceptionsKeepAlertsBack) {
  TestingHarness harness;
  EXPECT_EQ(harness.Failures(R"(
id: r
by: user
on: logins
exceptions: [ { name: tests, where: 'user == "t"', expires: 2027-01-01 } ]
tests:
  - name: before it expires
    events: [ { at: 0s, on: logins, user: t } ]
    alerts: []
  - name: afterwards
    base: 2027-01-02T00:00:00Z
    events: [ { at: 0s, on: logins, user: t } ]
    alerts: [ { key: t } ]
)"),
            "");
}

// V5: what a record's text says goes through the decoder.
TEST(Testing, EventsAreReadAsRecordsAre) {
  TestingHarness harness;
  EXPECT_EQ(harness.Failures(R"(
id: r
by: user
on: transactions
where: amount > 100.0 && n % 2 == 1
tests:
  - name: numbers
    events:
      - { at: 0s, on: transactions, user: 17.0, amount: 150, n: 1 }
      - { at: 1s, on: transactions, user: 17, amount: 150, n: 1.0 }
      - { at: 2s, on: transactions, user: 17, amount: "150", n: 1 }
    alerts: [ { key: 17, at: 0s } ]
)"),
            "");
}

TEST(Testing, EachStreamHasItsTimeWhereItSays) {
  TestingHarness harness;
  const std::vector<config::StreamConfig>& streams = harness.config().streams;
  rules::TestEvent event;
  event.body.kind = rules::JsonKind::kObject;
  event.body.members = {{"user", rules::Json::String("u")}};
  event.at = 1'500'000'000'123'456'789;
  EXPECT_EQ(RecordText(event, streams[0]), R"({"user":"u","ts":1500000000123.456789})");
  EXPECT_EQ(RecordText(event, streams[1]),
            R"({"user":"u","meta":{"changed_at":1500000000123456.789}})");
  EXPECT_EQ(RecordText(event, streams[2]), R"({"user":"u","at":"2017-07-14T02:40:00.123456789Z"})");
  EXPECT_EQ(RecordText(event, streams[3]), R"({"user":"u"})");
  event.at = -1'500'000;
  EXPECT_EQ(RecordText(event, streams[0]), R"({"user":"u","ts":-1.5})");
}

constexpr char kReader[] = R"(
id: reader
by: user
aggregate: { on: alerts, where: 'level == "high"', window: { sliding: 1h }, having: sum(risk_score) >= 50 }
)";

// A5: of rules that the test does not name, alerts are events that it gives.
TEST(Testing, AlertsAreGivenToTheRulesThatReadThem) {
  TestingHarness harness;
  EXPECT_EQ(harness.Failures(std::string(kReader) + R"(
tests:
  - name: given
    events:
      - { at: 0s, on: alerts, rule: x, user: u, risk_score: 30, level: high }
      - { at: 1s, on: alerts, rule: x, user: u, risk_score: 30 }
      - { at: 2s, on: alerts, rule: { id: y }, user: u, risk_score: 20, level: high }
      - { advance_to: 10s }
    end: drain
    alerts: [ { key: u, at: 2s, evidence: [0, 2] } ]
)"),
            "");
}

TEST(Testing, RulesOfATestReadEachOther) {
  TestingHarness harness;
  const std::string rules = std::string("- ") + std::string(R"(id: failure
  mode: building_block
  by: user
  on: logins
  level: high
  alert: { risk_score: 25 }
)") + R"(- id: reader
  by: user
  aggregate: { on: alerts, where: 'level == "high"', window: { sliding: 1h }, having: sum(risk_score) >= 50 }
)";
  EXPECT_EQ(harness.Failures(rules, R"(
rules: [failure, reader]
tests:
  - name: together
    events:
      - { at: 0s, on: logins, user: u }
      - { at: 1s, on: logins, user: u }
    alerts:
      - { rule: failure, at: 0s }
      - { rule: failure, at: 1s }
      - { rule: reader, at: 1s, key: u, evidence: [] }
)"),
            "");
}

TEST(Testing, ResultsAreInTheOrderOfTheTestsHoweverManyThreads) {
  std::string rules = "id: r\nby: user\non: logins\ntests:\n";
  for (int i = 0; i < 200; ++i) {
    absl::StrAppend(&rules, "  - { name: t", i, ", events: [ { at: 0s, on: logins, user: u", i,
                    " } ], alerts: [ { key: u", i % 7 == 0 ? 0 : i, " } ] }\n");
  }
  TestingHarness harness;
  const std::string by_one = TextReport(harness.Run(rules), true);
  EXPECT_THAT(by_one, HasSubstr("200 tests: 172 passed, 28 failed\n"));
  harness.suite().threads = 8;
  EXPECT_EQ(TextReport(harness.Run(rules), true), by_one);
}

TEST(Testing, NoTestIsBegunAfterAFailureWhereThatIsWanted) {
  TestingHarness harness;
  harness.suite().fail_fast = true;
  const std::string report = TextReport(harness.Run(R"(
id: r
by: user
on: logins
tests:
  - { name: a, events: [], alerts: [] }
  - { name: b, events: [], alerts: [ {} ] }
  - { name: c, events: [], alerts: [] }
)"),
                                        true);
  EXPECT_THAT(report, HasSubstr("ok    r/a\nFAIL  r/b\n"));
  EXPECT_THAT(report, Not(HasSubstr("r/c")));
  EXPECT_THAT(report, HasSubstr("3 tests: 1 passed, 1 failed, 1 not run\n"));
}

}  // namespace
}  // namespace telltale::testing
