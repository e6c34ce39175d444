#include "daemon/kafka/commit_note.h"

#include <limits>

#include "gtest/gtest.h"

namespace telltale::kafka {
namespace {

TEST(CommitNoteTest, Prints) {
  EXPECT_EQ(ToText({.floor = 5, .max_time_before = -3, .read_position = 12, .alerted_below = 9}),
            "telltale/1 floor=5 max_before=-3 applied_below=- read=12 alerted=9");
}

TEST(CommitNoteTest, ReadsWhatItWrites) {
  for (const CommitNote& note :
       {CommitNote{}, CommitNote{1, 2, 3, 4, 5},
        CommitNote{-1, std::numeric_limits<int64_t>::max(), -7, 1LL << 60, 1LL << 61},
        CommitNote{engine::kMinTime, 0, engine::kMaxTime, 0, 0}}) {
    EXPECT_EQ(ParseCommitNote(ToText(note)), note) << ToText(note);
  }
}

TEST(CommitNoteTest, RefusesWhatIsNotItsOwn) {
  for (const char* text :
       {"", "telltale", "telltale/2 floor=5 max_before=3 applied_below=- read=12 alerted=9",
        "telltale/1 floor=5 max_before=3 applied_below=- read=12",
        "telltale/1 floor=5 max_before=3 applied_below=-", "telltale/1 floor= max_before=3",
        "telltale/1 floor=5 max_before=3 applied_below=- read=12 alerted=9 more=1",
        "telltale/1 floor=5 max_before=3 applied_below=- read=- alerted=9",
        "telltale/1 floor=99999999999999999999 max_before=3 applied_below=- read=1 alerted=9",
        "telltale/1  floor=5 max_before=3 applied_below=- read=12 alerted=9",
        "telltale/11 floor=5"}) {
    EXPECT_EQ(ParseCommitNote(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace telltale::kafka
