// Completions as a real bash makes them, and the manual page as a real groff reads it.
#include "daemon/commands/completion.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "daemon/config/config_schema.h"
#include "rules/load/schema/rule_schema.h"
#include "tests/support/process.h"
#include "tests/support/temp_dir.h"

namespace telltale::commands {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::IsSupersetOf;
using testing::Not;

support::ProcessResult RunIn(const support::TempDir& folder, std::vector<std::string> args) {
  support::ProcessOptions options;
  options.args = std::move(args);
  options.directory = folder.path();
  return support::RunProcess(options, absl::Seconds(60));
}

bool HasProgram(const support::TempDir& folder, const std::string& name) {
  return RunIn(folder, {"sh", "-c", "command -v " + name}).exit_code == 0;
}

class Bash : public testing::Test {
 protected:
  Bash() {
    folder_.Write("telltale.bash", BashCompletion(Commands()));
    folder_.Write("one rule.yml", "");
    folder_.Write("other.yml", "");
  }

  // What bash offers for the last of the words.
  std::vector<std::string> Complete(const std::vector<std::string>& words) {
    std::string quoted;
    for (const std::string& word : words) absl::StrAppend(&quoted, " '", word, "'");
    folder_.Write("try.bash",
                  absl::StrCat("set -u\n. ./telltale.bash\nCOMP_WORDS=(telltale", quoted,
                               ")\nCOMP_CWORD=", words.size(),
                               "\n_telltale\nfor word in ${COMPREPLY[@]+\"${COMPREPLY[@]}\"}; do "
                               "echo \"$word\"; done\n"));
    const support::ProcessResult result = RunIn(folder_, {"bash", "try.bash"});
    EXPECT_EQ(result.exit_code, 0) << result.err;
    EXPECT_EQ(result.err, "");
    std::vector<std::string> lines = absl::StrSplit(result.out, '\n');
    lines.pop_back();
    return lines;
  }

