#include "daemon/replay/line_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "daemon/replay/rejects.h"
#include "tests/support/temp_dir.h"

namespace telltale::replay {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::vector<std::string> Lines(const std::string& text) {
  support::TempDir folder;
  absl::StatusOr<LineReader> reader = LineReader::Open(folder.Write("file", text));
  EXPECT_TRUE(reader.ok()) << reader.status();
  std::vector<std::string> lines;
  std::string_view line;
  while (reader->Next(line)) {
    EXPECT_EQ(reader->number(), static_cast<int64_t>(lines.size()));
    lines.emplace_back(line);
  }
  EXPECT_TRUE(reader->status().ok());
  EXPECT_EQ(reader->bytes_read(), static_cast<int64_t>(text.size()));
  EXPECT_EQ(reader->size(), static_cast<int64_t>(text.size()));
  EXPECT_FALSE(reader->Next(line));
  return lines;
}

TEST(LineReaderTest, ALineBreakEndsALineAndTheEndDoesToo) {
  EXPECT_THAT(Lines(""), IsEmpty());
  EXPECT_THAT(Lines("\n"), ElementsAre(""));
  EXPECT_THAT(Lines("a"), ElementsAre("a"));
  EXPECT_THAT(Lines("a\n"), ElementsAre("a"));
  EXPECT_THAT(Lines("a\r\n\nb"), ElementsAre("a\r", "", "b"));
  EXPECT_THAT(Lines(std::string("a\0b\n", 4)), ElementsAre(std::string("a\0b", 3)));
}

TEST(LineReaderTest, LinesMayBeLongerThanAnyBuffer) {
  std::vector<std::string> expected;
  std::string text;
  for (const size_t size : {10u, 5'000'000u, 0u, (1u << 20) - 1, 1u << 20, 3u << 20, 1u}) {
    expected.emplace_back(size, static_cast<char>('a' + expected.size()));
    text += expected.back() + "\n";
  }
  EXPECT_TRUE(Lines(text) == expected);
  text.pop_back();
  EXPECT_TRUE(Lines(text) == expected);
}

TEST(LineReaderTest, SaysWhatCannotBeOpened) {
  EXPECT_THAT(std::string(LineReader::Open("/none/file").status().message()),
              HasSubstr("cannot read '/none/file': No such file or directory"));
  EXPECT_THAT(std::string(LineReader::Open("/").status().message()), HasSubstr("Is a directory"));
}

TEST(RejectFileTest, WithoutAFileNothingIsWritten) {
  RejectFile file;
  file.Write("logins", 1, "late", 5, "x");
  EXPECT_TRUE(file.Close().ok());
}

TEST(RejectFileTest, TellsAFullDisk) {
  RejectFile file;
  ASSERT_TRUE(file.Open("/dev/full").ok());
  file.Write("logins", 1, "late", 5, std::string(100'000, 'x'));
  EXPECT_THAT(std::string(file.Close().message()), HasSubstr("cannot write '/dev/full'"));
}

}  // namespace
}  // namespace telltale::replay
