// Lists, macros, exceptions and overrides: what they become, wherever they stand, and what is said
// of those that are wrong.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>

#include "rules/load/load.h"
#include "rules/load/yaml/quantity.h"

namespace telltale::rules {
namespace {

SourcePtr File(std::string path, std::string text) {
  return std::make_shared<const SourceFile>(std::move(path), std::move(text));
}

class FilesInMemory : public DataFiles {
 public:
  explicit FilesInMemory(std::map<std::string, std::string> texts) : texts_(std::move(texts)) {}
  DataFile Read(std::string_view name, const SourceFile&) override {
    const auto found = texts_.find(std::string(name));
    if (found == texts_.end()) return {nullptr, "No such file or directory"};
    return {File(found->first, found->second), ""};
  }

 private:
  std::map<std::string, std::string> texts_;
};

LoadInputs Inputs() {
  Stream payments{"payments", "payments", {}, kMillisecond};
  payments.fields[{"amount"}] = Type::Of(TypeKind::kDouble);
  payments.fields[{"country"}] = Type::Of(TypeKind::kString);
  std::map<std::string, TableDeclaration, std::less<>> tables;
  tables["users"].fields["limit"] = Type::Of(TypeKind::kDouble);
  LoadInputs inputs;
  inputs.streams = std::make_shared<const StreamCatalog>(
      std::vector<Stream>{{"logins", "logins", {}, kMillisecond}, payments});
  inputs.tables = std::make_shared<const TableCatalog>(std::move(tables));
  return inputs;
}

LoadResult LoadText(const std::string& text, std::map<std::string, std::string> data = {}) {
  FilesInMemory files(std::move(data));
  LoadInputs inputs = Inputs();
  inputs.data = &files;
  return Load({File("a.yml", text)}, inputs);
}

std::string Codes(const LoadResult& result) {
  std::string codes;
  for (const Diagnostic& entry : result.diagnostics.list())
    codes += (codes.empty() ? "" : " ") + std::string(entry.code.id);
  return codes;
}

std::string Codes(const std::string& text, std::map<std::string, std::string> data = {}) {
  return Codes(LoadText(text, std::move(data)));
}

// The condition of the only rule, a rule over logins.
std::string Where(const std::string& where, const std::string& definitions) {
  const LoadResult result =
      LoadText("id: r\non: logins\nwhere: >-\n  " + where + "\n---\n" + definitions);
  if (result.rules == nullptr) return Render(result.diagnostics);
  EXPECT_EQ(Render(result.diagnostics), "");
  return ToString(*result.rules->rules.at(0).steps.at(0).selector.where->root);
}

// "a, 17" of the list `l`, used so that nothing is said of it.
std::string Values(const std::string& list, std::map<std::string, std::string> data = {}) {
  const LoadResult result =
      LoadText("lists: { l: " + list + " }\n---\n{ id: r, on: logins, where: x in lists.l }",
               std::move(data));
  if (result.rules == nullptr) return Codes(result);
  const NamedList& values = *result.rules->lists.at("l");
  std::string text = values.type().ToString() + ":";
  for (size_t i = 0; i < values.size(); ++i) {
    struct Printer {
      std::string operator()(int64_t value) const { return std::to_string(value); }
      std::string operator()(uint64_t value) const { return std::to_string(value) + "u"; }
      std::string operator()(double value) const { return std::to_string(value); }
      std::string operator()(std::string_view value) const {
        return "'" + std::string(value) + "'";
      }
    };
    text += " " + std::visit(Printer(), values[i]);
  }
  return text + (result.diagnostics.empty() ? "" : " " + Codes(result));
}

TEST(Lists, HoldWhatYamlSays) {
  EXPECT_EQ(Values("[a, 'b c', no]"), "list(string): 'a' 'b c' 'no'");
  EXPECT_EQ(Values("[1, -2, 0x10]"), "list(int): 1 -2 16");
  EXPECT_EQ(Values("[1.5, 2.0]"), "list(double): 1.500000 2.000000");
  EXPECT_EQ(Values("[a, 1]"), "list(dyn): 'a' 1");
  EXPECT_EQ(Values("[]"), "list(dyn):");
  EXPECT_EQ(Values("{ values: [1, '2'], type: string }"), "list(string): '1' '2'");
  EXPECT_EQ(Values("{ values: ['1', 2], type: int }"), "list(int): 1 2");
  EXPECT_EQ(Values("{ values: [1], type: double }"), "list(double): 1.000000");
}

TEST(Lists, HoldEachValueOnce) {
  EXPECT_EQ(Values("[a, b, a]"), "list(string): 'a' 'b' R0942");
  EXPECT_EQ(Values("[17, 17.0, '17']"), "list(dyn): 17 '17' R0942");
  EXPECT_EQ(Values("{ file: f }", {{"f", "a\nb\na\n"}}), "list(string): 'a' 'b'");
}

TEST(Lists, AreReadFromLines) {
  EXPECT_EQ(Values("{ file: f }", {{"f",
                                    "\xEF\xBB\xBF"
                                    "a\r\n  b c \t\r\n\r\n# note\n  # note\n#x\n17\nlast"}}),
            "list(string): 'a' 'b c' '17' 'last'");
  EXPECT_EQ(Values("{ file: f, type: int }", {{"f", "17\n -4\n"}}), "list(int): 17 -4");
  EXPECT_EQ(Values("{ file: f, type: double }", {{"f", "1\n2.5e3\n"}}),
            "list(double): 1.000000 2500.000000");
  EXPECT_EQ(Values("{ file: f }", {{"f", ""}}), "list(dyn):");
  EXPECT_EQ(Values("{ file: f }", {{"f", "\n \n#"}}), "list(dyn):");
}

TEST(Lists, AreReadFromColumns) {
  const std::string csv =
      "id,\"full \"\"name\"\"\",n\r\nu1,\"a, b\",1\r\n\r\nu2,\"two\nlines\",2\nu3\n,x,4\n";
  EXPECT_EQ(Values("{ file: f, column: id }", {{"f", csv}}), "list(string): 'u1' 'u2' 'u3'");
  EXPECT_EQ(Values("{ file: f, column: 'full \"name\"' }", {{"f", csv}}),
            "list(string): 'a, b' 'two\nlines' 'x'");
  EXPECT_EQ(Values("{ file: f, column: n, type: int }", {{"f", csv}}), "list(int): 1 2 4");
  EXPECT_EQ(Values("{ file: f, column: b, delimiter: ';' }", {{"f", "a;b\n1;2\n"}}),
            "list(string): '2'");
  EXPECT_EQ(Values("{ file: f, column: b, delimiter: tab }", {{"f", "a\tb\n1\t2\n"}}),
            "list(string): '2'");
}

TEST(Lists, MistakesAreTold) {
  EXPECT_EQ(Values("17"), "R0103");
  EXPECT_EQ(Values("{ }"), "R0102");
  EXPECT_EQ(Values("{ fiel: f }"), "R0102 R0101");
  EXPECT_EQ(Values("{ values: [a], file: f }"), "R0215");
  EXPECT_EQ(Values("{ values: [a], column: f }"), "R0215");
  EXPECT_EQ(Values("{ file: f, delimiter: ';' }", {{"f", ""}}), "R0215");
  EXPECT_EQ(Values("{ file: f, column: a, delimiter: '||' }", {{"f", "a\n1\n"}}), "R0104");
  EXPECT_EQ(Values("{ values: [a], type: text }"), "R0104");
  EXPECT_EQ(Values("[true, null, [a], {a: b}, .nan]"), "R0706 R0706 R0706 R0706 R0706");
  EXPECT_EQ(Values("{ values: [x], type: int }"), "R0706");
  EXPECT_EQ(Values("{ file: none }"), "R0703");
  EXPECT_EQ(Values("{ file: f, type: int }", {{"f", "1\nx\n2\n1.5\n"}}), "R0706 R0706");
  EXPECT_EQ(Values("{ file: f, type: double }", {{"f", "inf\n1,5\n"}}), "R0706 R0706");
  EXPECT_EQ(Values("{ file: f, column: c }", {{"f", "a,b\n1,2\n"}}), "R0705");
  EXPECT_EQ(Values("{ file: f, column: c }", {{"f", ""}}), "R0705");
  EXPECT_EQ(Values("{ file: f, column: a }", {{"f", "a,b\n\"1,2\n"}}), "R0704");
  EXPECT_EQ(Values("{ file: f, column: a }", {{"f", "a,b\n\"1\"2,3\n"}}), "R0704");
  EXPECT_EQ(Values("{ file: f }", {{"f", "a\n\xFF\n"}}), "R0003");
  EXPECT_EQ(Codes("lists: { l: { file: f } }\n---\n{ id: r, on: logins, where: x in lists.l }"),
            "R0703");
}

TEST(Lists, ManyMistakesInAFileAreNotAllTold) {
  std::string text;
  for (int i = 0; i < 1000; ++i) text += "x" + std::to_string(i) + "\n";
  EXPECT_EQ(LoadText("lists: { l: { file: f, type: int } }", {{"f", text}}).diagnostics.errors(),
            10u);
}

TEST(Lists, AreNamedInConditions) {
  EXPECT_EQ(Where("user in lists.a && lists.a.exists(x, x == user)", "lists: { a: [u1] }"),
            "((event.user in lists.a) && exists(lists.a, @0, (@0 == event.user)))");
  EXPECT_EQ(Codes("{ id: r, on: logins, where: user in lists.tst }\n---\nlists: { test: [a] }"),
            "R0709");
  EXPECT_EQ(Codes("{ id: r, on: logins, where: user in lists }\n---\nlists: { test: [a] }"),
            "R0709");
  EXPECT_EQ(Codes("{ id: r, on: logins, where: has(lists.a) }\n---\nlists: { a: [a] }"), "R0309");
  EXPECT_EQ(Codes("{ id: r, on: payments, where: amount in lists.a }\n---\nlists: { a: [a] }"),
            "R0403");
}

// Contents are inputs (V6).
TEST(Lists, ContentsAreOutsideTheFingerprint) {
  const std::string rule = "---\n{ id: r, on: logins, where: user in lists.a }";
  const LoadResult one = LoadText("lists: { a: [u1] }\n" + rule);
  const LoadResult other = LoadText("lists: { a: [17, 18] }\n" + rule);
  ASSERT_NE(one.rules, nullptr);
  ASSERT_NE(other.rules, nullptr);
  EXPECT_EQ(one.rules->rules[0].fingerprint, other.rules->rules[0].fingerprint);
}

TEST(Definitions, StandAnywhere) {
  const std::vector<SourcePtr> parts = {
      File("rules.yml",
           "- { id: r, on: logins, where: is_test }\n- macros: { is_test: user in lists.a }"),
      File("lists.yml", "lists: { a: [u1] }")};
  for (const auto& files : {parts, std::vector<SourcePtr>{parts[1], parts[0]}}) {
    const LoadResult result = Load(files, Inputs());
    ASSERT_NE(result.rules, nullptr) << Render(result.diagnostics);
    EXPECT_EQ(Render(result.diagnostics), "");
  }
}

// As Sigma's placeholders are, whose values they hold.
TEST(Definitions, AListMayHaveDashesInItsName) {
  const LoadResult result = LoadText(
      "lists: { jump-hosts: [j1], B-: [x] }\n---\n"
      "{ id: r, on: logins, where: 'host in lists.`jump-hosts` && a in lists.`B-`' }");
  ASSERT_NE(result.rules, nullptr) << Render(result.diagnostics);
  EXPECT_EQ(Codes(result), "");
  EXPECT_EQ(ToString(*result.rules->rules[0].steps[0].selector.where->root),
            "((event.host in lists.`jump-hosts`) && (event.a in lists.`B-`))");
}

TEST(Definitions, MistakesAreTold) {
  EXPECT_EQ(Codes("lists: { a: [x] }\n---\nlists: { a: [y] }\n"), "R0701");
  EXPECT_EQ(Codes("macros: { a: x }\n---\nmacros: { a: y }\n"), "R0701");
  EXPECT_EQ(Codes("lists: { -b: [x], 1-b: [x], a b: [x], event: [y] }"), "R0702 R0702 R0702 R0702");
  EXPECT_EQ(Codes("macros: { in: x, size: x, exists: y, 9a: x }"), "R0702 R0702 R0702 R0702");
  EXPECT_EQ(Codes("macros:\n  a(: x\n  b(x, x): x\n  c(): x\n  d(1): x\n"),
            "R0702 R0701 R0702 R0702");
  EXPECT_EQ(Codes("lists: [a]\nmacros: b"), "R0103 R0103");
  EXPECT_EQ(Codes("lists: { a: [x] }\nmakros: {}"), "R0101");
  EXPECT_EQ(Codes("{ id: r, on: logins, lists: { a: [x] }, macros: {}, tables: {} }"),
            "R0215 R0215 R0215");
  EXPECT_EQ(Codes("lists: { a: [x] }\nmacros: { b: y }\n"), "R0941 R0941");
  EXPECT_EQ(Codes("lists: { a: [x] }\nmacros: { b: user in lists.a }\n"), "R0941 R0941");
}

TEST(Macros, AreResolvedWhereTheyAreUsed) {
  EXPECT_EQ(Where("failed && big(n, 3)", "macros:\n  failed: result != 'ok'\n  big(x, y): x > y\n"),
            "((event.result != \"ok\") && (event.n > 3))");
  EXPECT_EQ(Where("a", "macros: { a: b && b, b: x == 1 }"), "((event.x == 1) && (event.x == 1))");
  EXPECT_EQ(Where("there(user.id)", "macros: { there(x): has(x) && x != '' }"),
            "(has(event.user.id) && (event.user.id != \"\"))");
  EXPECT_EQ(Where("there(mfa)", "macros: { there(x): has(x) }"), "has(event.mfa)");
  EXPECT_EQ(Where("over(lower(n))", "macros: { over(x): x == 'a', lower(x): lowerAscii(x) }"),
            "(lowerAscii(event.n) == \"a\")");
  EXPECT_EQ(Where("swap(a, b)", "macros:\n  swap(x, y): sub(y, x)\n  sub(x, y): x > y\n"),
            "(event.b > event.a)");
}

// A macro's own variables do not catch what it is given, and those where it is used do not catch
// its names.
TEST(Macros, AreHygienic) {
  EXPECT_EQ(Where("some(x)", "macros: { some(p): 'items.exists(x, x == p)' }"),
            "exists(event.items, @0, (@0 == event.x))");
  EXPECT_EQ(Where("items.exists(user, same)", "macros: { same: user == 1 }"),
            "exists(event.items, @0, (event.user == 1))");
  EXPECT_EQ(Where("items.exists(x, some(x))", "macros: { some(p): 'all.exists(x, x == p)' }"),
            "exists(event.items, @0, exists(event.all, @1, (@1 == @0)))");
  EXPECT_EQ(Where("items.exists(i, i.all(t, t > 0) && a(i))",
                  "macros: { a(items): 'items.exists(i, i == 1)' }"),
            "exists(event.items, @0, (all(@0, @1, (@1 > 0)) && exists(@0, @2, (@2 == 1))))");
  EXPECT_EQ(Where("t", "macros: { t: 'items.exists(t, t > 1)' }"),
            "exists(event.items, @0, (@0 > 1))");
}

// A variable, the second too, is no other macro's name.
TEST(Macros, VariablesOfTheirOwnAreNoCycles) {
  EXPECT_EQ(Where("t(tags)", "macros: { t(all): 'all.exists(i, t, i < t)' }"),
            "exists(event.tags, @0, @1, (@0 < @1))");
  EXPECT_EQ(Where("twice(n)", "macros: { twice(x): 'cel.bind(twice, x, twice == 1)' }"),
            "cel.bind(event.n, @0, (@0 == 1))");
}

TEST(Macros, AreInTheFingerprint) {
  const auto print = [](const std::string& text) {
    const LoadResult result = LoadText(text);
    EXPECT_NE(result.rules, nullptr) << Render(result.diagnostics);
    return ToHex(result.rules->rules.at(0).fingerprint);
  };
  const std::string rule = "---\n{ id: r, on: logins, where: m }";
  const std::string plain = print("{ id: r, on: logins, where: x == 1 }");
  EXPECT_EQ(print("macros: { m: x == 1 }\n" + rule), plain);
  EXPECT_EQ(print("macros: { m: n, n: (x == 1) }\n" + rule), plain);
  EXPECT_NE(print("macros: { m: x == 2 }\n" + rule), plain);
}

TEST(Macros, StepsAndTheirNamesWin) {
  const LoadResult result = LoadText(
      "id: r\nby: user\nsequence:\n  - first: { on: logins }\n  - second: { on: logins, where: "
      "'first.x == 1 && m' }\n"
      "within: 1h\n---\nmacros: { first: x == 2, m: first.y == 2 }\n");
  ASSERT_NE(result.rules, nullptr) << Render(result.diagnostics);
  EXPECT_EQ(ToString(*result.rules->rules[0].steps[1].selector.where->root),
            "((step#0.x == 1) && (step#0.y == 2))");
  EXPECT_EQ(Codes(result), "R0921 R0941");
  EXPECT_EQ(Codes("{ id: r, on: payments, where: country }\n---\nmacros: { country: x == 1 }"),
            "R0921");
}

// first() and its like are only called on a list, so that their names are free.
TEST(Macros, MayBeNamedLikeWhatIsCalledOnSomething) {
  const LoadResult result = LoadText(
      "{ id: r, on: payments, where: 'first(3) && tags.first().hasValue()' }\n---\n"
      "macros: { first(n): x == n }\n");
  ASSERT_NE(result.rules, nullptr) << Render(result.diagnostics);
  EXPECT_EQ(ToString(*result.rules->rules[0].steps[0].selector.where->root),
            "((event.x == 3) && hasValue(first(event.tags)))");
}

TEST(Macros, KeyPartsAreNamedByThem) {
  const LoadResult result = LoadText(
      "{ id: r, by: user, on: logins, alert: { title: '{{user}}' } }\n---\nmacros: { user: "
      "lowerAscii(email) }\n");
  ASSERT_NE(result.rules, nullptr) << Render(result.diagnostics);
  const Rule& rule = result.rules->rules[0];
  EXPECT_EQ(ToString(*rule.steps[0].selector.by[0].root), "lowerAscii(event.email)");
  EXPECT_EQ(ToString(*rule.alert.title->holes[0].root), "key#0");
}

TEST(Macros, MistakesAreTold) {
  EXPECT_EQ(Codes("macros: { a: 'x ==' }\n---\n{ id: r, on: logins, where: a }"), "R0301");
  EXPECT_EQ(Codes("macros: { a: b, b: c, c: 'a && x' }\n---\n{ id: r, on: logins, where: a }"),
            "R0707");
  EXPECT_EQ(Codes("macros: { a: a }\n---\n{ id: r, on: logins, where: a }"), "R0707");
  EXPECT_EQ(Codes("macros: { a(x): x }\n---\n{ id: r, on: logins, where: 'a && a(1, 2)' }"),
            "R0708 R0708");
  EXPECT_EQ(Codes("macros: { a: x == 1 }\n---\n{ id: r, on: logins, where: 'a(1)' }"), "R0708");
  EXPECT_EQ(Codes("macros: { a: x == 1 }\n---\n{ id: r, on: logins, where: 'a()' }"), "");
  EXPECT_EQ(Codes("macros: { a: x == 1 }\n---\n{ id: r, on: logins, where: 'has(a)' }"), "R0309");
  EXPECT_EQ(Codes("macros: { a(x): has(x) }\n---\n{ id: r, on: logins, where: 'a(1)' }"),
            "R0309 R0406");
  EXPECT_EQ(Codes("macros: { a: '1' }\n---\n{ id: r, on: logins, where: a }"), "R0406");
  EXPECT_EQ(Codes("macros: { a: nosuch(1) }\n---\n{ id: r, on: logins, where: a }"), "R0402");
}

// 2^40 copies of x.
TEST(Macros, GrowthIsBounded) {
  std::string text = "macros:\n  m0: x\n";
  for (int i = 1; i < 40; ++i) {
    const std::string before = "m" + std::to_string(i - 1);
    text += "  m" + std::to_string(i) + ": " + before + " || " + before + "\n";
  }
  EXPECT_EQ(Codes(text + "---\n{ id: r, on: logins, where: m30 }"), "R0311");
}

TEST(Macros, PlacesAreInTheMacroAndItsUse) {
  const LoadResult result = LoadText(
      "{ id: r, on: logins, where: outer }\n---\nmacros: { outer: inner, inner: nosuch(1) }");
  ASSERT_EQ(result.diagnostics.list().size(), 1u);
  const Diagnostic& error = result.diagnostics.list()[0];
  EXPECT_EQ(error.span.file->text().substr(error.span.begin, 6), "nosuch");
  ASSERT_EQ(error.labels.size(), 2u);
  EXPECT_EQ(error.labels[0].message, "the macro 'inner' is used here");
  EXPECT_EQ(error.labels[0].span.file->text().substr(error.labels[0].span.begin, 5), "inner");
  EXPECT_EQ(error.labels[1].message, "the macro 'outer' is used here");
}

TEST(Tables, AreAskedByAKey) {
  EXPECT_EQ(Where("tables.users[user].country == 'DE' && user in tables.users", "# none"),
            "((tables.users[event.user].country == \"DE\") && (event.user in tables.users))");
  EXPECT_EQ(Codes("{ id: r, on: payments, where: 'amount > tables.users[user].limit' }"), "");
  EXPECT_EQ(Codes("{ id: r, on: payments, where: 'tables.users[user].limit == \"x\"' }"), "R0403");
  EXPECT_EQ(Codes("{ id: r, on: payments, where: 'tables.usrs[user].limit > 1.0' }"), "R0709");
  EXPECT_EQ(Codes("{ id: r, on: payments, where: size(tables.users) > 1 }"), "R0710");
  EXPECT_EQ(Codes("{ id: r, on: payments, where: 'tables.users.exists(u, u == user)' }"), "R0710");
  EXPECT_EQ(Codes("{ id: r, on: payments, where: tables > 1 }"), "R0709");
}

TEST(Exceptions, ReachTheModel) {
  const LoadResult result = LoadText(R"(
id: r
by: user
sequence:
  - login: { on: logins }
  - pay:   { on: payments, repeat: 2 }
within: 1h
exceptions:
  - { name: tests, where: 'user in lists.tests', expires: 2027-01-01 }
  - { name: small, where: 'pay[0].amount < 1.0', expires: '2026-05-01T12:00:00+02:00' }
  - { name: home,  where: 'login.country == tables.users[user].country' }
---
lists: { tests: [u1] }
)");
  ASSERT_NE(result.rules, nullptr) << Render(result.diagnostics);
  const std::vector<Exception>& exceptions = result.rules->rules[0].exceptions;
  ASSERT_EQ(exceptions.size(), 3u);
  EXPECT_EQ(exceptions[0].name, "tests");
  EXPECT_EQ(ToString(*exceptions[0].where.root), "(key#0 in lists.tests)");
  EXPECT_EQ(exceptions[0].expires, 1'798'761'600 * kSecond);
  EXPECT_EQ(exceptions[1].expires, 1'777'629'600 * kSecond);
  EXPECT_EQ(exceptions[2].expires, std::nullopt);
}

TEST(Exceptions, OfSingleEventsSeeTheirFields) {
  EXPECT_EQ(Codes("{ id: r, on: payments, exceptions: [ { name: a, where: 'amount < 5.0 && "
                  "payments.x == 1' } ] }"),
            "");
  EXPECT_EQ(Codes("{ id: r, sequence: [ { p: { on: payments } } ], exceptions: [ { name: a, where: "
                  "amount < 5.0 } ] }"),
            "R0401");
}

TEST(Exceptions, AreOutsideTheFingerprint) {
  const LoadResult with =
      LoadText("{ id: r, on: payments, exceptions: [ { name: a, where: amount < 5.0 } ] }");
  const LoadResult without = LoadText("{ id: r, on: payments }");
  ASSERT_NE(with.rules, nullptr);
  EXPECT_EQ(with.rules->rules[0].fingerprint, without.rules->rules[0].fingerprint);
}

TEST(Exceptions, MistakesAreTold) {
  const auto one = [](const std::string& exception) {
    return Codes("{ id: r, on: payments, exceptions: [ " + exception + " ] }");
  };
  EXPECT_EQ(one("{ name: a }"), "R0102");
  EXPECT_EQ(one("{ where: amount < 5.0 }"), "R0102");
  EXPECT_EQ(one("{ name: a, where: amount < 5.0, until: 2027-01-01 }"), "R0101");
  EXPECT_EQ(one("{ name: a, where: amount }"), "R0406");
  EXPECT_EQ(one("{ name: a, where: amount < 5.0 }, { name: a, where: amount < 6.0 }"), "R0715");
  EXPECT_EQ(one("x"), "R0103");
  EXPECT_EQ(Codes("{ id: r, on: payments, exceptions: x }"), "R0103");
  for (const char* time :
       {"2027-13-01", "2027", "tomorrow", "2027-01-01T00:00:00", "9999-01-01", "01/02/2027"}) {
    EXPECT_EQ(one(std::string("{ name: a, where: amount < 5.0, expires: '") + time + "' }"),
              "R0714")
        << time;
  }
}

TEST(Exceptions, ExpiredOnesAreWarnedOfWhereTheTimeIsKnown) {
  const auto files = {File("a.yml",
                           "{ id: r, on: payments, exceptions: [ { name: a, where: amount < 5.0, "
                           "expires: 2026-01-01 } ] }")};
  LoadInputs inputs = Inputs();
  EXPECT_EQ(Codes(Load(files, inputs)), "");
  inputs.now = 1'767'225'599 * kSecond;  // the second before
  EXPECT_EQ(Codes(Load(files, inputs)), "");
  inputs.now = 1'767'225'600 * kSecond;
  EXPECT_EQ(Codes(Load(files, inputs)), "R0943");
}

constexpr char kVendor[] = R"(
id: vendor
title: Vendor's
tags: vendor
level: low
on: payments
where: amount > 5.0
alert: { risk_score: 10, fields: { amount: payments.amount } }
)";

Rule Overridden(const std::vector<std::string>& overrides) {
  std::vector<SourcePtr> files;
  for (size_t i = 0; i < overrides.size(); ++i)
    files.push_back(File("o" + std::to_string(i) + ".yml", overrides[i]));
  files.insert(files.begin(), File("vendor.yml", kVendor));
  const LoadResult result = Load(files, Inputs());
  EXPECT_NE(result.rules, nullptr) << Render(result.diagnostics);
  if (result.rules == nullptr) return {};
  std::reverse(files.begin(), files.end());
  const LoadResult reversed = Load(files, Inputs());
  EXPECT_EQ(reversed.rules->rules[0].tags, result.rules->rules[0].tags);
  return result.rules->rules[0];
}

std::string OverrideCodes(const std::string& override) {
  return Codes(kVendor + ("---\n" + override));
}

TEST(Overrides, AppendAddsToLists) {
  const Rule rule =
      Overridden({"{ id: vendor, override: append, tags: [a, b], exceptions: [ { name: x, where: "
                  "amount < 9.0 } ] }",
                  "{ id: vendor, override: append, tags: c, exceptions: [ { name: y, where: amount "
                  "< 9.0 } ],\n"
                  "  alert: { fields: { country: payments.country }, entities: [ { type: c, id: "
                  "payments.country } ] } }"});
  EXPECT_EQ(rule.tags, (std::vector<std::string>{"vendor", "a", "b", "c"}));
  ASSERT_EQ(rule.exceptions.size(), 2u);
  EXPECT_EQ(rule.exceptions[1].name, "y");
  EXPECT_EQ(rule.alert.fields.size(), 2u);
  EXPECT_EQ(rule.alert.entities.size(), 1u);
  EXPECT_EQ(rule.alert.risk_score, 10);
}

TEST(Overrides, ReplacePutsValuesInThePlaceOfOthers) {
  const Rule rule =
      Overridden({"{ id: vendor, override: replace, level: high, mode: shadow, tags: [mine], "
                  "where: amount > 7.0, alert: { risk_score: 90 } }"});
  EXPECT_EQ(rule.level, Level::kHigh);
  EXPECT_EQ(rule.mode, Mode::kShadow);
  EXPECT_EQ(rule.title, "Vendor's");
  EXPECT_EQ(rule.tags, (std::vector<std::string>{"mine"}));
  EXPECT_EQ(rule.alert.risk_score, 90);
  EXPECT_TRUE(rule.alert.fields.empty());
  EXPECT_EQ(ToString(*rule.steps[0].selector.where->root), "(event.amount > 7.0)");
}

TEST(Overrides, EachKeyInItsOwnWay) {
  const Rule rule = Overridden(
      {"{ id: vendor, override: { tags: append, level: replace }, tags: [mine], level: high }",
       "{ id: vendor, override: replace, tags: [base] }"});
  EXPECT_EQ(rule.level, Level::kHigh);
  EXPECT_EQ(rule.tags, (std::vector<std::string>{"base", "mine"}));
}

TEST(Overrides, MistakesAreTold) {
  EXPECT_EQ(OverrideCodes("{ id: vendro, override: append, tags: [a] }"), "R0711");
  EXPECT_EQ(OverrideCodes("{ override: append, tags: [a] }"), "R0102");
  EXPECT_EQ(OverrideCodes("{ id: vendor, override: apend, tags: [a] }"), "R0104");
  EXPECT_EQ(OverrideCodes("{ id: vendor, override: append, level: high, where: x == 1 }"),
            "R0713 R0713");
  EXPECT_EQ(OverrideCodes("{ id: vendor, override: append, alert: { title: x } }"), "R0713");
  EXPECT_EQ(
      OverrideCodes("{ id: vendor, override: append, alert: { fields: { amount: payments.x } } }"),
      "R0712");
  EXPECT_EQ(OverrideCodes("{ id: vendor, override: append, tags: { a: b } }"), "R0103");
  EXPECT_EQ(OverrideCodes("{ id: vendor, override: { tags: append }, level: high, tags: [a] }"),
            "R0102");
  EXPECT_EQ(OverrideCodes("{ id: vendor, override: { tags: append, level: replace }, tags: [a] }"),
            "R0101");
  EXPECT_EQ(OverrideCodes("{ id: vendor, override: replace, levle: high }"), "R0101");
  EXPECT_EQ(OverrideCodes("{ id: vendor, override: replace, level: high }\n---\n"
                          "{ id: vendor, override: replace, level: low }"),
            "R0712");
}

// What is wrong with what an override brings is told where it stands.
TEST(Overrides, PlacesAreThoseOfTheOverride) {
  const LoadResult result =
      Load({File("vendor.yml", kVendor),
            File("ours.yml", "id: vendor\noverride: replace\nwhere: nosuch(amount)\n")},
           Inputs());
  ASSERT_EQ(result.diagnostics.list().size(), 1u) << Render(result.diagnostics);
  EXPECT_EQ(result.diagnostics.list()[0].span.file->path(), "ours.yml");
}

TEST(Alerts, RiskModifiersAndEntitiesReachTheModel) {
  const LoadResult result = LoadText(R"(
id: r
by: user
on: payments
alert:
  risk_score: { base: 40, add: [ { where: 'payments.amount > 1000.0', score: 30 }, { where: 'user == "root"', score: -20 } ] }
  entities:
    - { type: user, id: user }
    - { type: host, id: payments.host, risk_score: 5 }
)");
  ASSERT_NE(result.rules, nullptr) << Render(result.diagnostics);
  const AlertSpec& alert = result.rules->rules[0].alert;
  EXPECT_EQ(alert.risk_score, 40);
  ASSERT_EQ(alert.risk_modifiers.size(), 2u);
  EXPECT_EQ(alert.risk_modifiers[1].score, -20);
  ASSERT_EQ(alert.entities.size(), 2u);
  EXPECT_EQ(alert.entities[1].type, "host");
  EXPECT_EQ(alert.entities[1].risk_score, 5);
  EXPECT_EQ(Codes("{ id: r, by: user, on: payments, alert: { entities: { user: user, host: "
                  "payments.host } } }"),
            "");
}

TEST(Alerts, MistakesInRiskAndEntitiesAreTold) {
  const auto alert = [](const std::string& text) {
    return Codes("{ id: r, by: user, on: payments, alert: { " + text + " } }");
  };
  EXPECT_EQ(alert("risk_score: 101"), "R0105");
  EXPECT_EQ(alert("risk_score: { base: 101 }"), "R0105");
  EXPECT_EQ(alert("risk_score: { bsae: 10 }"), "R0101");
  EXPECT_EQ(alert("risk_score: { add: x }"), "R0103");
  EXPECT_EQ(alert("risk_score: { add: [ { where: 'true' } ] }"), "R0102");
  EXPECT_EQ(alert("risk_score: { add: [ { score: 5 } ] }"), "R0102");
  EXPECT_EQ(alert("risk_score: { add: [ { where: 'user', score: 101 } ] }"), "R0406 R0105");
  EXPECT_EQ(alert("entities: x"), "R0103");
  EXPECT_EQ(alert("entities: [ { type: user } ]"), "R0102");
  EXPECT_EQ(alert("entities: [ { id: user } ]"), "R0102");
  EXPECT_EQ(alert("entities: [ { type: user, id: user, risk: 3 } ]"), "R0101");
  EXPECT_EQ(alert("entities: { user: 'true' }"), "R0406");
  EXPECT_EQ(alert("entities: { user: nobody }"), "R0401");
  EXPECT_EQ(Codes("{ id: r, by: user, on: payments, entities: {}, risk_score: 5 }"), "R0215 R0215");
}

}  // namespace
}  // namespace telltale::rules