  support::TempDir folder_;
};

TEST_F(Bash, OffersCommands) {
  std::vector<std::string> names;
  for (const Command& command : Commands()) names.emplace_back(command.name);
  EXPECT_THAT(Complete({""}), IsSupersetOf(names));
  EXPECT_THAT(Complete({"re"}), ElementsAre("replay", "reload"));
  EXPECT_THAT(Complete({"help", "fm"}), ElementsAre("fmt"));
}

TEST_F(Bash, OffersTheOptionsOfEachCommand) {
  for (const Command& command : Commands()) {
    std::vector<std::string> options = {"--help", "-h"};
    if (command.flags != nullptr) {
      for (const Flags::Description& option : command.flags().Describe())
        options.push_back(absl::StrCat("--", option.name));
    }
    EXPECT_THAT(Complete({std::string(command.name), "-"}), IsSupersetOf(options)) << command.name;
  }
  EXPECT_THAT(Complete({"fmt", "--d"}), ElementsAre("--diff"));
}

TEST_F(Bash, OffersTheValuesOfAnOption) {
  EXPECT_THAT(Complete({"explain", "--format", ""}), ElementsAre("text", "dot", "svg", "json"));
  EXPECT_THAT(Complete({"explain", "--format", "=", "s"}), ElementsAre("svg"));
  EXPECT_THAT(Complete({"explain", "--format", "="}), ElementsAre("text", "dot", "svg", "json"));
  EXPECT_THAT(Complete({"list", "--timeout", ""}), IsEmpty());
  EXPECT_THAT(Complete({"run", "-c", "ot"}), ElementsAre("other.yml"));
}

TEST_F(Bash, OffersFilesAndOtherArguments) {
  EXPECT_THAT(Complete({"fmt", "o"}), testing::UnorderedElementsAre("one rule.yml", "other.yml"));
  EXPECT_THAT(Complete({"completion", ""}), ElementsAre("bash", "zsh"));
  EXPECT_THAT(Complete({"man", ""}), IsEmpty());
  EXPECT_THAT(Complete({"nonsense", ""}), IsEmpty());
}

TEST(Zsh, IsWellFormed) {
  const support::TempDir folder;
  const std::string script = ZshCompletion(Commands());
  EXPECT_THAT(script, testing::StartsWith("#compdef telltale\n"));
  for (const Command& command : Commands()) {
    EXPECT_THAT(script, HasSubstr(absl::StrCat("    ", std::string(command.name), ")\n")));
  }
  EXPECT_THAT(script, HasSubstr("'--format[of the answer]:text|json:(text json)'"));
  if (!HasProgram(folder, "zsh")) GTEST_SKIP() << "there is no zsh to read it";
  const support::ProcessResult result =
      RunIn(folder, {"zsh", "-n", folder.Write("_telltale", script)});
  EXPECT_EQ(result.exit_code, 0) << result.err;
}

TEST(ManualPage, NamesEveryCommandAndOption) {
  const std::string page = ManualPage(Commands());
  EXPECT_THAT(page, HasSubstr(".TH TELLTALE 1 "));
  for (const Command& command : Commands()) {
    EXPECT_THAT(page, HasSubstr(absl::StrCat(".SS ", std::string(command.name), "\n")));
    EXPECT_FALSE(command.exit_codes.empty());
    if (command.flags == nullptr) continue;
    for (const Flags::Description& option : command.flags().Describe()) {
      EXPECT_NE(option.text, "") << command.name << " --" << option.name;
      std::string name = absl::StrCat("\\-\\-", option.name);
      for (size_t at = 4; (at = name.find('-', at)) != std::string::npos; at += 2)
        name.insert(at, "\\");
      EXPECT_THAT(page, HasSubstr(absl::StrCat("\\fB", name, "\\fR")));
    }
  }
}

TEST(ManualPage, IsReadByGroffWithoutAWord) {
  const support::TempDir folder;
  const std::string file = folder.Write("telltale.1", ManualPage(Commands()));
  if (!HasProgram(folder, "groff")) GTEST_SKIP() << "there is no groff to read it";
  const support::ProcessResult result = RunIn(folder, {"groff", "-man", "-ww", "-Tutf8", file});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(result.err, "");
  EXPECT_THAT(result.out, HasSubstr("find in streams of events"));
}

TEST(Help, ListsEveryOptionOfACommand) {
  const support::TempDir folder;
  for (const Command& command : Commands()) {
    const support::ProcessResult result =
        RunIn(folder, {support::Binary("telltale"), std::string(command.name), "--help"});
    EXPECT_EQ(result.exit_code, 0);
    EXPECT_THAT(result.out, testing::StartsWith("Usage: telltale "));
    EXPECT_THAT(result.out, HasSubstr("\n\nExit codes: "));
    if (command.flags == nullptr) continue;
    for (const Flags::Description& option : command.flags().Describe())
      EXPECT_THAT(result.out, HasSubstr(absl::StrCat("--", option.name)));
  }
}

TEST(Help, AlignsWhatOptionsDo) {
  std::string text;
  bool flag = false;
  int64_t number = 0;
  Flags flags;
  flags.Text("config", 'c', &text, {"FILE", "the config"})
      .Switch("a-long-switch", &flag, "what it does")
      .Number("n", &number, {})
      .Text("very-long-option-name", &text, {"WITH-A-LONG-VALUE", "beside it there is no room"});
  EXPECT_EQ(flags.HelpText(),
            "  -c, --config FILE    the config\n"
            "      --a-long-switch  what it does\n"
            "      --n N\n"
            "      --very-long-option-name WITH-A-LONG-VALUE\n"
            "                       beside it there is no room\n");
}

TEST(ValueWords, AreThoseBetweenBars) {
  EXPECT_THAT(ValueWords("text|json"), ElementsAre("text", "json"));
  EXPECT_THAT(ValueWords("FILE"), IsEmpty());
}

TEST(Commands, PrintTheirOwnDescription) {
  const support::TempDir folder;
  const std::string telltale = support::Binary("telltale");
  EXPECT_EQ(RunIn(folder, {telltale, "completion", "bash"}).out, BashCompletion(Commands()));
  EXPECT_EQ(RunIn(folder, {telltale, "completion", "zsh"}).out, ZshCompletion(Commands()));
  EXPECT_EQ(RunIn(folder, {telltale, "man"}).out, ManualPage(Commands()));
  EXPECT_EQ(RunIn(folder, {telltale, "completion"}).exit_code, 3);
  const support::ProcessResult fish = RunIn(folder, {telltale, "completion", "fish"});
  EXPECT_EQ(fish.exit_code, 3);
  EXPECT_THAT(fish.err, HasSubstr("no completions for 'fish', only for bash and zsh"));
  EXPECT_EQ(RunIn(folder, {telltale, "man", "x"}).exit_code, 3);
  EXPECT_EQ(RunIn(folder, {telltale, "schema"}).out, rules::RuleSchema());
  EXPECT_EQ(RunIn(folder, {telltale, "schema", "tests"}).out, rules::TestFileSchema());
  EXPECT_EQ(RunIn(folder, {telltale, "schema", "config"}).out, config::ConfigSchema());
  EXPECT_EQ(RunIn(folder, {telltale, "schema", "events"}).exit_code, 3);
}

TEST(Commands, FailWhereTheirOutputIsLost) {
  const support::TempDir folder;
  const support::ProcessResult full =
      RunIn(folder, {"sh", "-c", absl::StrCat(support::Binary("telltale"), " man > /dev/full")});
  EXPECT_EQ(full.exit_code, 1);
  EXPECT_EQ(full.err, "telltale: not all could be written to standard output\n");
}

}  // namespace
}  // namespace telltale::commands
