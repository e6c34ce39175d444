#include "daemon/testing/json_report.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "daemon/testing/text_report.h"
#include "rules/model/json.h"

namespace telltale::testing {
namespace {

using rules::Json;
using rules::JsonKind;

Json Object(std::vector<std::pair<std::string, Json>> members) {
  Json value;
  value.kind = JsonKind::kObject;
  value.members = std::move(members);
  return value;
}

Json Array() {
  Json value;
  value.kind = JsonKind::kArray;
  return value;
}

Json Bool(bool boolean) {
  Json value;
  value.kind = JsonKind::kBool;
  value.boolean = boolean;
  return value;
}

Json Count(size_t number) { return Json::Number(absl::StrCat(number)); }

void AddPlace(const rules::Span& span, Json& object) {
  if (span.file == nullptr) return;
  const rules::LineColumn place = span.file->Locate(span.begin);
  object.members.emplace_back("file", Json::String(span.file->path()));
  object.members.emplace_back("line", Count(place.line));
  object.members.emplace_back("column", Count(place.column));
}

Json Failure(const WrongAlert& wrong) {
  Json attributes = Array();
  for (const Attribute& attribute : wrong.attributes) {
    Json line = Object({{"name", Json::String(attribute.name)}});
    if (attribute.expected)
      line.members.emplace_back("expected", Json::String(*attribute.expected));
    if (attribute.got) line.members.emplace_back("got", Json::String(*attribute.got));
    line.members.emplace_back("differs", Bool(attribute.differs));
    attributes.items.push_back(std::move(line));
  }
  Json failure = Object({});
  if (wrong.expected != nullptr)
    failure.members.emplace_back("expected", Json::String(PlaceText(wrong.expected->span)));
  failure.members.emplace_back("came", Bool(wrong.got != nullptr));
  failure.members.emplace_back("attributes", std::move(attributes));
  return failure;
}

Json Test(const TestResult& result) {
  const char* const verdict = result.passed() ? "passed" : result.failed() ? "failed" : "skipped";
  Json rules = Array();
  for (const std::string& rule : result.test->rules) rules.items.push_back(Json::String(rule));
  Json test = Object({{"name", Json::String(result.test->name)}, {"rules", std::move(rules)}});
  AddPlace(result.test->span, test);
  test.members.emplace_back("result", Json::String(verdict));
  if (!result.failed()) return test;
  Json failures = Array();
  for (const WrongAlert& wrong : result.verdict.wrong) failures.items.push_back(Failure(wrong));
  test.members.emplace_back("failures", std::move(failures));
  Json events = Array();
  for (const std::string& fault : result.verdict.event_faults)
    events.items.push_back(Json::String(fault));
  test.members.emplace_back("events", std::move(events));
  test.members.emplace_back("text", Json::String(FailureText(result)));
  return test;
}

Json CoverageJson(const std::vector<RuleCoverage>& rules) {
  Json list = Array();
  for (const RuleCoverage& rule : rules) {
    Json missed = Array();
    for (const CoveragePoint& point : rule.missed) {
      Json entry = Object({{"kind", Json::String(point.kind)}, {"text", Json::String(point.text)}});
      AddPlace(point.span, entry);
      missed.items.push_back(std::move(entry));
    }
    list.items.push_back(Object({{"rule", Json::String(rule.rule->id)},
                                 {"tests", Count(rule.tests)},
                                 {"points", Count(rule.points)},
                                 {"reached", Count(rule.reached())},
                                 {"missed", std::move(missed)}}));
  }
  return list;
}

}  // namespace

std::string JsonReport(const std::vector<TestResult>& results,
                       const std::vector<RuleCoverage>* coverage) {
  Json tests = Array();
  size_t passed = 0;
  size_t failed = 0;
  for (const TestResult& result : results) {
    tests.items.push_back(Test(result));
    passed += result.passed() ? 1 : 0;
    failed += result.failed() ? 1 : 0;
  }
  Json report = Object({{"tests", std::move(tests)},
                        {"passed", Count(passed)},
                        {"failed", Count(failed)},
                        {"skipped", Count(results.size() - passed - failed)}});
  if (coverage != nullptr) report.members.emplace_back("coverage", CoverageJson(*coverage));
  std::string text;
  rules::AppendJson(report, text);
  return text + "\n";
}

}  // namespace telltale::testing
