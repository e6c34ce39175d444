// The parser by what it prints: the tree in its canonical form, or the mistakes as their author
// sees them.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "rules/load/cel/cel.h"
#include "tests/rules/cel_cases.h"

namespace telltale::rules {
namespace {

struct Case {
  std::string text;
  std::string expected;
};

std::string Printed(const std::string& text) {
  Diagnostics diagnostics;
  const ExprPtr expr = Parse(InFile(text), diagnostics);
  EXPECT_EQ(expr == nullptr, diagnostics.has_errors());
  return expr == nullptr ? Rendered(diagnostics) : ToString(*expr);
}

void ExpectAll(const std::vector<Case>& cases) {
  for (const Case& c : cases) EXPECT_EQ(Printed(c.text), c.expected) << c.text;
}

TEST(CelParser, Precedence) {
  ExpectAll({
      {"a || b && c", "(a || (b && c))"},
      {"a && b || c", "((a && b) || c)"},
      {"a + b * c - d", "((a + (b * c)) - d)"},
      {"a / b % c", "((a / b) % c)"},
      {"a < b == c", "((a < b) == c)"},
      {"a in b && c != d", "((a in b) && (c != d))"},
      {"!a.b", "(!a.b)"},
      {"-a.b()", "(-b(a))"},
      {"!!a", "(!(!a))"},
      {"a ? b : c ? d : e", "(a ? b : (c ? d : e))"},
      {"(a ? b : c) ? d : e", "((a ? b : c) ? d : e)"},
      {"a || b ? c && d : e + f", "((a || b) ? (c && d) : (e + f))"},
      {"(a + b) * c", "((a + b) * c)"},
      {"a - -1", "(a - -1)"},
      {"a--1", "(a - -1)"},
      {"- -a", "(-(-a))"},
      {"!(a == b)", "(!(a == b))"},
      {"a >= 1 && a <= 2", "((a >= 1) && (a <= 2))"},
  });
}

TEST(CelParser, LogicalChainsAreBalanced) {
  ExpectAll({
      {"a || b || c || d", "((a || b) || (c || d))"},
      {"a && b && c", "((a && b) && c)"},
      {"a && b && c && d && e", "(((a && b) && c) && (d && e))"},
  });
}

TEST(CelParser, MembersCallsAndLiterals) {
  ExpectAll({
      {"a.b.c", "a.b.c"},
      {"a[0].b[\"c\"]", "a[0].b[\"c\"]"},
      {"a.`content-type`", "a[\"content-type\"]"},
      {"a.const", "a.const"},
      {"a.while()", "while(a)"},
      {".a.b", ".a.b"},
      {"f()", "f()"},
      {"_f_(a) + _(b)", "(_f_(a) + _(b))"},
      {"f(a, g(b))", "f(a, g(b))"},
      {"a.f(b)", "f(a, b)"},
      {"[]", "[]"},
      {"[1, 2,]", "[1, 2]"},
      {"{}", "{}"},
      {"{'a': 1, 2u: [b],}", "{\"a\": 1, 2u: [b]}"},
      {"[[1][0]]", "[[1][0]]"},
      {"'a'.size()", "size(\"a\")"},
      {"a // the rest is no expression: )(", "a"},
      {"// first\na\n  // last", "a"},
      {"\t a\r\n.\n b", "a.b"},
  });
}

TEST(CelParser, Numbers) {
  ExpectAll({
      {"0", "0"},
      {"007", "7"},
      {"7u.?b.c + 7.b", "(7u.?b.c + 7.b)"},
      {"0x1fF", "511"},
      {"-0x10", "-16"},
      {"42u", "42u"},
      {"0xFFFFFFFFFFFFFFFFU", "18446744073709551615u"},
      {"9223372036854775807", "9223372036854775807"},
      {"-9223372036854775808", "-9223372036854775808"},
      {"- 5", "-5"},
      {"--5", "(--5)"},
      {"-5u", "(-(5u))"},
      {"1.0", "1.0"},
      {".5", "0.5"},
      {"1e3", "1000.0"},
      {"-2.5E-2", "-0.025"},
      {"1e21", "1e+21"},
      {"0.1", "0.1"},
      {"1e-400", "0.0"},
      {"-0.0", "-0.0"},
      {"4.9e-324", "5e-324"},
      {"1.e", "1.e"},
  });
}

TEST(CelParser, Strings) {
  ExpectAll({
      {R"('a"b')", R"("a\"b")"},
      {R"("a'b")", R"("a'b")"},
      {R"('\a\b\f\n\r\t\v\\\?\'\"\`')", R"("\x07\x08\x0c\x0a\x0d\x09\x0b\\?'\"`")"},
      {R"('\x41\X42\103')", R"("ABC")"},
      {R"('\u00e9\U0001F431')", "\"é🐱\""},
      {R"('\xe9')", "\"é\""},
      {R"(r'\d+\n')", R"("\\d+\\n")"},
      {R"(R"\")", R"("\\")"},
      {"'''a\n'b' ''c'''", R"("a\x0a'b' ''c")"},
      {"\"\"\"a\"b\"\"\"", R"("a\"b")"},
      {"''", "\"\""},
      {"''''''", "\"\""},
      {"r'''\\'''", "\"\\\\\""},
      {R"(b'abc')", R"(b"abc")"},
      {R"(b'\xff\377\000')", R"(b"\xff\xff\x00")"},
      {"b'é'", R"(b"\xc3\xa9")"},
      {R"(br'\n')", R"(b"\\n")"},
      {R"(B"x")", R"(b"x")"},
      {"'\x7f'", R"("\x7f")"},
      {"'größe'", "\"größe\""},
  });
}

TEST(CelParser, Macros) {
  ExpectAll({
      {"has(a)", "has(a)"},
      {"has(a.b)", "has(a.b)"},
      {"has(a.b.c)", "has(a.b.c)"},
      {"has(a.`b-c`)", "has(a[\"b-c\"])"},
      {"has(a[\"b-c\"])", "has(a[\"b-c\"])"},
      {"a.all(x, x > 1)", "all(a, x, (x > 1))"},
      {"a.exists(x, x)", "exists(a, x, x)"},
      {"a.exists_one(x, x)", "exists_one(a, x, x)"},
      {"a.existsOne(x, x)", "exists_one(a, x, x)"},
      {"a.filter(x, x)", "filter(a, x, x)"},
      {"a.map(x, x.b)", "map(a, x, x.b)"},
      {"a.map(x, x > 1, x)", "map(a, x, (x > 1), x)"},
      {"a.map(x, x.map(y, y))", "map(a, x, map(x, y, y))"},
      {"a.sum()", "sum(a)"},
      {"all(a, x, x)", "all(a, x, x)"},
  });
}

// What differs in meaning differs in form: fingerprints hang on it.
TEST(CelParser, TheCanonicalFormTellsMeaningsApart) {
  const std::vector<std::string> texts = {"1",
                                          "1u",
                                          "1.0",
                                          "'1'",
                                          "b'1'",
                                          "true",
                                          "'true'",
                                          "null",
                                          "'null'",
                                          "-1",
                                          "-(1)",
                                          "a.b",
                                          "a['b c']",
                                          "has(a.b)",
                                          "a",
                                          "'a'",
                                          "a.b.c",
                                          "a.`b.c`",
                                          "[a,b]",
                                          "['a,b']",
                                          "{a: b}",
                                          "f(a, b)",
                                          "f([a, b])",
                                          "a - b - c",
                                          "a-(b-c)",
                                          "'\\\\x41'",
                                          "'A'",
                                          "''",
                                          "b''",
                                          "[]",
                                          "{}",
                                          "'\"'",
                                          "'\\\\\"'",
                                          "b'\\xc3'",
                                          "'\\xc3'",
                                          "0.1",
                                          "0.10000000000000002",
                                          "a?b:c",
                                          "(a?b:c)?b:c",
                                          "a?b:(c?b:c)",
                                          "x.all(i, i)",
                                          "x.exists(i, i)",
                                          "x.map(i, i)",
                                          "x.filter(i, i)",
                                          "x.map(i, i, i)"};
  std::vector<std::string> printed;
  for (const std::string& text : texts) printed.push_back(Printed(text));
  for (size_t i = 0; i < printed.size(); ++i) {
    for (size_t k = i + 1; k < printed.size(); ++k) {
      EXPECT_NE(printed[i], printed[k]) << texts[i] << " and " << texts[k];
    }
  }
}

// Printing is a fixed point: what was printed parses to what prints the same.
TEST(CelParser, RandomExpressionsPrintAndParseAgain) {
  for (uint32_t seed = 0; seed < 2000; ++seed) {
    const std::string text = ExpressionWriter(seed).Expression(4);
    const std::string once = Printed(text);
    ASSERT_EQ(once.find("rule.yml"), std::string::npos) << text << "\n" << once;
    ASSERT_EQ(Printed(once), once) << text;
  }
}

// Every node's range lies in its parent's and holds its own text.
void ExpectRanges(const Expr& expr, const std::string& text) {
  ASSERT_LE(expr.begin, expr.end);
  ASSERT_LE(expr.end, text.size());
  ASSERT_LE(expr.name_begin, text.size());
  for (const ExprPtr& arg : expr.args) {
    EXPECT_GE(arg->begin, expr.begin) << text;
    EXPECT_LE(arg->end, expr.end) << text;
    ExpectRanges(*arg, text);
  }
}

TEST(CelParser, Ranges) {
  for (const std::string text :
       {"(a + b) * c", "a.b[c].d(e)", "x.all(i, (i))", "-(a)", "((a)) ? (b) : (c)"}) {
    Diagnostics diagnostics;
    const ExprPtr expr = Parse(LocatedText(text), diagnostics);
    ASSERT_NE(expr, nullptr) << text;
    EXPECT_EQ(expr->begin, 0U) << text;
    EXPECT_EQ(expr->end, text.size()) << text;
    ExpectRanges(*expr, text);
  }
}

TEST(CelParserErrors, OperatorsOfOtherLanguages) {
  ExpectAll({
      {"a & b",
       "rule.yml:1:3: error[R0303]: expressions have no operator '&' (did you mean '&&'?)\n"
       "   1 | a & b\n"
       "     |   ^\n"},
      {"a = 1 and b <> 2",
       "rule.yml:1:3: error[R0303]: expressions have no operator '=' (did you mean '=='?)\n"
       "   1 | a = 1 and b <> 2\n"
       "     |   ^\n"
       "rule.yml:1:7: error[R0303]: expressions have no operator 'and' (did you mean '&&'?)\n"
       "   1 | a = 1 and b <> 2\n"
       "     |       ^^^\n"
       "rule.yml:1:13: error[R0303]: expressions have no operator '<>' (did you mean '!='?)\n"
       "   1 | a = 1 and b <> 2\n"
       "     |             ^^\n"},
      {"a === b OR NOT c",
       "rule.yml:1:3: error[R0303]: expressions have no operator '===' (did you mean '=='?)\n"
       "   1 | a === b OR NOT c\n"
       "     |   ^^^\n"
       "rule.yml:1:9: error[R0303]: expressions have no operator 'OR' (did you mean '||'?)\n"
       "   1 | a === b OR NOT c\n"
       "     |         ^^\n"
       "rule.yml:1:12: error[R0303]: expressions have no operator 'NOT' (did you mean '!'?)\n"
       "   1 | a === b OR NOT c\n"
       "     |            ^^^\n"},
      {"a not in [1]",
       "rule.yml:1:3: error[R0303]: expressions have no operator 'not'\n"
       "   1 | a not in [1]\n"
       "     |   ^^^\n"
       "   = to negate, write !(x in list)\n"},
      {"name contains 'x'",
       "rule.yml:1:6: error[R0303]: expressions have no operator 'contains'\n"
       "   1 | name contains 'x'\n"
       "     |      ^^^^^^^^\n"
       "   = write text.contains('...')\n"},
      {"a; b",
       "rule.yml:1:2: error[R0302]: expressions have no ';'\n"
       "   1 | a; b\n"
       "     |  ^\n"
       "   = one condition is one expression; join several with '&&'\n"
       "rule.yml:1:4: error[R0301]: expected an operator before 'b'\n"
       "   1 | a; b\n"
       "     |    ^\n"},
  });
}

TEST(CelParserErrors, FieldsMayBeNamedLikeOperators) {
  ExpectAll({
      {"and", "and"},
      {"or.and == not", "(or.and == not)"},
      {"contains.contains('x')", "contains(contains, \"x\")"},
      {"is", "is"},
  });
}

TEST(CelParserErrors, Brackets) {
  ExpectAll({
      {"foo(a, [1",
       "rule.yml:1:8: error[R0307]: this '[' is not closed\n"
       "   1 | foo(a, [1\n"
       "     |        ^\n"},
      {"(a]",
       "rule.yml:1:3: error[R0307]: expected ')' here, found ']'\n"
       "   1 | (a]\n"
       "     |   ^\n"},
      {"a)",
       "rule.yml:1:2: error[R0307]: nothing is open that this ')' closes\n"
       "   1 | a)\n"
       "     |  ^\n"},
      {"(a b) && c d",
       "rule.yml:1:4: error[R0301]: expected an operator or ')' before 'b'\n"
       "   1 | (a b) && c d\n"
       "     |    ^\n"
       "rule.yml:1:12: error[R0301]: expected an operator before 'd'\n"
       "   1 | (a b) && c d\n"
       "     |            ^\n"},
  });
}

TEST(CelParserErrors, Operands) {
  ExpectAll({
      {"",
       "rule.yml:1:1: error[R0312]: this expression is empty\n"
       "   1 | \n"
       "     | ^\n"},
      {"a &&",
       "rule.yml:1:3: error[R0301]: the expression ends where an operand should follow\n"
       "   1 | a &&\n"
       "     |   ^^\n"},
      {"&& a || ",
       "rule.yml:1:1: error[R0301]: expected an operand before '&&'\n"
       "   1 | && a || \n"
       "     | ^^\n"
       "rule.yml:1:6: error[R0301]: the expression ends where an operand should follow\n"
       "   1 | && a || \n"
       "     |      ^^^\n"},
      {"[1,, 2]",
       "rule.yml:1:4: error[R0301]: expected an operand before ','\n"
       "   1 | [1,, 2]\n"
       "     |    ^\n"},
      {"a ? b",
       "rule.yml:1:6: error[R0301]: expected ':' before the end\n"
       "   1 | a ? b\n"
       "     |      ^\n"
       "     |   - for this '?'\n"},
      {"a..b",
       "rule.yml:1:3: error[R0301]: expected the name of a field after '.', found '.'\n"
       "   1 | a..b\n"
       "     |   ^\n"},
      {"if > 3",
       "rule.yml:1:1: error[R0308]: 'if' is a reserved word; a field of this name is "
       "event[\"if\"]\n"
       "   1 | if > 3\n"
       "     | ^^\n"},
      {"a.in",
       "rule.yml:1:3: error[R0308]: 'in' is a reserved word: write [\"in\"] in the place of .in\n"
       "   1 | a.in\n"
       "     |   ^^\n"},
      {"@timestamp > größe",
       "rule.yml:1:1: error[R0302]: '@timestamp' is not a plain name: write event[\"@timestamp\"]\n"
       "   1 | @timestamp > größe\n"
       "     | ^^^^^^^^^^\n"
       "rule.yml:1:14: error[R0302]: 'größe' is not a plain name: write event[\"größe\"]\n"
       "   1 | @timestamp > größe\n"
       "     |              ^^^^^\n"},
  });
}

TEST(CelParserErrors, Literals) {
  ExpectAll({
      {"a == 'abc",
       "rule.yml:1:6: error[R0304]: the string that begins here is not closed\n"
       "   1 | a == 'abc\n"
       "     |      ^^^^\n"
       "   = it ends at the next ' without a '\\' before it\n"},
      {"'a\\q' + '\\u12' + '\\ud800' + b'\\u0041' + '\\400'",
       "rule.yml:1:3: error[R0305]: strings have no escape '\\q'; for a backslash itself write "
       "'\\\\', or the whole "
       "string as r\"...\"\n"
       "   1 | 'a\\q' + '\\u12' + '\\ud800' + b'\\u0041' + '\\400'\n"
       "     |   ^^\n"
       "rule.yml:1:10: error[R0305]: the escape '\\u' takes 4 hexadecimal digits\n"
       "   1 | 'a\\q' + '\\u12' + '\\ud800' + b'\\u0041' + '\\400'\n"
       "     |          ^^^^\n"
       "rule.yml:1:19: error[R0305]: '\\ud800' is not a Unicode character\n"
       "   1 | 'a\\q' + '\\u12' + '\\ud800' + b'\\u0041' + '\\400'\n"
       "     |                   ^^^^^^\n"
       "rule.yml:1:31: error[R0305]: bytes have no '\\u' and '\\U' escapes; write '\\x' for each "
       "byte\n"
       "   1 | 'a\\q' + '\\u12' + '\\ud800' + b'\\u0041' + '\\400'\n"
       "     |                               ^^^^^^\n"
       "rule.yml:1:42: error[R0305]: strings have no escape '\\4'; for a backslash itself write "
       "'\\\\', or the whole "
       "string as r\"...\"\n"
       "   1 | 'a\\q' + '\\u12' + '\\ud800' + b'\\u0041' + '\\400'\n"
       "     |                                          ^^\n"},
      {"9223372036854775808 + 18446744073709551616 + 1e999",
       "rule.yml:1:1: error[R0306]: 9223372036854775808 is beyond the range of int\n"
       "   1 | 9223372036854775808 + 18446744073709551616 + 1e999\n"
       "     | ^^^^^^^^^^^^^^^^^^^\n"
       "rule.yml:1:23: error[R0306]: 18446744073709551616 is beyond the range of int\n"
       "   1 | 9223372036854775808 + 18446744073709551616 + 1e999\n"
       "     |                       ^^^^^^^^^^^^^^^^^^^^\n"
       "rule.yml:1:46: error[R0306]: 1e999 is beyond the range of double\n"
       "   1 | 9223372036854775808 + 18446744073709551616 + 1e999\n"
       "     |                                              ^^^^^\n"},
      {"1. + 5m + 1_000",
       "rule.yml:1:1: error[R0306]: a digit belongs after the point: 1.0\n"
       "   1 | 1. + 5m + 1_000\n"
       "     | ^^\n"
       "rule.yml:1:6: error[R0306]: '5m' is not a number\n"
       "   1 | 1. + 5m + 1_000\n"
       "     |      ^^\n"
       "   = numbers take no unit; times are compared in the unit of their field\n"
       "rule.yml:1:11: error[R0306]: '1_000' is not a number\n"
       "   1 | 1. + 5m + 1_000\n"
       "     |           ^^^^^\n"
       "   = digits are written without '_'\n"},
      {"“abc” == x",
       "rule.yml:1:1: error[R0302]: strings are written in plain quotes, ' or \", not in “\n"
       "   1 | “abc” == x\n"
       "     | ^\n"},
  });
}

TEST(CelParserErrors, Macros) {
  ExpectAll({
      {"has(1)",
       "rule.yml:1:1: error[R0309]: has() takes the name of one field, as in has(mfa) or "
       "has(login.mfa)\n"
       "   1 | has(1)\n"
       "     | ^^^^^^\n"},
      {"a.all(x)",
       "rule.yml:1:3: error[R0309]: all() is called as list.all(x, condition)\n"
       "   1 | a.all(x)\n"
       "     |   ^^^\n"},
      {"a.map(1, x)",
       "rule.yml:1:7: error[R0309]: the first argument of map() is a new, plain name for the "
       "element\n"
       "   1 | a.map(1, x)\n"
       "     |       ^\n"},
      {"a.all(i, i, i > 1)",
       "rule.yml:1:10: error[R0309]: the two variables of all() need different names\n"
       "   1 | a.all(i, i, i > 1)\n"
       "     |          ^\n"},
      {"a.transformMap(v, v > 1)",
       "rule.yml:1:3: error[R0309]: transformMap() is called as map.transformMap(k, v, "
       "expression)\n"
       "   1 | a.transformMap(v, v > 1)\n"
       "     |   ^^^^^^^^^^^^\n"},
      {"cel.bind(x, 1)",
       "rule.yml:1:5: error[R0309]: bind() is called as cel.bind(name, value, expression)\n"
       "   1 | cel.bind(x, 1)\n"
       "     |     ^^^^\n"},
      {"cel.bind(1, 2, 3)",
       "rule.yml:1:10: error[R0309]: the first argument of bind() is a new, plain name for the "
       "element\n"
       "   1 | cel.bind(1, 2, 3)\n"
       "     |          ^\n"},
      {"has(a.?b)",
       "rule.yml:1:1: error[R0309]: has() takes the name of one field, as in has(mfa) or "
       "has(login.mfa)\n"
       "   1 | has(a.?b)\n"
       "     | ^^^^^^^^^\n"},
      {"a.?",
       "rule.yml:1:4: error[R0301]: expected the name of a field after '.', found the end\n"
       "   1 | a.?\n"
       "     |    ^\n"},
      {"a.B{c: 1} == d",
       "rule.yml:1:1: error[R0525]: messages cannot be made here; a map is written {\"name\": "
       "value}\n"
       "   1 | a.B{c: 1} == d\n"
       "     | ^^^^\n"},
  });
}

std::string Repeat(const std::string& part, int count) {
  std::string out;
  for (int i = 0; i < count; ++i) out += part;
  return out;
}

// The code of the only error; "" where there is none.
std::string OnlyCode(const std::string& text) {
  Diagnostics diagnostics;
  const ExprPtr expr = Parse(InFile(text), diagnostics);
  EXPECT_EQ(expr == nullptr, !diagnostics.empty());
  EXPECT_LE(diagnostics.list().size(), 1U);
  return diagnostics.empty() ? "" : diagnostics.list()[0].code.id;
}

TEST(CelParserLimits, Depth) {
  for (const auto& [open, close] :
       std::vector<std::pair<std::string, std::string>>{{"(", ")"},
                                                        {"[", "]"},
                                                        {"!", ""},
                                                        {"-", ""},
                                                        {"f(", ")"},
                                                        {"", ".a"},
                                                        {"", "[0]"},
                                                        {"", " + 1"},
                                                        {"b ? c : ", ""},
                                                        {"{1: ", "}"}}) {
    EXPECT_EQ(OnlyCode(Repeat(open, 240) + "a" + Repeat(close, 240)), "") << open << close;
    EXPECT_EQ(OnlyCode(Repeat(open, 260) + "a" + Repeat(close, 260)), "R0310") << open << close;
    EXPECT_EQ(OnlyCode(Repeat(open, 5000) + "a" + Repeat(close, 5000)), "R0310") << open << close;
  }
  EXPECT_EQ(OnlyCode(Repeat("(", 30000)), "R0310");
}

TEST(CelParserLimits, Size) {
  EXPECT_EQ(OnlyCode(Repeat("(", 100000) + "1" + Repeat(")", 100000)), "R0311");
  EXPECT_EQ(OnlyCode("'" + std::string(kMaxExpressionBytes - 2, 'x') + "'"), "");
  EXPECT_EQ(OnlyCode("'" + std::string(kMaxExpressionBytes - 1, 'x') + "'"), "R0311");
  EXPECT_EQ(OnlyCode("[" + Repeat("1,", 19000) + "]"), "");
  EXPECT_EQ(OnlyCode("[" + Repeat("1,", 20000) + "]"), "R0311");
  EXPECT_EQ(OnlyCode("a" + Repeat(" || a", 5000)), "");
}

TEST(CelParserLimits, AtMostAScreenOfMistakes) {
  Diagnostics diagnostics;
  EXPECT_EQ(Parse(InFile(std::string(60000, ';')), diagnostics), nullptr);
  EXPECT_EQ(diagnostics.list().size(), 20U);
}

// The mistake that is one too many, and ends the reading, is a word for an operator.
TEST(CelParserLimits, AWordOperatorAsTheLastMistakeEndsToo) {
  const std::string words = "(???&(?&(???&(??&(??m\xad&(??e contains''contains'";
  for (size_t before = 0; before <= 25; ++before) {
    Diagnostics diagnostics;
    EXPECT_EQ(Parse(InFile(Repeat("(?a&", before) + words), diagnostics), nullptr);
    EXPECT_LE(diagnostics.list().size(), 40U);
  }
}

// Whatever the bytes: a tree or mistakes, every mistake in the text, no crash.
void ExpectTotal(const std::string& text) {
  Diagnostics diagnostics;
  const ExprPtr expr = Parse(InFile(text), diagnostics);
  ASSERT_EQ(expr == nullptr, diagnostics.has_errors()) << text;
  for (const Diagnostic& diagnostic : diagnostics.list()) {
    ASSERT_LE(diagnostic.span.begin, diagnostic.span.end) << text;
    ASSERT_LE(diagnostic.span.end, text.size()) << text;
  }
}

TEST(CelParserTotal, EveryPrefixAndEveryOmission) {
  const std::string text =
      "has(a.b) && [1, 2.5e3, 0x1Fu].exists(x, x in {'k': b\"\\xff\", r'\\': '''t'''}) ? !f(-g.`h "
      "i`, \"\\u00e9\") : c[0]";
  for (size_t i = 0; i <= text.size(); ++i) ExpectTotal(text.substr(0, i));
  for (size_t i = 0; i < text.size(); ++i) ExpectTotal(text.substr(0, i) + text.substr(i + 1));
}

TEST(CelParserTotal, RandomTokensAndBytes) {
  std::mt19937 random(7);
  const std::vector<std::string> parts = {
      "a",  "1",  "'s'", "(",    ")", "[", "]",    "{",    "}",       ",",    ":",     "?",
      ".",  "&&", "||",  "!",    "-", "+", " in ", "has(", ".all(x,", "not ", " and ", "`q`",
      "\"", "'",  "\\",  "\xff", "é", "=", "//",   "\n",   ".5",      "1e",   "0x"};
  for (int i = 0; i < 20000; ++i) {
    std::string text;
    for (size_t n = random() % 12; n > 0; --n) text += parts[random() % parts.size()];
    ExpectTotal(text);
  }
}

}  // namespace
}  // namespace telltale::rules
