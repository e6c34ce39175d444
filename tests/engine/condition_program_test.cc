// Programs as they print: what is fused, folded and jumped over.
#include <gtest/gtest.h>

#include "tests/engine/condition_cases.h"

namespace telltale::engine {
namespace {

std::string Print(const std::string& text) {
  CompiledCondition condition(text);
  return condition.ok() ? condition.program().ToString() : condition.mistake();
}

TEST(ConditionProgram, ComparisonsOfSlotsAreOneInstruction) {
  EXPECT_EQ(Print("amount > 1000.0 && country != 'DE' && id == first.id"),
            "0 r0 = event.slot0 > 1000.0\n"
            "1 r0 = r0 && r0 -> 6\n"
            "2 r1 = event.slot1 != \"DE\"\n"
            "3 r0 = r0 && r1 -> 6\n"
            "4 r1 = event.slot2 == step0.slot0\n"
            "5 r0 = r0 && r1 -> 6\n"
            "6 return r0\n");
  EXPECT_EQ(Print("1000 < amount"),
            "0 r0 = event.slot0 > 1000\n"
            "1 return r0\n");
}

// It is not run, but reads as it would.
TEST(ConditionProgram, OneThatOnlyReadsASlotIsKnown) {
  CompiledCondition amount("amount");
  EXPECT_EQ(amount.program().plain_slot(), 0u);
  Scratch scratch;
  const Value nothing = Evaluate(amount.program(), Frame{}, scratch);
  ASSERT_TRUE(nothing.is(ValueKind::kError));
  EXPECT_EQ(nothing.error(), ErrorCode::kNoSuchField);
  for (const char* other : {"first.id", "amount + 1.0", "amount > 1.0", "1", "-amount"}) {
    CompiledCondition condition(other);
    EXPECT_EQ(condition.program().plain_slot(), Program::kNoSlot) << other;
  }
}

TEST(ConditionProgram, ConstantsAreFolded) {
  EXPECT_EQ(Print("1 + 2 * 3"), "0 r0 = 7\n1 return r0\n");
  EXPECT_EQ(Print("1 / 0"), "0 r0 = error5\n1 return r0\n");
  EXPECT_EQ(Print("[1, 2, 3].map(x, x * 2)"), "0 r0 = [2,4,6]\n1 return r0\n");
  EXPECT_EQ(Print("amount > 60.0 * 60.0"), "0 r0 = event.slot0 > 3600.0\n1 return r0\n");
  EXPECT_EQ(Print("x == 1 || true"), "0 r0 = true\n1 return r0\n");
  EXPECT_EQ(Print("x == 1 && 1 > 2"), "0 r0 = false\n1 return r0\n");
  EXPECT_EQ(Print("1 < 2 ? x : y"), "0 r0 = event.slot0\n1 return r0\n");
  EXPECT_EQ(Print("true && true"), "0 r0 = true\n1 return r0\n");
  EXPECT_EQ(Print("false || (false || false)"), "0 r0 = false\n1 return r0\n");
  EXPECT_EQ(Print("[1].all(x, true && true)"), "0 r0 = true\n1 return r0\n");
  EXPECT_EQ(Print("x == 1 && 1 < 2"),
            "0 r0 = event.slot0 == 1\n"
            "1 r0 = r0 && r0 -> 2\n"
            "2 return r0\n");
}

TEST(ConditionProgram, ConstantListsAndRegexesAreMadeOnce) {
  EXPECT_EQ(Print("country in ['DE', 'FR']"),
            "0 r1 = event.slot0\n"
            "1 r0 = r1 in set0\n"
            "2 return r0\n");
  EXPECT_EQ(Print("x in ['DE', 2.5]"),
            "0 r1 = event.slot0\n"
            "1 r2 = [\"DE\",2.5]\n"
            "2 r0 = r1 in r2\n"
            "3 return r0\n");
  EXPECT_EQ(Print("note.matches('^a' + '+$')"),
            "0 r1 = event.slot0\n"
            "1 r0 = r1 matches /^a+$/\n"
            "2 return r0\n");
}

TEST(ConditionProgram, ChoiceAndNegation) {
  EXPECT_EQ(Print("!(x > 1) ? y : 2u"),
            "0 r2 = event.slot0 > 1\n"
            "1 r1 = not r2\n"
            "2 branch r1 else -> 5, error r0 -> 6\n"
            "3 r0 = event.slot1\n"
            "4 jump -> 6\n"
            "5 r0 = 2u\n"
            "6 return r0\n");
}

TEST(ConditionProgram, MacrosAreLoops) {
  EXPECT_EQ(Print("many.exists(e, e.amount > 5.0)"),
            "0 r1 = events of step1\n"
            "1 range r1 by r2, error r0 -> 9\n"
            "2 r0 = false\n"
            "3 r3 = next of r1 by r2, none -> 9\n"
            "4 r5 = r3.slot0\n"
            "5 r6 = 5.0\n"
            "6 r4 = r5 > r6\n"
            "7 r0 = r0 || r4 -> 9\n"
            "8 jump -> 3\n"
            "9 return r0\n");
  EXPECT_EQ(Print("many.map(e, has(e.n), e.n).sum()"),
            "0 r2 = events of step1\n"
            "1 range r2 by r3, error r1 -> 9\n"
            "2 r1 = list like r2\n"
            "3 r4 = next of r2 by r3, none -> 9\n"
            "4 r5 = has r4.slot0\n"
            "5 branch r5 else -> 3, error r1 -> 9\n"
            "6 r6 = r4.slot0\n"
            "7 append r6 to r1, error -> 9\n"
            "8 jump -> 3\n"
            "9 r0 = sum(r1)\n"
            "10 return r0\n");
  EXPECT_EQ(Print("x.exists_one(v, v == 1)"),
            "0 r1 = event.slot0\n"
            "1 range r1 by r2, error r0 -> 11\n"
            "2 r4 = 0\n"
            "3 r3 = next of r1 by r2, none -> 10\n"
            "4 r6 = r3\n"
            "5 r7 = 1\n"
            "6 r5 = r6 == r7\n"
            "7 branch r5 else -> 3, error r0 -> 11\n"
            "8 increment r4\n"
            "9 jump -> 3\n"
            "10 r0 = is_one r4\n"
            "11 return r0\n");
}

TEST(ConditionProgram, TwoVariablesStandInARow) {
  EXPECT_EQ(Print("x.transformMap(k, v, v + k)"),
            "0 r1 = event.slot0\n"
            "1 range r1 by r2, error r0 -> 9\n"
            "2 r0 = map like r1\n"
            "3 r3, r4 = next of r1 by r2, none -> 9\n"
            "4 r6 = r4\n"
            "5 r7 = r3\n"
            "6 r5 = r6 + r7\n"
            "7 put r3: r5 to r0, error -> 9\n"
            "8 jump -> 3\n"
            "9 return r0\n");
}

TEST(ConditionProgram, OptionalValues) {
  EXPECT_EQ(Print("x.?y.orValue(1)"),
            "0 r0 = event.slot0\n"
            "1 r0 = optional r0\n"
            "2 value of r0 or else, has one -> 4\n"
            "3 r0 = 1\n"
            "4 return r0\n");
  EXPECT_EQ(Print("x[?y].optMap(v, v + 1)"),
            "0 r2 = event.slot0\n"
            "1 r3 = event.slot1\n"
            "2 r1 = _[?_](r2, r3)\n"
            "3 r2 = value of r1, none r0 -> 8\n"
            "4 r3 = r2\n"
            "5 r4 = 1\n"
            "6 r0 = r3 + r4\n"
            "7 r0 = optional.of(r0)\n"
            "8 return r0\n");
  EXPECT_EQ(Print("[?x.?y, 2]"),
            "0 r0 = list for 2\n"
            "1 r1 = event.slot0\n"
            "2 r1 = optional r1\n"
            "3 append value of r1 to r0, error -> 6\n"
            "4 r1 = 2\n"
            "5 append r1 to r0, error -> 6\n"
            "6 return r0\n");
  EXPECT_EQ(Print("{?'a': x.?y}"),
            "0 r0 = map for 1\n"
            "1 r1 = \"a\"\n"
            "2 r2 = event.slot0\n"
            "3 r2 = optional r2\n"
            "4 put r1: value of r2 to r0, error -> 5\n"
            "5 return r0\n");
}

TEST(ConditionProgram, FunctionsAreCalled) {
  EXPECT_EQ(Print("x.startsWith(y)"),
            "0 r1 = event.slot0\n"
            "1 r2 = event.slot1\n"
            "2 r0 = startsWith(r1, r2)\n"
            "3 return r0\n");
  EXPECT_EQ(Print("event_time() - first.event_time < duration('1h')"),
            "0 r3 = event\n"
            "1 r2 = time of r3\n"
            "2 r4 = step0\n"
            "3 r3 = time of r4\n"
            "4 r1 = r2 - r3\n"
            "5 r2 = duration(\"3600s\")\n"
            "6 r0 = r1 < r2\n"
            "7 return r0\n");
  EXPECT_EQ(Print("type(x) == int"),
            "0 r2 = event.slot0\n"
            "1 r1 = type(r2)\n"
            "2 r2 = int\n"
            "3 r0 = r1 == r2\n"
            "4 return r0\n");
  EXPECT_EQ(Print("x.sortBy(v, -v)"),
            "0 r1 = event.slot0\n"
            "1 range r1 by r3, error r0 -> 9\n"
            "2 r2 = list like r1\n"
            "3 r4 = next of r1 by r3, none -> 8\n"
            "4 r6 = r4\n"
            "5 r5 = negate r6\n"
            "6 append r5 to r2, error -> 8\n"
            "7 jump -> 3\n"
            "8 r0 = @sort_by(r1, r2)\n"
            "9 return r0\n");
  EXPECT_EQ(Print("cel.bind(v, x + 1, v * v)"),
            "0 r2 = event.slot0\n"
            "1 r3 = 1\n"
            "2 r1 = r2 + r3\n"
            "3 r2 = r1\n"
            "4 r3 = r1\n"
            "5 r0 = r2 * r3\n"
            "6 return r0\n");
}

TEST(ConditionProgram, EventsBecomeMapsWhereTheyAreValues) {
  EXPECT_EQ(Print("first"),
            "0 r0 = step0\n"
            "1 r0 = whole r0\n"
            "2 return r0\n");
  EXPECT_EQ(Print("many[0].n"),
            "0 r2 = events of step1\n"
            "1 r3 = 0\n"
            "2 r1 = r2 index r3\n"
            "3 r0 = r1.slot0\n"
            "4 return r0\n");
  EXPECT_EQ(Print("has(maybe)"),
            "0 r0 = has step2\n"
            "1 return r0\n");
}

TEST(ConditionProgram, AFieldWithoutASlotIsTold) {
  rules::Scope scope;
  scope.streams = &ConditionStreams();
  scope.event = 0;
  rules::Diagnostics diagnostics;
  const auto expression =
      rules::Compile(LocatedCel("a.b > 1"), scope, rules::Type::Dyn(), diagnostics);
  ASSERT_TRUE(expression.has_value());
  const auto program = Compile(*expression, {EventLayout()});
  EXPECT_EQ(program.status().ToString(),
            "INTERNAL: the layout of stream 0 has no slot for event.a.b");
}

}  // namespace
}  // namespace telltale::engine
