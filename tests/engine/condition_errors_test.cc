// V1: what ends in an error is counted, for each rule and each of its steps and absences, whether
// or not an index found it. Statistics are asked here, as whoever runs the daemon sees them.
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "engine/runtime/routing.h"
#include "tests/engine/engine_harness.h"

namespace telltale::engine {
namespace {

using Counts = std::map<std::string, uint64_t>;
using Fields = decltype(TestEvent::fields);

std::string Rule(const std::string& id, const std::string& where) {
  return absl::StrCat("---\nid: ", id, "\ntitle: T\nsequence: [ {x: {on: a, where: '", where,
                      "'}} ]\n");
}

class Errors {
 public:
  explicit Errors(const std::string& yaml)
      : rules_(CompileText(yaml, streams_)), engine_(MakeEngine(rules_, Options(), sink_)) {
    engine_->AddPartition({.stream = 0, .partition = 0}, {});
    engine_->AddPartition({.stream = 1, .partition = 0}, {});
  }

  void Offer(const Fields& fields, uint32_t stream = 0) { OfferAt(++now_, fields, stream); }
  void OfferAt(int64_t time_ms, const Fields& fields, uint32_t stream = 0) {
    const TestEvent event{.stream = stream, .time_ms = time_ms, .fields = fields, .partition = 0};
    const CompiledRules& rules = engine_->RulesAt(time_ms * 1'000'000);
    engine_->Offer(*Build(builder_, rules, event, offsets_[stream]++));
  }
  void Switch(const std::string& yaml) { engine_->Switch(CompileText(yaml, streams_)); }
  Engine& engine() { return *engine_; }

  // By rule, those without errors left out.
  Counts Counted() const {
    Counts counts;
    for (const RuleStats& rule : engine_->Stats().rules) {
      if (rule.condition_errors > 0) counts[rule.id] = rule.condition_errors;
    }
    return counts;
  }
  uint64_t MissingKeys() const { return engine_->Stats().rules.at(0).missing_keys; }

 private:
  static EngineOptions Options() {
    EngineOptions options;
    options.threads = false;
    options.max_out_of_orderness = {10'000'000'000, 10'000'000'000};
    return options;
  }

