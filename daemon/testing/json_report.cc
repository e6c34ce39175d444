#include "daemon/testing/json_report.h"

#include "daemon/report/json_writer.h"
#include "daemon/testing/text_report.h"

namespace telltale::testing {
namespace {

using report::JsonWriter;

void WritePlace(const rules::Span& span, JsonWriter& json) {
  if (span.file == nullptr) return;
  const rules::LineColumn place = span.file->Locate(span.begin);
  json.Key("file").Text(span.file->path());
  json.Key("line").Number(place.line).Key("column").Number(place.column);
}

void WriteFailure(const WrongAlert& wrong, JsonWriter& json) {
  json.BeginObject();
  if (wrong.expected != nullptr) json.Key("expected").Text(PlaceText(wrong.expected->span));
  json.Key("came").Bool(wrong.got != nullptr).Key("attributes").BeginArray();
  for (const Attribute& attribute : wrong.attributes) {
    json.BeginObject().Key("name").Text(attribute.name);
    if (attribute.expected) json.Key("expected").Text(*attribute.expected);
    if (attribute.got) json.Key("got").Text(*attribute.got);
    json.Key("differs").Bool(attribute.differs).EndObject();
  }
  json.EndArray().EndObject();
}

void WriteTest(const TestResult& result, JsonWriter& json) {
  json.BeginObject().Key("name").Text(result.test->name).Key("rules").BeginArray();
  for (const std::string& rule : result.test->rules) json.Text(rule);
  json.EndArray();
  WritePlace(result.test->span, json);
  json.Key("result").Text(result.passed() ? "passed" : result.failed() ? "failed" : "skipped");
  if (result.failed()) {
    json.Key("failures").BeginArray();
    for (const WrongAlert& wrong : result.verdict.wrong) WriteFailure(wrong, json);
    json.EndArray().Key("events").BeginArray();
    for (const std::string& fault : result.verdict.event_faults) json.Text(fault);
    json.EndArray().Key("text").Text(FailureText(result));
  }
  json.EndObject();
}

void WriteCoverage(const std::vector<RuleCoverage>& rules, JsonWriter& json) {
  json.BeginArray();
  for (const RuleCoverage& rule : rules) {
    json.BeginObject().Key("rule").Text(rule.rule->id).Key("tests").Number(rule.tests);
    json.Key("points").Number(rule.points).Key("reached").Number(rule.reached());
    json.Key("missed").BeginArray();
    for (const CoveragePoint& point : rule.missed) {
      json.BeginObject().Key("kind").Text(point.kind).Key("text").Text(point.text);
      WritePlace(point.span, json);
      json.EndObject();
    }
    json.EndArray().EndObject();
  }
  json.EndArray();
}

}  // namespace

std::string JsonReport(const std::vector<TestResult>& results,
                       const std::vector<RuleCoverage>* coverage) {
  JsonWriter json;
  json.BeginObject().Key("tests").BeginArray();
  size_t passed = 0;
  size_t failed = 0;
  for (const TestResult& result : results) {
    WriteTest(result, json);
    passed += result.passed() ? 1 : 0;
    failed += result.failed() ? 1 : 0;
  }
  json.EndArray().Key("passed").Number(passed).Key("failed").Number(failed);
  json.Key("skipped").Number(results.size() - passed - failed);
  if (coverage != nullptr) WriteCoverage(*coverage, json.Key("coverage"));
  json.EndObject();
  return json.Take() + "\n";
}

}  // namespace telltale::testing
