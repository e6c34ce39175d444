#include "daemon/demo/screen.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace telltale::demo {
namespace {

using testing::HasSubstr;
using testing::Not;

// A FILE whose text can be asked for.
class TextFile {
 public:
  TextFile() : file_(open_memstream(&text_, &size_)) {}
  ~TextFile() {
    std::fclose(file_);
    std::free(text_);
  }
  TextFile(const TextFile&) = delete;
  TextFile& operator=(const TextFile&) = delete;
  std::FILE* file() { return file_; }
  std::string Text() {
    std::fflush(file_);
    return std::string(text_, size_);
  }

 private:
  char* text_ = nullptr;
  size_t size_ = 0;
  std::FILE* file_;
};

SeenAlert Sample(int64_t time_ms = 1'772'355'600'123) {
  SeenAlert alert;
  alert.identity = {"ato", "u-1", time_ms, {}};
  alert.level = "high";
  alert.title = "User u-1";
  return alert;
}

TEST(ScreenTest, AnAlertIsALine) {
  TextFile out;
  TextFile live;
  Screen(out.file(), live.file(), false, false).Show(Sample());
  EXPECT_EQ(out.Text(), "09:00:00.123  high    ato                   User u-1\n");
  EXPECT_EQ(live.Text(), "");
}

TEST(ScreenTest, ColorsOnlyWhereAskedFor) {
  TextFile out;
  TextFile live;
  Screen(out.file(), live.file(), true, true).Show(Sample());
  EXPECT_THAT(out.Text(), HasSubstr("\x1b[31mhigh"));
}

TEST(ScreenTest, TheLiveLineIsErasedBeforeAnAlert) {
  TextFile out;
  TextFile live;
  Screen screen(out.file(), live.file(), true, false);
  screen.Update({.seconds = 2, .read = 20'000, .total = 1'000'000, .alerts = 3});
  EXPECT_THAT(live.Text(), HasSubstr("2.0 s  20,000 of 1,000,000 events  10,000/s  3 alerts"));
  screen.Show(Sample());
  EXPECT_THAT(live.Text(), testing::EndsWith("\r\x1b[K"));
}

TEST(ScreenTest, TheLiveLineIsNotRedrawnAllTheTime) {
  TextFile out;
  TextFile live;
  Screen screen(out.file(), live.file(), true, false);
  for (uint64_t i = 0; i < 100; ++i) screen.Update({.seconds = 1, .read = 1000 + i});
  EXPECT_THAT(live.Text(), HasSubstr("1,000 of"));
  EXPECT_THAT(live.Text(), Not(HasSubstr("1,099 of")));
}

TEST(ScreenTest, AFloodIsCounted) {
  TextFile out;
  TextFile live;
  Screen screen(out.file(), live.file(), false, false);
  for (int i = 0; i < 1000; ++i) screen.Show(Sample());
  screen.Finish();
  std::string text = out.Text();
  EXPECT_LT(std::count(text.begin(), text.end(), '\n'), 100);
  EXPECT_THAT(text, HasSubstr("alerts more, too fast to be shown"));
}

TEST(ScreenTest, Numbers) {
  EXPECT_EQ(Grouped(0), "0");
  EXPECT_EQ(Grouped(999), "999");
  EXPECT_EQ(Grouped(1000), "1,000");
  EXPECT_EQ(Grouped(1234567), "1,234,567");
}

}  // namespace
}  // namespace telltale::demo
