// The rest of CEL: times, optional values, types, and the macros with variables of their own.
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "tests/engine/condition_allocations.h"
#include "tests/engine/condition_cases.h"

namespace telltale::engine {
namespace {

using Cases = std::vector<std::pair<const char*, const char*>>;

void Check(const Cases& cases, const Events& events = {}) {
  for (const auto& [expression, result] : cases) {
    CompiledCondition condition(expression);
    EXPECT_EQ(condition.Result(events), result) << expression;
  }
}

TEST(ConditionTimes, AreMadeAndConverted) {
  Check({{"timestamp('2026-11-26T10:00:00+01:00')", "\"2026-11-26T09:00:00Z\""},
         {"timestamp(1234567890)", "\"2009-02-13T23:31:30Z\""},
         {"timestamp(timestamp(0))", "\"1970-01-01T00:00:00Z\""},
         {"timestamp('yester' + 'day')", "error: out_of_range"},
         {"timestamp(253402300800)", "error: out_of_range"},
         {"timestamp(dyn(1.5))", "error: no_such_overload"},
         {"int(timestamp('1969-12-31T23:59:59.5Z'))", "-1"},
         {"string(timestamp(0))", "\"1970-01-01T00:00:00Z\""},
         {"duration('1h30m')", "\"5400s\""},
         {"duration(duration('2s'))", "\"2s\""},
         {"duration('so' + 'on')", "error: out_of_range"},
         {"duration(dyn(1))", "error: no_such_overload"},
         {"string(duration('-1.5s'))", "\"-1.5s\""}});
}

TEST(ConditionTimes, AreComputedWith) {
  Check(
      {{"timestamp(0) + duration('1.5s')", "\"1970-01-01T00:00:01.5Z\""},
       {"duration('1s') + timestamp(0)", "\"1970-01-01T00:00:01Z\""},
       {"timestamp(0) - duration('1ns')", "\"1969-12-31T23:59:59.999999999Z\""},
       {"timestamp(10) - timestamp(12)", "\"-2s\""},
       {"duration('1s') + duration('999ms')", "\"1.999s\""},
       {"duration('1s') - duration('3s')", "\"-2s\""},
       {"timestamp('9999-12-31T23:59:59Z') + duration('1s')", "error: overflow"},
       {"timestamp('9999-12-31T23:59:59Z') - timestamp('0001-01-01T00:00:00Z')", "error: overflow"},
       {"timestamp('2262-01-01T00:00:00Z') - timestamp('1970-01-01T00:00:00Z')", "\"9214646400s\""},
       {"duration('-315576000000s') - duration('1ns')", "error: overflow"},
       {"dyn(timestamp(0)) + timestamp(0)", "error: no_such_overload"},
       {"dyn(duration('1s')) - timestamp(0)", "error: no_such_overload"},
       {"dyn(duration('1s')) * 2", "error: no_such_overload"},
       {"timestamp(1) < timestamp(2)", "true"},
       {"duration('60s') == duration('1m')", "true"},
       {"duration('1s') >= duration('1.000000001s')", "false"},
       {"dyn(timestamp(0)) == duration('0s')", "false"},
       {"timestamp(5) in [timestamp(4), timestamp(5)]", "true"}});
}

TEST(ConditionTimes, TheirPartsAreRead) {
  const Cases cases = {{"getFullYear()", "2009"},
                       {"getMonth()", "1"},
                       {"getDate()", "13"},
                       {"getDayOfMonth()", "12"},
                       {"getDayOfWeek()", "5"},
                       {"getDayOfYear()", "43"},
                       {"getHours()", "23"},
                       {"getMinutes()", "31"},
                       {"getSeconds()", "30"},
                       {"getMilliseconds()", "123"},
                       {"getDate('+02:00')", "14"},
                       {"getHours('-09:30')", "14"},
                       {"getHours('02:00')", "1"},
                       {"getDate('Australia/Sydney')", "14"},
                       {"getMinutes('Asia/Kathmandu')", "16"},
                       {"getHours('Europe/Berlin')", "0"},
                       {"getHours('UTC')", "23"},
                       {"getHours('Nowhere' + '/Land')", "error: out_of_range"},
                       {"getHours('..' + '/etc/passwd')", "error: out_of_range"},
                       {"getHours('/etc' + '/localtime')", "error: out_of_range"},
                       {"getHours('local' + 'time')", "error: out_of_range"},  // of this machine
                       {"getHours('posix' + 'rules')", "error: out_of_range"},
                       {"getHours('' + '')", "error: out_of_range"},
                       {"getHours('+24' + ':00')", "error: out_of_range"},
                       {"getHours(dyn(1))", "error: no_such_overload"}};
  for (const auto& [part, result] : cases) {
    const std::string text = std::string("timestamp('2009-02-13T23:31:30.123456789Z').") + part;
    CompiledCondition condition(text);
    EXPECT_EQ(condition.Result({}), result) << text;
  }
  Check({{"timestamp('1969-12-31T00:00:00Z').getDayOfWeek()", "3"},
         {"timestamp('2024-12-31T00:00:00Z').getDayOfYear()", "365"},
         {"timestamp('2026-07-01T12:00:00Z').getHours('America/New_York')", "8"},
         {"timestamp('2026-01-01T12:00:00Z').getHours('America/New_York')", "7"},
         {"duration('3730s').getHours()", "1"},
         {"duration('3730s').getMinutes()", "62"},
         {"duration('3730.5s').getSeconds()", "3730"},
         {"duration('-1.5s').getSeconds()", "-1"},
         {"duration('-1.5s').getMilliseconds()", "-500"},
         {"dyn(duration('1s')).getFullYear()", "error: no_such_overload"},
         {"dyn(duration('1s')).getHours('UTC')", "error: no_such_overload"},
         {"dyn('text').getHours()", "error: no_such_overload"}});
}

TEST(ConditionTimes, OfEvents) {
  Check({{"event_time()", "\"1970-01-01T00:00:00Z\""},
         {"event_time() - first.event_time < duration('1m')", "true"},
         {"first.event_time.getFullYear()", "1970"},
         {"many.map(m, m.event_time)", "[\"1970-01-01T00:00:00Z\"]"},
         {"many[0].event_time == event_time()", "true"},
         {"maybe.event_time", "error: no_such_field"},
         {"has(maybe.event_time)", "false"},
         {"has(first.event_time)", "true"},
         {"first['event_time']", "\"noon\""},
         {"event.event_time", "3"}},
        {.event = "{'event_time': 3}", .first = "{'event_time': 'noon'}", .many = {"{}"}});
}

TEST(ConditionOptionals, AreMadeAndAsked) {
  Check({{"optional.of(1).hasValue()", "true"},
         {"optional.none().hasValue()", "false"},
         {"optional.of(1).value()", "1"},
         {"optional.none().value()", "error: no_value"},
         {"optional.of(1 / 0)", "error: divide_by_zero"},
         {"optional.of(null).hasValue()", "true"},
         {"[optional.ofNonZeroValue(''), optional.ofNonZeroValue(0), optional.ofNonZeroValue(0u), "
          "optional.ofNonZeroValue(0.0), optional.ofNonZeroValue(false), "
          "optional.ofNonZeroValue(b''), optional.ofNonZeroValue([]), optional.ofNonZeroValue({}), "
          "optional.ofNonZeroValue(null), optional.ofNonZeroValue(duration('0s')), "
          "optional.ofNonZeroValue(timestamp(0))].exists(o, o.hasValue())",
          "false"},
         {"optional.ofNonZeroValue('a').value()", "\"a\""},
         {"optional.of(1) == optional.of(1.0)", "true"},
         {"optional.of(1) == optional.none()", "false"},
         {"optional.none() == optional.none()", "true"},
         {"dyn(1).hasValue()", "error: no_such_overload"},
         {"[1, 2].first().value()", "1"},
         {"[1, 2].last().value()", "2"},
         {"[].last().hasValue()", "false"},
         {"optional.unwrap([optional.of(1), optional.none(), optional.of(3)])", "[1,3]"},
         {"[optional.none(), optional.of('a')].unwrapOpt()", "[\"a\"]"},
         {"dyn([1]).unwrapOpt()", "error: no_such_overload"}});
}

TEST(ConditionOptionals, WhatIsOnTheRightCountsWhereItIsNeeded) {
  Check({{"optional.of(1).orValue(2)", "1"},
         {"optional.none().orValue(2)", "2"},
         {"optional.of(1).orValue(1 / 0)", "1"},
         {"optional.none().orValue(1 / 0)", "error: divide_by_zero"},
         {"optional.of(1 / 0).orValue(2)", "error: divide_by_zero"},
         {"optional.none().or(optional.of(3)).value()", "3"},
         {"optional.of(1).or(optional.of(1 / 0)).value()", "1"},
         {"dyn(1).orValue(2)", "error: no_such_overload"},
         {"dyn(1).or(optional.none())", "error: no_such_overload"}});
}

TEST(ConditionOptionals, ChainsGoOn) {
  Check({{"{'a': {'b': 1}}.?a.b.value()", "1"},
         {"{'a': {}}.?a.b.hasValue()", "false"},
         {"{}.?a.b.c.hasValue()", "false"},
         {"{'a': 1}[?'a'].value()", "1"},
         {"[7][?0].value()", "7"},
         {"[7][?1].hasValue()", "false"},
         {"[7][?-1].hasValue()", "false"},
         {"optional.of([7])[0].value()", "7"},
         {"optional.of([7])[1].hasValue()", "false"},
         {"{'a': dyn(1)}.?a.b", "error: no_such_overload"},
         {"dyn(1)[?'a']", "error: no_such_overload"},
         {"{}.?`a-b`.hasValue()", "false"},
         {"has({'a': {'b': 1}}.?a.b)", "true"},
         {"has({}.?a.b)", "false"},
         {"(1 / 0 == 1 ? {'a': 1} : {'a': 2}).?a", "error: divide_by_zero"}});
}

TEST(ConditionOptionals, InLiterals) {
  Check({{"[?optional.of(1), ?optional.none(), 3]", "[1,3]"},
         {"{?'a': optional.of(1), ?'b': optional.none(), 'c': 3}", "{\"a\":1,\"c\":3}"},
         {"{?'a': optional.of(1), 'a': 2}", "error: no_such_overload"},
         {"{?'a': optional.none(), 'a': 2}", "{\"a\":2}"},
         {"[?dyn(1)]", "error: no_such_overload"},
         {"[?optional.of(1 / 0)]", "error: divide_by_zero"},
         {"{?dyn(1.5): optional.of(1)}", "error: no_such_overload"},
         {"{?string(1 / 0): optional.none()}", "error: divide_by_zero"}});
}

TEST(ConditionOptionals, OfFields) {
  const Events events = {.event = "{'a': {'b': 1, 'n': null}, 'list': [5]}",
                         .first = "{'amount': 2.5}"};
  Check({{"a.?b.value()", "1"},
         {"a.?c.hasValue()", "false"},
         {"absent.?b.hasValue()", "false"},
         {"event.?a.b.value()", "1"},
         {"event.?absent.b.hasValue()", "false"},
         {"a.?n.value()", "null"},
         {"a.?b.c", "error: no_such_overload"},
         {"list[?0].value()", "5"},
         {"absent[?0]", "error: no_such_field"},
         {"a[?'b'].value()", "1"},
         {"first.?amount.orValue(0.0) > 2.0", "true"},
         {"maybe.?amount.orValue(0.0)", "0.0"},
         {"event.?absent.optMap(x, x + 1).orValue(7)", "7"},
         {"many.map(m, m.?count.orValue(-1))", "[1,-1]"},
         {"many.last().value().count", "error: no_such_field"},
         {"many.first().value().count", "1"}},
        {.event = events.event, .first = events.first, .many = {"{'count': 1}", "{}"}});
}

TEST(ConditionOptionals, AreMapped) {
  Check({{"optional.of(2).optMap(x, x * x).value()", "4"},
         {"optional.none().optMap(x, x / 0).hasValue()", "false"},
         {"optional.of(2).optMap(x, x / 0)", "error: divide_by_zero"},
         {"optional.of({'a': 1}).optFlatMap(x, x.?a).value()", "1"},
         {"optional.of({}).optFlatMap(x, x.?a).hasValue()", "false"},
         {"dyn(1).optMap(x, x)", "error: no_such_overload"},
         {"optional.of(1 / 0).optMap(x, x)", "error: divide_by_zero"}});
}

TEST(ConditionTypes, AreValues) {
  Check({{"type(1)", "\"int\""},
         {"type(1) == int", "true"},
         {"int == type(1)", "true"},
         {"type(1u) == int", "false"},
         {"type([1]) == list && type({}) == map && type(null) == null_type", "true"},
         {"type(timestamp(0)) == google.protobuf.Timestamp", "true"},
         {"type(duration('1s')) == google.protobuf.Duration", "true"},
         {"type(optional.none()) == optional_type", "true"},
         {"type(type(1)) == type", "true"},
         {"type(int) == type", "true"},
         {"type(1) in [int, double]", "true"},
         {"type(event) == map && type(many) == list", "true"},
         {"type(amount) == double ? amount : 0.0", "1.5"},
         {"type(absent)", "error: no_such_field"}},
        {.event = "{'amount': 1.5}"});
}

// Undeclared fields may bear the name of a type where no type is meant.
TEST(ConditionTypes, FieldsOfTheirNames) {
  Check({{"type == 'purchase'", "true"},
         {"type != 'purchase'", "false"},
         {"type in ['sale', 'purchase']", "true"},
         {"type.startsWith('pur')", "true"},
         {"type == map.kind", "false"},
         {"list[0] == 1 && size(list) == 1", "true"},
         {"list.exists(x, x == 1)", "true"},
         {"map.kind", "\"k\""},
         {"has(map.kind) && has(string)", "true"},
         {"string + '!'", "\"s!\""},
         {"event.type", "\"purchase\""}},
        {.event = "{'type': 'purchase', 'list': [1], 'map': {'kind': 'k'}, 'string': 's'}"});
}

TEST(ConditionMacros, WithTwoVariables) {
  Check({{"[1, 2, 3].all(i, v, v == i + 1)", "true"},
         {"[1, 2, 3].exists(i, v, i == 2 && v == 3)", "true"},
         {"[1, 2].exists(i, v, v / i == 17)", "error: divide_by_zero"},
         {"[0, 5].exists_one(i, v, v == i)", "true"},
         {"{'a': 1, 'b': 2}.all(k, v, k == 'a' || v == 2)", "true"},
         {"[3, 4].transformList(i, v, v * v + i)", "[9,17]"},
         {"[3, 4].transformList(i, v, i > 0, v)", "[4]"},
         {"[3].transformList(i, v, v / i)", "error: divide_by_zero"},
         {"{'a': 1}.transformList(k, v, k + string(v))", "[\"a1\"]"},
         {"{'a': 1, 'b': 2}.transformMap(k, v, v * 2)", "{\"a\":2,\"b\":4}"},
         {"{'a': 1, 'b': 2}.transformMap(k, v, k != 'a', v)", "{\"b\":2}"},
         {"['x', 'y'].transformMap(i, v, v)", "{\"0\":\"x\",\"1\":\"y\"}"},
         {"{'a': 0}.transformMap(k, v, 1 / v)", "error: divide_by_zero"},
         {"{'a': 'x', 'b': 'y'}.transformMapEntry(k, v, {v: k})", "{\"x\":\"a\",\"y\":\"b\"}"},
         {"['a', 'b'].transformMapEntry(i, v, i > 0, {v: i, v + v: i})", "{\"b\":1,\"bb\":1}"},
         {"['a', 'a'].transformMapEntry(i, v, {v: i})", "error: no_such_overload"},
         {"[0].transformMapEntry(i, v, {v: 1 / v})", "error: divide_by_zero"},
         {"[1].transformMapEntry(i, v, 1 / v > 0, dyn(v))", "error: no_such_overload"},
         {"dyn(1).all(i, v, true)", "error: no_such_overload"},
         {"[[1, 2], [3]].map(l, l.transformList(i, v, i + v + size(l)))", "[[3,5],[4]]"},
         {"many.transformList(i, m, m.count + i)", "[5,7]"},
         {"many.exists(i, m, i == 1 && m.count == 6)", "true"}},
        {.many = {"{'count': 5}", "{'count': 6}"}});
}

TEST(ConditionMacros, Sorting) {
  Check({{"[3, 1, 2].sortBy(x, x)", "[1,2,3]"},
         {"[3, 1, 2].sortBy(x, -x)", "[3,2,1]"},
         {"['bb', 'a', 'c'].sortBy(x, size(x))", "[\"a\",\"c\",\"bb\"]"},
         {"[2.0, double('nan'), 1.0].sortBy(x, x).map(x, x == 1.0)", "[true,false,false]"},
         {"[].sortBy(x, x)", "[]"},
         {"[1, dyn('a')].sortBy(x, x)", "error: no_such_overload"},
         {"[0].sortBy(x, 1 / x)", "error: divide_by_zero"},
         {"{'b': 1, 'a': 2}.sortBy(k, k)", "[\"a\",\"b\"]"},
         {"many.sortBy(m, m.count).map(m, m.count)", "[5,6]"},
         {"many.sortBy(m, m.count)[0].count", "5"},
         {"many.sortBy(m, m.count)", "[{\"count\":5},{\"count\":6}]"}},
        {.many = {"{'count': 6}", "{'count': 5}"}});
}

TEST(ConditionMacros, Bind) {
  Check({{"cel.bind(x, 2, x * x)", "4"},
         {"cel.bind(x, 1 / 0, 3)", "3"},
         {"cel.bind(x, 1 / 0, x)", "error: divide_by_zero"},
         {"cel.bind(x, 1, cel.bind(y, x + 1, x + y))", "3"},
         {"[1, 2].map(v, cel.bind(w, v + v, w * w))", "[4,16]"},
         {"cel.bind(last, many[size(many) - 1], last.count == 6 && last.amount > 1.0)", "true"},
         {"cel.bind(all, many, all.map(m, m.count))", "[5,6]"},
         {"cel.bind(f, first, f)", "{\"amount\":1.5}"},
         {"cel.bind(c, event.country, c == 'DE' || c == 'FR')", "true"}},
        {.event = "{'country': 'FR'}",
         .first = "{'amount': 1.5}",
         .many = {"{'count': 5}", "{'count': 6, 'amount': 2.0}"}});
}

// What an expression makes is bounded, whatever it is: six loops over ten elements around each.
TEST(ConditionMacros, TheBudgetEndsThem) {
  for (const char* body :
       {"x.sortBy(y, y)", "x.transformMap(i, v, v)", "x.transformMapEntry(i, v, {v: i})",
        "[?optional.of(x)]", "{?'a': optional.of(x)}", "x.?a", "cel.bind(y, x, y + y)"}) {
    std::string text = body;
    for (const char* name : {"p", "q", "r", "s", "t", "u"})
      text = std::string("x.transformList(i, ") + name + ", " + text + ")";
    CompiledCondition condition("size(" + text + ")");
    const std::string result = condition.Result({.event = "{'x': [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]}"});
    EXPECT_EQ(result, "error: budget") << body;
  }
}

TEST(ConditionMacros, NothingIsAllocatedOnceWarm) {
  const Events events = {.event = "{'x': [3, 1, 2], 'm': {'a': 1}, 'zone': 'Europe/Berlin'}"};
  for (const char* text :
       {"x.filter(v, v > 1)", "x.transformList(i, v, i + v)", "m.transformMap(k, v, v + 1)",
        "m.?b.orValue(3)", "event.?m.a.optMap(v, v + 1)", "x.sortBy(v, v)", "[?m.?a, ?m.?b]",
        "cel.bind(y, x.map(v, v * 2), y.sum() + y.max())", "string(event_time())",
        "event_time().getHours(zone)", "event_time() - duration('1h')"}) {
    CompiledCondition condition(text);
    ASSERT_TRUE(condition.ok()) << condition.mistake();
    const Frame& frame = condition.Bind(events);
    for (int i = 0; i < 3; ++i) Evaluate(condition.program(), frame, condition.scratch());
    const uint64_t before = Allocations();
    const Value value = Evaluate(condition.program(), frame, condition.scratch());
    EXPECT_EQ(Allocations() - before, 0U) << text;
    EXPECT_FALSE(value.is(ValueKind::kError)) << text << ": " << ResultText(value);
  }
}

}  // namespace
}  // namespace telltale::engine
