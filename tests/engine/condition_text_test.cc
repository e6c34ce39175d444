// Values as parts of keys, in templates and as JSON; equality of values; exact sums.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

#include "engine/condition/exact_sum.h"
#include "tests/engine/condition_cases.h"

namespace telltale::engine {
namespace {

std::string Key(Value value) {
  std::string text;
  return KeyText(value, text) ? text : "miss";
}
std::string Text(Value value) {
  std::string text;
  AppendText(value, text);
  return text;
}
std::string Json(Value value) {
  std::string text;
  AppendJson(value, text);
  return text;
}

TEST(ConditionText, Keys) {
  EXPECT_EQ(Key(Value::String("17")), "17");
  EXPECT_EQ(Key(Value::Int(17)), "17");
  EXPECT_EQ(Key(Value::Uint(17)), "17");
  EXPECT_EQ(Key(Value::Double(17.0)), "17");
  EXPECT_EQ(Key(Value::Double(-0.0)), "0");
  EXPECT_EQ(Key(Value::Double(1e22)), "10000000000000000000000");
  EXPECT_EQ(Key(Value::Double(std::numeric_limits<double>::max())).size(), 309U);
  EXPECT_EQ(Key(Value::Int(INT64_MIN)), "-9223372036854775808");
  EXPECT_EQ(Key(Value::String("")), "");
  EXPECT_EQ(Key(Value::Double(17.5)), "miss");
  EXPECT_EQ(Key(Value::Double(std::nan(""))), "miss");
  EXPECT_EQ(Key(Value::Double(INFINITY)), "miss");
  EXPECT_EQ(Key(Value::Bool(true)), "miss");
  EXPECT_EQ(Key(Value::Null()), "miss");
  EXPECT_EQ(Key(Value::Absent()), "miss");
  EXPECT_EQ(Key(Value::Error(ErrorCode::kNoSuchField)), "miss");
  EXPECT_EQ(Key(Value::List(nullptr, 0)), "miss");
  EXPECT_EQ(Key(Value::Map(nullptr, 0)), "miss");
}

TEST(ConditionText, TemplatesAndJson) {
  const auto expect = [](Value value, const std::string& text, const std::string& json) {
    EXPECT_EQ(Text(value), text);
    EXPECT_EQ(Json(value), json);
  };
  expect(Value::String("a\"b\\\n\x01"), "a\"b\\\n\x01", "\"a\\\"b\\\\\\n\\u0001\"");
  expect(Value::Double(2700.0), "2700", "2700.0");
  expect(Value::Double(1e6), "1000000", "1000000.0");
  expect(Value::Double(0.1), "0.1", "0.1");
  expect(Value::Double(-0.0), "-0", "-0.0");
  expect(Value::Double(1e21), "1e+21", "1e+21");
  expect(Value::Double(123456789012345680000.0), "123456789012345683968",
         "123456789012345683968.0");
  expect(Value::Double(1e-7), "1e-07", "1e-07");
  expect(Value::Double(std::nan("")), "NaN", "\"NaN\"");
  expect(Value::Double(-INFINITY), "-Infinity", "\"-Infinity\"");
  expect(Value::Int(-5), "-5", "-5");
  expect(Value::Uint(UINT64_MAX), "18446744073709551615", "18446744073709551615");
  expect(Value::Bool(true), "true", "true");
  expect(Value::Null(), "null", "null");
  expect(Value::Bytes("ab"), "\"YWI=\"", "\"YWI=\"");
  expect(Value::Error(ErrorCode::kOverflow), "?", "null");
  expect(Value::Absent(), "?", "null");
  CompiledCondition map("{'b': [1, 'x', 2.0], 'a': {}, 3: null}");
  expect(map.Evaluate({}), "{\"3\":null,\"a\":{},\"b\":[1,\"x\",2.0]}",
         "{\"3\":null,\"a\":{},\"b\":[1,\"x\",2.0]}");
}

TEST(ConditionText, EqualsOfValues) {
  EXPECT_EQ(ResultText(Equals(Value::Int(1), Value::Double(1))), "true");
  EXPECT_EQ(ResultText(Equals(Value::Int(1), Value::String("1"))), "false");
  EXPECT_EQ(ResultText(Equals(Value::Double(NAN), Value::Double(NAN))), "false");
  EXPECT_EQ(ResultText(Equals(Value::Error(ErrorCode::kOverflow), Value::Int(1))),
            "error: overflow");
  EXPECT_EQ(ResultText(Equals(Value::Int(1), Value::Absent())), "error: no_such_field");
}

double SumOf(const std::vector<double>& numbers) {
  ExactSum sum;
  for (const double number : numbers) sum.Add(number);
  return sum.Round();
}

TEST(ExactSum, RoundsOnce) {
  EXPECT_EQ(SumOf({}), 0.0);
  EXPECT_TRUE(std::signbit(SumOf({-0.0, -0.0})));
  EXPECT_FALSE(std::signbit(SumOf({-0.0, 0.0})));
  EXPECT_EQ(SumOf(std::vector<double>(10, 0.1)), 1.0);
  EXPECT_EQ(SumOf({1e100, 1.0, -1e100}), 1.0);
  EXPECT_EQ(SumOf({9007199254740992.0, 1.0}), 9007199254740992.0);          // half, to even
  EXPECT_EQ(SumOf({9007199254740992.0, 1.0, 5e-324}), 9007199254740994.0);  // just above half
  EXPECT_EQ(SumOf({9007199254740994.0, 1.0}), 9007199254740996.0);          // half, to even
  EXPECT_EQ(SumOf({-9007199254740992.0, -1.0, -5e-324}), -9007199254740994.0);
  EXPECT_EQ(SumOf({5e-324, 5e-324}), 1e-323);
  EXPECT_EQ(SumOf({2.2250738585072014e-308, -5e-324}),
            2.225073858507201e-308);  // below the normal ones
  const double most = std::numeric_limits<double>::max();
  EXPECT_EQ(SumOf({most, most, -most}), most);
  EXPECT_EQ(SumOf({most, most}), INFINITY);
  EXPECT_EQ(SumOf({INFINITY, 1.0}), INFINITY);
  EXPECT_TRUE(std::isnan(SumOf({INFINITY, -INFINITY})));
  EXPECT_TRUE(std::isnan(SumOf({NAN, 1.0})));
  ExactSum whole;
  whole.AddScaled(INT64_MIN, 0);
  whole.AddScaled(UINT64_MAX, 0);
  EXPECT_EQ(whole.Round(), 9223372036854775808.0);
}

TEST(ExactSum, AgreesWithWiderArithmeticInAnyOrder) {
  std::mt19937_64 random(7);
  for (int round = 0; round < 2000; ++round) {
    // Whole numbers times a power of two: their sum is exact in 128 bits.
    const int scale = static_cast<int>(random() % 200) - 100;
    std::vector<double> numbers;
    __extension__ __int128 exact = 0;
    for (size_t i = 0; i < 1 + random() % 20; ++i) {
      const auto whole = static_cast<int64_t>(random() >> 12) << (random() % 10);
      const int64_t signed_whole = random() % 2 == 0 ? whole : -whole;
      numbers.push_back(std::ldexp(static_cast<double>(signed_whole), scale));
      exact += signed_whole;
    }
    const double expected = std::ldexp(static_cast<double>(exact), scale);
    EXPECT_EQ(SumOf(numbers), expected);
    std::shuffle(numbers.begin(), numbers.end(), random);
    EXPECT_EQ(SumOf(numbers), expected);
  }
}

}  // namespace
}  // namespace telltale::engine
