// `telltale explain RULE KEY` on a running daemon: what is told of a key under watch while its
// events come, when it has matched, and after a reload.
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/integration/takeover_run.h"

namespace telltale::integration {
namespace {

using support::ProcessResult;
using support::SharedBroker;
using ::testing::HasSubstr;

constexpr int64_t kBegin = 1'700'000'000'000;  // 2023-11-14T22:13:20Z

class ExplainTest : public ::testing::Test {
 protected:
  ExplainTest() : run_(SharedBroker(), {.partitions = 2}), daemon_(run_.Start()) {}

  ProcessResult Telltale(std::vector<std::string> args) const {
    args.insert(args.begin(), support::Binary("telltale"));
    args.insert(args.end(), {"--address", absl::StrCat("127.0.0.1:", daemon_.grpc)});
    return support::RunProcess({.args = std::move(args)}, absl::Seconds(60));
  }
  // Waits until the explanation of ann says so.
  void ExpectSaid(const std::string& text) const {
    std::string said;
    Eventually([&] {
      said = Telltale({"explain", "takeover", "ann"}).out;
      return said.find(text) != std::string::npos;
    });
    EXPECT_THAT(said, HasSubstr(text));
  }

  TakeoverRun run_;
  TakeoverRun::Daemon daemon_;
};

TEST_F(ExplainTest, TellsOfAKeyWhileItsEventsCome) {
  ASSERT_TRUE(daemon_.WaitReady());
  const ProcessResult unwatched = Telltale({"explain", "takeover", "ann"});
  EXPECT_EQ(unwatched.exit_code, 3);
  EXPECT_THAT(unwatched.err, HasSubstr("key ann of rule 'takeover' is not under watch"));
  ASSERT_EQ(Telltale({"watch", "takeover", "ann"}).exit_code, 0);

  run_.Produce({run_.Record(0, "ann", kBegin, R"("user_id":"ann","result":"success")"),
                run_.Record(1, "ann", kBegin + 1000, R"("account":"ann","action":"removed")"),
                run_.Record(1, "bob", kBegin + 1000, R"("account":"bob","action":"added")")});
  run_.Produce(run_.Flushers(kBegin + 600'000));
  ExpectSaid("waits for step 'device' until 2023-11-14T22:28:20.000Z");
  const std::string near = Telltale({"explain", "takeover", "ann"}).out;
  EXPECT_THAT(near, HasSubstr("action == \"added\" is false"));
  EXPECT_THAT(near, HasSubstr("action is \"removed\""));

  run_.Produce(
      {run_.Record(1, "ann", kBegin + 610'000, R"("account":"ann","action":"added")"),
       run_.Record(2, "ann", kBegin + 620'000, R"("payer":{"id":"ann"},"amount":2000.5)")});
  run_.Produce(run_.Flushers(kBegin + 1'200'000));
  ExpectSaid("all steps were done 1 time: 'login' took ");
  EXPECT_THAT(Telltale({"watch"}).out, HasSubstr("\ntakeover  ann"));

  // With other rules the watch begins anew, and knows nothing of what was before.
  run_.WriteRules(
      absl::StrCat(TakeoverRun::TakeoverRule(), "---\nid: other\nby: user_id\non: logins\n"));
  ASSERT_EQ(Telltale({"reload"}).exit_code, 0);
  ExpectSaid("no event began it");
  EXPECT_EQ(Telltale({"watch", "--stop", "takeover", "ann"}).exit_code, 0);
  EXPECT_EQ(Telltale({"watch"}).out, "no key is under watch\n");
  EXPECT_EQ(daemon_.Terminate(), 0);
}

}  // namespace
}  // namespace telltale::integration
