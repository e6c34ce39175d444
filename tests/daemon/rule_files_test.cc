#include "daemon/config/rule_files.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

#include "rules/load/yaml/reader.h"

namespace telltale::config {
namespace {

namespace fs = std::filesystem;

class RuleFilesTest : public testing::Test {
 protected:
  RuleFilesTest() {
    std::string pattern = (fs::temp_directory_path() / "telltale-rules-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
  }
  ~RuleFilesTest() override { fs::remove_all(folder_); }

  void Write(const std::string& name, const std::string& text = "# rule\n") {
    fs::create_directories((folder_ / name).parent_path());
    std::ofstream(folder_ / name, std::ios::binary) << text;
  }

  // The names of the files that the patterns give, and the codes told.
  std::string Found(const std::vector<std::string>& patterns) {
    Config config;
    config.folder = folder_.string();
    for (const std::string& pattern : patterns) config.rules.emplace_back(pattern);
    const RuleFiles found = ReadRuleFiles(config);
    std::string text;
    for (const rules::SourcePtr& file : found.files) {
      text +=
          (text.empty() ? "" : " ") + fs::path(file->path()).lexically_relative(folder_).string();
    }
    for (const rules::Diagnostic& entry : found.diagnostics.list())
      text += " " + std::string(entry.code.id);
    return text;
  }

  fs::path folder_;
};

TEST_F(RuleFilesTest, GlobsAreSorted) {
  for (const char* name : {"b.yml", "a.yml", "c.txt", "B.yml"}) Write(name);
  EXPECT_EQ(Found({"*.yml"}), "B.yml a.yml b.yml");
}

TEST_F(RuleFilesTest, FoldersAreWalkedInAFixedOrder) {
  for (const char* name :
       {"r/b/x.yaml", "r/a.yml", "r/b.yml", "r/.git/y.yml", "r/.z.yml", "r/c.md"})
    Write(name);
  EXPECT_EQ(Found({"r"}), "r/a.yml r/b.yml r/b/x.yaml");
  EXPECT_EQ(Found({"r/"}), "r/a.yml r/b.yml r/b/x.yaml");
  EXPECT_EQ(Found({"*"}), "r/a.yml r/b.yml r/b/x.yaml");
}

TEST_F(RuleFilesTest, FilesOfTestsAreNoRulesHoweverTheyAreNamed) {
  for (const char* name : {"r/a.yml", "r/a.test.yml", "r/b.test.yaml", "r/test.yml"}) Write(name);
  for (const char* pattern : {"r", "r/*"}) {
    EXPECT_EQ(Found({pattern}), "r/a.yml r/test.yml");
    const RuleFiles found = ReadRuleFiles(std::vector<std::string>{(folder_ / pattern).string()});
    ASSERT_EQ(found.tests.size(), 2u);
    EXPECT_EQ(fs::path(found.tests[1]->path()).filename(), "b.test.yaml");
  }
  const RuleFiles named =
      ReadRuleFiles(std::vector<std::string>{(folder_ / "r/a.test.yml").string()});
  EXPECT_TRUE(named.files.empty());
  EXPECT_EQ(named.tests.size(), 1u);
}

TEST_F(RuleFilesTest, TestsBesideANamedRuleFileAreReadWhereTheyAreWanted) {
  for (const char* name : {"r/a.yml", "r/a.test.yml", "r/b.yml", "r/c.test.yml"}) Write(name);
  const std::vector<std::string> named = {(folder_ / "r/a.yml").string(),
                                          (folder_ / "r/b.yml").string()};
  EXPECT_TRUE(ReadRuleFiles(named).tests.empty());
  EXPECT_EQ(ReadRuleFiles(named, true).tests.size(), 1u);
}

TEST_F(RuleFilesTest, AFileIsReadOnce) {
  Write("a.yml");
  Write("b.yml");
  EXPECT_EQ(Found({"b.yml", "*.yml", "./a.yml"}), "b.yml a.yml");
}

TEST_F(RuleFilesTest, ANameThatIsThereIsNoGlob) {
  Write("[a].yml");
  Write("a.yml");
  EXPECT_EQ(Found({"[a].yml"}), "[a].yml");
  fs::remove(folder_ / "[a].yml");
  EXPECT_EQ(Found({"[a].yml"}), "a.yml");
}

TEST_F(RuleFilesTest, AbsolutePaths) {
  Write("a.yml", "id: a\n");
  const RuleFiles found = ReadRuleFiles(std::vector<std::string>{(folder_ / "a.yml").string()});
  ASSERT_EQ(found.files.size(), 1u);
  EXPECT_EQ(found.files[0]->text(), "id: a\n");
}

TEST_F(RuleFilesTest, WhatIsNotThere) {
  EXPECT_EQ(Found({"nosuch.yml"}), " C0118");
  EXPECT_EQ(Found({"*.yml"}), " C0901");
  fs::create_directories(folder_ / "empty");
  EXPECT_EQ(Found({"empty"}), " C0901");
  for (const char* pattern : {"empty", "no*.yml"}) {
    const RuleFiles by_hand = ReadRuleFiles(std::vector<std::string>{(folder_ / pattern).string()});
    ASSERT_EQ(by_hand.diagnostics.list().size(), 1u);
    EXPECT_TRUE(by_hand.diagnostics.has_errors()) << "who names it means something";
  }
}

// As a shell's <(...) is, which is nothing for a config: a reload would wait for it.
TEST_F(RuleFilesTest, APipeIsReadWhereACommandLineNamesIt) {
  const std::string pipe = (folder_ / "pipe").string();
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  std::thread writer([&] { std::ofstream(pipe) << "id: a\n"; });
  const RuleFiles found = ReadRuleFiles(std::vector<std::string>{pipe});
  writer.join();
  ASSERT_EQ(found.files.size(), 1u);
  EXPECT_EQ(found.files[0]->text(), "id: a\n");
}

TEST_F(RuleFilesTest, OnlyFilesOfReasonableSizeAreRead) {
  ASSERT_EQ(::mkfifo((folder_ / "pipe.yml").c_str(), 0600), 0);
  EXPECT_EQ(Found({"pipe.yml"}), " R0009");
  Write("big.yml", std::string(rules::YamlLimits{}.file_bytes + 1, '#'));
  EXPECT_EQ(Found({"big.yml"}), " R0009");
}

}  // namespace
}  // namespace telltale::config
