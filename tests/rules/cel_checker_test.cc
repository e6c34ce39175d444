// The checker: names, paths, types and reads of good expressions; the mistakes of bad ones, as
// their author sees them.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "rules/load/cel/cel.h"
#include "tests/rules/cel_cases.h"

namespace telltale::rules {
namespace {

struct Case {
  std::string text;
  std::string expected;
};

const Type kBool = Type::Of(TypeKind::kBool);
const Type kInt = Type::Of(TypeKind::kInt);
const Type kDouble = Type::Of(TypeKind::kDouble);
const Type kString = Type::Of(TypeKind::kString);

// Stream 0 declares nothing, stream 1 much.
const StreamCatalog& Catalog() {
  static const StreamCatalog catalog({
      {.name = "logins", .topic = "auth.logins", .fields = {}},
      {.name = "transactions",
       .topic = "pay.transactions",
       .fields = {{{"amount"}, kDouble},
                  {{"count"}, kInt},
                  {{"user_id"}, kString},
                  {{"login"}, kString},
                  {{"payer", "id"}, kString},
                  {{"emails"}, Type::List(kString)},
                  {{"labels"}, Type::Map(kString, kInt)}}},
  });
  return catalog;
}

std::vector<StepName> Steps() {
  return {{"login", 0, 0, false}, {"transfer", 1, 1, true}, {"device", 0, 2, false}};
}

Scope InStep(StreamIndex stream) {
  return {.streams = &Catalog(),
          .event = stream,
          .steps = Steps(),
          .unseen = {},
          .key_names = {"user_id"}};
}

Scope InAlert() {
  return {.streams = &Catalog(),
          .event = std::nullopt,
          .steps = Steps(),
          .unseen = {},
          .key_names = {"user_id", "payer.id", "lowerAscii(email)"}};
}

// "tree : type", or the mistakes; warnings on lines of their own below.
std::string Checked(const std::string& text, const Scope& scope, const Type& wanted = Type::Dyn()) {
  Diagnostics diagnostics;
  const std::optional<Expression> expression = Compile(InFile(text), scope, wanted, diagnostics);
  EXPECT_EQ(!expression.has_value(), diagnostics.has_errors()) << text;
  const std::string mistakes = diagnostics.empty() ? "" : "\n" + Rendered(diagnostics);
  if (!expression.has_value()) return mistakes.substr(1);
  return ToString(*expression->root) + " : " + expression->type().ToString() + mistakes;
}

void ExpectAll(const Scope& scope, const std::vector<Case>& cases) {
  for (const Case& c : cases) EXPECT_EQ(Checked(c.text, scope), c.expected) << c.text;
}

// The mistake's code, place and message: the first line without the file.
std::string Line(const std::string& text, const Scope& scope) {
  const std::string all = Checked(text, scope);
  const std::string line = all.substr(0, all.find('\n'));
  return line.substr(line.find(':') + 1);
}

void ExpectLines(const Scope& scope, const std::vector<Case>& cases) {
  for (const Case& c : cases) EXPECT_EQ(Line(c.text, scope), c.expected) << c.text;
}

TEST(CelNames, InsideAStep) {
  ExpectAll(InStep(0),
            {
                {"country", "event.country : dyn"},
                {"payer.id", "event.payer.id : dyn"},
                {"event.payer.id", "event.payer.id : dyn"},
                {"event[\"@timestamp\"]", "event[\"@timestamp\"] : dyn"},
                {"event['payer']['id']", "event.payer.id : dyn"},
                {"payer[\"id\"]", "event.payer.id : dyn"},
                {"items[0].price", "event.items[0].price : dyn"},
                {"event[name]", "event[event.name] : dyn"},
                {"event", "event : event"},
                {"login.country", "step#0.country : dyn"},
                {"event.login.country", "event.login.country : dyn"},
                {"transfer[0].amount", "step#1[0].amount : double"},
                {"transfer.map(t, t.amount)", "map(step#1, @0, @0.amount) : list(double)"},
                {"transfer.filter(t, t.count > 1)[0].user_id",
                 "filter(step#1, @0, (@0.count > 1))[0].user_id : string"},
                {"(has(device) ? device : login).x", "(has(step#2) ? step#2 : step#0).x : dyn"},
                {"has(mfa)", "has(event.mfa) : bool"},
                {"has(payer.id)", "has(event.payer.id) : bool"},
                {"has(login.mfa)", "has(step#0.mfa) : bool"},
                {"has(device)", "has(step#2) : bool"},
                {"has(event['@x'])", "has(event[\"@x\"]) : bool"},
                {"type == 'a' && int == value",
                 "((event.type == \"a\") && (event.int == event.value)) : bool"},
            });
}

TEST(CelNames, VariablesOfMacros) {
  ExpectAll(
      InStep(0),
      {
          {"a.exists(x, x == y)", "exists(event.a, @0, (@0 == event.y)) : bool"},
          {"a.exists(other, other == y)", "exists(event.a, @0, (@0 == event.y)) : bool"},
          {"a.map(x, b.map(y, x + y))",
           "map(event.a, @0, map(event.b, @1, (@0 + @1))) : list(list(dyn))"},
          {"a.map(x, x.map(x, x))", "map(event.a, @0, map(@0, @1, @1)) : list(list(dyn))"},
          {"a.map(x, x).map(x, x)", "map(map(event.a, @1, @1), @0, @0) : list(dyn)"},
          {"a.map(x, .x)", "map(event.a, @0, event.x) : list(dyn)"},
          {"x + a.map(x, x)[0]",
           "(event.x + map(event.a, @0, @0)[0]) : dyn"
           "\nrule.yml:1:1: warning[R0924]: arithmetic on 'x', whose type stream 'logins' does not "
           "declare; 10 and 10.5 are different types\n"
           "   1 | x + a.map(x, x)[0]\n"
           "     | ^\n"
           "   = declare it in the stream's fields, or write double(x)\n"},
          {"event.all(k, k != 'x')", "all(event, @0, (@0 != \"x\")) : bool"},
          {"a.map(x, x.b.c)", "map(event.a, @0, @0.b.c) : list(dyn)"},
          {"a.map(x, has(x.b))", "map(event.a, @0, has(@0.b)) : list(bool)"},
      });
}

TEST(CelNames, InAnAlert) {
  ExpectAll(InAlert(),
            {
                {"user_id", "key#0 : string"},
                {"payer.id", "key#1 : string"},
                {"lowerAscii(email)", "key#2 : string"},
                {"lowerAscii( email ) + payer . id", "(key#2 + key#1) : string"},
                {"login.country", "step#0.country : dyn"},
                {"size(transfer)", "size(step#1) : int"},
                {"transfer.map(t, t.amount).sum()", "sum(map(step#1, @0, @0.amount)) : double"},
                {"transfer.map(user_id, user_id.count)", "map(step#1, @0, @0.count) : list(int)"},
                {"has(device)", "has(step#2) : bool"},
                {"has(device.id)", "has(step#2.id) : bool"},
            });
  ExpectLines(
      InAlert(),
      {
          {"event.x",
           "1:1: error[R0401]: there is no single event here; name the step whose event is meant"},
          {"logn.country", "1:1: error[R0401]: unknown name 'logn' (did you mean 'login'?)"},
          {"user_ids", "1:1: error[R0401]: unknown name 'user_ids' (did you mean 'user_id'?)"},
          {"payer.name", "1:1: error[R0401]: unknown name 'payer'"},
          {"email", "1:1: error[R0401]: unknown name 'email'"},
          {"has(user_id)", "1:1: error[R0309]: 'user_id' is a part of the key, and always there"},
      });
}

Scope WithStepsToCome(StreamIndex stream) {
  Scope scope = InStep(stream);
  scope.unseen = {{"spree", {}, UnseenStep::Why::kOwn},
                  {"count", {}, UnseenStep::Why::kToCome},
                  {"emails", {}, UnseenStep::Why::kOwn}};
  return scope;
}

TEST(CelNames, StepsThatHaveTakenNothing) {
  ExpectLines(
      WithStepsToCome(0),
      {
          {"x == count.x", "1:6: error[R0409]: 'count' is a step that is still to come here"},
          {".count == 1", "1:1: error[R0409]: 'count' is a step that is still to come here"},
          {"has(count)", "1:1: error[R0409]: 'count' is a step that is still to come here"},
          {"has(count.x)", "1:5: error[R0409]: 'count' is a step that is still to come here"},
          {"spree", "1:1: error[R0409]: 'spree' is this step itself, which has taken nothing yet"},
      });
  ExpectAll(WithStepsToCome(0),
            {
                {"event.count == 1", "(event.count == 1) : bool"},
                {"has(event.spree)", "has(event.spree) : bool"},
                {"x.spree == x.count", "(event.x.spree == event.x.count) : bool"},
                {"xs.exists(count, count == 'x')", "exists(event.xs, @0, (@0 == \"x\")) : bool"},
            });
}

TEST(CelNames, ADeclaredFieldIsMeantWhereTheStepHasTakenNothing) {
  ExpectAll(WithStepsToCome(1), {
                                    {"count > 1 && count < 9",
                                     "((event.count > 1) && (event.count < 9)) : bool\n"
                                     "rule.yml:1:1: warning[R0921]: the field 'count' of stream "
                                     "'transactions' hides step 'count', which is still to come; "
                                     "event.count is the field\n"
                                     "   1 | count > 1 && count < 9\n"
                                     "     | ^^^^^\n"},
                                    {"event.count > 1", "(event.count > 1) : bool"},
                                    // It has no other meaning there.
                                    {"size(emails) > 1", "(size(event.emails) > 1) : bool"},
                                });
  EXPECT_EQ(Line("spree == 1", WithStepsToCome(1)),
            "1:1: error[R0409]: 'spree' is this step itself, which has taken nothing yet");
}

TEST(CelNames, AStepHidesAKeyOfItsName) {
  Scope scope = InAlert();
  scope.key_names = {"login"};
  ExpectAll(scope,
            {{"login.x",
              "step#0.x : dyn\n"
              "rule.yml:1:1: warning[R0921]: the step of this name hides the key's part 'login'\n"
              "   1 | login.x\n"
              "     | ^^^^^\n"}});
}

TEST(CelNames, Warnings) {
  ExpectAll(InStep(1), {
                           {"login.country == 'FR' && login.x == 1",
                            "((step#0.country == \"FR\") && (step#0.x == 1)) : bool\n"
                            "rule.yml:1:1: warning[R0921]: step 'login' hides the field 'login' of "
                            "stream 'transactions'; the field is "
                            "event.login\n"
                            "   1 | login.country == 'FR' && login.x == 1\n"
                            "     | ^^^^^\n"},
                           {"emails.exists(amount, amount == 'x')",
                            "exists(event.emails, @0, (@0 == \"x\")) : bool\n"
                            "rule.yml:1:8: warning[R0921]: the variable 'amount' of exists() hides "
                            "the field 'amount' of stream "
                            "'transactions'\n"
                            "   1 | emails.exists(amount, amount == 'x')\n"
                            "     |        ^^^^^^\n"},
                           {"usr_id == 'x' && usr_id != 'y'",
                            "((event.usr_id == \"x\") && (event.usr_id != \"y\")) : bool\n"
                            "rule.yml:1:1: warning[R0922]: stream 'transactions' declares no field "
                            "'usr_id' (did you mean 'user_id'?)\n"
                            "   1 | usr_id == 'x' && usr_id != 'y'\n"
                            "     | ^^^^^^\n"},
                           {"result == True",
                            "(event.result == event.True) : bool\n"
                            "rule.yml:1:11: warning[R0923]: 'True' is read as a field of the event "
                            "(did you mean 'true'?)\n"
                            "   1 | result == True\n"
                            "     |           ^^^^\n"},
                           {"labels.color == 1 && payer.name == 'x'",
                            "((event.labels.color == 1) && (event.payer.name == \"x\")) : bool"},
                       });
}

TEST(CelNames, AFieldWithAlmostTheNameOfAStepIsWarnedOf) {
  const std::string warned = "is no step before this one, and so a field of stream 'logins'";
  for (const char* text :
       {"logn.country == 'FR'", "has(logn.country)", "size(trasnfer) > 2",
        "transfr[0].amount > 1.0", "transfers.exists(t, t.amount > 1.0)", "Device.id == 'x'"}) {
    const std::string checked = Checked(text, InStep(0));
    EXPECT_NE(checked.find(warned), std::string::npos) << checked;
    EXPECT_NE(checked.find("warning[R0925]"), std::string::npos) << checked;
  }
  // Written as a field, of no structure, declared, or of nobody's name.
  for (const char* text : {"event.logn.country == 'FR'", "logn == 'FR'", "payload.id == 5"}) {
    const std::string checked = Checked(text, InStep(0));
    EXPECT_EQ(checked.find("R0925"), std::string::npos) << checked;
  }
  EXPECT_EQ(Checked("payer.name == 'x'", {.streams = &Catalog(),
                                          .event = StreamIndex{1},
                                          .steps = {{"payee", 0, 0, false}},
                                          .unseen = {},
                                          .key_names = {}})
                .find("R0925"),
            std::string::npos);
}

TEST(CelTypes, DeclaredFields) {
  ExpectAll(InStep(1), {
                           {"amount", "event.amount : double"},
                           {"payer.id", "event.payer.id : string"},
                           {"payer", "event.payer : dyn"},
                           {"emails[0]", "event.emails[0] : string"},
                           {"labels.color", "event.labels.color : int"},
                           {"labels['color']", "event.labels.color : int"},
                           {"labels[user_id]", "event.labels[event.user_id] : int"},
                           {"'x' in emails && 'y' in labels",
                            "((\"x\" in event.emails) && (\"y\" in event.labels)) : bool"},
                       });
  ExpectAll(
      InStep(1),
      {
          {"user_id.x.y == 1",
           "rule.yml:1:9: error[R0405]: 'user_id' is string and has no field 'x'\n"
           "   1 | user_id.x.y == 1\n"
           "     |         ^\n"},
          {"transfer.amount > 1.0",
           "rule.yml:1:10: error[R0405]: 'transfer' is list(event) and has no field 'amount'\n"
           "   1 | transfer.amount > 1.0\n"
           "     |          ^^^^^^\n"
           "   = the step repeats: one of its events is transfer[0].amount, all of them are "
           "transfer.map(e, e.amount)\n"},
          {"count == '3'",
           "rule.yml:1:7: error[R0403]: '==' does not compare int with string\n"
           "   1 | count == '3'\n"
           "     |       ^^\n"
           "   = 'count' is declared int in stream 'transactions'\n"},
          {"emails.contains('x')",
           "rule.yml:1:8: error[R0403]: contains() does not take list(string), string; it is "
           "called as "
           "text.contains(part)\n"
           "   1 | emails.contains('x')\n"
           "     |        ^^^^^^^^\n"
           "   = 'emails' is declared list(string) in stream 'transactions'\n"},
      });
}

TEST(CelTypes, Operators) {
  ExpectAll(InStep(0), {
                           {"1 + 2", "(1 + 2) : int"},
                           {"1u * 2u", "(1u * 2u) : uint"},
                           {"1.0 / 2.0", "(1.0 / 2.0) : double"},
                           {"'a' + 'b'", "(\"a\" + \"b\") : string"},
                           {"b'a' + b'b'", "(b\"a\" + b\"b\") : bytes"},
                           {"[1] + [2]", "([1] + [2]) : list(int)"},
                           {"[1] + ['a']", "([1] + [\"a\"]) : list(dyn)"},
                           {"7 % 2", "(7 % 2) : int"},
                           {"1 < 2.0 && 1u >= 1", "((1 < 2.0) && (1u >= 1)) : bool"},
                           {"1 == 1.0 || 'a' != null", "((1 == 1.0) || (\"a\" != null)) : bool"},
                           {"1 in [1.0, 2u]", "(1 in [1.0, 2u]) : bool"},
                           {"'a' in {'a': 1}", "(\"a\" in {\"a\": 1}) : bool"},
                           {"a ? 1 : 2", "(event.a ? 1 : 2) : int"},
                           {"a ? 1 : 'x'", "(event.a ? 1 : \"x\") : dyn"},
                           {"false < true", "(false < true) : bool"},
                           {"[1, 'a', 2.0]", "[1, \"a\", 2.0] : list(dyn)"},
                           {"[[1], [2]]", "[[1], [2]] : list(list(int))"},
                           {"{'a': 1, 'b': 2}", "{\"a\": 1, \"b\": 2} : map(string, int)"},
                           {"{'a': 1}.a + 1", "({\"a\": 1}.a + 1) : int"},
                           {"['x'] == [2]", "([\"x\"] == [2]) : bool"},
                           {"a + 'x' + b", "((event.a + \"x\") + event.b) : string"},
                       });
  ExpectLines(InStep(0),
              {
                  {"1 + 1.0", "1:3: error[R0403]: '+' does not take int and double"},
                  {"1 - 1u", "1:3: error[R0403]: '-' does not take int and uint"},
                  {"1.0 % 2.0", "1:5: error[R0403]: '%' does not take double and double"},
                  {"'a' * 2", "1:5: error[R0403]: '*' does not take string and int"},
                  {"-'a'", "1:1: error[R0403]: '-' does not take string"},
                  {"-(1u)", "1:1: error[R0403]: '-' does not take uint"},
                  {"!1", "1:2: error[R0403]: '!' takes bool, not int"},
                  {"true && 'x'", "1:9: error[R0403]: '&&' takes bool, not string"},
                  {"1 || true", "1:1: error[R0403]: '||' takes bool, not int"},
                  {"1 ? 2 : 3", "1:1: error[R0403]: '?' takes bool, not int"},
                  {"1 == 'a'", "1:3: error[R0403]: '==' does not compare int with string"},
                  {"'a' < 1", "1:5: error[R0403]: '<' does not compare string with int"},
                  {"[1] < [2]", "1:5: error[R0403]: '<' does not compare list(int) with list(int)"},
                  {"null < a", "1:6: error[R0403]: '<' does not compare null with dyn"},
                  {"1 < 2 < 3", "1:7: error[R0403]: '<' does not compare bool with int"},
                  {"1 in ['a']", "1:3: error[R0403]: 'in' does not take int and list(string)"},
                  {"1 in 'a'", "1:3: error[R0403]: 'in' does not take int and string"},
                  {"'a'[0]", "1:5: error[R0403]: string cannot be indexed"},
                  {"[1]['a']", "1:5: error[R0403]: list(int) is not indexed by string"},
                  {"{1: 2}['a']", "1:8: error[R0403]: map(int, int) is not indexed by string"},
                  {"{1.5: 2}",
                   "1:2: error[R0408]: the key of a map is string, int, uint or bool, not double"},
                  {"{1: 'a', 1u: 'b'}", "1:10: error[R0408]: this map has the key 1u already"},
                  {"'a'.b", "1:5: error[R0405]: ''a'' is string and has no field 'b'"},
              });
}

TEST(CelTypes, Functions) {
  ExpectAll(InStep(0),
            {
                {"size('a') + a.size()", "(size(\"a\") + size(event.a)) : int"},
                {"name.matches('^a+$') || matches(name, b)",
                 "(matches(event.name, \"^a+$\") || matches(event.name, event.b)) : bool"},
                {"name.startsWith('a') && name.endsWith('b') && name.contains('c')",
                 "((startsWith(event.name, \"a\") && endsWith(event.name, \"b\")) && "
                 "contains(event.name, \"c\")) : bool"},
                {"int('1') + int(2.5) + int(3u)", "((int(\"1\") + int(2.5)) + int(3u)) : int"},
                {"uint(1)", "uint(1) : uint"},
                {"double(a)", "double(event.a) : double"},
                {"string(1) + string(b'x')", "(string(1) + string(b\"x\")) : string"},
                {"bool('true')", "bool(\"true\") : bool"},
                {"bytes('x')", "bytes(\"x\") : bytes"},
                {"dyn(1) == 'a'", "(dyn(1) == \"a\") : bool"},
                {"lowerAscii(email) == email.upperAscii()",
                 "(lowerAscii(event.email) == upperAscii(event.email)) : bool"},
                {"[1, 2].sum()", "sum([1, 2]) : int"},
                {"[1.5].max()", "max([1.5]) : double"},
                {"[1, 2.5].min()", "min([1, 2.5]) : dyn"},
                {"[1].avg()", "avg([1]) : double"},
                {"a.sum()", "sum(event.a) : dyn"},
            });
  ExpectLines(
      InStep(0),
      {
          {"f(1)", "1:1: error[R0402]: there is no function 'f'"},
          {"a.startswith('b')",
           "1:3: error[R0402]: there is no function 'startswith' (did you mean 'startsWith'?)"},
          {"a.lower()",
           "1:3: error[R0402]: there is no function 'lower' (did you mean 'lowerAscii'?)"},
          {"len(a)", "1:1: error[R0402]: there is no function 'len' (did you mean 'size'?)"},
          {"a.any(x)", "1:3: error[R0402]: there is no function 'any' (did you mean 'exists'?)"},
          {"all(a, b, c)",
           "1:1: error[R0309]: all() is called on a list: items.all(i, i.price > 10.0)"},
          {"contains(a, 'b')", "1:1: error[R0404]: contains() is called as text.contains(part)"},
          {"a.endsWith()",
           "1:3: error[R0404]: endsWith() does not take 0 arguments; it is called as "
           "text.endsWith(suffix)"},
          {"size(a, b)",
           "1:1: error[R0404]: size() does not take 2 arguments; it is called as size(list)"},
          {"size(1)", "1:1: error[R0403]: size() does not take int; it is called as size(list)"},
          {"int([1])",
           "1:1: error[R0403]: int() does not take list(int); it is called as int(value)"},
          {"['a'].sum()",
           "1:7: error[R0403]: sum() does not take list(string); it is called as list.sum()"},
          {"'a'.all(x, true)", "1:5: error[R0403]: all() runs over a list or a map, not string"},
          {"[1].all(x, x + 1)",
           "1:12: error[R0403]: the condition of all() must be bool, and is int"},
          {"has(login.a.b) && transfer.exists(t, has(t))",
           "1:38: error[R0309]: has() takes a field: has(mfa) or has(login.mfa)"},
          {"has(transfer)",
           "1:1: error[R0309]: step 'transfer' is a list of events; write size(transfer) > 0"},
      });
}

TEST(CelTypes, WordsOfLaterVersionsAndMisuses) {
  ExpectLines(
      InStep(1),
      {
          {"count() > 3",
           "1:1: error[R0411]: count() is about the events of a window, and there is none here"},
          {"user in lists.testers", "1:15: error[R0709]: there is no list 'testers'"},
          {"tables.users[user].x == 1", "1:8: error[R0709]: the config declares no table 'users'"},
          {"math.foo(1)",
           "1:1: error[R0402]: there is no function 'math.foo' (did you mean 'math.floor'?)"},
          {"match_count() > 1",
           "1:1: error[R0412]: match_count() is how many matches an alert stands for, and none are "
           "counted here"},
          {"match_count(1)", "1:1: error[R0404]: match_count() takes no arguments"},
          {"event_time(x)",
           "1:1: error[R0404]: event_time() takes no arguments; the time of a step's event is "
           "STEP.event_time"},
          {"login.event_time()",
           "1:7: error[R0404]: the time of a step's event is STEP.event_time"},
          {"amount.?x == 1", "1:9: error[R0405]: 'amount' is double and has no field 'x'"},
          {"[?1]", "1:3: error[R0403]: '?' takes an optional value, not int"},
          {"optional.of(1).optFlatMap(x, x)",
           "1:30: error[R0403]: the expression of optFlatMap() gives an optional value, and this "
           "is "
           "int"},
          {"(1).optMap(x, x)",
           "1:5: error[R0403]: optMap() is called on an optional value, not int"},
          {"[1].transformMapEntry(i, x, x)",
           "1:29: error[R0403]: the expression of transformMapEntry() gives a map, and this is "
           "int"},
          {"[[1]].sortBy(x, x)",
           "1:17: error[R0403]: the expression of sortBy() gives what can be ordered, and this is "
           "list(int)"},
          {"timestamp(0) + timestamp(0)",
           "1:14: error[R0403]: '+' does not take google.protobuf.Timestamp and "
           "google.protobuf.Timestamp"},
          {"duration('1h').getHours('UTC')",
           "1:16: error[R0403]: getHours() does not take google.protobuf.Duration, string; it is "
           "called as time.getHours([zone])"},
          {"count.hasValue()",
           "1:7: error[R0403]: hasValue() does not take int; it is called as "
           "optional.hasValue()"},
      });
  // The same words as fields.
  ExpectAll(InStep(0), {
                           {"ip.startsWith('10.')", "startsWith(event.ip, \"10.\") : bool"},
                           {"event.lists == event.tables", "(event.lists == event.tables) : bool"},
                           {"login['event_time']", "step#0.event_time : dyn"},
                           {"math.x", "event.math.x : dyn"},
                       });
}

TEST(CelTypes, ConstantsAreReadAtLoad) {
  ExpectLines(
      InStep(0),
      {
          {"ip('10.0.0')", "1:4: error[R0410]: not an IP address"},
          {"ip('fe80::1%eth0')",
           "1:4: error[R0410]: an address with a zone ('%...') is not accepted"},
          {"ip.isCanonical('x')", "1:16: error[R0410]: not an IP address"},
          {"cidr('10.0.0.0')", "1:6: error[R0410]: not a network: an address, '/' and a length"},
          {"cidr('10.0.0.0/8').containsIP('10.0.0.0.1')", "1:31: error[R0410]: not an IP address"},
          {"cidr('10.0.0.0/8').containsCIDR('10.0.0.0/33')",
           "1:33: error[R0410]: the length of a prefix is 0 to 32, of an IPv6 one 0 to 128, "
           "without leading zeros"},
          {"timestamp('2026-02-30T00:00:00Z')",
           "1:11: error[R0410]: not a time in RFC 3339, such as 2026-03-01T10:00:00Z"},
          {"timestamp('2026-03-01')",
           "1:11: error[R0410]: not a time in RFC 3339, such as 2026-03-01T10:00:00Z"},
          {"duration('1d')",
           "1:10: error[R0410]: not a duration: numbers with units of h, m, s, ms, us and ns, such "
           "as 1h30m; a day is 24h"},
          {"duration('315576000001s')",
           "1:10: error[R0410]: not a duration: numbers with units of h, m, s, ms, us and ns, such "
           "as 1h30m; a day is 24h"},
          {"regex.extract(a, '(a)(b)')",
           "1:18: error[R0410]: the pattern has 2 groups, and it is open which one to take"},
          {"regex.extractAll(a, '(a')",
           "1:22: error[R0407]: not a regular expression: missing ): (a"},
          {"regex.replace(a, 'b', r'\\1')",
           "1:23: error[R0410]: in what replaces a match, \\1 to \\9 are groups that the pattern "
           "has, and a backslash is \\\\"},
          {"'%s: %y'.format([a])",
           "1:6: error[R0410]: no such clause: there are %s %d %f %e %b %o %x %X, and %% for a "
           "percent sign"},
          {"'%'.format([])",
           "1:2: error[R0410]: the template ends inside a clause; a percent sign is %%"},
          {"'%.f'.format([1.0])", "1:2: error[R0410]: digits follow the point: %.2f"},
          {"'%.1001f'.format([1.0])",
           "1:2: error[R0410]: at most 1000 digits follow the point of a number"},
          {"'\\u00e9 %d %d'.format([1])", "1:12: error[R0410]: there is no value for this clause"},
          {"'%s'.format([1, a])", "1:17: error[R0410]: there is no clause for this value"},
          {"'%s %d'.format([a, 'b'])", "1:20: error[R0403]: '%d' does not take string"},
          {"'%x'.format([1.5])", "1:14: error[R0403]: '%x' does not take double"},
      });
  // What is not known before evaluation is not told.
  ExpectAll(InStep(0), {
                           {"regex.replace(a, '(b)', r'\\1')",
                            "regex.replace(event.a, \"(b)\", \"\\\\1\") : string"},
                           {"'%d'.format([a])", "format(\"%d\", [event.a]) : string"},
                           {"'%d %d'.format(a)", "format(\"%d %d\", event.a) : string"},
                           {"a.format([1])", "format(event.a, [1]) : string"},
                           {"duration(a)", "duration(event.a) : google.protobuf.Duration"},
                           {"cidr(a).containsIP(b)", "containsIP(cidr(event.a), event.b) : bool"},
                       });
}

TEST(CelTypes, RegularExpressionsAreReadAtLoad) {
  ExpectAll(
      InStep(0),
      {
          {"a.matches('x(?=y)')",
           "rule.yml:1:13: error[R0407]: not a regular expression: invalid perl operator: (?=\n"
           "   1 | a.matches('x(?=y)')\n"
           "     |             ^^^\n"
           "   = expressions are RE2's: no look-around, no back-references\n"},
          {"a.matches('\\u00e9\\\\d[b-a]')",
           "rule.yml:1:22: error[R0407]: not a regular expression: invalid character class range: "
           "b-a\n"
           "   1 | a.matches('\\u00e9\\\\d[b-a]')\n"
           "     |                      ^^^\n"},
          {"matches(a, r'(\\1)')",
           "rule.yml:1:15: error[R0407]: not a regular expression: invalid escape sequence: \\1\n"
           "   1 | matches(a, r'(\\1)')\n"
           "     |               ^^\n"
           "   = expressions are RE2's: no look-around, no back-references\n"},
      });
}

TEST(CelTypes, TheWantedType) {
  EXPECT_EQ(Checked("a == 1", InStep(0), kBool), "(event.a == 1) : bool");
  EXPECT_EQ(Checked("a", InStep(0), kBool), "event.a : dyn");
  EXPECT_EQ(Checked("a + 'x'", InStep(0), kBool),
            "rule.yml:1:1: error[R0406]: this must be bool, and is string\n"
            "   1 | a + 'x'\n"
            "     | ^^^^^^^\n");
}

TEST(CelTypes, AllMistakesAtOnceAndEachOnce) {
  EXPECT_EQ(Checked("f(1 + 'a') && user_id.x.y > 1 && -'b' == 2", InStep(1)),
            "rule.yml:1:1: error[R0402]: there is no function 'f'\n"
            "   1 | f(1 + 'a') && user_id.x.y > 1 && -'b' == 2\n"
            "     | ^\n"
            "rule.yml:1:5: error[R0403]: '+' does not take int and string\n"
            "   1 | f(1 + 'a') && user_id.x.y > 1 && -'b' == 2\n"
            "     |     ^\n"
            "rule.yml:1:23: error[R0405]: 'user_id' is string and has no field 'x'\n"
            "   1 | f(1 + 'a') && user_id.x.y > 1 && -'b' == 2\n"
            "     |                       ^\n"
            "rule.yml:1:34: error[R0403]: '-' does not take string\n"
            "   1 | f(1 + 'a') && user_id.x.y > 1 && -'b' == 2\n"
            "     |                                  ^\n");
}

// "stream:path" for each read, * where it is used as a double only; then the steps.
std::string ReadsOf(const std::string& text, const Scope& scope) {
  Diagnostics diagnostics;
  const std::optional<Expression> expression =
      Compile(InFile(text), scope, Type::Dyn(), diagnostics);
  if (!expression.has_value()) return Rendered(diagnostics);
  std::string out;
  for (const FieldRead& read : expression->reads) {
    out += std::to_string(read.stream) + ":";
    for (size_t i = 0; i < read.path.size(); ++i) out += (i == 0 ? "" : ".") + read.path[i];
    out += read.as_double_only ? "* " : " ";
  }
  out += "|";
  for (const uint32_t step : expression->steps) out += " " + std::to_string(step);
  return out + " | " + std::to_string(expression->locals);
}

TEST(CelReads, FieldsStepsAndLocals) {
  const std::vector<Case> cases = {
      {"1 == 1", "| | 0"},
      {"b == a && a == c.d", "0:a 0:b 0:c.d | | 0"},
      {"has(mfa) && mfa == 'x'", "0:mfa | | 0"},
      {"device.id == device_id", "0:device_id 0:id | 2 | 0"},
      {"device.x == login.x", "0:x | 0 2 | 0"},
      {"size(transfer) > 1", "| 1 | 0"},
      {"size(transfer.filter(t, t.amount > 1.0)) > 1", "1:amount | 1 | 1"},
      {"transfer.filter(t, t.amount > 1.0)[0].count == 1", "1:amount 1:count | 1 | 1"},
      {"transfer.map(t, t.amount).sum() > 1.0", "1:amount | 1 | 1"},
      {"transfer.map(t, t)", "1: | 1 | 1"},
      {"transfer.filter(t, true)", "1: | 1 | 1"},
      {"transfer == []", "1: | 1 | 0"},
      {"transfer[0]", "1: | 1 | 0"},
      {"transfer[n].amount > 1.0", "0:n 1:amount | 1 | 0"},
      {"login == device", "0: | 0 2 | 0"},
      {"[login, device].map(e, e.x)", "0:x | 0 2 | 1"},
      {"[login, event][0].x", "0:x | 0 | 0"},
      {"[login, 1][0].x", "0: | 0 | 0"},
      {"dyn(login).x", "0: | 0 | 0"},
      {"event[name]", "0: 0:name | | 0"},
      {"'x' in event", "0: | | 0"},
      {"has(device)", "| 2 | 0"},
      {"(has(device) ? device : login).x == 1", "0:x | 0 2 | 0"},
      {"items.map(i, i.price.map(p, p))", "0:items | | 2"},
      {"items.exists(i, v, v == i)", "0:items | | 2"},
      {"a.?b.orValue(1)", "0:a.b | | 0"},
      {"event.?a.b", "0:a | | 0"},
      {"event_time() == login.event_time", "| 0 | 0"},
      {"transfer.map(t, t.event_time)", "| 1 | 1"},
      {"transfer.transformList(i, t, t.amount)", "1:amount | 1 | 2"},
      {"transfer.sortBy(t, t.amount)[0].count", "1:amount 1:count | 1 | 1"},
      {"transfer.sortBy(t, t.amount)", "1: 1:amount | 1 | 1"},
      {"cel.bind(l, login, l.x == l.y)", "0:x 0:y | 0 | 1"},
      {"cel.bind(l, login, l)", "0: | 0 | 1"},
      {"cel.bind(all, transfer, size(all) > 1)", "| 1 | 1"},
      {"transfer.first().value().amount", "1: 1:amount | 1 | 0"},
      {"type == 'x' && type(type) == string", "0:type | | 0"},
      {"type(a) == int", "0:a | | 0"},
  };
  for (const Case& c : cases) EXPECT_EQ(ReadsOf(c.text, InStep(0)), c.expected) << c.text;
}

TEST(CelReads, FieldsThatAreOnlyDoubles) {
  const std::vector<Case> cases = {
      {"a > 1000.0", "0:a* | | 0"},
      {"1.5 == a", "0:a* | | 0"},
      {"has(a) && a > 1.0", "0:a* | | 0"},
      {"has(a)", "0:a | | 0"},
      {"a > 1.0 && a == 3", "0:a | | 0"},
      {"a > 1.0 || string(a) == 'x'", "0:a | | 0"},
      {"a * 2.0 + b > c", "0:a* 0:b* 0:c* | | 0"},
      {"(a + b) > 10.0", "0:a* 0:b* | | 0"},
      {"-a > 1.0", "0:a* | | 0"},
      {"double(a) > b", "0:a* 0:b* | | 0"},
      {"(x ? a : b) > 1.0", "0:a* 0:b* 0:x | | 0"},
      {"a > 1", "0:a | | 0"},
      {"a.b > login.amount * 1.0", "0:a.b* 0:amount* | 0 | 0"},
      {"a > transfer[0].amount", "0:a* 1:amount | 1 | 0"},
      {"size(a) > 1.0", "0:a | | 0"},
      {"a[0] > 1.0", "0:a | | 0"},
      {"login.items.exists(i, i > 1.0)", "0:items | 0 | 1"},
      {"event.?a.orValue(0.0) > b", "0:a* 0:b | | 0"},
      {"event.?a.orValue(0) > 1.0", "0:a* | | 0"},
      {"event.?a.orValue(0) > 1", "0:a | | 0"},
      {"cel.bind(x, a, x > 1.0)", "0:a | | 1"},
  };
  for (const Case& c : cases) EXPECT_EQ(ReadsOf(c.text, InStep(0)), c.expected) << c.text;
}

// Random trees through the checker: a tree without names or mistakes, never a crash.
void ExpectResolved(const Expr& expr) {
  ASSERT_NE(expr.kind, ExprKind::kIdent);
  if (expr.kind == ExprKind::kField) {
    ASSERT_EQ(expr.args[0]->type.kind, TypeKind::kEvent);
  }
  if (expr.kind == ExprKind::kMacro) {
    ASSERT_NE(expr.local, kUnnumberedLocal);
  }
  for (const ExprPtr& arg : expr.args) ExpectResolved(*arg);
}

TEST(CelTotal, RandomExpressions) {
  int good = 0;
  for (uint32_t seed = 0; seed < 5000; ++seed) {
    const std::string text = ExpressionWriter(seed).Expression(3);
    for (const Scope& scope : {InStep(0), InStep(1), InAlert()}) {
      Diagnostics diagnostics;
      const std::optional<Expression> expression =
          Compile(InFile(text), scope, Type::Dyn(), diagnostics);
      ASSERT_EQ(!expression.has_value(), diagnostics.has_errors()) << text;
      if (expression.has_value()) ExpectResolved(*expression->root);
      good += expression.has_value() ? 1 : 0;
    }
  }
  EXPECT_GT(good, 500);
}

}  // namespace
}  // namespace telltale::rules
