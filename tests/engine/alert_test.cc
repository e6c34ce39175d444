// The alert's body to the byte, its times, and T7's order.
#include "engine/alert/alert.h"

#include <gtest/gtest.h>

#include <limits>

#include "tests/engine/engine_harness.h"

namespace telltale::engine {
namespace {

TEST(FormatTime, MillisecondsAndMoreOnlyWhereNotZero) {
  EXPECT_EQ(FormatTime(0), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(FormatTime(1'772'359'235'000'000'000), "2026-03-01T10:00:35.000Z");
  EXPECT_EQ(FormatTime(1'772'359'235'120'000'000), "2026-03-01T10:00:35.120Z");
  EXPECT_EQ(FormatTime(1'772'359'235'120'450'000), "2026-03-01T10:00:35.120450Z");
  EXPECT_EQ(FormatTime(1'772'359'235'120'450'001), "2026-03-01T10:00:35.120450001Z");
  EXPECT_EQ(FormatTime(-1), "1969-12-31T23:59:59.999999999Z");
  EXPECT_EQ(FormatTime(951'782'400'000'000'000), "2000-02-29T00:00:00.000Z");
  EXPECT_EQ(FormatTime(std::numeric_limits<int64_t>::max()), "2262-04-11T23:47:16.854775807Z");
  EXPECT_EQ(FormatTime(std::numeric_limits<int64_t>::min()), "1677-09-21T00:12:43.145224192Z");
}

std::vector<Alert> TwoSteps(const std::string& alert) {
  TestEvent login{.stream = 0,
                  .time_ms = 1000,
                  .fields = {{"user", std::string("u\"1")},
                             {"geo.country", std::string("FR")},
                             {"geo.city", std::string("Lyon")}},
                  .partition = 0};
  TestEvent pay{.stream = 1,
                .time_ms = 2000,
                .fields = {{"payer.id", std::string("u\"1")}, {"amount", 12.5}},
                .partition = 0};
  return RunRules(
      "id: r\ntitle: Plain title\nlevel: high\ntags: [attack.t1078]\nby: user\n"
      "sequence:\n  - login: {on: logins, where: 'geo.country == \"FR\"'}\n"
      "  - pay: {on: payments, by: payer.id, where: 'amount > 10.0'}\n"
      "within: 1m\n" +
          alert,
      {"logins", "payments"}, {login, pay});
}

TEST(AlertJson, IsTheDocumentedForm) {
  const std::vector<Alert> alerts = TwoSteps(
      "alert:\n  title: '{{user}} paid {{pay.amount}} from {{login.geo.country}}'\n  risk_score: "
      "80\n"
      "  fields: { city: login.geo.city, none: login.geo.zip }\n");
  ASSERT_EQ(alerts.size(), 1u);
  const Alert& alert = alerts[0];
  EXPECT_EQ(
      AlertJson(alert),
      "{\"id\":\"" + ToHex(alert.id) +
          "\",\"kind\":\"match\",\"rule\":{\"id\":\"r\",\"title\":\"Plain "
          "title\",\"level\":\"high\","
          "\"tags\":[\"attack.t1078\"],\"fingerprint\":\"" +
          rules::ToHex(alert.rule->fingerprint) +
          "\"},\"status\":\"final\",\"key\":{\"user\":\"u\\\"1\"},\"time\":\"1970-01-01T00:"
          "00:02.000Z\","
          "\"title\":\"u\\\"1 paid 12.5 from "
          "FR\",\"risk_score\":80,\"entities\":[],\"fields\":{\"city\":\"Lyon\"},\"dedup_key\":\"" +
          ToHex(alert.dedup_key) +
          "\",\"suppressed\":0,\"truncated\":false,\"evidence\":["
          "{\"step\":\"login\",\"stream\":\"logins\",\"topic\":\"logins\",\"partition\":0,"
          "\"offset\":0,"
          "\"time\":\"1970-01-01T00:00:01.000Z\",\"event\":{\"geo\":{\"city\":\"Lyon\","
          "\"country\":\"FR\"},\"user\":\"u\\\"1\"}},"
          "{\"step\":\"pay\",\"stream\":\"payments\",\"topic\":\"payments\",\"partition\":0,"
          "\"offset\":0,"
          "\"time\":\"1970-01-01T00:00:02.000Z\",\"event\":{\"amount\":12.5,\"payer\":{"
          "\"id\":\"u\\\"1\"}}}]}");
  Alert timeout = alert;
  timeout.kind = AlertKind::kTimeout;
  EXPECT_NE(AlertJson(timeout).find("\"kind\":\"timeout\",\"reached\":\"pay\",\"rule\":"),
            std::string::npos);
}

TEST(OutputJson, IsTheDocumentedForm) {
  const std::vector<Alert> alerts =
      TwoSteps("output: { topic: t, key: login.geo.city, fields: { paid: pay.amount } }\n");
  ASSERT_EQ(alerts.size(), 1u);
  EXPECT_TRUE(IsOutput(alerts[0]));
  EXPECT_EQ(alerts[0].record_key, "Lyon");
  EXPECT_EQ(
      OutputJson(alerts[0]),
      "{\"id\":\"" + ToHex(alerts[0].id) +
          "\",\"kind\":\"match\",\"rule\":\"r\",\"key\":{\"user\":\"u\\\"1\"},\"time\":\"1970-01-"
          "01T00:00:02.000Z\",\"fields\":{\"paid\":12.5}}");
  EXPECT_EQ(alerts[0].id, TwoSteps("").at(0).id);
  EXPECT_FALSE(IsOutput(TwoSteps("").at(0)));
  Alert limit = alerts[0];
  limit.kind = AlertKind::kLimit;
  EXPECT_FALSE(IsOutput(limit));
}

TEST(AlertJson, OfARuleThatTellsEarlySaysItsRevision) {
  Alert alert = TwoSteps("")[0];
  const auto says = [&](const std::string& text) {
    return AlertJson(alert).find("}," + text + "\"key\":") != std::string::npos;
  };
  EXPECT_TRUE(says("\"status\":\"final\","));
  alert.revision = 3;
  EXPECT_TRUE(says("\"status\":\"final\",\"revision\":3,"));
  alert.status = AlertStatus::kEarly;
  EXPECT_TRUE(says("\"status\":\"early\",\"revision\":3,"));
  alert.status = AlertStatus::kRetracted;
  EXPECT_TRUE(says("\"status\":\"retracted\",\"revision\":3,"));
}

TEST(OutputJson, OfARuleThatTellsEarlySaysItsRevision) {
  Alert alert = TwoSteps("output: { topic: results, fields: { amount: pay.amount } }\n")[0];
  EXPECT_EQ(OutputJson(alert).find("status"), std::string::npos);
  alert.revision = 1;
  alert.status = AlertStatus::kEarly;
  EXPECT_NE(OutputJson(alert).find("\"rule\":\"r\",\"status\":\"early\",\"revision\":1,\"key\":"),
            std::string::npos)
      << OutputJson(alert);
}

TEST(AlertId, DependsOnWhatMatchedAndNotOnWhatIsSaid) {
  const Alert plain = TwoSteps("").at(0);
  const Alert worded =
      TwoSteps("alert: { title: other, risk_score: 1 }\nsuppress: { by: [user], for: 1h }\n").at(0);
  const Alert limited = TwoSteps("limits: { partial_matches: 7 }\n").at(0);
  EXPECT_EQ(plain.title, "Plain title");
  EXPECT_EQ(plain.id, worded.id);
  EXPECT_NE(plain.id, limited.id);
  EXPECT_NE(plain.dedup_key, worded.dedup_key);
}

TEST(AlertOrder, IsThatOfT7) {
  const auto rule_set = CompileText(
                            "- {id: a, by: k, sequence: [ {x: {on: s}} ]}\n- {id: b, by: k, "
                            "sequence: [ {x: {on: s}} ]}\n",
                            TestStreams({"s"}))
                            ->rules;
  const auto make = [&](int64_t time, int64_t last, size_t rule, const std::string& key) {
    Alert alert;
    alert.rules = rule_set;
    alert.rule = &rule_set->rules[rule];
    alert.time = time;
    alert.key = {key};
    Evidence evidence;
    evidence.time = last;
    alert.evidence = {evidence};
    return alert;
  };
  const std::vector<Alert> in_order = {make(5, 5, 0, "x"), make(6, 6, 0, "x"), make(6, 6, 0, "y"),
                                       make(6, 6, 1, "a"), make(6, 2, 0, "a"), make(6, 3, 0, "a")};
  for (size_t i = 0; i < in_order.size(); ++i) {
    for (size_t j = 0; j < in_order.size(); ++j)
      EXPECT_EQ(Before(in_order[i], in_order[j]), i < j) << i << " " << j;
  }
}

}  // namespace
}  // namespace telltale::engine
