// The ways in which the rules of an ordered correlation can meet its condition.
#include "rules/load/sigma/correlation_order.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>

namespace telltale::rules::sigma {
namespace {

using Kind = CorrelationExpr::Kind;

constexpr uint32_t kRules = 5;

CorrelationExpr Random(std::mt19937& random, int depth) {
  CorrelationExpr expr;
  if (depth == 0 || random() % 4 == 0) {
    expr.rule = static_cast<uint32_t>(random() % kRules);
    return expr;
  }
  constexpr Kind kKinds[] = {Kind::kAnd, Kind::kOr, Kind::kNot};
  expr.kind = kKinds[random() % 3];
  const int parts = expr.kind == Kind::kNot ? 1 : 2 + static_cast<int>(random() % 2);
  for (int i = 0; i < parts; ++i) expr.parts.push_back(Random(random, depth - 1));
  return expr;
}

bool Holds(const CorrelationExpr& expr, uint32_t seen) {
  const auto holds = [seen](const CorrelationExpr& part) { return Holds(part, seen); };
  switch (expr.kind) {
    case Kind::kRule:
      return (seen >> expr.rule & 1) != 0;
    case Kind::kNot:
      return !holds(expr.parts.front());
    case Kind::kAnd:
      return std::all_of(expr.parts.begin(), expr.parts.end(), holds);
    case Kind::kOr:
      return std::any_of(expr.parts.begin(), expr.parts.end(), holds);
  }
  return false;
}

bool IsMet(const OrderedCase& one, uint32_t seen) {
  const auto is_seen = [seen](uint32_t rule) { return (seen >> rule & 1) != 0; };
  return std::all_of(one.in_order.begin(), one.in_order.end(), is_seen) &&
         std::none_of(one.unseen.begin(), one.unseen.end(), is_seen);
}

// Where order is no matter the cases say what the condition does; and none is there in vain.
TEST(CorrelationOrder, TheCasesAreTheCondition) {
  std::mt19937 random(5);
  for (int run = 0; run < 3000; ++run) {
    const CorrelationExpr condition = Random(random, 3);
    const auto cases = CasesOf(condition);
    ASSERT_TRUE(cases.has_value());
    for (uint32_t seen = 0; seen < 1u << kRules; ++seen) {
      EXPECT_EQ(std::any_of(cases->begin(), cases->end(),
                            [seen](const OrderedCase& one) { return IsMet(one, seen); }),
                Holds(condition, seen));
    }
    for (const OrderedCase& one : *cases) {
      EXPECT_TRUE(std::is_sorted(one.in_order.begin(), one.in_order.end()));
      for (const OrderedCase& other : *cases) {
        if (&one == &other) continue;
        const bool part = std::includes(other.in_order.begin(), other.in_order.end(),
                                        one.in_order.begin(), one.in_order.end()) &&
                          std::includes(other.unseen.begin(), other.unseen.end(),
                                        one.unseen.begin(), one.unseen.end());
        EXPECT_FALSE(part);
      }
    }
  }
}

// (a or b) and (c or d) and ...: twice as many with each.
TEST(CorrelationOrder, TooManyAreNone) {
  const auto pairs = [](uint32_t count) {
    CorrelationExpr all;
    all.kind = Kind::kAnd;
    for (uint32_t i = 0; i < count; ++i) {
      CorrelationExpr& any = all.parts.emplace_back();
      any.kind = Kind::kOr;
      any.parts.push_back({.rule = 2 * i});
      any.parts.push_back({.rule = 2 * i + 1});
    }
    return CasesOf(all);
  };
  ASSERT_TRUE(pairs(6).has_value());
  EXPECT_EQ(pairs(6)->size(), 64u);
  EXPECT_FALSE(pairs(7).has_value());
  EXPECT_FALSE(pairs(16).has_value());
}

TEST(CorrelationOrder, CountsAreStretches) {
  using Counts = std::vector<OrderedCount>;
  EXPECT_EQ(CountsOf({{Bound::kGreaterEqual, 2}}, 4), (Counts{{2, 4}}));
  EXPECT_EQ(CountsOf({{Bound::kGreater, 1}, {Bound::kLess, 3}}, 4), (Counts{{2, 2}}));
  EXPECT_EQ(CountsOf({{Bound::kNotEqual, 2}}, 4), (Counts{{0, 1}, {3, 4}}));
  EXPECT_EQ(CountsOf({{Bound::kLessEqual, 9}}, 2), (Counts{{0, 2}}));
  EXPECT_EQ(CountsOf({{Bound::kEqual, 5}}, 4), Counts());
}

TEST(CorrelationOrder, ChoicesAreAllOfThem) {
  using Choices = std::vector<std::vector<uint32_t>>;
  EXPECT_EQ(ChoicesOf(2, 3), (Choices{{0, 1}, {0, 2}, {1, 2}}));
  EXPECT_EQ(ChoicesOf(3, 3), (Choices{{0, 1, 2}}));
  EXPECT_EQ(ChoicesOf(1, 2), (Choices{{0}, {1}}));
  EXPECT_EQ(ChoicesOf(4, 3), Choices());
  EXPECT_EQ(ChoicesOf(4, 8).has_value(), false) << "seventy";
  EXPECT_EQ(ChoicesOf(3, 8)->size(), 56u);
}

}  // namespace
}  // namespace telltale::rules::sigma
