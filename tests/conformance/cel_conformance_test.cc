// The runner of conformance cases itself: what is equal, what meets an expected error, what the
// list of deviations does.
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <set>
#include <sstream>
#include <utility>

#include "tests/conformance/cel_run.h"

namespace telltale::conformance {
namespace {

CelValue Read(const std::string& json) {
  simdjson::dom::parser parser;
  simdjson::dom::element element;
  EXPECT_EQ(parser.parse(json).get(element), simdjson::SUCCESS) << json;
  const auto value = ReadValue(element);
  EXPECT_TRUE(value.ok()) << json << ": " << value.status().message();
  return value.ok() ? *value : CelValue();
}

// A case whose expectation is written as JSON; empty: an error.
CelCase Case(const std::string& expr, const std::string& expect) {
  CelCase made;
  made.name = "case";
  made.expr = expr;
  if (!expect.empty()) made.expect = Read(expect);
  return made;
}

bool Passes(const CelCase& test) { return Meets(test, RunCase(test)); }

std::string WriteFile(const std::string& name, const std::string& text) {
  const std::string path = testing::TempDir() + name;
  std::ofstream(path, std::ios::binary) << text;
  return path;
}

TEST(CelValue, IsWrittenAsCelWouldBe) {
  EXPECT_EQ(Text(Read(R"({"null": true})")), "null");
  EXPECT_EQ(Text(Read(R"({"bool": false})")), "false");
  EXPECT_EQ(Text(Read(R"({"int": "-9223372036854775808"})")), "-9223372036854775808");
  EXPECT_EQ(Text(Read(R"({"uint": "18446744073709551615"})")), "18446744073709551615u");
  EXPECT_EQ(Text(Read(R"({"double": "-0.0"})")), "0.0");
  EXPECT_EQ(Text(Read(R"({"double": "1e+100"})")), "1e+100");
  EXPECT_EQ(Text(Read(R"({"double": "nan"})")), "nan");
  EXPECT_EQ(Text(Read(R"({"double": "-inf"})")), "-inf");
  EXPECT_EQ(Text(Read(R"({"string": "a\"ÿ"})")), "\"a\\\"ÿ\"");
  EXPECT_EQ(Text(Read(R"({"bytes": "AP8="})")), "b\"\\x00\\xff\"");
  EXPECT_EQ(Text(Read(R"({"type": "list"})")), "type list");
  EXPECT_EQ(Text(Read(R"({"list": [{"int": "1"}, {"list": []}]})")), "[1, []]");
  EXPECT_EQ(Text(Read(R"({"timestamp": {"s": "17", "ns": 5}})")), "timestamp(17s 5ns)");
  EXPECT_EQ(Text(Read(R"({"duration": {"s": "-1", "ns": -500000000}})")),
            "duration(-2s 500000000ns)");
}

TEST(CelValue, MapsHaveNoOrder) {
  const std::string ab =
      R"({"map": [[{"string": "a"}, {"int": "1"}], [{"string": "b"}, {"int": "2"}]]})";
  const std::string ba =
      R"({"map": [[{"string": "b"}, {"int": "2"}], [{"string": "a"}, {"int": "1"}]]})";
  EXPECT_EQ(Text(Read(ab)), Text(Read(ba)));
  EXPECT_EQ(Text(Read(ab)), "{\"a\": 1, \"b\": 2}");
}

TEST(CelValue, RefusesWhatIsNotOfTheForm) {
  simdjson::dom::parser parser;
  for (const char* json :
       {"3", "{}", R"({"int": "x"})", R"({"int": "1", "uint": "1"})", R"({"word": true})",
        R"({"bytes": "*"})", R"({"map": [[{"int": "1"}]]})", R"({"list": [3]})",
        R"({"double": "1.0x"})", R"({"uint": "-1"})", R"({"bool": "true"})"}) {
    EXPECT_FALSE(ReadValue(parser.parse(std::string_view(json)).value_unsafe()).ok()) << json;
  }
}

TEST(CelRun, KindsOfNumbersDiffer) {
  EXPECT_TRUE(Passes(Case("1", R"({"int": "1"})")));
  EXPECT_FALSE(Passes(Case("1", R"({"uint": "1"})")));
  EXPECT_FALSE(Passes(Case("1u", R"({"double": "1.0"})")));
  EXPECT_FALSE(Passes(Case("1.0", R"({"int": "1"})")));
  EXPECT_TRUE(Passes(
      Case("[1, 2u, 3.0]", R"({"list": [{"int": "1"}, {"uint": "2"}, {"double": "3.0"}]})")));
  EXPECT_FALSE(Passes(Case("[1]", R"({"list": [{"uint": "1"}]})")));
  EXPECT_FALSE(Passes(Case("'1'", R"({"bytes": "MQ=="})")));
}

TEST(CelRun, NanEqualsNan) {
  EXPECT_TRUE(Passes(Case("0.0 / 0.0", R"({"double": "nan"})")));
  EXPECT_FALSE(Passes(Case("1.0 / 0.0", R"({"double": "nan"})")));
  EXPECT_TRUE(Passes(Case("[0.0 / 0.0]", R"({"list": [{"double": "nan"}]})")));
}

TEST(CelRun, AnyErrorMeetsAnExpectedError) {
  EXPECT_TRUE(Passes(Case("1 / 0", "")));    // at evaluation
  EXPECT_TRUE(Passes(Case("'a' - 1", "")));  // of the checker
  EXPECT_TRUE(Passes(Case("1 +", "")));      // of the parser
  EXPECT_FALSE(Passes(Case("1 + 1", "")));   // a value is no error
  EXPECT_FALSE(Passes(Case("1 / 0", R"({"int": "0"})")));
  EXPECT_FALSE(Meets(Case("x", ""), {Outcome::Kind::kFailure, "our own mistake"}));
}

TEST(CelRun, BindsNamesAndPaths) {
  CelCase test = Case("a.b.c + a.b.d.e", R"({"int": "3"})");
  test.bindings.push_back({{"a", "b", "c"}, Read(R"({"int": "1"})")});
  test.bindings.push_back({{"a", "b", "d"}, Read(R"({"map": [[{"string": "e"}, {"int": "2"}]]})")});
  EXPECT_TRUE(Passes(test)) << RunCase(test).text;
  // The longest name that is bound counts.
  test = Case("a.b.c", R"({"string": "yes"})");
  test.bindings.push_back({{"a", "b"}, Read(R"({"map": [[{"string": "c"}, {"string": "no"}]]})")});
  test.bindings.push_back({{"a", "b", "c"}, Read(R"({"string": "yes"})")});
  EXPECT_TRUE(Passes(test)) << RunCase(test).text;
}

TEST(CelRun, BindingsHaveTypes) {
  CelCase test = Case("x.startsWith('a')", "");
  test.bindings.push_back({{"x"}, Read(R"({"int": "1"})")});
  EXPECT_EQ(RunCase(test).text.substr(0, 12), "error[R0403]");
  test.bindings[0].value = Read(R"({"null": true})");  // declared as dyn
  EXPECT_EQ(RunCase(test).text, "error: no_such_overload");
  for (const char* json :
       {R"({"bytes": "AP8="})", R"({"double": "1.5"})", R"({"bool": true})",
        R"({"list": [{"int": "1"}, {"string": "a"}]})",
        R"({"map": [[{"int": "1"}, {"uint": "2"}]]})", R"({"timestamp": {"s": "17", "ns": 5}})",
        R"({"duration": {"s": "-1", "ns": -500000000}})"}) {
    CelCase same = Case("x", json);
    same.bindings.push_back({{"x"}, Read(json)});
    EXPECT_TRUE(Passes(same)) << RunCase(same).text;
  }
}

TEST(CelRun, NamesEachCaseThatFails) {
  std::ostringstream report;
  const Tally tally = RunCases(
      {Case("1", R"({"int": "1"})"), Case("1u", R"({"int": "1"})"), Case("2", "")}, {}, report);
  EXPECT_EQ(tally.passed, 1u);
  EXPECT_EQ(tally.failed, 2u);
  EXPECT_EQ(report.str(),
            "FAIL case: 1u\n  expected 1\n  got      1u\n"
            "FAIL case: 2\n  expected an error\n  got      2\n");
}

TEST(CelDeviations, GiveWhatIsListedAndAreOfNeitherCount) {
  std::vector<CelCase> cases(60, Case("1", R"({"int": "1"})"));
  cases.push_back(Case("1u", R"({"int": "1"})"));
  std::ostringstream report;
  Tally tally = RunCases(cases, {{"case", "1u", "1u", "for a reason"}}, report);
  EXPECT_EQ(tally.passed, 60u);
  EXPECT_EQ(tally.failed, 0u);
  EXPECT_EQ(tally.deviating, 1u);
  EXPECT_EQ(report.str(), "");
  tally = RunCases(cases, {{"case", "1u", "2u", "for a reason"}}, report);
  EXPECT_EQ(tally.failed, 1u);
  EXPECT_NE(report.str().find("expected 2u\n  got      1u"), std::string::npos);
}

TEST(CelDeviations, AreStaleWhereTheCasePasses) {
  std::ostringstream report;
  const Tally tally =
      RunCases({Case("1", R"({"int": "1"})")}, {{"case", "1", "1", "for a reason"}}, report);
  EXPECT_EQ(tally.failed, 1u);
  EXPECT_NE(report.str().find("stale"), std::string::npos);
}

TEST(CelDeviations, AreAtMostTwoInAHundred) {
  std::vector<CelCase> cases(98, Case("1", R"({"int": "1"})"));
  cases.push_back(Case("1u", R"({"int": "1"})"));
  cases.push_back(Case("2u", R"({"int": "2"})"));
  const std::vector<Deviation> listed = {{"case", "1u", "1u", "a"}, {"case", "2u", "2u", "b"}};
  std::ostringstream report;
  EXPECT_EQ(RunCases(cases, listed, report).failed, 0u);
  cases.erase(cases.begin());
  EXPECT_EQ(RunCases(cases, listed, report).failed, 1u);
  EXPECT_NE(report.str().find("2 of 99 cases deviate"), std::string::npos);
}

// The list of the project: well formed, nothing twice, at most 2 % of the suite's 1,257 cases.
TEST(CelDeviations, OfTheProject) {
  const auto listed = ReadDeviations(TELLTALE_CEL_DEVIATIONS);
  ASSERT_TRUE(listed.ok()) << listed.status().message();
  EXPECT_LE(listed->size() * 100, 1257 * kMostDeviating);
  std::set<std::pair<std::string, std::string>> seen;
  for (const Deviation& deviation : *listed)
    EXPECT_TRUE(seen.emplace(deviation.name, deviation.expr).second) << deviation.name;
}

TEST(CelFiles, AreReadWhole) {
  const auto cases = ReadCases(WriteFile("cases.json", R"([
    {"name": "a/b", "expr": "x", "bindings": {"x.y": {"int": "1"}}, "expect": {"int": "1"}},
    {"name": "c", "expr": "1/0", "error": ["divide by zero"]}])"));
  ASSERT_TRUE(cases.ok()) << cases.status().message();
  ASSERT_EQ(cases->size(), 2u);
  EXPECT_EQ((*cases)[0].bindings[0].path, (rules::FieldPath{"x", "y"}));
  EXPECT_EQ(Expected((*cases)[0]), "1");
  EXPECT_EQ(Expected((*cases)[1]), "an error");
}

TEST(CelFiles, SayWhatIsWrong) {
  const auto wrong = [](const std::string& text) {
    return std::string(ReadCases(WriteFile("wrong.json", text)).status().message());
  };
  EXPECT_NE(wrong("{").find("not an array of JSON"), std::string::npos);
  EXPECT_NE(wrong("{}").find("not an array of JSON"), std::string::npos);
  EXPECT_NE(wrong(R"([{"name": "a"}])").find("entry 0: a case without"), std::string::npos);
  EXPECT_NE(wrong(R"([{"name": "a", "expr": "1"}])").find("one of"), std::string::npos);
  EXPECT_NE(wrong(R"([{"name": "a", "expr": "1", "expect": {"x": 1}}])").find("not a value"),
            std::string::npos);
  EXPECT_FALSE(ReadCases(testing::TempDir() + "no such file").ok());
  EXPECT_FALSE(ReadDeviations(WriteFile("d.json", R"([{"case": "a", "expr": "1"}])")).ok());
}

}  // namespace
}  // namespace telltale::conformance
