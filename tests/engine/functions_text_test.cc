// Functions over text: characters by their numbers, pieces, base64, regular expressions.
#include <gtest/gtest.h>

#include <string>

#include "tests/engine/function_cases.h"

namespace telltale::engine {
namespace {

TEST(TextFunctions, CharAt) {
  EXPECT_EQ(ResultOf("'tacocat'.charAt(3)"), "\"o\"");
  EXPECT_EQ(ResultOf("'tacocat'.charAt(7)"), "\"\"");
  EXPECT_EQ(ResultOf("'a©b'.charAt(1)"), "\"©\"");
  EXPECT_EQ(ResultOf("'a©b'.charAt(2)"), "\"b\"");
  EXPECT_EQ(ResultOf("''.charAt(0)"), "\"\"");
  EXPECT_EQ(ResultOf("'tacocat'.charAt(8)"), "error: out_of_range");
  EXPECT_EQ(ResultOf("'tacocat'.charAt(-1)"), "error: out_of_range");
  EXPECT_EQ(ResultOf("'tacocat'.charAt(9223372036854775807)"), "error: out_of_range");
  EXPECT_EQ(ResultOf("'abc'.charAt('x')"), "R0403");
  EXPECT_EQ(ResultOf("42.charAt(2)"), "R0403");
  EXPECT_EQ(ResultOf("'abc'.charAt()"), "R0404");
  EXPECT_EQ(ResultOf("'abc'.charAt(1u)"), "R0403");
  EXPECT_EQ(ResultWith("42", "x.charAt(0)"), "error: no_such_overload");
  EXPECT_EQ(ResultWith("'ab'", "x.charAt(dyn('1'))"), "error: no_such_overload");
}

TEST(TextFunctions, IndexOf) {
  EXPECT_EQ(ResultOf("'hello mellow'.indexOf('')"), "0");
  EXPECT_EQ(ResultOf("'hello mellow'.indexOf('ello')"), "1");
  EXPECT_EQ(ResultOf("'hello mellow'.indexOf('jello')"), "-1");
  EXPECT_EQ(ResultOf("'hello mellow'.indexOf('', 2)"), "2");
  EXPECT_EQ(ResultOf("'hello mellow'.indexOf('ello', 2)"), "7");
  EXPECT_EQ(ResultOf("'ta©o©αT'.indexOf('©αT', 3)"), "4");
  EXPECT_EQ(ResultOf("'abc'.indexOf('', 3)"), "3");
  EXPECT_EQ(ResultOf("'abc'.indexOf('c', 3)"), "-1");
  EXPECT_EQ(ResultOf("'abc'.indexOf('c', 4)"), "error: out_of_range");
  EXPECT_EQ(ResultOf("'abc'.indexOf('', -1)"), "error: out_of_range");
  EXPECT_EQ(ResultOf("'42'.indexOf('4', 0, 1)"), "R0404");
  EXPECT_EQ(ResultOf("'42'.indexOf(4)"), "R0403");
}

TEST(TextFunctions, LastIndexOf) {
  EXPECT_EQ(ResultOf("'hello mellow'.lastIndexOf('')"), "12");
  EXPECT_EQ(ResultOf("'hello mellow'.lastIndexOf('ello')"), "7");
  EXPECT_EQ(ResultOf("'hello mellow'.lastIndexOf('jello')"), "-1");
  EXPECT_EQ(ResultOf("'hello mellow'.lastIndexOf('ello', 6)"), "1");
  EXPECT_EQ(ResultOf("'bananananana'.lastIndexOf('nana', 7)"), "6");
  EXPECT_EQ(ResultOf("'ta©o©αT'.lastIndexOf('©', 3)"), "2");
  EXPECT_EQ(ResultOf("'abc'.lastIndexOf('', 1)"), "1");
  EXPECT_EQ(ResultOf("''.lastIndexOf('@@')"), "-1");
  EXPECT_EQ(ResultOf("'abc'.lastIndexOf('a', 4)"), "error: out_of_range");
  EXPECT_EQ(ResultOf("'abc'.lastIndexOf('a', -1)"), "error: out_of_range");
}

TEST(TextFunctions, Substring) {
  EXPECT_EQ(ResultOf("'tacocat'.substring(4)"), "\"cat\"");
  EXPECT_EQ(ResultOf("'tacocat'.substring(7)"), "\"\"");
  EXPECT_EQ(ResultOf("'tacocat'.substring(0, 4)"), "\"taco\"");
  EXPECT_EQ(ResultOf("'ta©o©αT'.substring(2, 6)"), "\"©o©α\"");
  EXPECT_EQ(ResultOf("'ta©o©αT'.substring(7, 7)"), "\"\"");
  EXPECT_EQ(ResultOf("'tacocat'.substring(2, 1)"), "error: out_of_range");
  EXPECT_EQ(ResultOf("'tacocat'.substring(8)"), "error: out_of_range");
  EXPECT_EQ(ResultOf("'tacocat'.substring(-1, 2)"), "error: out_of_range");
  EXPECT_EQ(ResultOf("'tacocat'.substring(0, 8)"), "error: out_of_range");
  EXPECT_EQ(ResultOf("'tacocat'.substring(true, 3)"), "R0403");
}

TEST(TextFunctions, Replace) {
  EXPECT_EQ(ResultOf("'hello hello'.replace('he', 'we')"), "\"wello wello\"");
  EXPECT_EQ(ResultOf("'hello hello'.replace('he', 'we', -1)"), "\"wello wello\"");
  EXPECT_EQ(ResultOf("'hello hello'.replace('he', 'we', 1)"), "\"wello hello\"");
  EXPECT_EQ(ResultOf("'hello hello'.replace('he', 'we', 0)"), "\"hello hello\"");
  EXPECT_EQ(ResultOf("'hello hello'.replace('he', '', 5)"), "\"llo llo\"");
  EXPECT_EQ(ResultOf("'aaa'.replace('aa', 'b')"), "\"ba\"");
  EXPECT_EQ(ResultOf("'ab'.replace('', '-')"), "\"-a-b-\"");
  EXPECT_EQ(ResultOf("'©b'.replace('', '-', 2)"), "\"-©-b\"");
  EXPECT_EQ(ResultOf("''.replace('', '-')"), "\"-\"");
  EXPECT_EQ(ResultOf("''.replace('a', '-')"), "\"\"");
  EXPECT_EQ(ResultOf("'42'.replace('2', '1', '1')"), "R0403");
  EXPECT_EQ(ResultOf("'42'.replace(2, '1')"), "R0403");
}

TEST(TextFunctions, Split) {
  EXPECT_EQ(ResultOf("'a b c'.split(' ')"), R"(["a","b","c"])");
  EXPECT_EQ(ResultOf("'a b c'.split(' ', 0)"), "[]");
  EXPECT_EQ(ResultOf("'a b c'.split(' ', 1)"), R"(["a b c"])");
  EXPECT_EQ(ResultOf("'a b c'.split(' ', 2)"), R"(["a","b c"])");
  EXPECT_EQ(ResultOf("'a b c'.split(' ', 9)"), R"(["a","b","c"])");
  EXPECT_EQ(ResultOf("'a b c'.split(' ', -1)"), R"(["a","b","c"])");
  EXPECT_EQ(ResultOf("',a,,'.split(',')"), R"(["","a","",""])");
  EXPECT_EQ(ResultOf("''.split(',')"), R"([""])");
  EXPECT_EQ(ResultOf("''.split('')"), "[]");
  EXPECT_EQ(ResultOf("'a©b'.split('')"), R"(["a","©","b"])");
  EXPECT_EQ(ResultOf("'a©b'.split('', 2)"), R"(["a","©b"])");
  EXPECT_EQ(ResultOf("'42'.split('2', '1')"), "R0403");
  EXPECT_EQ(ResultOf("'a,b'.split(',')[0].size()"), "1");
}

TEST(TextFunctions, Join) {
  EXPECT_EQ(ResultOf("['a', 'b'].join()"), "\"ab\"");
  EXPECT_EQ(ResultOf("['a', 'b', ''].join(', ')"), "\"a, b, \"");
  EXPECT_EQ(ResultOf("[].join('-')"), "\"\"");
  EXPECT_EQ(ResultOf("[1, 2].join('-')"), "R0403");
  EXPECT_EQ(ResultOf("['a', dyn(1)].join('-')"), "error: no_such_overload");
  EXPECT_EQ(ResultOf("['a'].join(1)"), "R0403");
}

TEST(TextFunctions, Trim) {
  EXPECT_EQ(ResultOf("'  \\ttrim\\n  '.trim()"), "\"trim\"");
  EXPECT_EQ(ResultOf("'\\u0085\\u00a0\\u1680text\\u2028\\u202f\\u3000'.trim()"), "\"text\"");
  EXPECT_EQ(ResultOf("'\\u2000\\u2005\\u200atext\\u205f'.trim()"), "\"text\"");
  EXPECT_EQ(ResultOf("'\\u200btext\\ufeff'.trim() == '\\u200btext\\ufeff'"), "true");
  EXPECT_EQ(ResultOf("' \\n '.trim()"), "\"\"");
  EXPECT_EQ(ResultOf("'a b'.trim()"), "\"a b\"");
  EXPECT_EQ(ResultOf("1.trim()"), "R0403");
}

TEST(TextFunctions, Reverse) {
  EXPECT_EQ(ResultOf("'gums'.reverse()"), "\"smug\"");
  EXPECT_EQ(ResultOf("'Ta©oCαt'.reverse()"), "\"tαCo©aT\"");
  EXPECT_EQ(ResultOf("''.reverse()"), "\"\"");
}

TEST(TextFunctions, Quote) {
  EXPECT_EQ(ResultOf("strings.quote('a\"b') == '\"a\\\\\"b\"'"), "true");
  EXPECT_EQ(ResultOf("strings.quote('\\a\\b\\f\\n\\r\\t\\v\\\\') == "
                     "'\"\\\\a\\\\b\\\\f\\\\n\\\\r\\\\t\\\\v\\\\\\\\\"'"),
            "true");
  EXPECT_EQ(ResultOf("strings.quote('завтра')"), "\"\\\"завтра\\\"\"");
  EXPECT_EQ(ResultOf("strings.quote(1)"), "R0403");
}

TEST(TextFunctions, Base64) {
  EXPECT_EQ(ResultOf("base64.encode(b'')"), "\"\"");
  EXPECT_EQ(ResultOf("base64.encode(b'a')"), "\"YQ==\"");
  EXPECT_EQ(ResultOf("base64.encode(b'ab')"), "\"YWI=\"");
  EXPECT_EQ(ResultOf("base64.encode(b'abc')"), "\"YWJj\"");
  EXPECT_EQ(ResultOf("base64.encode(b'\\xff\\xfe\\xfd')"), "\"//79\"");
  EXPECT_EQ(ResultOf("base64.encode('abc')"), "R0403");
  const auto decodes = [](const std::string& text, const std::string& bytes) {
    return ResultOf("base64.decode('" + text + "') == b'" + bytes + "'");
  };
  EXPECT_EQ(decodes("", ""), "true");
  EXPECT_EQ(decodes("YQ==", "a"), "true");
  EXPECT_EQ(decodes("YQ", "a"), "true");
  EXPECT_EQ(decodes("YWI=", "ab"), "true");
  EXPECT_EQ(decodes("YWI", "ab"), "true");
  EXPECT_EQ(decodes("YWJj", "abc"), "true");
  EXPECT_EQ(decodes("//79", "\\xff\\xfe\\xfd"), "true");
  for (const char* text : {"Y", "YQ=", "YQ===", "YQ=a", "=", "Y*==", "YWJjZ", "YW JI", "YQ-_"})
    EXPECT_EQ(ResultWith("'" + std::string(text) + "'", "base64.decode(x)"), "error: out_of_range")
        << text;
}

TEST(TextFunctions, RegexExtract) {
  EXPECT_EQ(ResultOf("regex.extract('hello world', 'hello (.*)')"), "\"world\"");
  EXPECT_EQ(ResultOf("regex.extract('item-A, item-B', 'item-[A-Z]')"), "\"item-A\"");
  EXPECT_EQ(ResultOf("regex.extract('HELLO', 'hello')"), "null");
  EXPECT_EQ(ResultOf("regex.extract('HELLO', '(?i)hello')"), "\"HELLO\"");
  EXPECT_EQ(ResultOf("regex.extract('b', '(a)?b')"), "null");  // the group took no part
  EXPECT_EQ(ResultWith("'(a)(b)'", "regex.extract('ab', x)"), "error: bad_pattern");
  EXPECT_EQ(ResultWith("'('", "regex.extract('ab', x)"), "error: bad_pattern");
}

TEST(TextFunctions, RegexExtractAll) {
  EXPECT_EQ(ResultOf("regex.extractAll('id:123, id:456', 'id:[0-9]+')"), R"(["id:123","id:456"])");
  EXPECT_EQ(ResultOf("regex.extractAll('id:123, id:456', 'id:([0-9]+)')"), R"(["123","456"])");
  EXPECT_EQ(ResultOf("regex.extractAll('abc', 'x')"), "[]");
  EXPECT_EQ(ResultOf("regex.extractAll('a©b', '')"), R"(["","","",""])");
  EXPECT_EQ(ResultOf("regex.extractAll('abc', 'b*')"), R"(["","b",""])");
  EXPECT_EQ(ResultWith("'(a)(b)'", "regex.extractAll('ab', x)"), "error: bad_pattern");
}

TEST(TextFunctions, RegexReplace) {
  EXPECT_EQ(ResultOf("regex.replace('hello hello', 'he', 'we')"), "\"wello wello\"");
  EXPECT_EQ(ResultOf("regex.replace('hello hello', 'he', 'we', 1)"), "\"wello hello\"");
  EXPECT_EQ(ResultOf("regex.replace('hello hello', 'he', 'we', 0)"), "\"hello hello\"");
  EXPECT_EQ(ResultOf("regex.replace('hello', 'x', 'y')"), "\"hello\"");
  EXPECT_EQ(ResultOf("regex.replace('a1b22', '([a-z])([0-9]+)', r'\\2\\1')"), "\"1a22b\"");
  EXPECT_EQ(ResultOf("regex.replace('abc', 'x*', '-')"), "\"-a-b-c-\"");
  EXPECT_EQ(ResultOf("regex.replace('abc', 'b*', '-')"), "\"-a-c-\"");
  EXPECT_EQ(ResultOf("regex.replace('©', '', '-')"), "\"-©-\"");
  EXPECT_EQ(ResultOf("regex.replace('abc', 'abc', '')"), "\"\"");
  EXPECT_EQ(ResultWith(R"('\\3')", "regex.replace('ab', '(a)(b)', x)"), "error: bad_pattern");
  EXPECT_EQ(ResultWith("'('", "regex.replace('ab', x, '')"), "error: bad_pattern");
  EXPECT_EQ(ResultOf("regex.replace('ab', 'a', 1)"), "R0403");
}

TEST(TextFunctions, AreChargedToTheBudget) {
  std::string text(1 << 12, 'a');
  const std::string event = "{'x': '" + text + "'}";
  // 4096 characters, each replaced by 4096: 16 MB, and as much again.
  EXPECT_EQ(ResultOf("x.replace('a', x).replace('a', x)", event), "error: budget");
  EXPECT_EQ(ResultOf("regex.replace(x, 'a', x + x)", event), "error: budget");
  EXPECT_EQ(ResultOf("lists.range(4096).map(i, x).join(x + x)", event), "error: budget");
  EXPECT_EQ(ResultOf("x.split('').map(c, x).join().split('').size()", event), "error: budget");
}

}  // namespace
}  // namespace telltale::engine
