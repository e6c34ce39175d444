// Conditions that were made to grow without bound when they are evaluated, or folded when they are
// compiled: they end in an error of the budget, soon and with little memory.
#include <gtest/gtest.h>

#include "tests/engine/condition_cases.h"
#include "tests/support/heap_meter.h"

namespace telltale::engine {
namespace {

constexpr size_t kMegabyte = size_t{1024} * 1024;
constexpr char kEvent[] = "{'x': 1, 's': 'aaaaaaaaaaaaaaaa', 'l': [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]}";

struct Hostile {
  std::string result;
  size_t peak = 0;
};

Hostile Try(const std::string& text) {
  const tests::HeapMeter meter;
  CompiledCondition condition(text);
  Hostile hostile;
  hostile.result = condition.ok() ? condition.Result({.event = kEvent}) : condition.mistake();
  hostile.peak = meter.peak();
  return hostile;
}

// cel.bind(v0, FIRST, cel.bind(v1, v0 + v0, ... size(v39) > 3))
std::string Doubling(const std::string& first) {
  std::string text = "size(v39) > 3";
  for (int i = 39; i > 0; --i) {
    const std::string before = "v" + std::to_string(i - 1);
    text = "cel.bind(v" + std::to_string(i) + ", " + before + " + " + before + ", " + text + ")";
  }
  return "cel.bind(v0, " + first + ", " + text + ")";
}

TEST(HostileConditions, EndInTheBudget) {
  const std::string text(20'000, 'a');
  for (const std::string& hostile : {
           "\"" + text + "\".replace('a', \"" + text + "\") == 'x'",
           std::string("s.replace('a', s).replace('a', s).replace('a', s).replace('a', s)"
                       ".replace('a', s).replace('a', s) == 'x'"),
           Doubling("s"),
           Doubling("'aaaaaaaa'"),
           Doubling("l"),
           Doubling("[1, 2, 3]"),
           Doubling("b'abc'"),
           std::string("size(lists.range(1000000000)) > 3"),
           std::string("size(lists.range(x * 1000000000)) > 3"),
           std::string("size(lists.range(3000).map(a, lists.range(3000).map(b, [a, b]))) > 3"),
           std::string("size(lists.range(10000000).map(a, s).join(s)) > 1"),
           std::string("l.all(a, l.all(b, l.all(c, l.all(d, l.all(e, l.all(f, l.all(g, l.all(h, "
                       "l.all(i, l.all(j, a >= 0))))))))))"),
           std::string("lists.range(1000).all(a, lists.range(1000).all(b, a + b >= 0))"),
       }) {
    const Hostile outcome = Try(hostile);
    EXPECT_EQ(outcome.result, "error: budget") << hostile.substr(0, 80);
    EXPECT_LE(outcome.peak, 64 * kMegabyte) << hostile.substr(0, 80);
  }
}

// What looks at much, or makes much, again and again costs each time. `x` is 30,000 letters.
TEST(HostileConditions, SearchesAndTextsAreCharged) {
  const std::string event = "{'x': '" + std::string(30'000, 'a') + "'}";
  std::string clauses;
  for (int i = 0; i < 2'000; ++i) clauses += "%x";
  for (const std::string& hostile : {
           // Each search runs to the end of the text.
           std::string("size(regex.extractAll(string(first.x), 'a.*b|a')) > 1"),
           std::string("regex.replace(string(first.x), 'a.*b|a', '') == ''"),
           // Patterns that are small, and large once they are compiled.
           std::string("lists.range(2000).exists(i, 'b'.matches('a{900}' + string(i)))"),
           std::string("'%s'.format([lists.range(3000).map(i, bytes(string(first.x)))]) == ''"),
           "'" + clauses + "'.format(lists.range(2000).map(i, string(first.x))) == ''",
       }) {
    const tests::HeapMeter meter;
    CompiledCondition condition(hostile);
    EXPECT_EQ(condition.Result({.first = event}), "error: budget") << hostile.substr(0, 80);
    EXPECT_LE(meter.peak(), 64 * kMegabyte) << hostile.substr(0, 80);
  }
}

// Each place of the one fits all but the end of the other: some 10^11 bytes, one by one.
TEST(HostileConditions, WhereTextStandsIsFoundInLinearTime) {
  const std::string event = "{'x': '" + std::string(30'000, 'a') + "'}";
  for (const char* search :
       {"a.contains(b)", "a.indexOf(b) >= 0", "size(a.split(b)) > 1", "a.replace(b, '') != a"}) {
    CompiledCondition condition(
        std::string("cel.bind(a, lists.range(30).map(i, string(first.x)).join(), cel.bind(b, ") +
        "lists.range(15).map(i, string(first.x)).join() + 'b', " + search + "))");
    EXPECT_EQ(condition.Result({.first = event}), "false") << search;
  }
}

TEST(HostileConditions, EdgesOfNumbersAndPlacesAreErrors) {
  for (const char* hostile : {
           "-9223372036854775807 - 1 - x",
           "(x - 9223372036854775807 - 2) / -1",
           "(x - 9223372036854775807 - 2) % -1",
           "x / 0",
           "x % 0",
           "-(x - 9223372036854775807 - 2)",
           "l[-9223372036854775807]",
           "l[9223372036854775807]",
           "s.substring(-1)",
           "s.substring(5, 2)",
           "s.charAt(10000)",
           "int(1e300)",
           "uint(-1)",
           "int('x' + 'y')",
           "int('9999999999' + '9999999999')",
           "duration('9223372036854775807' + 's')",
           "timestamp('0000-00-00' + 'T00:00:00Z')",
           "timestamp('9999-12-31T23:59:59Z') + duration('1h')",
           "base64.decode(s + '!')",
           "cidr(s)",
           "ip(s)",
           "s.matches(s + '(')",
       }) {
    const Hostile outcome = Try(hostile);
    EXPECT_EQ(outcome.result.substr(0, 7), "error: ") << hostile << " gives " << outcome.result;
  }
}

}  // namespace
}  // namespace telltale::engine