  std::shared_ptr<const rules::StreamCatalog> streams_ = TestStreams({"a", "b"});
  std::shared_ptr<const CompiledRules> rules_;
  CollectingSink sink_;
  std::unique_ptr<Engine> engine_;
  EventBuilder builder_;
  std::map<uint32_t, int64_t> offsets_;
  int64_t now_ = 0;
};

Counts Count(const std::string& yaml, const Fields& fields) {
  Errors errors(yaml);
  errors.Offer(fields);
  return errors.Counted();
}

// The errors of one rule with this condition by an event of these fields.
uint64_t CountOf(const std::string& where, const Fields& fields) {
  const Counts counts = Count(Rule("r", where), fields);
  return counts.empty() ? 0 : counts.at("r");
}

constexpr auto kBad = ErrorCode::kBadFieldValue;

TEST(ConditionErrors, AnEqualityOfAFieldThatCannotBeRead) {
  for (const char* where : {"f == \"x\"", "\"x\" == f", "f == 3", "f == 3 && f == 3"}) {
    SCOPED_TRACE(where);
    EXPECT_EQ(CountOf(where, {}), 1u);
    EXPECT_EQ(CountOf(where, {{"f", kBad}}), 1u);
    EXPECT_EQ(CountOf(where, {{"f", ErrorCode::kWrongFieldType}}), 1u);
  }
}

TEST(ConditionErrors, AValueOfAnotherTypeIsNotEqualAndNoError) {
  for (const char* where : {"f == \"x\"", "f == 3"}) {
    SCOPED_TRACE(where);
    const std::vector<Fields> other = {{{"f", "y"}},   {{"f", int64_t{4}}}, {{"f", 1.5}},
                                       {{"f", 1e300}}, {{"f", true}},       {{"f", nullptr}},
                                       {{"f", ""}},    {{"f", 3.0}}};
    for (const Fields& fields : other) EXPECT_EQ(CountOf(where, fields), 0u);
  }
}

TEST(ConditionErrors, AFalseConjunctWinsOverTheEquality) {
  EXPECT_EQ(CountOf("f == \"x\" && v > 1", {{"v", int64_t{2}}}), 1u);
  EXPECT_EQ(CountOf("f == \"x\" && v > 1", {{"v", int64_t{1}}}), 0u);
  EXPECT_EQ(CountOf("f == \"x\" && v > 1", {{"v", "text"}}), 1u);  // an error, too: one in all
  EXPECT_EQ(CountOf("f == \"x\" && v > 1", {}), 1u);
  EXPECT_EQ(CountOf("v > 1 && f == \"x\" && false", {}), 0u);
}

TEST(ConditionErrors, HasAsksBefore) {
  EXPECT_EQ(CountOf("has(f) && f == \"x\"", {}), 0u);
  EXPECT_EQ(CountOf("has(f) && f == \"x\"", {{"f", kBad}}), 1u);  // it is there
  EXPECT_EQ(CountOf("!has(f) && f == \"x\"", {}), 1u);
}

TEST(ConditionErrors, AnOrWithinAConjunct) {
  const std::string where = "f == \"x\" && (v == 1 || w > 2)";
  EXPECT_EQ(CountOf(where, {{"v", int64_t{1}}}), 1u);
  EXPECT_EQ(CountOf(where, {{"v", int64_t{0}}, {"w", int64_t{1}}}), 0u);
  EXPECT_EQ(CountOf(where, {{"v", int64_t{0}}}), 1u);
  EXPECT_EQ(CountOf("f == \"x\" || v == 1", {{"v", int64_t{1}}}), 0u);
  EXPECT_EQ(CountOf("f == \"x\" || v == 1", {{"v", int64_t{0}}}), 1u);
}

TEST(ConditionErrors, SeveralEqualities) {
  const std::string where = "f == \"x\" && g == 1 && h == \"z\"";
  EXPECT_EQ(CountOf(where, {}), 1u);
  const Fields fits = {{"f", "x"}, {"g", int64_t{1}}, {"h", "z"}};
  for (const char* missing : {"f", "g", "h"}) {
    SCOPED_TRACE(missing);
    Fields fields = fits;
    fields.erase(missing);
    EXPECT_EQ(CountOf(where, fields), 1u);
    for (const char* other : {"f", "g", "h"}) {
      if (std::string(other) == missing) continue;
      Fields some = fields;
      some[other] = "other";
      EXPECT_EQ(CountOf(where, some), 0u) << other;
      some[other] = kBad;
      EXPECT_EQ(CountOf(where, some), 1u) << other;
    }
  }
  EXPECT_EQ(CountOf("f == \"x\" && f == \"y\"", {}), 1u);
  EXPECT_EQ(CountOf("f == \"x\" && f == \"y\"", {{"f", "x"}}), 0u);
  EXPECT_EQ(CountOf("f == \"x\" && f == 1 && g == 1", {{"g", 1.0}}), 1u);
}

TEST(ConditionErrors, RulesInOneIndexAndInSeveral) {
  const std::string yaml = Rule("r1", "f == \"x\" && v > 1") + Rule("r2", "f == \"y\" && v > 1") +
                           Rule("r3", "f == \"y\" && g == 1") + Rule("r4", "g == 1 && v > 1") +
                           Rule("r5", "g == 2") + Rule("r6", "f == \"z\" && g == 2") +
                           Rule("r7", "v > 1") + Rule("r8", "f == \"y\" && v > 1");
  const Fields none = {};
  EXPECT_EQ(
      Count(yaml, none),
      (Counts{
          {"r1", 1}, {"r2", 1}, {"r3", 1}, {"r4", 1}, {"r5", 1}, {"r6", 1}, {"r7", 1}, {"r8", 1}}));
  EXPECT_EQ(Count(yaml, {{"g", int64_t{1}}, {"v", int64_t{0}}}), (Counts{{"r3", 1}}));
  EXPECT_EQ(Count(yaml, {{"g", int64_t{1}}, {"v", int64_t{2}}}),
            (Counts{{"r1", 1}, {"r2", 1}, {"r3", 1}, {"r8", 1}}));
  EXPECT_EQ(Count(yaml, {{"f", "y"}, {"v", int64_t{2}}}),
            (Counts{{"r3", 1}, {"r4", 1}, {"r5", 1}}));
  EXPECT_EQ(Count(yaml, {{"f", "y"}, {"g", int64_t{2}}}),
            (Counts{{"r2", 1}, {"r7", 1}, {"r8", 1}}));
}

TEST(ConditionErrors, EachStepAndAbsenceCountsWhateverTheKey) {
  Errors errors(
      "id: r\ntitle: T\nby: k\nsequence:\n"
      "  - s: {on: a, where: 'f == \"x\"'}\n"
      "  - t: {on: a, where: 'f == \"y\"'}\n"
      "  - not: {on: a, where: 'f == \"z\" && v > 1'}\n"
      "  - u: {on: b, where: 'f == \"x\" && v == s.v'}\n"
      "within: 10s\n");
  errors.Offer({{"k", "k1"}, {"v", int64_t{2}}});
  EXPECT_EQ(errors.Counted(), (Counts{{"r", 3}}));
  errors.Offer({{"v", int64_t{0}}});  // without a key: nobody has come to ask for it
  EXPECT_EQ(errors.Counted(), (Counts{{"r", 5}}));
  EXPECT_EQ(errors.MissingKeys(), 0u);
  errors.Offer({{"k", "k1"}}, 1);  // the equality alone says that it is one
  EXPECT_EQ(errors.Counted(), (Counts{{"r", 6}}));
}

TEST(ConditionErrors, OfTheStreamThatTheEventIsOf) {
  Errors errors(Rule("r1", "f == \"x\"") +
                "---\nid: r2\ntitle: T\nsequence: [ {x: {on: b, where: 'f == \"x\"'}} ]\n");
  errors.Offer({}, 1);
  errors.Offer({}, 1);
  errors.Offer({}, 0);
  EXPECT_EQ(errors.Counted(), (Counts{{"r1", 1}, {"r2", 2}}));
}

TEST(ConditionErrors, RulesThatDoNotRunHaveNone) {
  Errors errors(Rule("r1", "f == \"x\"") + "mode: off\n" + Rule("r2", "f == \"y\"") +
                "mode: shadow\n");
  errors.Offer({});
  EXPECT_EQ(errors.Counted(), (Counts{{"r2", 1}}));
}

TEST(ConditionErrors, GoOnWhenRulesChange) {
  Errors errors(Rule("r1", "f == \"x\"") + Rule("r2", "g == 1 && f == \"x\""));
  errors.OfferAt(20'000, {});
  errors.OfferAt(20'000, {{"f", "x"}, {"g", int64_t{2}}});  // r1 alerts at once: T_s is here
  EXPECT_EQ(errors.Counted(), (Counts{{"r1", 1}, {"r2", 1}}));
  errors.Switch(Rule("r1", "f == \"x\"") + Rule("r2", "f == \"y\" && v > 1") +
                Rule("r3", "f == \"z\""));
  EXPECT_EQ(errors.Counted(), (Counts{{"r1", 1}, {"r2", 1}}));
  errors.OfferAt(19'000, {});  // the old rules' still, for it is not after T_s
  EXPECT_EQ(errors.Counted(), (Counts{{"r1", 2}, {"r2", 2}}));
  errors.OfferAt(21'000, {{"v", int64_t{0}}});
  EXPECT_EQ(errors.Counted(), (Counts{{"r1", 3}, {"r2", 2}, {"r3", 1}}));
  errors.OfferAt(60'000, {{"f", "other"}});
  errors.OfferAt(60'000, {}, 1);
  errors.engine().Flush();
  ASSERT_FALSE(errors.engine().switching());
  EXPECT_EQ(errors.Counted(), (Counts{{"r1", 3}, {"r2", 2}, {"r3", 1}}));
  errors.Switch(Rule("r1", "f == \"x\""));
  EXPECT_EQ(errors.Counted(), (Counts{{"r1", 3}}));
}

// What is kept for errors, and so what an event may cost, grows with the different conditions
// beside the equalities, not with their constants.
TEST(ConditionErrors, RulesThatDifferInConstantsCostOneEventNoMore) {
  const auto nodes = [](int rules) {
    std::string yaml;
    for (int i = 0; i < rules; ++i) {
      const std::string where =
          absl::StrCat("f == \"user-", i, "\" && g == 1 && has(h) && v > ", i % 2);
      absl::StrAppend(&yaml, Rule(absl::StrCat("r", i), where));
    }
    return CompileText(yaml, TestStreams({"a"}))->routing->streams[0].errors.nodes.size();
  };
  EXPECT_EQ(nodes(10), nodes(500));
}

}  // namespace
}  // namespace telltale::engine
