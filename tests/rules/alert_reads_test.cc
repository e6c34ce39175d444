// Which rules' alerts come to which (A5): what a condition says of the rules, levels, circles.
#include "rules/model/alert_reads.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "rules/load/load.h"

namespace telltale::rules {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::shared_ptr<const StreamCatalog> Streams(bool co_partitioned = false) {
  return std::make_shared<const StreamCatalog>(
      std::vector<Stream>{{"logins", "l", {}, 1'000'000}, {"devices", "d", {}, 1'000'000}},
      co_partitioned);
}

LoadResult LoadText(const std::string& text, bool co_partitioned = false) {
  return Load({std::make_shared<const SourceFile>("r.yml", text)}, Streams(co_partitioned));
}

constexpr char kProducers[] = R"(
- { id: low, by: user, on: logins, level: low, tags: [auth] }
- { id: high, title: High, by: user, on: devices, level: high, tags: [auth, device] }
- { id: block, mode: building_block, by: user, on: devices, where: x == 1, suppress: { for: 1h } }
- { id: tried, by: user, on: logins, level: high, where: y == 1, mode: shadow }
- { id: parked, by: user, on: logins, level: high, where: z == 1, mode: off }
- { id: count, by: user, aggregate: { on: logins, window: { sliding: 1h }, having: count() > 1 } }
- { id: named, by: user, on: alerts, where: 'rule.id == "low"', level: high }
)";

// The ids of the rules that a reader with this condition reads.
std::vector<std::string> Read(const std::string& where, const std::string& more = "") {
  const LoadResult result = LoadText(std::string(kProducers) + "- id: reader\n  by: user\n" +
                                     "  on: alerts\n  where: '" + where + "'\n" + more);
  EXPECT_NE(result.rules, nullptr) << Render(result.diagnostics);
  std::vector<std::string> ids;
  if (result.rules == nullptr) return ids;
  for (const Rule& rule : result.rules->rules) {
    if (rule.id != "reader") continue;
    for (const uint32_t read : rule.reads) ids.push_back(result.rules->rules[read].id);
  }
  return ids;
}

TEST(AlertReads, AllThatReadNoAlertsUnlessTheConditionSaysOtherwise) {
  EXPECT_THAT(Read("true"), ElementsAre("block", "count", "high", "low"));
  EXPECT_THAT(Read("risk_score > 5"), ElementsAre("block", "count", "high", "low"));
  EXPECT_THAT(Read("level == \"high\""), ElementsAre("high"));
  EXPECT_THAT(Read("level != \"medium\""), ElementsAre("high", "low"));
  EXPECT_THAT(Read("level in [\"low\", \"medium\"]"), ElementsAre("block", "count", "low"));
  EXPECT_THAT(Read("!(level == \"high\") && \"auth\" in tags"), ElementsAre("low"));
  EXPECT_THAT(Read("\"device\" in tags || risk_score > 5"),
              ElementsAre("block", "count", "high", "low"));
  EXPECT_THAT(Read("kind == \"window\""), ElementsAre("count"));
  EXPECT_THAT(Read("kind in [\"match\", \"timeout\"]"), ElementsAre("block", "high", "low"));
  EXPECT_THAT(Read("rule.title == \"High\""), ElementsAre("high"));
  EXPECT_THAT(Read("rule.id.startsWith(\"lo\")"), ElementsAre("low"));
  EXPECT_THAT(Read("alert.suppressed", "  include: suppressed\n"), ElementsAre("block"));
  EXPECT_THAT(Read("level == \"critical\""), IsEmpty());
}

TEST(AlertReads, RulesOnAlertsOnlyWhereTheyAreNamed) {
  EXPECT_THAT(Read("rule.id == \"named\""), ElementsAre("named"));
  EXPECT_THAT(Read("rule.id in [\"named\", \"low\"]"), ElementsAre("low", "named"));
  EXPECT_THAT(Read("rule.id == \"named\" || rule.id == \"high\" && risk_score > 1"),
              ElementsAre("high", "named"));
  EXPECT_THAT(Read("level == \"high\" && (rule.id == \"named\" || rule.id == \"low\")"),
              ElementsAre("named"));
  // One side names none, so the whole names none.
  EXPECT_THAT(Read("rule.id == \"named\" || level == \"low\""), ElementsAre("low"));
  EXPECT_THAT(Read("rule.id != \"low\""), ElementsAre("block", "count", "high"));
}

