// text.format(): every clause with every kind of value.
#include <gtest/gtest.h>

#include <string>

#include "tests/engine/function_cases.h"

namespace telltale::engine {
namespace {

// The text without its quotes.
std::string Formatted(const std::string& clause, const std::string& value) {
  const std::string text = ResultOf("'" + clause + "'.format([" + value + "])");
  return text.starts_with('"') ? text.substr(1, text.size() - 2) : text;
}

TEST(FormatFunction, Text) {
  EXPECT_EQ(Formatted("%s", "'a'"), "a");
  EXPECT_EQ(Formatted("%s", "null"), "null");
  EXPECT_EQ(Formatted("%s", "true"), "true");
  EXPECT_EQ(Formatted("%s", "-17"), "-17");
  EXPECT_EQ(Formatted("%s", "17u"), "17");
  EXPECT_EQ(Formatted("%s", "17.0"), "17");
  EXPECT_EQ(Formatted("%s", "0.25"), "0.25");
  EXPECT_EQ(Formatted("%s", "1e22"), "10000000000000000000000");
  EXPECT_EQ(Formatted("%s", "1e-7"), "0.0000001");
  EXPECT_EQ(Formatted("%s", "0.0 / 0.0"), "NaN");
  EXPECT_EQ(Formatted("%s", "-1.0 / 0.0"), "-Infinity");
  EXPECT_EQ(Formatted("%s", "b'xyz'"), "xyz");
  EXPECT_EQ(Formatted("%s", "b'a\\xff\\xfeb\\xff'"),
            "a\xEF\xBF\xBD"
            "b\xEF\xBF\xBD");
  EXPECT_EQ(Formatted("%s", "ip('10.0.0.1')"), "10.0.0.1");
  EXPECT_EQ(Formatted("%s", "cidr('10.0.0.0/8')"), "10.0.0.0/8");
  EXPECT_EQ(Formatted("%s", "['a', 3.14, null, [9, 8]]"), "[a, 3.14, null, [9, 8]]");
  EXPECT_EQ(Formatted("%s", "[]"), "[]");
  EXPECT_EQ(Formatted("%s", "{'b': [1], 'a': {2u: true}}"), "{a: {2: true}, b: [1]}");
  EXPECT_EQ(Formatted("%s", "{1: 'v', true: 2.5}"), "{1: v, true: 2.5}");
}

TEST(FormatFunction, Decimal) {
  EXPECT_EQ(Formatted("%d", "-9223372036854775808"), "-9223372036854775808");
  EXPECT_EQ(Formatted("%d", "18446744073709551615u"), "18446744073709551615");
  EXPECT_EQ(Formatted("%d", "3.14"), "3.14");
  EXPECT_EQ(Formatted("%d", "0.0 / 0.0"), "NaN");
  for (const char* value : {"'1'", "null", "true", "[1]", "b'1'"})
    EXPECT_EQ(Formatted("%d", "dyn(" + std::string(value) + ")"), "error: no_such_overload")
        << value;
}

TEST(FormatFunction, Fixed) {
  EXPECT_EQ(Formatted("%f", "2"), "2.000000");
  EXPECT_EQ(Formatted("%f", "3u"), "3.000000");
  EXPECT_EQ(Formatted("%.3f", "1.2345"), "1.234");
  EXPECT_EQ(Formatted("%.3f", "123.4999"), "123.500");
  EXPECT_EQ(Formatted("%.0f", "2.5"), "2");
  EXPECT_EQ(Formatted("%.0f", "1.5"), "2");
  EXPECT_EQ(Formatted("%.5f", "-1.2"), "-1.20000");
  EXPECT_EQ(Formatted("%.2f", "1.0 / 0.0"), "Infinity");
  EXPECT_EQ(Formatted("%.1000f", "1.0").size(), 1002u);
  EXPECT_EQ(Formatted("%.1000f", "-1.7e308").size(), 1311u);
  EXPECT_EQ(Formatted("%f", "dyn('1')"), "error: no_such_overload");
}

TEST(FormatFunction, Scientific) {
  EXPECT_EQ(Formatted("%e", "2.71828"), "2.718280e+00");
  EXPECT_EQ(Formatted("%.6e", "1052.032911275"), "1.052033e+03");
  EXPECT_EQ(Formatted("%.0e", "15u"), "2e+01");
  EXPECT_EQ(Formatted("%.1e", "-1e-300"), "-1.0e-300");
  EXPECT_EQ(Formatted("%e", "0.0 / 0.0"), "NaN");
  EXPECT_EQ(Formatted("%e", "dyn(null)"), "error: no_such_overload");
}

TEST(FormatFunction, OtherBases) {
  EXPECT_EQ(Formatted("%b", "5"), "101");
  EXPECT_EQ(Formatted("%b", "-5"), "-101");
  EXPECT_EQ(Formatted("%b", "true"), "1");
  EXPECT_EQ(Formatted("%b", "18446744073709551615u"), std::string(64, '1'));
  EXPECT_EQ(Formatted("%o", "65535u"), "177777");
  EXPECT_EQ(Formatted("%o", "-8"), "-10");
  EXPECT_EQ(Formatted("%x", "255"), "ff");
  EXPECT_EQ(Formatted("%X", "-30"), "-1E");
  EXPECT_EQ(Formatted("%x", "-9223372036854775808"), "-8000000000000000");
  EXPECT_EQ(Formatted("%x", "'Hi!'"), "486921");
  EXPECT_EQ(Formatted("%X", "b'\\xab\\x00'"), "AB00");
  EXPECT_EQ(Formatted("%x", "dyn(0.5)"), "error: no_such_overload");
  EXPECT_EQ(Formatted("%o", "dyn('a')"), "error: no_such_overload");
  EXPECT_EQ(Formatted("%b", "dyn(null)"), "error: no_such_overload");
}

TEST(FormatFunction, Templates) {
  EXPECT_EQ(ResultOf("'no clause'.format([])"), "\"no clause\"");
  EXPECT_EQ(ResultOf("'%%%s%%'.format(['text'])"), "\"%text%\"");
  EXPECT_EQ(ResultOf("'%d %s'.format([1, 'A'])"), "\"1 A\"");
  EXPECT_EQ(ResultWith("'%d %d'", "x.format([1])"), "error: out_of_range");
  EXPECT_EQ(ResultWith("'%a'", "x.format([1])"), "error: out_of_range");
  EXPECT_EQ(ResultWith("'%'", "x.format([1])"), "error: out_of_range");
  EXPECT_EQ(ResultWith("'%.f'", "x.format([1.0])"), "error: out_of_range");
  EXPECT_EQ(ResultWith("'%s'", "x.format([1, 2])"), "\"1\"");  // values left over
  EXPECT_EQ(ResultOf("1.format([])"), "R0403");
  EXPECT_EQ(ResultOf("'a'.format(1)"), "R0403");
}

TEST(FormatFunction, AnErrorAmongTheValuesIsOneOfTheWhole) {
  EXPECT_EQ(ResultOf("'%s'.format([1 / 0])"), "error: divide_by_zero");
  EXPECT_EQ(ResultOf("'%s'.format([missing])"), "error: no_such_field");
}

TEST(FormatFunction, IsChargedToTheBudget) {
  const std::string event = "{'x': '" + std::string(1 << 14, '%') + "s'}";
  EXPECT_EQ(ResultOf("x.replace('%', '%.999f').format(lists.range(20000))", event),
            "error: budget");
  EXPECT_EQ(ResultOf("'%s'.format([lists.range(400).map(i, lists.range(400)).map(l, [l, l, l, l, "
                     "l, l, l, l])])"),
            "error: budget");
}

}  // namespace
}  // namespace telltale::engine
