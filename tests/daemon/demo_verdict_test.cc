#include "daemon/demo/verdict.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "daemon/demo/alert_reader.h"
#include "daemon/demo/sample_files.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace telltale::demo {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

AlertIdentity Alert(const std::string& rule, int64_t time_ms, int64_t offset) {
  return {rule, "u-1", time_ms, {{kLogins, 0, offset}, {kDevices, 1, 7}}};
}

TEST(VerdictTest, OrderDoesNotMatter) {
  Verdict verdict =
      Judge({Alert("a", 1, 1), Alert("b", 2, 2)}, {Alert("b", 2, 2), Alert("a", 1, 1)});
  EXPECT_TRUE(verdict.exact());
  EXPECT_EQ(verdict.planted, 2u);
  EXPECT_EQ(verdict.alerts, 2u);
}

TEST(VerdictTest, NothingPlantedAndNothingSeenIsExact) { EXPECT_TRUE(Judge({}, {}).exact()); }

TEST(VerdictTest, Missing) {
  Verdict verdict = Judge({Alert("a", 1, 1), Alert("b", 2, 2)}, {Alert("b", 2, 2)});
  EXPECT_FALSE(verdict.exact());
  EXPECT_THAT(verdict.missing, ElementsAre(Alert("a", 1, 1)));
  EXPECT_THAT(verdict.spurious, IsEmpty());
}

TEST(VerdictTest, WhatComesTwiceIsSpurious) {
  Verdict verdict = Judge({Alert("a", 1, 1)}, {Alert("a", 1, 1), Alert("a", 1, 1)});
  EXPECT_THAT(verdict.missing, IsEmpty());
  EXPECT_THAT(verdict.spurious, ElementsAre(Alert("a", 1, 1)));
}

TEST(VerdictTest, OtherEvidenceTimeOrKeyIsAnotherAlert) {
  AlertIdentity wanted = Alert("a", 1, 1);
  AlertIdentity other_key = wanted;
  other_key.key = "u-2";
  AlertIdentity other_order = wanted;
  std::swap(other_order.evidence[0], other_order.evidence[1]);
  for (const AlertIdentity& other : {Alert("a", 1, 2), Alert("a", 2, 1), other_key, other_order}) {
    Verdict verdict = Judge({wanted}, {other});
    EXPECT_EQ(verdict.missing.size(), 1u) << Describe(other);
    EXPECT_EQ(verdict.spurious.size(), 1u) << Describe(other);
  }
}

TEST(VerdictTest, Description) {
  EXPECT_EQ(Describe(Alert("a", 1'772'355'600'123, 17)),
            "a of u-1 at 2026-03-01T09:00:00.123Z (auth.logins/0/17, auth.devices/1/7)");
}

constexpr char kAlert[] =
    R"({"id":"00","kind":"match","rule":{"id":"ato","title":"t","level":"high","tags":[],)"
    R"("fingerprint":"00"},"status":"final","key":{"user_id":"u1"},)"
    R"("time":"2026-03-01T10:00:35.250Z","title":"User u1","risk_score":80,"fields":{},)"
    R"("dedup_key":"00","suppressed":0,"evidence":[{"step":"login","stream":"logins",)"
    R"("topic":"auth.logins","partition":3,"offset":17,"time":"...","event":{}}]})";

TEST(ParseAlertTest, ReadsTheDocumentedForm) {
  std::optional<SeenAlert> seen = ParseAlert(kAlert, {"devices", "logins"});
  ASSERT_TRUE(seen.has_value());
  EXPECT_EQ(seen->level, "high");
  EXPECT_EQ(seen->title, "User u1");
  EXPECT_EQ(seen->identity, (AlertIdentity{"ato", "u1", 1'772'359'235'250, {{1, 3, 17}}}));
}

TEST(ParseAlertTest, WhatIsNoAlert) {
  EXPECT_FALSE(ParseAlert(kAlert, {"devices"}).has_value());  // an unknown stream
  for (const char* text : {"", "x", "{}", "[]", R"({"rule":{"id":"a"},"evidence":[]})",
                           R"({"rule":{"id":"a"},"key":{"k":1},"time":"","evidence":[]})"}) {
    EXPECT_FALSE(ParseAlert(text, {}).has_value()) << text;
  }
}

TEST(SampleFilesTest, TheConfigComesFirst) {
  ASSERT_GE(SampleFiles().size(), 2u);
  EXPECT_EQ(SampleFiles()[0].path, "telltale.yml");
  for (const SampleFile& file : SampleFiles().subspan(1)) {
    EXPECT_TRUE(file.path.starts_with("rules/")) << file.path;
    EXPECT_NE(file.text.find("\nid: "), file.text.npos) << file.path;
  }
}

}  // namespace
}  // namespace telltale::demo
