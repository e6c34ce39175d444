#include "rules/load/yaml/reader.h"

#include <gtest/gtest.h>

#include <cmath>

namespace telltale::rules {
namespace {

struct Read {
  std::vector<Node> documents;
  Diagnostics diagnostics;
};

Read Yaml(std::string text, const YamlLimits& limits = {}) {
  Read read;
  read.documents = ReadYaml(std::make_shared<const SourceFile>("a.yml", std::move(text)),
                            read.diagnostics, limits);
  return read;
}

std::string Spanned(const Span& span) {
  return span.file ? std::string(span.file->text().substr(span.begin, span.end - span.begin)) : "";
}

// The only diagnostic: its code and the text that it points at.
std::string Only(const Read& read) {
  if (read.diagnostics.list().size() != 1) return Render(read.diagnostics);
  const Diagnostic& entry = read.diagnostics.list()[0];
  return std::string(entry.code.id) + " " + Spanned(entry.span);
}

NodeKind KindOf(const std::string& scalar) {
  return Yaml("v: " + scalar + "\n").documents.at(0).entries.at(0).value.kind;
}

TEST(ReadYaml, CoreSchema) {
  for (const char* text : {"", "~", "null", "Null", "NULL"})
    EXPECT_EQ(KindOf(text), NodeKind::kNull) << text;
  for (const char* text : {"true", "True", "FALSE"})
    EXPECT_EQ(KindOf(text), NodeKind::kBool) << text;
  for (const char* text : {"0", "-17", "+5", "0x1F", "0o17", "9223372036854775807"}) {
    EXPECT_EQ(KindOf(text), NodeKind::kInt) << text;
  }
  for (const char* text :
       {"1.5", "-.5", "1e9", "9223372036854775808", ".inf", "-.INF", ".nan", "5."}) {
    EXPECT_EQ(KindOf(text), NodeKind::kFloat) << text;
  }
  for (const char* text : {"yes", "on", "no", "15m", "1_000", "0x", "2026-03-01", "'5'", "\"true\"",
                           "+-5", "1e", "!!str 5", ".", "+"}) {
    EXPECT_EQ(KindOf(text), NodeKind::kString) << text;
  }
}

TEST(ReadYaml, Values) {
  const Read read = Yaml("a: 0x1F\nb: -1.5e3\nc: True\nd: 1e400\n");
  const Node& root = read.documents.at(0);
  EXPECT_EQ(root.Find("a")->integer, 31);
  EXPECT_EQ(root.Find("b")->number, -1500.0);
  EXPECT_TRUE(root.Find("c")->boolean);
  EXPECT_TRUE(std::isinf(root.Find("d")->number));
  EXPECT_EQ(root.Find("e"), nullptr);
}

TEST(ReadYaml, SpansOfNodesAndKeys) {
  const Read read = Yaml("key: {a: [1, 'b c' ], d: {} }\nlist:\n  - x: 1\n  - y\n");
  const Node& root = read.documents.at(0);
  EXPECT_EQ(Spanned(root.entries[0].key.Whole()), "key");
  EXPECT_EQ(Spanned(root.entries[0].value.span), "{a: [1, 'b c' ], d: {} }");
  EXPECT_EQ(Spanned(root.Find("key")->Find("a")->span), "[1, 'b c' ]");
  EXPECT_EQ(Spanned(root.Find("key")->Find("a")->items[1].span), "'b c'");
  EXPECT_EQ(Spanned(root.Find("key")->Find("d")->span), "{}");
  EXPECT_EQ(Spanned(root.Find("list")->items[0].span), "x: 1");
  EXPECT_EQ(Spanned(root.Find("list")->items[1].span), "y");
}

TEST(ReadYaml, AnItemWithoutAValueStandsAtItsDash) {
  const Read read = Yaml("list:\n  - a\n  # a - b\n  -\n  -   # none\n  - b\n  -\nmore: 1\n");
  const Node& list = *read.documents.at(0).Find("list");
  ASSERT_EQ(list.items.size(), 5u);
  std::vector<uint32_t> lines;
  for (const size_t empty : {1u, 2u, 4u}) {
    EXPECT_EQ(list.items[empty].kind, NodeKind::kNull);
    EXPECT_EQ(Spanned(list.items[empty].span), "-");
    lines.push_back(list.items[empty].span.file->Locate(list.items[empty].span.begin).line);
  }
  EXPECT_EQ(lines, (std::vector<uint32_t>{4, 5, 7}));
}

TEST(ReadYaml, AnAbsentValueStandsAfterItsKey) {
  const Read read = Yaml("a:\nb: ~\n");
  EXPECT_EQ(read.documents[0].Find("a")->span.begin, 1u);
  EXPECT_EQ(Spanned(read.documents[0].Find("b")->span), "~");
}

// yaml-cpp says of it where the next thing stands, which may begin like a written null.
TEST(ReadYaml, AnAbsentValueIsNoNullThatAKeyBeginsWith) {
  for (const char* text : {"a:\nNULL:$: 1\n", "a:\nnull and void: 1\n", "a:\nnull, b: 1\n",
                           "a:\n~ ]: 1\n", "l: [1, {a: }]\nnull x: 1\n"}) {
    const Read read = Yaml(text);
    const Node* node = read.documents.at(0).Find("a");
    if (node == nullptr) node = read.documents[0].Find("l")->items[1].Find("a");
    EXPECT_EQ(node->kind, NodeKind::kNull) << text;
    EXPECT_EQ(Spanned(node->span), "") << text;
  }
  for (const char* text : {"a: null # none\nb: 1\n", "a: null  \n", "{a: null , b: 1}", "{a: null}",
                           "a:\n  null\nb: 1\n"}) {
    EXPECT_EQ(Spanned(Yaml(text).documents.at(0).Find("a")->span), "null") << text;
  }
  EXPECT_EQ(Spanned(Yaml("[p: ~]").documents.at(0).items.at(0).Find("p")->span), "~");
  EXPECT_EQ(Only(Yaml("null: 1\n")), "R0008 null");
}

TEST(ReadYaml, ByteOrderMarkDoesNotShift) {
  const Read read = Yaml("\xEF\xBB\xBFkey: word\n");
  EXPECT_EQ(Spanned(read.documents.at(0).Find("key")->span), "word");
}

TEST(ReadYaml, ManyDocuments) {
  EXPECT_EQ(Yaml("a: 1\n---\nb: 2\n---\n- 3\n").documents.size(), 3u);
  EXPECT_EQ(Yaml("").documents.size(), 0u);
  EXPECT_EQ(Yaml("# nothing\n").documents.size(), 0u);
}

TEST(ReadYaml, DocumentsBeforeASyntaxErrorAreGiven) {
  const Read read = Yaml("a: 1\n---\nb: [1, 2\n");
  EXPECT_EQ(read.documents.size(), 1u);
  EXPECT_STREQ(read.diagnostics.list().at(0).code.id, "R0001");
}

TEST(ReadYaml, SyntaxErrorsHavePlaces) {
  const Read read = Yaml("a: 1\nb: c: d\n");
  ASSERT_EQ(read.diagnostics.list().size(), 1u);
  const Diagnostic& entry = read.diagnostics.list()[0];
  EXPECT_STREQ(entry.code.id, "R0001");
  EXPECT_EQ(entry.span.file->Locate(entry.span.begin).line, 2u);
}

TEST(ReadYaml, SyntaxErrorsSayWhatTheAuthorDid) {
  const struct {
    const char* text;
    const char* place;  // line:column
    const char* message;
  } cases[] = {
      {"w: \"a\" == b\n", "1:8", "the value ended with the quote before this"},
      {"w: [1, 2] == b\n", "1:11", "the value ended with the bracket before this"},
      {"w: a == \"b: c\"\n", "1:11", "a ': ' inside a value without quotes"},
      {"w: { x: a in [1, 2] }\n", "1:14",
       "inside brackets a value without quotes ends before this"},
      {"w: { x: >-\n  a }\n", "1:9", "inside { } and [ ] no text can be folded with '>'"},
      {"w: @a\n", "1:4", "a value cannot begin with '@'"},
      {"w: *a\n", "1:4", "a value cannot begin with '*', which refers to an anchor"},
      {"w: \"a\\d\"\n", "1:6", "text in double quotes has no escape '\\d'"},
      {"w: [a\nv: 1\n", "1:4", "this '[' is not closed"},
      {"w: { x: a }}\n", "1:12", "nothing is open here that '}' closes"},
      {"w: - a\n", "1:4", "a list cannot begin here"},
      {"w: | a\n", "1:6", "the text that '|' or '>' announces begins on the next line"},
      {"w: a\n  v: b\n", "2:3", "this line does not fit the one above it"},
      {"w a\nv: b\n", "2:1", "this line does not fit the one above it"},
      {"w:\n  - a: b\n - c: d\n", "3:2",
       "the indentation of this line fits none of the lines above"},
      {"  w: a\nv: b\n", "2:1", "this line is indented less than the document that it stands in"},
      {"w:\n\t- a\n", "2:1", "a tab in the indentation"},
      {"w: \"a\n", "1:4", "this quote is not closed"},
      {"w: 'it''s\nv: off\n", "1:4", "this quote is not closed"},
  };
  for (const auto& test : cases) {
    const Read read = Yaml(test.text);
    ASSERT_EQ(read.diagnostics.list().size(), 1u) << test.text << Render(read.diagnostics);
    const Diagnostic& entry = read.diagnostics.list()[0];
    const LineColumn place = entry.span.file->Locate(entry.span.begin);
    EXPECT_EQ(std::string(entry.code.id), "R0001");
    EXPECT_EQ(std::to_string(place.line) + ":" + std::to_string(place.column), test.place)
        << test.text;
    EXPECT_EQ(entry.message, test.message) << test.text;
  }
}

TEST(ReadYaml, AQuoteThatSwallowsLinesIsShownWhereItWasOpened) {
  const Read read = Yaml("# \" '\nt: \"x\"\nw: \"a\nu: \"b\"\n");
  ASSERT_EQ(read.diagnostics.list().size(), 1u);
  const Diagnostic& entry = read.diagnostics.list()[0];
  EXPECT_EQ(entry.message, "the value ended with the quote before this");
  ASSERT_EQ(entry.labels.size(), 1u);
  EXPECT_EQ(entry.labels[0].span.begin, 16u);
}

TEST(ReadYaml, DocumentsBeginWhereAMarkSaysSo) {
  for (const char* text : {"a: 1\n---\nb: 2\n", "a: 1\n...\nb: 2\n", "a: 1\n--- # x\n# y\n b: 2\n",
                           "---\na: 1\n--- b\n", "a: 1\n...\n---\nb: 2\n", "- 1\n---\n- 2\n"}) {
    const Read read = Yaml(text);
    EXPECT_EQ(Render(read.diagnostics), "") << text;
    EXPECT_EQ(read.documents.size(), 2u) << text;
  }
}

TEST(ReadYaml, AStrayMarkDoesNotGiveEndlessDocuments) {
  for (const char* text : {",", ",o", "]", "}", "[a],", "a: 1\n---\n, b"}) {
    const Read read = Yaml(text);
    EXPECT_TRUE(read.diagnostics.has_errors()) << text;
    EXPECT_LE(read.documents.size(), 3u) << text;
  }
  EXPECT_FALSE(Yaml("---\n---\n...\n---\na: 1\n").diagnostics.has_errors());
}

TEST(ReadYaml, DuplicateKeysNameBothPlaces) {
  const Read read = Yaml("a: 1\nb: 2\na: 3\na: 4\n");
  ASSERT_EQ(read.diagnostics.list().size(), 2u);
  EXPECT_EQ(read.diagnostics.list()[0].span.begin, 10u);
  EXPECT_EQ(read.diagnostics.list()[0].labels.at(0).span.begin, 0u);
  EXPECT_EQ(read.documents[0].entries.size(), 2u);
  EXPECT_EQ(read.documents[0].Find("a")->integer, 1);
}

TEST(ReadYaml, AnchorsAliasesAndTagsAreRefused) {
  EXPECT_EQ(Only(Yaml("a: &x 1\n")), "R0005 &x");
  const Read both = Yaml("a: &x [1]\nb: *x\n");
  ASSERT_EQ(both.diagnostics.list().size(), 2u);
  EXPECT_EQ(Spanned(both.diagnostics.list()[1].span), "*x");
  EXPECT_EQ(Yaml("a: &a [*a, *a]\n").diagnostics.list().size(), 3u);
  EXPECT_EQ(Only(Yaml("a: !!binary aGk=\n")), "R0006 !!binary");
  EXPECT_EQ(Only(Yaml("a: !mine {b: 1}\n")), "R0006 !mine");
  EXPECT_EQ(Only(Yaml("a: !!int 5\n")), "R0006 !!int");
  EXPECT_TRUE(Yaml("a: !!map {b: !!seq [!!str c]}\n").diagnostics.empty());
}

TEST(ReadYaml, AnAliasBombEndsAtOnce) {
  std::string text = "a0: &a0 [x, x]\n";
  for (int i = 1; i < 40; ++i) {
    const std::string before = "*a" + std::to_string(i - 1);
    text += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + before + ", " + before +
            "]\n";
  }
  EXPECT_TRUE(Yaml(text).diagnostics.has_errors());
}

TEST(ReadYaml, KeysMustBeWords) {
  EXPECT_EQ(Only(Yaml("[a, b]: 1\nc: 2\n")), "R0008 [a, b]");
  EXPECT_EQ(Only(Yaml("{a: b}: 1\n")), "R0008 {a: b}");
  EXPECT_EQ(Only(Yaml("~: 1\n")), "R0008 ~");
  EXPECT_EQ(Yaml("[a, b]: 1\nc: 2\n").documents[0].entries.size(), 1u);
}

TEST(ReadYaml, TextMustBeUtf8WithoutControlCharacters) {
  EXPECT_EQ(Only(Yaml("a: \xFF")), "R0003 \xFF");
  EXPECT_EQ(Only(Yaml("a: \xC3")), "R0003 \xC3");
  EXPECT_EQ(Only(Yaml("a: \xED\xA0\x80")), "R0003 \xED");
  EXPECT_EQ(Only(Yaml("a: \xC0\x80")), "R0003 \xC0");
  EXPECT_EQ(Only(Yaml("\xFF\xFE"
                      "a")),
            "R0003 \xFF");
  EXPECT_EQ(Only(Yaml(std::string("a: b\0c", 6))), std::string("R0004 ") + '\0');
  EXPECT_EQ(Only(Yaml("a: b\x04\nc: d")), "R0004 \x04");
  EXPECT_EQ(Only(Yaml("a: \"\\x00\"")), "R0004 \\x00");
  EXPECT_EQ(Only(Yaml("a: 1\n\xEF\xBB\xBF"
                      "b: 2\n")),
            "R0004 \xEF\xBB\xBF");
  EXPECT_TRUE(Yaml("a: \xF0\x9F\x98\x80\t# x\r\n").diagnostics.empty());
}

TEST(ReadYaml, Limits) {
  YamlLimits limits;
  limits.file_bytes = 100;
  limits.scalar_bytes = 10;
  limits.depth = 4;
  limits.nodes = 12;
  EXPECT_EQ(Only(Yaml(std::string(101, 'a'), limits)).substr(0, 5), "R0002");
  EXPECT_EQ(Only(Yaml("a: 12345678901", limits)), "R0002 12345678901");
  EXPECT_TRUE(Yaml("a: 1234567890", limits).diagnostics.empty());
  EXPECT_EQ(Only(Yaml("[[[[[x]]]]]", limits)).substr(0, 5), "R0002");
  EXPECT_TRUE(Yaml("[[[[x]]]]", limits).diagnostics.empty());
  EXPECT_EQ(Only(Yaml("[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]", limits)), "R0002 12");
}

TEST(ReadYaml, DeepNestingDoesNotReachTheStack) {
  EXPECT_TRUE(Yaml(std::string(1'000'000, '[')).diagnostics.has_errors());
  std::string dashes;
  for (int i = 0; i < 100'000; ++i) dashes += "- ";
  EXPECT_TRUE(Yaml(dashes + "x").diagnostics.has_errors());
  EXPECT_TRUE(Yaml(std::string(100'000, '{')).diagnostics.has_errors());
}

}  // namespace
}  // namespace telltale::rules
