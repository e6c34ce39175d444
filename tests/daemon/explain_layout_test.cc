// Pictures of graphs: nothing overlaps, no line runs through a box, whatever the graph.
#include <gtest/gtest.h>

#include <random>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "daemon/explain/drawing.h"
#include "tests/daemon/explain_rules.h"
#include "tests/support/process.h"
#include "tests/support/temp_dir.h"

namespace telltale::explain {
namespace {

bool Overlap(const Rectangle& a, const Rectangle& b) {
  return a.x < b.right() && b.x < a.right() && a.y < b.bottom() && b.y < a.bottom();
}

bool Inside(const Point& point, const Rectangle& box) {
  return point.x > box.x && point.x < box.right() && point.y > box.y && point.y < box.bottom();
}

// Points along a line, close together.
std::vector<Point> Along(const std::vector<Point>& line) {
  std::vector<Point> points;
  for (size_t i = 1; i < line.size(); ++i) {
    for (int part = 0; part <= 20; ++part) {
      const double t = part / 20.0;
      points.push_back({line[i - 1].x + t * (line[i].x - line[i - 1].x),
                        line[i - 1].y + t * (line[i].y - line[i - 1].y)});
    }
  }
  return points;
}

void ExpectClean(const Drawing& drawing, const Size& shift = {}) {
  std::vector<Rectangle> all = drawing.boxes;
  for (const Rectangle& text : drawing.texts) {
    if (text.width > 0) all.push_back(text);
  }
  for (size_t a = 0; a < all.size(); ++a) {
    EXPECT_GE(all[a].x, 0);
    EXPECT_GE(all[a].y, 0);
    EXPECT_LE(all[a].right(), drawing.size.width + shift.width);
    EXPECT_LE(all[a].bottom(), drawing.size.height + shift.height);
    for (size_t b = a + 1; b < all.size(); ++b) {
      EXPECT_FALSE(Overlap(all[a], all[b])) << "box or text " << a << " and " << b;
    }
  }
  for (const std::vector<Point>& line : drawing.lines) {
    for (const Point& point : Along(line)) {
      for (const Rectangle& thing : all) EXPECT_FALSE(Inside(point, thing));
    }
  }
}

TEST(LayOutLayers, PutsAChainInOneColumn) {
  const Drawing drawing = LayOutLayers({{40, 40}, {200, 60}, {100, 50}}, {{0, 1, {}}, {1, 2, {}}});
  ExpectClean(drawing);
  ASSERT_EQ(drawing.boxes.size(), 3u);
  EXPECT_DOUBLE_EQ(drawing.boxes[0].middle(), drawing.boxes[1].middle());
  EXPECT_DOUBLE_EQ(drawing.boxes[1].middle(), drawing.boxes[2].middle());
  EXPECT_LT(drawing.boxes[0].bottom(), drawing.boxes[1].y);
  EXPECT_LT(drawing.boxes[1].bottom(), drawing.boxes[2].y);
}

TEST(LayOutLayers, LeadsALineFromBoxToBoxAndALoopBackToItsOwn) {
  const Drawing drawing = LayOutLayers({{40, 40}, {80, 60}}, {{0, 1, {50, 16}}, {1, 1, {70, 90}}});
  ExpectClean(drawing);
  const std::vector<Point>& line = drawing.lines[0];
  EXPECT_DOUBLE_EQ(line.front().y, drawing.boxes[0].bottom());
  EXPECT_DOUBLE_EQ(line.back().y, drawing.boxes[1].y);
  const std::vector<Point>& loop = drawing.lines[1];
  EXPECT_DOUBLE_EQ(loop.front().x, drawing.boxes[1].right());
  EXPECT_DOUBLE_EQ(loop.back().x, drawing.boxes[1].right());
  EXPECT_GT(drawing.texts[1].x, loop[1].x);
}

TEST(LayOutLayers, TakesNoBoxes) {
  const Drawing drawing = LayOutLayers({}, {});
  EXPECT_TRUE(drawing.boxes.empty());
  EXPECT_TRUE(drawing.lines.empty());
}

TEST(LayOutLayers, KeepsRandomGraphsApart) {
  std::mt19937 random(7);
  const auto any = [&](int least, int most) {
    return std::uniform_int_distribution<int>(least, most)(random);
  };
  for (int round = 0; round < 300; ++round) {
    std::vector<Size> boxes;
    for (int b = any(1, 12); b > 0; --b) {
      boxes.push_back({static_cast<double>(any(20, 300)), static_cast<double>(any(20, 150))});
    }
    std::vector<LayoutEdge> edges;
    for (size_t from = 0; from < boxes.size(); ++from) {
      for (size_t to = from; to < boxes.size(); ++to) {
        if (any(0, 2) != 0) continue;
        const bool text = any(0, 1) == 0;
        edges.push_back(
            {from, to,
             text ? Size{static_cast<double>(any(10, 200)), static_cast<double>(any(10, 60))}
                  : Size{}});
      }
    }
    SCOPED_TRACE(absl::StrCat("round ", round));
    ExpectClean(LayOutLayers(boxes, edges));
    if (testing::Test::HasFailure()) return;
  }
}

// A rule of `count` steps of which every second is optional, with `not`s between.
std::string Rule(int count) {
  std::string text = "id: long\nby: user_id\nwithin: 1h\nsequence:\n";
  for (int s = 0; s < count; ++s) {
    absl::StrAppend(&text, "  - step_", s, ": { on: logins, where: 'a < ", s, " && b > \"<&>\"'",
                    s % 2 == 1 ? ", optional: true" : "", s % 3 == 0 ? ", repeat: { min: 2 }" : "",
                    s % 5 == 4 ? ", within: 5m" : "", " }\n");
    if (s % 4 == 1 && s + 1 < count) {
      absl::StrAppend(&text, "  - not: { on: devices, where: 'x == ", s, "' }\n");
    }
  }
  return text;
}

TEST(ToSvg, IsWellFormedAndNamesEveryStep) {
  const support::TempDir folder;
  for (const int count : {1, 2, 5, 12, 29}) {
    const TestRules rules(Rule(count));
    const Automaton automaton = rules.Automaton();
    ExpectClean(LayOut(automaton));
    const std::string svg = ToSvg(automaton);
    folder.Write("rule.svg", svg);
    support::ProcessOptions options;
    options.args = {"python3", "-c",
                    "import sys, xml.dom.minidom as m\n"
                    "d = m.parse(sys.argv[1])\n"
                    "print(' '.join(t.firstChild.data for t in d.getElementsByTagName('text')))",
                    folder.File("rule.svg")};
    const support::ProcessResult result = support::RunProcess(options, absl::Seconds(60));
    ASSERT_EQ(result.exit_code, 0) << result.err;
    for (int s = 0; s < count; ++s) {
      EXPECT_NE(result.out.find(absl::StrCat("step_", s, " ")), std::string::npos) << s;
    }
    EXPECT_NE(result.out.find("b > \"<&>\""), std::string::npos);
  }
}

TEST(ToSvg, KeepsTextsOfAnyCharacterInside) {
  const TestRules rules(
      "id: wide\nby: user_id\nwithin: 1h\nsequence:\n"
      "  - a: { on: logins, where: 'name == \"中文中文中文中文中文\\u0001 ]]>\"' }\n"
      "  - b: { on: logins }\n");
  const std::string svg = ToSvg(rules.Automaton());
  EXPECT_NE(svg.find("中文"), std::string::npos);
  EXPECT_EQ(svg.find("]]>"), std::string::npos);
}

TEST(Wrap, BreaksAtBlanksAndCutsLongWords) {
  using Lines = std::vector<std::string>;
  EXPECT_EQ(Wrap("", 10), Lines{});
  EXPECT_EQ(Wrap("one two three", 7), (Lines{"one two", "three"}));
  EXPECT_EQ(Wrap("one two three", 8), (Lines{"one two", "three"}));
  EXPECT_EQ(Wrap("abcdefghij", 4), (Lines{"abcd", "efgh", "ij"}));
  EXPECT_EQ(Wrap("ééééé é", 5), (Lines{"ééééé", "é"}));
}

}  // namespace
}  // namespace telltale::explain
