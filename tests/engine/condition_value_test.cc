// What expressions without events give: CEL's operators, functions and macros.
#include <gtest/gtest.h>

#include "tests/engine/condition_cases.h"

namespace telltale::engine {
namespace {

struct Case {
  const char* expression;
  const char* result;
};

// Nothing here depends on an event: the compiler folds it, by evaluating it.
void Check(const std::vector<Case>& cases) {
  for (const Case& c : cases) {
    CompiledCondition condition(c.expression);
    EXPECT_EQ(condition.Result({}), c.result) << c.expression;
  }
}

// x, y and z are read from the event, so that nothing is folded.
struct FieldCase {
  const char* expression;
  const char* event;
  const char* result;
};

void CheckFields(const std::vector<FieldCase>& cases) {
  for (const FieldCase& c : cases) {
    CompiledCondition condition(c.expression);
    EXPECT_EQ(condition.Result({.event = c.event}), c.result) << c.expression << " of " << c.event;
  }
}

TEST(ConditionValue, Literals) {
  Check({{"1", "1"},
         {"1u", "1u"},
         {"1.0", "1.0"},
         {"'a'", "\"a\""},
         {"b'a'", "b\"YQ==\""},
         {"null", "null"},
         {"[1, 'a', 2.5]", "[1,\"a\",2.5]"},
         {"{'b': 1, 'a': [true]}", "{\"a\":[true],\"b\":1}"},
         {"[]", "[]"},
         {"{}", "{}"}});
}

TEST(ConditionValue, Arithmetic) {
  Check({{"1 + 2 * 3", "7"},
         {"9223372036854775807 + 1", "error: overflow"},
         {"-9223372036854775808 - 1", "error: overflow"},
         {"-(-9223372036854775808)", "error: overflow"},
         {"-9223372036854775808 / -1", "error: overflow"},
         {"-9223372036854775808 % -1", "error: overflow"},
         {"9223372036854775807 * 2", "error: overflow"},
         {"18446744073709551615u + 1u", "error: overflow"},
         {"1u - 2u", "error: overflow"},
         {"18446744073709551615u * 2u", "error: overflow"},
         {"7 / 2", "3"},
         {"-7 / 2", "-3"},
         {"-7 % 2", "-1"},
         {"7u % 4u", "3u"},
         {"1 / 0", "error: divide_by_zero"},
         {"1u % 0u", "error: divide_by_zero"},
         {"1.0 / 0.0", "\"Infinity\""},
         {"-1.0 / 0.0", "\"-Infinity\""},
         {"0.0 / 0.0", "\"NaN\""},
         {"'a' + 'b'", "\"ab\""},
         {"b'a' + b'b'", "b\"YWI=\""},
         {"[1] + [2, 3]", "[1,2,3]"},
         {"dyn(1) + 1.0", "error: no_such_overload"},
         {"dyn(1) + 1u", "error: no_such_overload"}});
}

TEST(ConditionValue, NumbersCompareByTheirValue) {
  Check({{"1 == 1.0", "true"},
         {"1u == 1", "true"},
         {"-1 < 1u", "true"},
         {"9007199254740993 == 9007199254740992.0", "false"},
         {"9223372036854775807 == 9223372036854775808.0", "false"},
         {"9223372036854775807 >= 9223372036854775808.0", "true"},
         {"9223372036854775807 < 9223372036854777857.0", "true"},
         {"18446744073709551615u < 18446744073709590000.0", "true"},
         {"[9223372036854775807].all(x, x in [9223372036854775808.0, 'a'])", "false"},
         {"-1.5 < -1", "true"},
         {"-1 > -1.5", "true"},
         {"1 < 1.5", "true"},
         {"1u >= -0.5", "true"},
         {"double('nan') == double('nan')", "false"},
         {"double('nan') != 1.0", "true"},
         {"double('nan') < 1", "false"},
         {"1 >= double('nan')", "false"},
         {"0.0 == -0.0", "true"}});
}

TEST(ConditionValue, EqualityIsHeterogeneous) {
  Check({{"dyn('1') == 1", "false"},
         {"dyn('1') != 1", "true"},
         {"null == null", "true"},
         {"dyn(null) == 1", "false"},
         {"[1, 2u, 3.0] == [1.0, 2, 3u]", "true"},
         {"[1] == [1, 2]", "false"},
         {"{'a': 1, 'b': 2} == {'b': 2.0, 'a': 1u}", "true"},
         {"{1: 'a'} == {1u: 'a'}", "true"},
         {"{'a': 1} == {'b': 1}", "false"},
         {"dyn('a') < 1", "error: no_such_overload"},
         {"dyn([1]) < dyn([2])", "error: no_such_overload"},
         {"'a' < 'b'", "true"},
         {"'abc' > 'abd'", "false"},
         {"'\\u00e9' > 'z'", "true"},
         {"false < true", "true"},
         {"b'a' <= b'a'", "true"}});
}

TEST(ConditionValue, LogicAbsorbsErrors) {
  Check({{"1 / 0 == 1 || true", "true"},
         {"true || 1 / 0 == 1", "true"},
         {"1 / 0 == 1 || false", "error: divide_by_zero"},
         {"1 / 0 == 1 && false", "false"},
         {"false && 1 / 0 == 1", "false"},
         {"1 / 0 == 1 && true", "error: divide_by_zero"},
         {"dyn(1) || true", "true"},
         {"dyn(1) || false", "error: no_such_overload"},
         {"dyn(1) && true", "error: no_such_overload"},
         {"!dyn(1)", "error: no_such_overload"},
         {"!(1 / 0 == 1)", "error: divide_by_zero"},
         {"true ? 1 : 1 / 0", "1"},
         {"false ? 1 / 0 : 2", "2"},
         {"1 / 0 == 1 ? 1 : 2", "error: divide_by_zero"},
         {"dyn(1) ? 1 : 2", "error: no_such_overload"}});
}

TEST(ConditionValue, LogicOverFields) {
  CheckFields({{"x && y", "{'x': true, 'y': true}", "true"},
               {"x && y", "{'x': true, 'y': false}", "false"},
               {"x && y", "{'y': false}", "false"},
               {"x && y", "{'x': false}", "false"},
               {"x && y", "{'x': true}", "error: no_such_field"},
               {"x && y && z", "{'x': true, 'z': false}", "false"},
               {"x && y && z", "{'x': 1, 'z': true}", "error: no_such_overload"},
               {"x || y", "{'x': false, 'y': true}", "true"},
               {"x || y", "{'y': true}", "true"},
               {"x || y", "{'x': false}", "error: no_such_field"},
               {"x || y || z", "{'z': true}", "true"},
               {"x && true", "{'x': true}", "true"},
               {"x && true", "{'x': 3}", "error: no_such_overload"},
               {"x && false", "{'x': 3}", "false"},
               {"x || true", "{}", "true"},
               {"x ? y : z", "{'x': true, 'y': 1}", "1"},
               {"x ? y : z", "{'x': false, 'y': 1}", "error: no_such_field"},
               {"x ? y : z", "{'x': 2, 'y': 1}", "error: no_such_overload"},
               {"!(x > 5)", "{}", "error: no_such_field"},
               {"!x", "{'x': false}", "true"}});
}

TEST(ConditionValue, ComparisonsOfFields) {
  CheckFields({{"x > 1000.0", "{'x': 1000.5}", "true"},
               {"x > 1000.0", "{'x': 1001}", "true"},
               {"x > 1000.0", "{'x': 1000u}", "false"},
               {"x > 1000.0", "{'x': 'a'}", "error: no_such_overload"},
               {"x > 1000.0", "{'x': null}", "error: no_such_overload"},
               {"x > 1000.0", "{}", "error: no_such_field"},
               {"1000.0 < x", "{'x': 1000.5}", "true"},
               {"1000 >= x", "{'x': 1000}", "true"},
               {"x != 'DE'", "{'x': 'FR'}", "true"},
               {"x != 'DE'", "{'x': 7}", "true"},
               {"x != 'DE'", "{'x': null}", "true"},
               {"x == null", "{'x': null}", "true"},
               {"x == y", "{'x': 1, 'y': 1.0}", "true"},
               {"x == y", "{'x': 'a', 'y': 'a'}", "true"},
               {"x == y", "{'x': 'a'}", "error: no_such_field"},
               {"x <= y", "{'x': 2, 'y': 1.5}", "false"},
               {"x <= 'b'", "{'x': 'a'}", "true"},
               {"x == [1, 'a']", "{'x': [1.0, 'a']}", "true"}});
}

TEST(ConditionValue, Text) {
  Check({{"size('h\\u00e9llo')", "5"},
         {"'\\U0001F431'.size()", "1"},
         {"size(b'\\xff\\xfe')", "2"},
         {"'hello'.startsWith('he')", "true"},
         {"'hello'.endsWith('lo')", "true"},
         {"'hello'.contains('ell')", "true"},
         {"'hello'.contains('')", "true"},
         {"'hello'.startsWith('lo')", "false"},
         {"'aBc\\u00c9'.lowerAscii()", "\"abc\xC3\x89\""},
         {"'aBc\\u00e9'.upperAscii()", "\"ABC\xC3\xA9\""},
         {"'hello'.matches('^h.*o$')", "true"},
         {"matches('hello', 'l+')", "true"},
         {"'hello'.matches('^l')", "false"}});
}

TEST(ConditionValue, TextOfFields) {
  CheckFields({{"x.matches('^[a-c]+$')", "{'x': 'abc'}", "true"},
               {"x.matches('^[a-c]+$')", "{'x': 'abd'}", "false"},
               {"x.matches('a')", "{'x': 1}", "error: no_such_overload"},
               {"x.matches('a')", "{}", "error: no_such_field"},
               {"x.matches(y)", "{'x': 'abc', 'y': 'b.'}", "true"},
               {"x.matches(y)", "{'x': 'abc', 'y': '('}", "error: bad_pattern"},
               {"x.startsWith('a')", "{'x': 1}", "error: no_such_overload"},
               {"x.lowerAscii() == 'abc'", "{'x': 'ABC'}", "true"},
               {"x + '-' + y", "{'x': 'a', 'y': 'b'}", "\"a-b\""},
               {"x.size()", "{'x': 'abc'}", "3"},
               {"size(x)", "{'x': 1}", "error: no_such_overload"}});
}

TEST(ConditionValue, Conversions) {
  Check({{"int(3.9)", "3"},
         {"int(-3.9)", "-3"},
         {"int('42')", "42"},
         {"int('-42')", "-42"},
         {"int('4' + 'x')", "error: out_of_range"},
         {"int('' + '')", "error: out_of_range"},
         {"int(' ' + '4')", "error: out_of_range"},
         {"int(1e99)", "error: out_of_range"},
         {"int(double('nan'))", "error: out_of_range"},
         {"int(9223372036854775808u)", "error: out_of_range"},
         {"uint(-1)", "error: out_of_range"},
         {"uint(3.7)", "3u"},
         {"uint('42')", "42u"},
         {"uint('-' + '1')", "error: out_of_range"},
         {"uint(1.9e19)", "error: out_of_range"},
         {"double('2.5')", "2.5"},
         {"double('x' + '')", "error: out_of_range"},
         {"double(9007199254740993)", "9007199254740992.0"},
         {"string(1.5)", "\"1.5\""},
         {"string(2700.0)", "\"2700\""},
         {"string(-7)", "\"-7\""},
         {"string(7u)", "\"7\""},
         {"string(true)", "\"true\""},
         {"string(b'abc')", "\"abc\""},
         {"string(b'\\xff')", "error: out_of_range"},
         {"bytes('abc')", "b\"YWJj\""},
         {"bool('true')", "true"},
         {"bool('FALSE')", "false"},
         {"bool('y' + 'es')", "error: out_of_range"},
         {"string(dyn(null))", "error: no_such_overload"}});
}

TEST(ConditionValue, ListsAndMaps) {
  Check({{"[1, 2, 3][1]", "2"},
         {"[1, 2, 3][1u]", "2"},
         {"[1, 2, 3][dyn(1.0)]", "2"},
         {"[1][1]", "error: out_of_range"},
         {"[1][-1]", "error: out_of_range"},
         {"{'a': 1}['a']", "1"},
         {"{'a': 1}.a", "1"},
         {"{'a': 1}['b']", "error: no_such_key"},
         {"{'a': 1}.b", "error: no_such_key"},
         {"{1: 'x'}[dyn(1.0)]", "\"x\""},
         {"has({'a': 1}.a)", "true"},
         {"has({'a': 1}.b)", "false"},
         {"has({'a': null}.a)", "true"},
         {"2 in [1, 2]", "true"},
         {"2u in [1, 2.0]", "true"},
         {"'a' in {'a': 1}", "true"},
         {"'b' in {'a': 1}", "false"},
         {"dyn('a') in dyn('abc')", "error: no_such_overload"},
         {"size([1, 2])", "2"},
         {"{'a': 1}.size()", "1"},
         {"[1 / 0]", "error: divide_by_zero"},
         {"{dyn(1.5): 1}", "error: no_such_overload"},
         {"{dyn(1): 1, dyn(1u): 2}", "error: no_such_overload"}});
}

TEST(ConditionValue, MembershipInConstants) {
  CheckFields({{"x in ['DE', 'FR']", "{'x': 'FR'}", "true"},
               {"x in ['DE', 'FR']", "{'x': 'US'}", "false"},
               {"x in ['DE', 'FR']", "{'x': 1}", "false"},
               {"x in ['DE', 'FR']", "{}", "error: no_such_field"},
               {"x in [1, 2, 3]", "{'x': 2.0}", "true"},
               {"x in [1, 2, 3]", "{'x': 2u}", "true"},
               {"x in [1, 2, 3]", "{'x': 2.5}", "false"},
               {"x in [1, 2.5]", "{'x': 2.5}", "true"},
               {"x in []", "{'x': 1}", "false"},
               {"(x in ['DE', 'FR'] ? 'eu' : 'far') in ['eu', 'us']", "{'x': 'FR'}", "true"},
               {"(x in ['DE', 'FR'] ? 'eu' : 'far') in ['eu', 'us']", "{'x': 'CN'}", "false"},
               {"['DE', 'FR'].exists(c, (c in ['FR', x] ? 1 : 2) in [1])", "{'x': 'y'}", "true"},
               {"x in y", "{'x': 1, 'y': [3, 1.0]}", "true"},
               {"x in y", "{'x': 'a', 'y': {'a': 2}}", "true"},
               {"!(x in ['DE'])", "{'x': 'FR'}", "true"}});
}

TEST(ConditionValue, Macros) {
  Check({{"[1, 2, 3].all(x, x > 0)", "true"},
         {"[1, 2, 3].all(x, x > 1)", "false"},
         {"[].all(x, x > 1)", "true"},
         {"[1, 2].exists(x, x == 2)", "true"},
         {"[].exists(x, true)", "false"},
         {"[1, 0].exists(x, 1 / x == 1)", "true"},
         {"[0, 1].exists(x, 1 / x == 1)", "true"},
         {"[0, 2].exists(x, 1 / x == 1)", "error: divide_by_zero"},
         {"[0, 2].all(x, 1 / x == 1)", "false"},
         {"[0, 1].all(x, 1 / x == 1)", "error: divide_by_zero"},
         {"[1, 2, 2].exists_one(x, x == 2)", "false"},
         {"[1, 2].exists_one(x, x == 2)", "true"},
         {"[0, 1].exists_one(x, 1 / x == 1)", "error: divide_by_zero"},
         {"[1, 2, 3].filter(x, x % 2 == 1)", "[1,3]"},
         {"[1, 2, 3].map(x, x * 2)", "[2,4,6]"},
         {"[1, 2, 3].map(x, x > 1, x * 2)", "[4,6]"},
         {"[1, 0].map(x, 1 / x)", "error: divide_by_zero"},
         {"[1, 0].filter(x, 1 / x == 1)", "error: divide_by_zero"},
         {"{'a': 1, 'b': 2}.all(k, k < 'c')", "true"},
         {"{'a': 1}.map(k, k)", "[\"a\"]"},
         {"dyn(1).all(x, true)", "error: no_such_overload"},
         {"[[1, 2], [3]].map(l, l.map(x, x + size(l)))", "[[3,4],[4]]"},
         {"[1, 2].map(x, [x].filter(y, y > 1))", "[[],[2]]"},
         {"[[1], [2]].exists(l, l.exists(x, x == 2))", "true"}});
}

TEST(ConditionValue, MacrosOverFields) {
  CheckFields({{"x.all(i, i.price > y)", "{'x': [{'price': 2}, {'price': 3}], 'y': 1}", "true"},
               {"x.exists(i, i.price > y)", "{'x': [{'cost': 2}, {'price': 3}], 'y': 1}", "true"},
               {"x.exists(i, i.price > y)", "{'x': [{'cost': 2}], 'y': 1}", "error: no_such_key"},
               {"x.map(i, i.price)", "{'x': [{'price': 2}, {'price': 3.5}]}", "[2,3.5]"},
               {"x.map(i, has(i.price), i.price)", "{'x': [{'cost': 2}, {'price': 3.5}]}", "[3.5]"},
               {"x.filter(k, k != 'a')", "{'x': {'a': 1, 'b': 2}}", "[\"b\"]"},
               {"x.all(i, true)", "{'x': 'text'}", "error: no_such_overload"},
               {"x.map(i, y.map(j, i * j))", "{'x': [1, 2], 'y': [3, 4]}", "[[3,4],[6,8]]"}});
}

TEST(ConditionValue, Aggregates) {
  Check({{"[1, 2, 3].sum()", "6"},
         {"[1u, 2u].sum()", "3u"},
         {"[1, 2u].sum()", "3"},
         {"[0.1, 0.2, 0.3].sum()", "0.6"},
         {"[1e16, 1.0, -1e16].sum()", "1.0"},
         {"[1e308, 1e308, -1e308].sum()", "1e+308"},
         {"[1, 0.5].sum()", "1.5"},
         {"[9223372036854775807, 1].sum()", "error: overflow"},
         {"[9223372036854775807, 1, -1].sum()", "9223372036854775807"},
         {"[].sum()", "0"},
         {"[1.0].filter(x, x > 2.0).sum()", "0.0"},
         {"[1, 2].avg()", "1.5"},
         {"[].avg()", "error: divide_by_zero"},
         {"[3, 1.5, 2u].min()", "1.5"},
         {"[3, 1.5, 4u].max()", "4u"},
         {"[].max()", "error: out_of_range"},
         {"[dyn('a')].sum()", "error: no_such_overload"},
         {"[1.0, double('nan'), 2.0].max()", "\"NaN\""}});
}

}  // namespace
}  // namespace telltale::engine
