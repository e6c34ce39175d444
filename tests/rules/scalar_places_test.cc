// Every byte of a decoded scalar must know where it stands in the file: each case gives a document
// whose only value holds marks (capital letters, each once), and every mark must be found in the
// source at the place that is told.
#include "rules/load/yaml/scalar_places.h"

#include <gtest/gtest.h>

#include <cctype>

#include "rules/load/yaml/reader.h"

namespace telltale::rules {
namespace {

struct Case {
  const char* name;
  const char* yaml;
  const char* value;
};

class Places : public testing::TestWithParam<Case> {};

TEST_P(Places, EveryMarkIsFound) {
  const std::string yaml = GetParam().yaml;
  const auto file = std::make_shared<const SourceFile>("a.yml", yaml);
  Diagnostics diagnostics;
  const std::vector<Node> documents = ReadYaml(file, diagnostics);
  ASSERT_TRUE(diagnostics.empty()) << Render(diagnostics);
  const Node* node = documents.at(0).Find("v");
  ASSERT_NE(node, nullptr);
  const std::string& value = node->text.text();
  EXPECT_EQ(value, GetParam().value);
  for (size_t i = 0; i < value.size(); ++i) {
    if (!std::isupper(static_cast<unsigned char>(value[i]))) continue;
    const Span span = node->text.Locate(i, i + 1);
    EXPECT_EQ(span.begin, yaml.find(value[i])) << value[i];
    EXPECT_EQ(span.end, span.begin + 1) << value[i];
  }
}

INSTANTIATE_TEST_SUITE_P(
    Styles, Places,
    testing::Values(Case{"plain", "v: A bC\n", "A bC"},
                    Case{"plain_comment", "v: A B # C\n", "A B"},
                    Case{"plain_folded", "v: A b\n   C\n\n\n   D\nw: x\n", "A b C\n\nD"},
                    Case{"plain_folded_crlf", "v: A b  \r\n   C\r\n\r\n   D\r\n", "A b C\nD"},
                    Case{"plain_tabs", "v: A\t\tB\n", "A\t\tB"},
                    Case{"plain_utf8", "\xEF\xBB\xBFv: \xC3\xA9 A\n", "\xC3\xA9 A"},
                    Case{"single", "v: 'A ''B'' C'\n", "A 'B' C"},
                    Case{"single_folded", "v: 'A\n\n  B\n  C '\n", "A\nB C "},
                    Case{"double", "v: \"A B\"\n", "A B"},
                    Case{"double_escapes", "v: \"\\tA\\x2e\\u00e9B\\U0001f600C\\\\D\\\"E\\/F\"\n",
                         "\tA.\xC3\xA9"
                         "B\xF0\x9F\x98\x80"
                         "C\\D\"E/F"},
                    Case{"double_folded", "v: \"A\n  B\n\n  C\"\n", "A B\nC"},
                    Case{"double_escaped_break", "v: \"A \\\n   B\\\n   \\  C\"\n", "A B  C"},
                    Case{"literal", "v: |\n  A\n   B\n\n  C\nw: x\n", "A\n B\n\nC\n"},
                    Case{"literal_strip", "v: |-\n    A\n    B\n\n\nw: x\n", "A\nB"},
                    Case{"literal_keep", "v: |+\n  A\n\n\nw: x\n", "A\n\n\n"},
                    Case{"literal_indent", "v: |2 # comment\n    A\n  B\n", "  A\nB\n"},
                    Case{"literal_leading_blank", "v: |\n\n  A\n", "\nA\n"},
                    Case{"literal_no_final_break", "v: |\n  A\n  B", "A\nB"},
                    Case{"literal_crlf", "v: |\r\n  A\r\n  B\r\n", "A\nB\n"},
                    Case{"folded", "v: >\n  A\n  B\n\n  C\n", "A B\nC\n"},
                    Case{"folded_strip", "v: >-\n  A &&\n  B\nw: x\n", "A && B"},
                    Case{"folded_more_indented", "v: >\n  A\n    B\n  C\n", "A\n  B\nC\n"},
                    Case{"folded_several_blank", "v: >\n  A\n\n\n  B\n  C\n", "A\n\nB C\n"},
                    Case{"flow_map", "v: A B\nw: {a: 'x', b: [1, 2]}\n", "A B"},
                    Case{"str_tag", "v: !!str A5\n", "A5"}),
    [](const auto& entry) { return std::string(entry.param.name); });

TEST(PlaceScalar, EndsAfterTheClosingQuote) {
  const auto file = std::make_shared<const SourceFile>("a.yml", "'a''b'  # x");
  const PlacedScalar placed = PlaceScalar("a'b", file, 0, false);
  EXPECT_TRUE(placed.exact);
  EXPECT_EQ(placed.end, 6u);
}

TEST(PlaceScalar, WhatCannotBeFollowedStandsAtItsBeginning) {
  const auto file = std::make_shared<const SourceFile>("a.yml", "x: abc");
  const PlacedScalar placed = PlaceScalar("other", file, 3, true);
  EXPECT_FALSE(placed.exact);
  EXPECT_EQ(placed.text.text(), "other");
  EXPECT_EQ(placed.text.Locate(2, 4).begin, 3u);
}

TEST(PlaceScalar, PastTheEndOfTheFile) {
  const auto file = std::make_shared<const SourceFile>("a.yml", "");
  EXPECT_FALSE(PlaceScalar("x", file, 7, true).exact);
}

}  // namespace
}  // namespace telltale::rules
