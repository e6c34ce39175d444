// math.*: numbers of every kind, and those at the ends.
#include <gtest/gtest.h>

#include "tests/engine/function_cases.h"

namespace telltale::engine {
namespace {

TEST(MathFunctions, LeastAndGreatest) {
  EXPECT_EQ(ResultOf("math.greatest(5)"), "5");
  EXPECT_EQ(ResultOf("math.greatest(1, 2u, 3.5)"), "3.5");
  EXPECT_EQ(ResultOf("math.least(1, 2u, 3.5, -7)"), "-7");
  EXPECT_EQ(ResultOf("math.greatest(1, 1.0, 1u)"), "1");  // the first of equals
  EXPECT_EQ(ResultOf("math.least(1.0, 1)"), "1.0");
  EXPECT_EQ(ResultOf("math.greatest([5.4, 10u, 3, -5.0])"), "10u");
  EXPECT_EQ(ResultOf("math.least([5.4, 10u, 3, -5.0])"), "-5.0");
  EXPECT_EQ(ResultOf("math.greatest(9223372036854775807, 9223372036854775806.0)"),
            "9223372036854775808.0");
  EXPECT_EQ(ResultOf("math.greatest(18446744073709551615u, -1)"), "18446744073709551615u");
  EXPECT_EQ(ResultOf("math.isNaN(math.greatest(1.0, 0.0 / 0.0))"), "true");
  EXPECT_EQ(ResultOf("math.isNaN(math.least(0.0 / 0.0, 1.0))"), "true");
  EXPECT_EQ(ResultOf("math.greatest([])"), "error: out_of_range");
  EXPECT_EQ(ResultOf("math.greatest()"), "R0404");
  EXPECT_EQ(ResultOf("math.greatest('a')"), "R0403");
  EXPECT_EQ(ResultOf("math.greatest(1, 'a')"), "R0403");
  EXPECT_EQ(ResultOf("math.greatest(['a'])"), "R0403");
  EXPECT_EQ(ResultOf("math.greatest([1], 2)"), "R0403");
  EXPECT_EQ(ResultWith("'a'", "math.greatest(x)"), "error: no_such_overload");
  EXPECT_EQ(ResultWith("'a'", "math.least(1, x)"), "error: no_such_overload");
  EXPECT_EQ(ResultWith("[3, 1.5]", "math.least(x)"), "1.5");
}

TEST(MathFunctions, Rounding) {
  EXPECT_EQ(ResultOf("math.ceil(1.2)"), "2.0");
  EXPECT_EQ(ResultOf("math.ceil(-1.2)"), "-1.0");
  EXPECT_EQ(ResultOf("math.floor(1.2)"), "1.0");
  EXPECT_EQ(ResultOf("math.floor(-1.2)"), "-2.0");
  EXPECT_EQ(ResultOf("math.round(1.5)"), "2.0");
  EXPECT_EQ(ResultOf("math.round(-2.5)"), "-3.0");
  EXPECT_EQ(ResultOf("math.round(0.49999999999999994)"), "0.0");
  EXPECT_EQ(ResultOf("math.trunc(-1.9)"), "-1.0");
  EXPECT_EQ(ResultOf("math.isNaN(math.round(0.0 / 0.0))"), "true");
  EXPECT_EQ(ResultOf("math.ceil(1)"), "R0403");
  EXPECT_EQ(ResultWith("1", "math.ceil(x)"), "error: no_such_overload");
}

TEST(MathFunctions, AbsSignSqrt) {
  EXPECT_EQ(ResultOf("math.abs(-5)"), "5");
  EXPECT_EQ(ResultOf("math.abs(5u)"), "5u");
  EXPECT_EQ(ResultOf("math.abs(-5.5)"), "5.5");
  EXPECT_EQ(ResultOf("math.abs(-9223372036854775808)"), "error: overflow");
  EXPECT_EQ(ResultOf("math.sign(-42)"), "-1");
  EXPECT_EQ(ResultOf("math.sign(0u)"), "0u");
  EXPECT_EQ(ResultOf("math.sign(42u)"), "1u");
  EXPECT_EQ(ResultOf("math.sign(-0.5)"), "-1.0");
  EXPECT_EQ(ResultOf("math.sign(-0.0)"), "0.0");
  EXPECT_EQ(ResultOf("math.isNaN(math.sign(0.0 / 0.0))"), "true");
  EXPECT_EQ(ResultOf("math.sign(true)"), "R0403");
  EXPECT_EQ(ResultOf("math.sqrt(81)"), "9.0");
  EXPECT_EQ(ResultOf("math.sqrt(2u)"), "1.4142135623730951");
  EXPECT_EQ(ResultOf("math.isNaN(math.sqrt(-1.0))"), "true");
  EXPECT_EQ(ResultWith("'4'", "math.sqrt(x)"), "error: no_such_overload");
}

TEST(MathFunctions, Tests) {
  EXPECT_EQ(ResultOf("math.isNaN(0.0 / 0.0)"), "true");
  EXPECT_EQ(ResultOf("math.isNaN(1.0)"), "false");
  EXPECT_EQ(ResultOf("math.isInf(-1.0 / 0.0)"), "true");
  EXPECT_EQ(ResultOf("math.isInf(0.0 / 0.0)"), "false");
  EXPECT_EQ(ResultOf("math.isFinite(1.5)"), "true");
  EXPECT_EQ(ResultOf("math.isFinite(1.0 / 0.0)"), "false");
  EXPECT_EQ(ResultOf("math.isNaN('a')"), "R0403");
}

TEST(MathFunctions, Bits) {
  EXPECT_EQ(ResultOf("math.bitAnd(-3, -5)"), "-7");
  EXPECT_EQ(ResultOf("math.bitAnd(3u, 2u)"), "2u");
  EXPECT_EQ(ResultOf("math.bitOr(4, -2)"), "-2");
  EXPECT_EQ(ResultOf("math.bitXor(3u, 5u)"), "6u");
  EXPECT_EQ(ResultOf("math.bitNot(1)"), "-2");
  EXPECT_EQ(ResultOf("math.bitNot(0u)"), "18446744073709551615u");
  EXPECT_EQ(ResultOf("math.bitAnd(1, 1u)"), "R0403");
  EXPECT_EQ(ResultOf("math.bitOr(1.2, 1)"), "R0403");
  EXPECT_EQ(ResultWith("1u", "math.bitAnd(x, 1)"), "error: no_such_overload");
  EXPECT_EQ(ResultWith("'a'", "math.bitNot(x)"), "error: no_such_overload");
}

TEST(MathFunctions, Shifts) {
  EXPECT_EQ(ResultOf("math.bitShiftLeft(-1, 2)"), "-4");
  EXPECT_EQ(ResultOf("math.bitShiftLeft(1, 63)"), "-9223372036854775808");
  EXPECT_EQ(ResultOf("math.bitShiftLeft(1u, 64)"), "0u");
  EXPECT_EQ(ResultOf("math.bitShiftLeft(-1, 200)"), "0");
  EXPECT_EQ(ResultOf("math.bitShiftRight(-1024, 3)"), "2305843009213693824");
  EXPECT_EQ(ResultOf("math.bitShiftRight(1024u, 2)"), "256u");
  EXPECT_EQ(ResultOf("math.bitShiftRight(-1, 64)"), "0");
  EXPECT_EQ(ResultOf("math.bitShiftLeft(1, -1)"), "error: out_of_range");
  EXPECT_EQ(ResultOf("math.bitShiftRight(1u, 1u)"), "R0403");
}

}  // namespace
}  // namespace telltale::engine
