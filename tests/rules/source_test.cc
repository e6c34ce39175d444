#include "rules/model/source.h"

#include <gtest/gtest.h>

namespace telltale::rules {
namespace {

TEST(SourceFile, CountsLinesAndCodePoints) {
  const SourceFile file("a.yml", "one\ncaf\xC3\xA9 x\r\nlast");
  EXPECT_EQ(file.Locate(0).line, 1u);
  EXPECT_EQ(file.Locate(3).column, 4u);
  EXPECT_EQ(file.Locate(4).line, 2u);
  EXPECT_EQ(file.Locate(10).column, 6u);  // x, after a two-byte letter
  EXPECT_EQ(file.Line(2), "caf\xC3\xA9 x");
  EXPECT_EQ(file.Line(3), "last");
  EXPECT_EQ(file.Line(4), "");
  EXPECT_EQ(file.Line(0), "");
  EXPECT_EQ(file.LineStart(3), 13u);
  EXPECT_EQ(file.Locate(1000).line, 3u);
}

TEST(SourceFile, ByteOrderMarkTakesNoColumn) {
  const SourceFile file("a.yml", "\xEF\xBB\xBFid: x");
  EXPECT_EQ(file.Locate(3).column, 1u);
  EXPECT_EQ(file.Locate(7).column, 5u);
}

TEST(SourceFile, EmptyFileHasOneEmptyLine) {
  const SourceFile file("a.yml", "");
  EXPECT_EQ(file.Locate(0).line, 1u);
  EXPECT_EQ(file.Line(1), "");
}

TEST(LocatedText, ContiguousTextMapsByItsBegin) {
  const auto file = std::make_shared<const SourceFile>("a.yml", "where: a == b");
  const LocatedText text("a == b", file, 7);
  EXPECT_EQ(text.Locate(5, 6).begin, 12u);
  EXPECT_EQ(text.Locate(5, 99).end, 13u);
  EXPECT_EQ(text.Sub(2, 4).Whole().begin, 9u);
}

TEST(LocatedText, MappedTextKeepsFoldedBreaksOut) {
  //                                                           0123 45678
  const auto file = std::make_shared<const SourceFile>("a.yml", "aa\n  bb");
  const LocatedText text("aa bb", file, std::vector<uint32_t>{0, 1, 2, 5, 6, 7});
  EXPECT_EQ(text.Locate(0, 2).end, 2u);
  EXPECT_EQ(text.Locate(3, 5).begin, 5u);
  EXPECT_EQ(text.Locate(3, 5).end, 7u);
  EXPECT_EQ(text.Locate(0, 3).end, 3u);
  EXPECT_EQ(text.Sub(3, 5).text(), "bb");
  EXPECT_EQ(text.Sub(3, 5).Locate(1, 2).begin, 6u);
}

TEST(LocatedText, EscapesAreCoveredWhole) {
  const auto file = std::make_shared<const SourceFile>("a.yml", R"("a\"b")");
  const LocatedText text("a\"b", file, std::vector<uint32_t>{1, 2, 4, 5});
  EXPECT_EQ(text.Locate(1, 2).begin, 2u);
  EXPECT_EQ(text.Locate(1, 2).end, 4u);
}

TEST(LocatedText, NoPlaceIsBehindTheFile) {
  const auto file = std::make_shared<const SourceFile>("a.yml", "!ab");
  const LocatedText text("x", file, std::vector<uint32_t>{3, 3});
  EXPECT_EQ(text.Whole().begin, 3u);
  EXPECT_EQ(text.Whole().end, 3u);
}

TEST(LocatedText, WithoutAFileHasNoPlace) { EXPECT_EQ(LocatedText("x").Whole().file, nullptr); }

}  // namespace
}  // namespace telltale::rules
