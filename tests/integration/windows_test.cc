// Windows over real topics: counts over three of them become alerts, and what is no alert goes to a
// topic of its own, where it can be added up.
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/integration/takeover_run.h"

namespace telltale::integration {
namespace {

using support::KafkaRecord;
using support::SharedBroker;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr int64_t kBegin = 1'700'000'000'000;
constexpr int kUsers = 300;

// The text behind "NAME": in the record's value.
std::string Member(const KafkaRecord& record, const std::string& name) {
  const std::string mark = absl::StrCat("\"", name, "\":");
  const size_t begin = record.value->find(mark);
  if (begin == std::string::npos) return "";
  const size_t end = record.value->find_first_of(",}", begin);
  return record.value->substr(begin + mark.size(), end - begin - mark.size());
}

class WindowsTest : public ::testing::Test {
 protected:
  WindowsTest() : run_(SharedBroker()), outputs_(run_.group() + ".minutes") {
    run_.WriteRules(absl::StrCat(
        "id: busy\nby: user_id\nwarm_up: assume_empty\n"
        "aggregate:\n  any_of:\n    - { on: logins, where: result == \"success\" }\n"
        "    - { on: devices, by: account }\n    - { on: transactions, by: payer.id }\n"
        "  window: { sliding: 20s }\n  having: count() >= 3\n"
        "alert: { fields: { events: count() } }\n"
        "---\nid: minutes\nby: result\nwarm_up: assume_empty\n"
        "aggregate: { on: logins, window: { tumbling: 1m } }\nemit: every_window\n"
        "output: { topic: ",
        outputs_,
        ", fields: { logins: count() } }\n"
        "---\nid: shown\nby: result\nwarm_up: assume_empty\n"
        "aggregate: { on: logins, window: { tumbling: 1m } }\nemit: every_window\n"
        "output: { metric: { name: test_logins_total, type: counter, help: Logins., value: "
        "count(), "
        "labels: { result: result } } }\n"));
  }

  // The logins of all minutes, each minute once; and which ids there are.
  int64_t Logins(std::set<std::string>* ids) {
    std::map<std::string, int64_t> by_id;
    auto records = run_.kafka().ConsumeAll(outputs_);
    EXPECT_TRUE(records.ok()) << records.status();
    if (!records.ok()) return -1;
    for (const KafkaRecord& record : *records) {
      int64_t logins = 0;
      EXPECT_TRUE(absl::SimpleAtoi(Member(record, "logins"), &logins)) << *record.value;
      const auto [known, is_new] = by_id.emplace(*record.key, logins);
      EXPECT_TRUE(is_new || known->second == logins) << *record.value;
    }
    int64_t sum = 0;
    for (const auto& [id, logins] : by_id) {
      if (ids != nullptr) ids->insert(id);
      sum += logins;
    }
    return sum;
  }

  TakeoverRun run_;
  const std::string outputs_;
};

TEST_F(WindowsTest, CountsBecomeAlertsAndOutputs) {
  TakeoverRun::Daemon daemon = run_.Start();
  ASSERT_TRUE(daemon.WaitReady());
  run_.Produce(run_.Users(0, kUsers, kBegin, 200'000));
  run_.Produce(run_.Flushers(kBegin + 3'000'000));
  // Every user has three events within ten seconds.
  EXPECT_TRUE(Eventually([&] { return run_.Alerted().size() == size_t{kUsers}; }))
      << run_.Alerted().size() << run_.Describe();
  EXPECT_TRUE(Eventually([&] { return Logins(nullptr) == kUsers; }))
      << Logins(nullptr) << run_.Describe();
  EXPECT_THAT(run_.RepeatedAlerts(), IsEmpty());
  EXPECT_TRUE(Eventually([&] {
    return daemon.Metric("test_logins_total{rule=\"shown\",result=\"success\"}") == kUsers;
  }));

  auto alerts = run_.kafka().ConsumeAll(run_.alerts());
  ASSERT_TRUE(alerts.ok() && !alerts->empty());
  for (const KafkaRecord& alert : *alerts) {
    EXPECT_EQ(alert.Header("ce_type"), "telltale.alert.window");
    EXPECT_EQ(Member(alert, "events"), "3") << *alert.value;
  }
  std::set<std::string> ids;
  Logins(&ids);
  EXPECT_GE(ids.size(), 3u);  // the minutes of 200 s
  auto outputs = run_.kafka().ConsumeAll(outputs_);
  ASSERT_TRUE(outputs.ok() && !outputs->empty());
  const KafkaRecord& output = outputs->front();
  EXPECT_EQ(output.Header("ce_type"), "telltale.output");
  EXPECT_THAT(*output.value, HasSubstr("\"id\":\"" + *output.key + "\""));
  EXPECT_THAT(*output.value, HasSubstr("\"key\":{\"result\":\"success\"},\"time\":"));
  EXPECT_THAT(*output.value, HasSubstr("\"window\":{\"start\":"));
  EXPECT_EQ(daemon.Terminate(), 0);
}

}  // namespace
}  // namespace telltale::integration
