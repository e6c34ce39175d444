#include "daemon/replay/settled_alerts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace telltale::replay {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

engine::Alert AlertAt(const rules::Rule& rule, int64_t time, int64_t offset) {
  engine::Alert alert;
  alert.rule = &rule;
  alert.time = time;
  engine::Evidence evidence;
  evidence.time = time;
  evidence.offset = offset;
  alert.evidence.push_back(evidence);
  return alert;
}

std::vector<int64_t> Offsets(const std::vector<engine::Alert>& alerts) {
  std::vector<int64_t> offsets;
  for (const engine::Alert& alert : alerts) offsets.push_back(alert.evidence.back().offset);
  return offsets;
}

TEST(SettledAlertsTest, GivesOutInOrderWhatNothingCanPrecedeAnyMore) {
  rules::Rule rule;
  rule.id = "r";
  SettledAlerts alerts;
  alerts.Deliver(1, 1, {AlertAt(rule, 10, 4), AlertAt(rule, 30, 1)});
  alerts.Deliver(0, 1, {AlertAt(rule, 10, 3), AlertAt(rule, 20, 2)});
  EXPECT_THAT(Offsets(alerts.Take(10)), IsEmpty());
  EXPECT_THAT(Offsets(alerts.Take(20)), ElementsAre(3, 4));
  alerts.Deliver(0, 2, {AlertAt(rule, 25, 9)});
  EXPECT_THAT(Offsets(alerts.Take(26)), ElementsAre(2, 9));
  EXPECT_THAT(Offsets(alerts.TakeAll()), ElementsAre(1));
  EXPECT_THAT(Offsets(alerts.TakeAll()), IsEmpty());
}

}  // namespace
}  // namespace telltale::replay
