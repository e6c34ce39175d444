// What detections of Sigma demand, and how roles are found by it.
#include "engine/runtime/detection_index.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "engine/runtime/router.h"
#include "engine/runtime/routing.h"
#include "tests/engine/engine_harness.h"

namespace telltale::engine {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

std::shared_ptr<const CompiledRules> Rules(const std::vector<std::string>& detections) {
  std::string yaml;
  for (size_t i = 0; i < detections.size(); ++i) {
    absl::StrAppend(&yaml, "---\nid: r", i, "\non: a\ndetection: ", detections[i], "\n");
  }
  return CompileText(yaml, TestStreams({"a"}));
}

const StreamRouting& RoutingOf(const CompiledRules& rules) { return rules.routing->streams[0]; }

// "f0 ends '.exe'" of each demand of the only rule; "-": nothing is known.
std::vector<std::string> DemandsOf(const std::string& detection) {
  const auto rules = Rules({detection});
  if (rules == nullptr) return {"does not load"};
  const EventLayout& layout = rules->layouts[0];
  const auto demands =
      engine::DemandsOf(*rules->rules->rules[0].steps[0].selector.where->root, layout);
  if (!demands) return {"-"};
  std::vector<std::string> texts;
  for (const Demand& demand : demands->any) {
    constexpr const char* kWords[] = {" is ", " begins ", " ends ", " equals "};
    const auto* text = std::get_if<std::string>(&demand.constant);
    texts.push_back(absl::StrCat(
        layout.fields()[demand.slot].path.front(), kWords[static_cast<size_t>(demand.kind)],
        text != nullptr ? *text : absl::StrCat(std::get<int64_t>(demand.constant))));
  }
  if (!demands->exact) texts.emplace_back("and more");
  std::sort(texts.begin(), texts.end());
  return texts;
}

TEST(Demands, OfATestAreItsValues) {
  EXPECT_THAT(DemandsOf("{ f: [B, a, 7, b] }"), ElementsAre("f equals 7", "f is a", "f is b"));
  EXPECT_THAT(DemandsOf("{ f|endswith: '.EXE' }"), ElementsAre("f ends .exe"));
  EXPECT_THAT(DemandsOf("{ f|startswith: ['C:\\', x] }"),
              ElementsAre("f begins c:\\", "f begins x"));
  EXPECT_THAT(DemandsOf("{ f: '' }"), ElementsAre("f is "));
  EXPECT_THAT(DemandsOf("{ f|cased: Ab }"), ElementsAre("and more", "f is ab"));
}

TEST(Demands, AreNotKnownOfWhatNoHashFinds) {
  for (const char* detection :
       {"{ f|contains: a }", "{ f: 'a?' }", "{ f: 'a*b' }", "{ f: ä }", "{ f: null }",
        "{ f: [a, null] }", "{ f: 1.5 }", "{ f: true }", "{ f|re: a }", "{ f|exists: true }",
        "{ f|neq: a }", "{ sel: { f: a }, condition: not sel }", "[ keyword ]"}) {
    EXPECT_THAT(DemandsOf(detection), ElementsAre("-")) << detection;
  }
}

TEST(Demands, OfAnAndAreThoseOfOnePart) {
  EXPECT_THAT(DemandsOf("{ f: [a, b], g: c }"), ElementsAre("and more", "g is c"));
  EXPECT_THAT(DemandsOf("{ f|contains: a, g: c }"), ElementsAre("and more", "g is c"));
  EXPECT_THAT(DemandsOf("{ s: { f: a }, t: { g: b }, condition: s and not t }"),
              ElementsAre("and more", "f is a"));
}

TEST(Demands, OfAnOrAreThoseOfBoth) {
  EXPECT_THAT(DemandsOf("{ s: { f: a }, t: { g: [b, 1] }, condition: s or t }"),
              ElementsAre("f is a", "g equals 1", "g is b"));
  EXPECT_THAT(DemandsOf("{ s: { f: a }, t: { g|contains: b }, condition: s or t }"),
              ElementsAre("-"));
  EXPECT_THAT(DemandsOf("{ s: { f: a, h|contains: x }, t: { f: b }, condition: 1 of them }"),
              ElementsAre("and more", "f is a", "f is b"));
}

// The ids of the rules that an event fits.
std::vector<std::string> Fitting(const CompiledRules& rules,
                                 const decltype(TestEvent::fields)& fields) {
  EventBuilder builder;
  const Event* event =
      Build(builder, rules, {.stream = 0, .time_ms = 1, .fields = fields, .partition = 0}, 0);
  Router router(*rules.routing);
  std::vector<std::string> ids;
  for (const Destination& destination : router.Route(*event)) {
    for (uint32_t f = 0; f < destination.fit_count; ++f) {
      const Lane& lane = rules.routing->lanes[destination.lane];
      const uint32_t number = router.fits()[destination.first_fit + f].rule;
      ids.push_back(rules.rules->rules[lane.rules[number]].id);
    }
  }
  std::sort(ids.begin(), ids.end());
  return ids;
}

TEST(DetectionIndex, FindsTextsInAnyCaseAndNumbersByTheirAmount) {
  const auto rules = Rules({"{ f: Cmd.exe }", "{ f|endswith: '.exe' }", "{ f|startswith: cmd }",
                            "{ f: 4624 }", "{ f: '4624' }", "{ f: 'true' }", "{ f|cased: CMD }"});
  ASSERT_NE(rules, nullptr);
  EXPECT_THAT(RoutingOf(*rules).unindexed, IsEmpty());
  EXPECT_THAT(RoutingOf(*rules).detections, SizeIs(1));
  EXPECT_THAT(Fitting(*rules, {{"f", std::string("CMD.EXE")}}), ElementsAre("r0", "r1", "r2"));
  EXPECT_THAT(Fitting(*rules, {{"f", std::string("CMD")}}), ElementsAre("r2", "r6"));
  EXPECT_THAT(Fitting(*rules, {{"f", std::string("cmd")}}), ElementsAre("r2"));
  EXPECT_THAT(Fitting(*rules, {{"f", std::string("a long name.Exe")}}), ElementsAre("r1"));
  EXPECT_THAT(Fitting(*rules, {{"f", int64_t{4624}}}), ElementsAre("r3", "r4"));
  EXPECT_THAT(Fitting(*rules, {{"f", 4624.0}}), ElementsAre("r3", "r4"));
  EXPECT_THAT(Fitting(*rules, {{"f", std::string("4624.0")}}), ElementsAre("r3"));
  EXPECT_THAT(Fitting(*rules, {{"f", std::string("04624")}}), IsEmpty());
  EXPECT_THAT(Fitting(*rules, {{"f", true}}), ElementsAre("r5"));
  EXPECT_THAT(Fitting(*rules, {{"f", nullptr}}), IsEmpty());
  EXPECT_THAT(Fitting(*rules, {{"f", ErrorCode::kBadFieldValue}}), IsEmpty());
  EXPECT_THAT(Fitting(*rules, {}), IsEmpty());
}

TEST(DetectionIndex, FindsARoleOnceThoughSeveralElementsFit) {
  const auto rules = Rules({"{ f: [a, b] }", "{ s: { f: a }, t: { g: b }, condition: s or t }"});
  ASSERT_NE(rules, nullptr);
  const std::vector<std::string> both = {"x", "b", "a"};
  EXPECT_THAT(Fitting(*rules, {{"f", both}, {"g", std::string("b")}}), ElementsAre("r0", "r1"));
}

TEST(DetectionIndex, TakesWhatTellsMostRolesApart) {
  std::vector<std::string> detections;
  for (int i = 0; i < 20; ++i)
    detections.push_back(absl::StrCat("{ kind: same, name: [n", i, ", m", i, "] }"));
  const auto rules = Rules(detections);
  ASSERT_NE(rules, nullptr);
  ASSERT_THAT(RoutingOf(*rules).detections, SizeIs(1));
  EXPECT_EQ(RoutingOf(*rules).detections[0].slot(), *rules->layouts[0].Find({"name"}));
  EXPECT_THAT(RoutingOf(*rules).roles[0].predicates, SizeIs(1)) << "the name is known to fit";
  EXPECT_THAT(Fitting(*rules, {{"kind", std::string("same")}, {"name", std::string("m7")}}),
              ElementsAre("r7"));
  EXPECT_THAT(Fitting(*rules, {{"kind", std::string("other")}, {"name", std::string("m7")}}),
              IsEmpty());
}

}  // namespace
}  // namespace telltale::engine
