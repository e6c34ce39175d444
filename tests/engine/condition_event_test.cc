// What expressions see of events: fields, earlier steps, lists of events, the key; limits and
// memory.
#include <gtest/gtest.h>

#include "tests/engine/condition_allocations.h"
#include "tests/engine/condition_cases.h"

namespace telltale::engine {
namespace {

struct Case {
  const char* expression;
  const char* result;
};

void Check(const Events& events, const std::vector<Case>& cases) {
  for (const Case& c : cases) {
    CompiledCondition condition(c.expression);
    EXPECT_EQ(condition.Result(events), c.result) << c.expression;
  }
}

TEST(ConditionEvent, Fields) {
  const Events events = {
      .event = "{'country': 'FR', 'payer': {'id': 7, 'tags': ['a', 'b']}, 'none': null, '@x': 1}"};
  Check(events, {{"country", "\"FR\""},
                 {"event.country == 'FR'", "true"},
                 {"payer.id", "7"},
                 {"payer.tags[1]", "\"b\""},
                 {"payer", "{\"id\":7,\"tags\":[\"a\",\"b\"]}"},
                 {"event['@x']", "1"},
                 {"absent", "error: no_such_field"},
                 {"payer.name", "error: no_such_field"},
                 {"country.name", "error: no_such_field"},
                 {"none", "null"},
                 {"has(none)", "true"},
                 {"has(absent)", "false"},
                 {"has(payer.id)", "true"},
                 {"has(payer.name)", "false"},
                 {"has(absent.name)", "false"},
                 {"has(payer.id) && payer.id > 6", "true"},
                 {"absent == 1", "error: no_such_field"},
                 {"!(absent == 1)", "error: no_such_field"},
                 {"payer[country == 'FR' ? 'id' : 'x']", "7"}});
}

TEST(ConditionEvent, TheEventAsAMap) {
  Check({.event = "{'a': 1, 'b': 2}"}, {{"event", "{\"a\":1,\"b\":2}"},
                                        {"size(event)", "2"},
                                        {"event.all(name, event[name] > 0)", "true"},
                                        {"'a' in event", "true"},
                                        {"event == {'a': 1, 'b': 2.0}", "true"},
                                        {"[event][0].a", "1"},
                                        {"{'e': event}.e.b", "2"},
                                        {"dyn(event).a", "1"}});
}

TEST(ConditionEvent, Steps) {
  const Events events = {.event = "{'amount': 5.0, 'id': 'd1'}",
                         .first = "{'amount': 2.5, 'id': 'd1'}"};
  Check(events, {{"first.amount", "2.5"},
                 {"amount > first.amount", "true"},
                 {"id == first.id", "true"},
                 {"first.amount < 3.0", "true"},
                 {"first.missing", "error: no_such_field"},
                 {"has(first.missing)", "false"},
                 {"has(first)", "true"},
                 {"has(maybe)", "false"},
                 {"has(maybe.amount)", "false"},
                 {"maybe.amount", "error: no_such_field"},
                 {"maybe.amount > 1.0", "error: no_such_field"},
                 {"maybe", "error: no_such_field"},
                 {"has(maybe) ? maybe.amount : 0.0", "0.0"},
                 {"(amount > 1.0 ? first : maybe).amount", "2.5"},
                 {"first == first", "true"},
                 {"[first, maybe].size()", "error: no_such_field"}});
  Check({.maybe = "{'amount': 1.5}"}, {{"has(maybe)", "true"}, {"maybe.amount", "1.5"}});
}

TEST(ConditionEvent, RepeatedSteps) {
  const Events events = {
      .first = "{'amount': 9.5}",
      .many = {"{'amount': 1.5, 'n': 1}", "{'amount': 2.5, 'n': 2}", "{'amount': 3.5}"}};
  Check(events, {{"size(many)", "3"},
                 {"many.map(e, e.amount).sum()", "7.5"},
                 {"many.map(e, e.amount).max()", "3.5"},
                 {"many[0].amount", "1.5"},
                 {"many[3].amount", "error: out_of_range"},
                 {"has(many[2].n)", "false"},
                 {"has(many[5].n)", "error: out_of_range"},
                 {"many.exists(e, e.amount > 3.0)", "true"},
                 {"many.all(e, e.n > 0)", "error: no_such_field"},
                 {"many.filter(e, has(e.n)).size()", "2"},
                 {"many.filter(e, has(e.n))[1].amount", "2.5"},
                 {"many.filter(e, has(e.n)).map(e, e.n)", "[1,2]"},
                 {"many.map(e, e)[2].amount", "3.5"},
                 {"(many + [first]).map(e, e.amount).sum()", "17.0"},
                 {"many[0]", "{\"amount\":1.5,\"n\":1}"},
                 {"many.map(e, [e.amount])", "[[1.5],[2.5],[3.5]]"},
                 {"many.map(e, [e])[1][0].n", "2"},
                 {"many", "[{\"amount\":1.5,\"n\":1},{\"amount\":2.5,\"n\":2},{\"amount\":3.5}]"},
                 {"first in many", "false"},
                 {"many[1] in many", "true"}});
  Check({}, {{"size(many)", "0"},
             {"many.map(e, e.amount).sum()", "0.0"},
             {"many.all(e, e.amount > 1.0)", "true"},
             {"many[0].amount", "error: out_of_range"},
             {"many + [first]", "[{}]"}});
}

TEST(ConditionEvent, TheKeyInAlerts) {
  CompiledCondition condition("user_id + '/' + device.id + '/' + string(size(many))", false);
  EXPECT_EQ(condition.Result({.many = {"{}"}}), "\"u1/d1/1\"");
}

TEST(ConditionEvent, FieldsThatCannotBeRead) {
  CompiledCondition condition("x == 1 || has(x)");
  Frame frame = condition.Bind({});
  EventBuilder builder;
  builder.Begin(0, 1);
  builder.SetError(builder.slot(0), ErrorCode::kBadFieldValue);
  frame.event = builder.Finish(0, 0, 0);
  EXPECT_EQ(ResultText(engine::Evaluate(condition.program(), frame, condition.scratch())), "true");
  CompiledCondition value("x");
  EXPECT_EQ(ResultText(engine::Evaluate(value.program(), frame, value.scratch())),
            "error: bad_field_value");
}

TEST(ConditionEvent, Verdicts) {
  const auto verdict = [](const char* text, const char* event) {
    CompiledCondition condition(text);
    return engine::Test(condition.program(), condition.Bind({.event = event}), condition.scratch());
  };
  EXPECT_EQ(verdict("x > 1", "{'x': 2}"), Verdict::kTrue);
  EXPECT_EQ(verdict("x > 1", "{'x': 1}"), Verdict::kFalse);
  EXPECT_EQ(verdict("x > 1", "{}"), Verdict::kError);
  EXPECT_EQ(verdict("!(x > 1)", "{}"), Verdict::kError);
  EXPECT_EQ(verdict("x", "{'x': 1}"), Verdict::kError);  // not a bool
}

TEST(ConditionEvent, ABudgetEndsAnEvaluation) {
  std::string list = "[0";
  for (int i = 0; i < 300; ++i) list += ", " + std::to_string(i);
  list += "]";
  CompiledCondition condition("x.all(a, x.all(b, x.all(c, true)))");
  EXPECT_EQ(condition.Result({.event = "{'x': " + list + "}"}), "error: budget");
  // A spent budget is not absorbed, nor does it stay.
  CompiledCondition absorbed("x.map(a, x.map(b, x)).size() > 1 || y");
  const std::string events = "{'y': true, 'x': " + list + "}";
  EXPECT_EQ(absorbed.Result({.event = events}), "true");
  CompiledCondition spent("x.all(a, x.all(b, x.all(c, true))) || y");
  EXPECT_EQ(spent.Result({.event = events}), "error: budget");
  EXPECT_EQ(spent.Result({.event = "{'y': true, 'x': [1]}"}), "true");
}

// Comparing texts costs by their size.
TEST(ConditionEvent, ABudgetEndsComparisonsOfLongTexts) {
  const std::string text(30'000, 'a');
  std::string list = "[0";
  for (int i = 1; i < 100; ++i) list += ", " + std::to_string(i);
  const std::string event = "{'s': '" + text + "', 't': '" + text + "', 'x': " + list + "]}";
  for (const char* comparison :
       {"s == t", "!(s != t)", "!(s < t)", "s >= t", "s in [t]", "[s] == [t]", "s in {t: 1}",
        "{s: 1} == {t: 1}", "bytes(s) == bytes(t)"}) {
    CompiledCondition condition(std::string("x.all(a, x.all(b, ") + comparison + "))");
    ASSERT_TRUE(condition.ok()) << condition.mistake();
    EXPECT_EQ(condition.Result({.event = event}), "error: budget") << comparison;
    CompiledCondition once(comparison);
    EXPECT_NE(once.Result({.event = event}), "error: budget") << comparison;
  }
}

TEST(ConditionEvent, ComputedListsAreBounded) {
  // Without a limit this would double some 60 times.
  std::string text = "x";
  for (int i = 0; i < 60; ++i)
    text = "[" + text + "].map(v" + std::to_string(i) + ", v" + std::to_string(i) + " + v" +
           std::to_string(i) + ")[0]";
  CompiledCondition condition("size(" + text + ")");
  ASSERT_TRUE(condition.ok()) << condition.mistake();
  EXPECT_EQ(condition.Result({.event = "{'x': 'abcdefgh'}"}), "error: budget");
}

TEST(ConditionEvent, LongChainsCompile) {
  std::string sum = "x";
  std::string all = "x == 0";
  for (int i = 0; i < 200; ++i) sum += " + x";
  for (int i = 0; i < 4000; ++i) all += " || x == " + std::to_string(i);
  CompiledCondition total(sum);
  EXPECT_EQ(total.Result({.event = "{'x': 2}"}), "402");
  CompiledCondition any(all);
  EXPECT_EQ(any.Result({.event = "{'x': 3999}"}), "true");
}

TEST(ConditionEvent, NothingIsAllocatedOnceWarm) {
  const Events events = {
      .event = "{'amount': 1500.0, 'country': 'FR', 'id': 'd1', 'note': 'Transfer To Savings'}",
      .first = "{'id': 'd1'}",
      .many = {"{'amount': 1.5}", "{'amount': 2.5}"}};
  for (const char* text :
       {"amount > 1000.0 && country != 'DE' && id == first.id", "country in ['DE', 'FR', 'AT']",
        "note.lowerAscii().contains('savings') && note.matches('[A-Z][a-z]+ To')",
        "note.matches(country + '|To')",
        "many.map(e, e.amount * 2.0).sum() > 7.0 && many.filter(e, e.amount > 2.0).size() == 1",
        "string(amount) + '/' + country == '1500/FR'",
        "'a transfer of %s to %s: %d'.format([amount, country, 3]).startsWith('a transfer of "
        "1500')",
        "regex.replace(note, '[aeiou]', '_') == 'Tr_nsf_r T_ S_v_ngs'",
        "string(ip('2001:db8:1:2:3:4:5:6')) == '2001:db8:1:2:3:4:5:6'",
        "ip.isCanonical('2001:db8:1:2:3:4:5:6')",
        "many.exists(e, [e.amount, 3.0].max() > 2.9) && {country: amount}[country] > 1.0"}) {
    CompiledCondition condition(text);
    ASSERT_TRUE(condition.ok()) << condition.mistake();
    const Frame& frame = condition.Bind(events);
    for (int i = 0; i < 3; ++i) engine::Test(condition.program(), frame, condition.scratch());
    const uint64_t before = Allocations();
    Verdict verdict = Verdict::kError;
    for (int i = 0; i < 1000; ++i)
      verdict = engine::Test(condition.program(), frame, condition.scratch());
    EXPECT_EQ(Allocations() - before, 0U) << text;
    EXPECT_EQ(verdict, Verdict::kTrue) << text;
  }
}

}  // namespace
}  // namespace telltale::engine
