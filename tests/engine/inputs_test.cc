// Lists and tables in conditions, exceptions, risk and entities: from rule text to alerts.
#include "engine/condition/inputs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "engine/runtime/engine.h"
#include "tests/engine/engine_harness.h"

namespace telltale::engine {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

using Field = decltype(TestEvent::fields)::mapped_type;

// Which of the values `where` is true of, by their numbers.
std::vector<size_t> Chosen(const std::string& where, const std::string& definitions,
                           const std::vector<Field>& values, const Tables& tables = {}) {
  std::vector<TestEvent> events;
  for (size_t i = 0; i < values.size(); ++i) {
    events.push_back({.time_ms = static_cast<int64_t>(i), .fields = {{"x", values[i]}}});
  }
  std::vector<size_t> chosen;
  for (const Alert& alert : RunRules("id: r\non: a\nwhere: '" + where + "'\n---\n" + definitions,
                                     {"a"}, events, {.threads = false}, tables)) {
    chosen.push_back(static_cast<size_t>(alert.time / 1'000'000));
  }
  return chosen;
}

const std::vector<Field> kKinds = {std::string("17"), int64_t{17}, 17.0, 17.5, true, nullptr};

TEST(ListInputs, MembershipIsCelsEquality) {
  EXPECT_THAT(Chosen("x in lists.l", "lists: { l: [17] }", kKinds), ElementsAre(1, 2));
  EXPECT_THAT(Chosen("x in lists.l", "lists: { l: ['17'] }", kKinds), ElementsAre(0));
  EXPECT_THAT(Chosen("x in lists.l", "lists: { l: [17.0, a] }", kKinds), ElementsAre(1, 2));
  EXPECT_THAT(Chosen("x in lists.l", "lists: { l: [17.5] }", kKinds), ElementsAre(3));
  EXPECT_THAT(Chosen("x in lists.l", "lists: { l: [] }", kKinds), IsEmpty());
  EXPECT_THAT(Chosen("!(x in lists.l)", "lists: { l: [17] }", kKinds), ElementsAre(0, 3, 4, 5));
  EXPECT_THAT(Chosen("!(y in lists.l)", "lists: { l: [17] }", kKinds), IsEmpty());
}

TEST(ListInputs, AreListsEverywhereElse) {
  const std::string list = "lists: { l: [ab, cd] }";
  const std::vector<Field> texts = {std::string("abc"), std::string("bcd"), std::string("cd")};
  EXPECT_THAT(Chosen("lists.l.exists(p, x.startsWith(p))", list, texts), ElementsAre(0, 2));
  EXPECT_THAT(Chosen("size(lists.l) == 2 && lists.l[1] == x", list, texts), ElementsAre(2));
  EXPECT_THAT(Chosen("x in lists.l.map(p, p + \"c\")", list, texts), ElementsAre(0));
  EXPECT_THAT(Chosen("lists.n.sum() == x", "lists: { n: [8, 9] }", kKinds), ElementsAre(1, 2));
}

// A program names a list, and holds nothing of it.
TEST(ListInputs, ManyValuesAreAsked) {
  std::string yaml = "lists: { l: [";
  for (int i = 0; i < 100'000; ++i) yaml += std::to_string(2 * i) + ",";
  EXPECT_THAT(Chosen("x in lists.l", yaml + "] }",
                     {int64_t{0}, int64_t{1}, int64_t{199'998}, int64_t{200'000}}),
              ElementsAre(0, 2));
}

std::shared_ptr<Table> Users() {
  auto table = std::make_shared<Table>("users");
  StoredEntry row[2];
  row[0].key.Store(Value::String("country"));
  row[0].value.Store(Value::String("DE"));
  row[1].key.Store(Value::String("limit"));
  row[1].value.Store(Value::Int(17));
  EXPECT_TRUE(table->Set("u1", Value::Map(row, 2)));
  EXPECT_TRUE(table->Set("17", Value::Map(row, 1)));
  EXPECT_FALSE(table->Set("17", Value::Map(row + 1, 1)));
  return table;
}

TEST(Tables, RowsAreFoundByKeysAsText) {
  const Tables tables = {{"users", Users()}};
  EXPECT_EQ(tables.at("users")->size(), 2u);
  EXPECT_THAT(Chosen("tables.users[x].limit == 17", "", kKinds, tables), ElementsAre(0, 1, 2));
  EXPECT_THAT(Chosen("x in tables.users", "", kKinds, tables), ElementsAre(0, 1, 2));
  EXPECT_THAT(
      Chosen("!(x in tables.users)", "", {std::string("u1"), std::string("u2"), true}, tables),
      ElementsAre(1));
}

TEST(Tables, WhatIsNotThereIsAnError) {
  const Tables tables = {{"users", Users()}};
  const std::vector<Field> keys = {std::string("u1"), std::string("17"), std::string("u2")};
  EXPECT_THAT(Chosen("tables.users[x].country == \"DE\"", "", keys, tables), ElementsAre(0));
  EXPECT_THAT(Chosen("tables.users[x].country != \"FR\"", "", keys, tables), ElementsAre(0));
  EXPECT_THAT(Chosen("has(tables.users[x].country)", "", keys, tables), ElementsAre(0));
  EXPECT_THAT(Chosen("!has(tables.users[x].country)", "", keys, tables), ElementsAre(1));
  EXPECT_THAT(Chosen("!(x in tables.users) || !has(tables.users[x].country)", "", keys, tables),
              ElementsAre(1, 2));
}

// ---

std::vector<TestEvent> Payments(const std::vector<int64_t>& amounts) {
  std::vector<TestEvent> events;
  for (size_t i = 0; i < amounts.size(); ++i) {
    events.push_back({.time_ms = static_cast<int64_t>(i) * 1000,
                      .fields = {{"user", std::string("u1")}, {"amount", amounts[i]}}});
  }
  return events;
}

TEST(Exceptions, KeepAlertsBackUntilTheyExpire) {
  const std::string rule =
      "id: r\nby: user\non: a\nexceptions:\n"
      "  - { name: small, where: 'amount < 5', expires: '1970-01-01T00:00:02Z' }\n"
      "  - { name: odd, where: 'a.amount % 2 == 1' }\n";
  EXPECT_THAT(Summaries(RunRules(rule, {"a"}, Payments({2, 3, 2, 3, 8}))),
              ElementsAre("2000: a@2000", "4000: a@4000"));
}

TEST(Exceptions, AreCountedEach) {
  const auto compiled = CompileText(
      "id: r\nby: user\non: a\nexceptions:\n"
      "  - { name: first, where: 'amount < 3' }\n"
      "  - { name: second, where: 'amount < 5' }\n"
      "  - { name: third, where: 'amount.x' }\n",
      TestStreams({"a"}));
  CollectingSink sink;
  const auto engine = MakeEngine(compiled, {.threads = false}, sink);
  engine->AddPartition({}, {});
  EventBuilder builder;
  int64_t offset = 0;
  for (const TestEvent& event : Payments({1, 2, 4, 7}))
    engine->Offer(*Build(builder, *compiled, event, offset++));
  engine->Finish();
  EXPECT_EQ(sink.Take().size(), 1u);
  const RuleStats stats = engine->Stats().rules.at(0);
  EXPECT_EQ(stats.matches, 4u);
  EXPECT_EQ(stats.alerts, 1u);
  EXPECT_EQ(stats.excepted, 3u);
  EXPECT_EQ(stats.condition_errors, 1u);
  ASSERT_EQ(stats.exceptions.size(), 3u);
  EXPECT_EQ(stats.exceptions[0].name, "first");
  EXPECT_EQ(stats.exceptions[0].alerts, 2u);
  EXPECT_EQ(stats.exceptions[1].alerts, 1u);
  EXPECT_EQ(stats.exceptions[2].alerts, 0u);
}

TEST(Risk, ModifiersAddAndAreCapped) {
  const std::string rule =
      "id: r\nby: user\non: a\nalert:\n  risk_score:\n    base: 40\n    add:\n"
      "      - { where: 'a.amount > 10', score: 30 }\n"
      "      - { where: 'a.amount > 100', score: 100 }\n"
      "      - { where: 'a.amount < 0', score: -60 }\n"
      "      - { where: 'a.none', score: 7 }\n";
  std::vector<int64_t> scores;
  for (const Alert& alert : RunRules(rule, {"a"}, Payments({5, 50, 500, -5})))
    scores.push_back(alert.risk_score);
  EXPECT_THAT(scores, ElementsAre(40, 70, 100, 0));
}

TEST(Risk, ErrorsOfModifiersAreCounted) {
  const auto rules = CompileText(
      "id: r\non: a\nalert: { risk_score: { add: [ { where: 'a.none', score: 7 },"
      " { where: 'a.amount > 10', score: 1 } ] } }\n",
      TestStreams({"a"}));
  ASSERT_NE(rules, nullptr);
  CollectingSink sink;
  const auto engine = MakeEngine(rules, {.threads = false}, sink);
  engine->AddPartition({.stream = 0, .partition = 0}, {});
  EventBuilder builder;
  int64_t offset = 0;
  for (const TestEvent& event : Payments({5, 50}))
    engine->Offer(*Build(builder, *rules, event, offset++));
  engine->Finish();
  EXPECT_EQ(engine->Stats().rules.at(0).condition_errors, 2u);
}

TEST(Entities, AreNamedOnceWithTheirRisk) {
  const std::vector<Alert> alerts = RunRules(
      "id: r\nby: user\nsequence:\n  - x: { on: a }\n  - y: { on: a, repeat: 2 }\nwithin: "
      "1h\nalert:\n"
      "  risk_score: 20\n  entities:\n"
      "    - { type: user, id: user }\n"
      "    - { type: amount, id: 'y.map(e, e.amount)', risk_score: 70 }\n"
      "    - { type: user, id: '\"u1\"', risk_score: 99 }\n"
      "    - { type: host, id: x.host }\n",
      {"a"}, Payments({1, 5, 5}));
  ASSERT_EQ(alerts.size(), 1u);
  std::vector<std::string> entities;
  for (const AlertEntity& entity : alerts[0].entities)
    entities.push_back(entity.type + " " + entity.id + " " + std::to_string(entity.risk_score));
  EXPECT_THAT(entities, ElementsAre("user u1 20", "amount 5 70"));
  EXPECT_NE(AlertJson(alerts[0]).find(
                R"("risk_score":20,"entities":[{"type":"user","id":"u1","risk_score":20},)"
                R"({"type":"amount","id":"5","risk_score":70}],"fields":{})"),
            std::string::npos)
      << AlertJson(alerts[0]);
}

}  // namespace
}  // namespace telltale::engine
