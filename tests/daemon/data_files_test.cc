#include "daemon/config/data_files.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "tests/support/temp_dir.h"

namespace telltale::config {
namespace {

namespace fs = std::filesystem;

class DataFilesTest : public testing::Test {
 protected:
  std::string Write(const std::string& name, const std::string& text) {
    fs::create_directories(fs::path(folder_.File(name)).parent_path());
    return folder_.Write(name, text);
  }
  rules::DataFile Read(const std::string& name) { return files_.Read(name, from_); }

  support::TempDir folder_;
  DataFilesOnDisk files_;
  const rules::SourceFile from_{Write("rules/a.yml", ""), ""};
};

TEST_F(DataFilesTest, AreRelativeToTheFileThatNamesThem) {
  Write("rules/vips.txt", "a\n");
  const std::string shared = Write("lists/shared.txt", "b\n");
  EXPECT_EQ(Read("vips.txt").file->text(), "a\n");
  EXPECT_EQ(Read("../lists/shared.txt").file->text(), "b\n");
  EXPECT_EQ(Read("../lists/shared.txt").file->path(), shared);
  EXPECT_EQ(Read(shared).file->text(), "b\n");
}

TEST_F(DataFilesTest, AreReadOnceInALoadAndAgainInTheNext) {
  Write("rules/vips.txt", "a\n");
  const rules::SourcePtr first = Read("vips.txt").file;
  Write("rules/vips.txt", "b\n");
  EXPECT_EQ(Read("./vips.txt").file, first);
  EXPECT_EQ(DataFilesOnDisk().Read("vips.txt", from_).file->text(), "b\n");
}

TEST_F(DataFilesTest, WhatCannotBeReadIsSaid) {
  EXPECT_EQ(Read("none.txt").file, nullptr);
  EXPECT_EQ(Read("none.txt").error, "No such file or directory");
  EXPECT_EQ(Read(".").error, "not a file");
}

}  // namespace
}  // namespace telltale::config