TEST(AlertReads, WhatFeedsIsWhatARunningRuleReads) {
  const LoadResult result = LoadText(R"(
- { id: a, mode: building_block, by: user, on: logins }
- { id: b, mode: building_block, by: user, on: alerts, where: 'rule.id == "a"' }
- { id: c, by: user, mode: shadow, on: alerts, where: 'rule.id == "b"', include: suppressed }
- { id: d, mode: building_block, by: user, on: devices }
- { id: e, mode: off, by: user, on: alerts, where: 'rule.id == "d"' }
)");
  ASSERT_NE(result.rules, nullptr) << Render(result.diagnostics);
  const std::vector<Rule>& rules = result.rules->rules;
  EXPECT_TRUE(rules[0].feeds && rules[0].Runs() && !rules[0].feeds_suppressed);
  EXPECT_TRUE(rules[1].feeds && rules[1].Runs() && rules[1].feeds_suppressed);
  EXPECT_FALSE(rules[2].feeds);
  EXPECT_FALSE(rules[3].feeds || rules[3].Runs());
  EXPECT_THAT(InOrderOfReading(rules), ElementsAre(0, 3, 4, 1, 2));
}

TEST(AlertReads, WhatReadsOnlyStarvedRulesIsStarved) {
  const LoadResult result = LoadText(R"(
- { id: a, by: user, on: alerts, where: 'level == "critical"' }
- { id: b, by: user, on: alerts, where: 'rule.id == "a"' }
- id: c
  by: user
  sequence: [ { l: { on: logins } }, { b: { on: alerts, where: 'rule.id == "b"', optional: true } } ]
  within: 1h
)");
  ASSERT_NE(result.rules, nullptr) << Render(result.diagnostics);
  const std::vector<Rule>& rules = result.rules->rules;
  EXPECT_TRUE(rules[0].starved && rules[1].starved && !rules[0].Runs() && !rules[1].Runs());
  EXPECT_TRUE(rules[2].Runs());
  EXPECT_THAT(rules[2].reads, IsEmpty());
}

TEST(AlertReads, TheConditionHoldsWhatIsMeantUnasked) {
  const auto where = [](const std::string& text) {
    const LoadResult result = LoadText(
        "- { id: low, by: user, on: logins }\n- { id: r, by: user, on: alerts" + text + " }\n");
    EXPECT_NE(result.rules, nullptr) << Render(result.diagnostics);
    const auto& condition = result.rules->rules[1].steps[0].selector.where;
    return condition ? ToString(*condition->root) : "";
  };
  EXPECT_EQ(where(""), "((event.alert.suppressed == false) && (event.rule.on_alerts == false))");
  EXPECT_EQ(where(", include: suppressed"), "(event.rule.on_alerts == false)");
  EXPECT_EQ(where(", where: 'rule.id == \"low\"'"),
            "((event.rule.id == \"low\") && (event.alert.suppressed == false))");
}

// A rule more, which the reader reads as well, is no change of the reader.
TEST(AlertReads, OtherRulesAreNoPartOfTheFingerprint) {
  const std::string reader = "- { id: z, by: user, on: alerts }\n";
  const LoadResult one = LoadText("- { id: a, by: user, on: logins }\n" + reader);
  const LoadResult two = LoadText(
      "- { id: a, by: user, on: logins, where: x == 1 }\n"
      "- { id: b, by: user, on: devices }\n" +
      reader);
  ASSERT_TRUE(one.rules != nullptr && two.rules != nullptr);
  EXPECT_EQ(one.rules->rules[1].fingerprint, two.rules->rules[2].fingerprint);
  EXPECT_THAT(CanonicalForm(one.rules->rules[1], *one.rules->streams), HasSubstr("on=alerts"));
}

// Alerts stay where the key of their rule lies.
TEST(AlertReads, CoPartitionedAlertsKeepTheirKey) {
  const auto told = [](const std::string& by) {
    const LoadResult result = LoadText(
        "- { id: a, by: [user, host], on: logins, suppress: { for: 1h } }\n"
        "- { id: r, by: " +
            by + ", aggregate: { on: alerts, window: { sliding: 1h }, having: count() > 1 } }\n",
        true);
    return result.diagnostics.has_errors() ? Render(result.diagnostics) : "";
  };
  EXPECT_EQ(told("user"), "");
  EXPECT_EQ(told("[host, user]"), "");
  EXPECT_THAT(told("fields.ip"), HasSubstr("is no part of the key of 'a'"));
}

}  // namespace
}  // namespace telltale::rules
