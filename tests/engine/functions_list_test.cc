// Functions over lists, and lists as sets.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "tests/engine/function_cases.h"

namespace telltale::engine {
namespace {

TEST(ListFunctions, Slice) {
  EXPECT_EQ(ResultOf("[1, 2, 3, 4].slice(1, 3)"), "[2,3]");
  EXPECT_EQ(ResultOf("[1, 2].slice(0, 2)"), "[1,2]");
  EXPECT_EQ(ResultOf("[1, 2].slice(2, 2)"), "[]");
  EXPECT_EQ(ResultOf("['a', 'b', 'c'].slice(1, 3).slice(1, 2)"), "[\"c\"]");
  EXPECT_EQ(ResultOf("[1].slice(0, 2)"), "error: out_of_range");
  EXPECT_EQ(ResultOf("[1].slice(1, 0)"), "error: out_of_range");
  EXPECT_EQ(ResultOf("[1].slice(-1, 0)"), "error: out_of_range");
  EXPECT_EQ(ResultOf("'abc'.slice(0, 1)"), "R0403");
  EXPECT_EQ(ResultOf("[1].slice(0)"), "R0404");
}

TEST(ListFunctions, Flatten) {
  EXPECT_EQ(ResultOf("[1, [2, 3], [4]].flatten()"), "[1,2,3,4]");
  EXPECT_EQ(ResultOf("[1, [2, [3, 4]]].flatten()"), "[1,2,[3,4]]");
  EXPECT_EQ(ResultOf("[1, [2, [3, [4]]]].flatten(2)"), "[1,2,3,[4]]");
  EXPECT_EQ(ResultOf("[1, [2, [3, [4]]]].flatten(99)"), "[1,2,3,4]");
  EXPECT_EQ(ResultOf("[[1], []].flatten(0)"), "[[1],[]]");
  EXPECT_EQ(ResultOf("[].flatten()"), "[]");
  EXPECT_EQ(ResultOf("[1].flatten(-1)"), "error: out_of_range");
  EXPECT_EQ(ResultOf("[['a'], ['b']].flatten()[0].size()"), "1");
}

TEST(ListFunctions, Distinct) {
  EXPECT_EQ(ResultOf("[1, 2, 2, 3, 1].distinct()"), "[1,2,3]");
  EXPECT_EQ(ResultOf("['b', 'b', 'c', 'a', 'c'].distinct()"), R"(["b","c","a"])");
  EXPECT_EQ(ResultOf("[1, 'b', 1.0, 1u, [1], [1.0]].distinct()"), R"([1,"b",[1]])");
  EXPECT_EQ(ResultOf("[0.0 / 0.0, 0.0 / 0.0].distinct().size()"), "2");
  EXPECT_EQ(ResultOf("[].distinct()"), "[]");
  EXPECT_EQ(ResultOf("1.distinct()"), "R0403");
}

TEST(ListFunctions, Range) {
  EXPECT_EQ(ResultOf("lists.range(3)"), "[0,1,2]");
  EXPECT_EQ(ResultOf("lists.range(0)"), "[]");
  EXPECT_EQ(ResultOf("lists.range(-1)"), "error: out_of_range");
  EXPECT_EQ(ResultOf("lists.range(1000000000).size()"), "error: budget");
  EXPECT_EQ(ResultOf("lists.range(9223372036854775807)"), "error: budget");
  EXPECT_EQ(ResultOf("lists.range('a')"), "R0403");
}

TEST(ListFunctions, Reverse) {
  EXPECT_EQ(ResultOf("[1, 'a', [2]].reverse()"), R"([[2],"a",1])");
  EXPECT_EQ(ResultOf("[].reverse()"), "[]");
  EXPECT_EQ(ResultOf("1.reverse()"), "R0403");
  EXPECT_EQ(ResultWith("{}", "x.reverse()"), "error: no_such_overload");
}

TEST(ListFunctions, Sort) {
  EXPECT_EQ(ResultOf("[3, 1, 2].sort()"), "[1,2,3]");
  EXPECT_EQ(ResultOf("['b', 'c', 'a', ''].sort()"), R"(["","a","b","c"])");
  EXPECT_EQ(ResultOf("[true, false].sort()"), "[false,true]");
  EXPECT_EQ(ResultOf("[b'b', b'a'].sort() == [b'a', b'b']"), "true");
  EXPECT_EQ(ResultOf("[2.5, 1u, 2, -3].sort()"), "[-3,1,2,2.5]");  // as JSON has them mixed
  EXPECT_EQ(ResultOf("[2u, 2, 1.0, 2.0, 1].sort()"), "[1.0,1,2,2,2.0]");
  EXPECT_EQ(ResultOf("[].sort()"), "[]");
  EXPECT_EQ(ResultOf("[1, 'b'].sort()"), "error: no_such_overload");
  EXPECT_EQ(ResultOf("[1.0, 0.0 / 0.0, 0, 0.0 / 0.0].sort()"), R"([0,1.0,"NaN","NaN"])");
  EXPECT_EQ(ResultOf("[[1]].sort()"), "R0403");
  EXPECT_EQ(ResultOf("[null].sort()"), "R0403");
}

TEST(ListFunctions, SortIsAsTheLibrarySorts) {
  std::mt19937 random(3);
  for (int round = 0; round < 50; ++round) {
    std::vector<int> numbers(random() % 200);
    for (int& number : numbers) number = static_cast<int>(random() % 100);
    const auto list = [&numbers] {
      std::string text = "[";
      for (const int number : numbers) text += std::to_string(number) + ",";
      if (text.back() == ',') text.pop_back();
      return text + "]";
    };
    const std::string unsorted = list();
    std::sort(numbers.begin(), numbers.end());
    EXPECT_EQ(ResultWith(unsorted, "x.sort()"), list());
  }
}

TEST(SetFunctions, Contains) {
  EXPECT_EQ(ResultOf("sets.contains([], [])"), "true");
  EXPECT_EQ(ResultOf("sets.contains([], [1])"), "false");
  EXPECT_EQ(ResultOf("sets.contains([1, 2, 3, 4], [2, 3])"), "true");
  EXPECT_EQ(ResultOf("sets.contains([1, 2.0, 3u], [1.0, 2u, 3])"), "true");
  EXPECT_EQ(ResultOf("sets.contains([[1], {'a': 1}], [{'a': 1.0}])"), "true");
  EXPECT_EQ(ResultOf("sets.contains([1], ['a'])"), "R0403");
  EXPECT_EQ(ResultOf("sets.contains([1], 1)"), "R0403");
  EXPECT_EQ(ResultWith("1", "sets.contains([1], x)"), "error: no_such_overload");
}

TEST(SetFunctions, Equivalent) {
  EXPECT_EQ(ResultOf("sets.equivalent([], [])"), "true");
  EXPECT_EQ(ResultOf("sets.equivalent([1], [1, 1])"), "true");
  EXPECT_EQ(ResultOf("sets.equivalent([1, 2, 3], [3u, 2.0, 1])"), "true");
  EXPECT_EQ(ResultOf("sets.equivalent([1, 2], [1])"), "false");
  EXPECT_EQ(ResultOf("sets.equivalent([1], [1, 2])"), "false");
}

TEST(SetFunctions, Intersects) {
  EXPECT_EQ(ResultOf("sets.intersects([1], [])"), "false");
  EXPECT_EQ(ResultOf("sets.intersects([1], [1, 2])"), "true");
  EXPECT_EQ(ResultOf("sets.intersects([[1], [2, 3]], [[1, 2], [2, 3.0]])"), "true");
  EXPECT_EQ(ResultOf("sets.intersects(['a', 'b'], ['c'])"), "false");
}

TEST(SetFunctions, AreChargedToTheBudget) {
  EXPECT_EQ(ResultOf("sets.contains(lists.range(5000), lists.range(5000))"), "error: budget");
  EXPECT_EQ(ResultOf("lists.range(5000).distinct()"), "error: budget");
}

}  // namespace
}  // namespace telltale::engine
