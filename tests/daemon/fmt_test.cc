// `telltale fmt` from the outside.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "daemon/config/replace_file.h"
#include "tests/support/process.h"
#include "tests/support/temp_dir.h"

namespace telltale {
namespace {

using testing::AllOf;
using testing::HasSubstr;

constexpr char kUntidy[] = "id:   a   # why\non: b\n";
constexpr char kTidy[] = "id: a  # why\non: b\n";

class FmtCommand : public testing::Test {
 protected:
  support::ProcessResult Fmt(std::vector<std::string> args, std::string input = "/dev/null") {
    args.insert(args.begin(), {support::Binary("telltale"), "fmt"});
    support::ProcessOptions options;
    options.args = std::move(args);
    options.directory = folder_.path();
    options.stdin_path = std::move(input);
    return support::RunProcess(options, absl::Seconds(60));
  }
  std::string Read(std::string_view name) { return support::ReadFile(folder_.File(name)); }

  support::TempDir folder_;
};

TEST_F(FmtCommand, WritesWhatChangesAndNamesIt) {
  const std::string path = folder_.Write("a.yml", kUntidy);
  folder_.Write("b.yml", kTidy);
  ASSERT_EQ(::chmod(path.c_str(), 0640), 0);
  const support::ProcessResult result = Fmt({"a.yml", "b.yml"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.out, "a.yml\n");
  EXPECT_EQ(Read("a.yml"), kTidy);
  struct stat status {};
  ASSERT_EQ(::stat(path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0640u);
  EXPECT_EQ(Fmt({"a.yml", "b.yml"}).out, "");
  // Nothing is left beside them.
  size_t files = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(folder_.path()))
    ++files;
  EXPECT_EQ(files, 2u);
}

TEST_F(FmtCommand, ChecksWithoutWriting) {
  folder_.Write("a.yml", kUntidy);
  const support::ProcessResult result = Fmt({"--check", "a.yml"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_EQ(result.out, "a.yml\n");
  EXPECT_EQ(Read("a.yml"), kUntidy);
  folder_.Write("a.yml", kTidy);
  EXPECT_EQ(Fmt({"--check", "a.yml"}).exit_code, 0);
}

TEST_F(FmtCommand, ShowsADiff) {
  folder_.Write("a.yml", kUntidy);
  const support::ProcessResult result = Fmt({"--diff", "a.yml"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(result.out,
            "--- a.yml\n+++ a.yml\n@@ -1,2 +1,2 @@\n-id:   a   # why\n+id: a  # why\n on: b\n");
  EXPECT_EQ(Read("a.yml"), kUntidy);
  EXPECT_EQ(Fmt({"--diff", "--check", "a.yml"}).exit_code, 1);
}

TEST_F(FmtCommand, ReadsStandardInput) {
  const support::ProcessResult result = Fmt({"-"}, folder_.Write("a.yml", kUntidy));
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(result.out, kTidy);
  EXPECT_EQ(Read("a.yml"), kUntidy);
  EXPECT_EQ(Fmt({"-", "--check"}, folder_.File("a.yml")).exit_code, 1);
}

TEST_F(FmtCommand, LeavesFilesWithErrorsAloneAndGoesOn) {
  folder_.Write("bad.yml", "id: [1\n");
  folder_.Write("good.yml", kUntidy);
  const support::ProcessResult result = Fmt({"bad.yml", "good.yml"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.err, AllOf(HasSubstr("bad.yml:1"), HasSubstr("R0001")));
  EXPECT_EQ(Read("bad.yml"), "id: [1\n");
  EXPECT_EQ(Read("good.yml"), kTidy);
  EXPECT_EQ(Fmt({"none.yml"}).exit_code, 2);
}

TEST_F(FmtCommand, LeavesFilesAloneThatAreNoRules) {
  constexpr char kText[] = "Two lines\nof text.\n";
  folder_.Write("README.md", kText);
  folder_.Write("cards.json", "{\"a\": 1,\n \"b\": [1]}");
  folder_.Write("good.yml", kUntidy);
  const support::ProcessResult result = Fmt({"README.md", "cards.json", "good.yml"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_EQ(result.out, "good.yml\n");
  EXPECT_THAT(result.err, HasSubstr("README.md: left as it is: its name ends in neither"));
  EXPECT_EQ(Read("README.md"), kText);
  EXPECT_EQ(Read("cards.json"), "{\"a\": 1,\n \"b\": [1]}");
  // Those that the config names are rules, whatever they are called.
  folder_.Write("telltale.yml", "streams: { b: { time: { field: t } } }\nrules: [ a.rules ]\n");
  folder_.Write("a.rules", kUntidy);
  EXPECT_EQ(Fmt({}).out, "a.rules\n");
}

TEST_F(FmtCommand, TakesFoldersAndTheConfigsOwnRules) {
  folder_.Write("telltale.yml", "streams: { b: { time: { field: t } } }\nrules: [ r*.yml ]\n");
  folder_.Write("r1.yml", kUntidy);
  EXPECT_EQ(Fmt({}).out, "r1.yml\n");
  EXPECT_EQ(Read("r1.yml"), kTidy);
  folder_.Write("r1.yml", kUntidy);
  EXPECT_THAT(Fmt({"."}).out, HasSubstr("r1.yml\n"));
  EXPECT_EQ(Read("r1.yml"), kTidy);
  EXPECT_EQ(Fmt({"-c", "none.yml"}).exit_code, 3);
  EXPECT_EQ(Fmt({"--nonsense"}).exit_code, 3);
}

TEST(ReplaceFile, KeepsALinkAndReplacesWhatItPointsTo) {
  const support::TempDir folder;
  const std::string target = folder.Write("target", "old");
  const std::string link = folder.File("link");
  ASSERT_EQ(::symlink("target", link.c_str()), 0);
  EXPECT_EQ(config::ReplaceFile(link, "new"), "");
  EXPECT_TRUE(std::filesystem::is_symlink(link));
  EXPECT_EQ(support::ReadFile(target), "new");
}

TEST(ReplaceFile, SaysWhyNot) {
  const support::TempDir folder;
  EXPECT_EQ(config::ReplaceFile(folder.File("none"), "x"), "No such file or directory");
}

}  // namespace
}  // namespace telltale
