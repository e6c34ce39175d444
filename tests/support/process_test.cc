#include "tests/support/process.h"

#include <signal.h>

#include "absl/time/clock.h"
#include "gtest/gtest.h"

namespace telltale::support {
namespace {

TEST(ProcessTest, CapturesOutputAndExitCode) {
  ProcessOptions options;
  options.args = {"sh", "-c", "echo out $WORD; echo err >&2; exit 3"};
  options.env = {{"WORD", "word"}};
  ProcessResult result = RunProcess(options, absl::Seconds(10));
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_EQ(result.out, "out word\n");
  EXPECT_EQ(result.err, "err\n");
}

TEST(ProcessTest, MissingProgramIs127) {
  EXPECT_EQ(RunProcess({{"/no/such/program"}, {}, {}}, absl::Seconds(10)).exit_code, 127);
}

TEST(ProcessTest, TimeoutLeavesItRunning) {
  Process process({"sleep", "60"});
  EXPECT_EQ(process.Wait(absl::Milliseconds(20)), std::nullopt);
  EXPECT_TRUE(process.Running());
  EXPECT_EQ(process.Terminate(absl::Seconds(10)), 128 + SIGTERM);
  EXPECT_FALSE(process.Running());
}

TEST(ProcessTest, WaitsForText) {
  Process process({"sh", "-c", "sleep 0.1; echo ready >&2; sleep 60"});
  EXPECT_TRUE(process.WaitForStderr("ready", absl::Seconds(10)));
  EXPECT_FALSE(process.WaitForStdout("ready", absl::Milliseconds(10)));
}

TEST(ProcessTest, DestructorKills) {
  pid_t pid = 0;
  {
    Process process({"sleep", "60"});
    pid = process.pid();
  }
  EXPECT_NE(kill(pid, 0), 0);
}

}  // namespace
}  // namespace telltale::support
