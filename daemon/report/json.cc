// A report as one JSON document of our own; report.schema.json says what may be in it.
#include "daemon/report/explain.h"
#include "daemon/report/forms.h"
#include "daemon/report/json_writer.h"
#include "daemon/report/place.h"
#include "daemon/telemetry/version.h"

namespace telltale::report {
namespace {

void WriteLabels(const rules::Diagnostic& diagnostic, JsonWriter& json) {
  json.Key("labels").BeginArray();
  for (const rules::Label& label : diagnostic.labels) {
    json.BeginObject().Key("message").Text(label.message);
    if (label.span.file != nullptr) WritePlace(label.span, json.Key("place"));
    json.EndObject();
  }
  json.EndArray();
}

void WriteDiagnostic(const rules::Diagnostic& diagnostic, JsonWriter& json) {
  const bool error = diagnostic.severity == rules::Severity::kError;
  json.BeginObject().Key("severity").Text(error ? "error" : "warning");
  json.Key("code").Text(diagnostic.code.id).Key("title").Text(diagnostic.code.title);
  json.Key("message").Text(diagnostic.message);
  if (!diagnostic.suggestion.empty()) json.Key("suggestion").Text(diagnostic.suggestion);
  if (diagnostic.span.file != nullptr) WritePlace(diagnostic.span, json.Key("place"));
  WriteLabels(diagnostic, json);
  json.Key("notes").BeginArray();
  for (const std::string& note : diagnostic.notes) json.Text(note);
  json.EndArray();
  if (const std::optional<rules::Fix> fix = rules::FixOf(diagnostic)) {
    json.Key("fix").BeginObject();
    WritePlace(fix->span, json.Key("place"));
    json.Key("text").Text(fix->text).EndObject();
  }
  json.EndObject();
}

void WriteStream(const SampledStream& stream, JsonWriter& json) {
  json.BeginObject().Key("stream").Text(stream.name).Key("events").Number(stream.events);
  json.Key("bad_lines").Number(stream.bad_lines).Key("bad_reasons").BeginObject();
  for (const auto& [reason, lines] : stream.bad_reasons) json.Key(reason).Number(lines);
  json.EndObject().Key("fields").BeginArray();
  for (const SampledField& field : stream.fields) {
    json.BeginObject().Key("path").Text(field.path).Key("events").Number(field.events);
    json.Key("types").BeginArray();
    for (const std::string& type : field.types) json.Text(type);
    json.EndArray().EndObject();
  }
  json.EndArray().Key("more_fields").Bool(stream.more_fields).EndObject();
}

void WriteSample(const SampleFigures& sample, JsonWriter& json) {
  json.BeginObject().Key("streams").BeginArray();
  for (const SampledStream& stream : sample.streams) WriteStream(stream, json);
  json.EndArray().Key("steps").BeginArray();
  for (const SampledStep& step : sample.steps) {
    json.BeginObject().Key("rule").Text(step.rule).Key("step").Text(step.step);
    json.Key("stream").Text(step.stream).Key("fits").Number(step.fits);
    json.Key("errors").Number(step.errors).EndObject();
  }
  json.EndArray().EndObject();
}

}  // namespace

std::string JsonReport(const Report& report) {
  const rules::Diagnostics& diagnostics = report.diagnostics;
  JsonWriter json;
  json.BeginObject().Key("version").Number(1);
  json.Key("telltale").Text(telemetry::kVersion);
  json.Key("loads").Bool(report.loads);
  json.Key("rules").Number(report.rules).Key("files").Number(report.rule_files);
  json.Key("errors").Number(diagnostics.errors());
  json.Key("warnings").Number(diagnostics.added() - diagnostics.errors());
  json.Key("left_out").Number(diagnostics.added() - diagnostics.list().size());
  json.Key("diagnostics").BeginArray();
  for (const rules::Diagnostic& diagnostic : diagnostics.list()) WriteDiagnostic(diagnostic, json);
  json.EndArray();
  if (report.sample != nullptr) WriteSample(*report.sample, json.Key("sample"));
  json.EndObject();
  return json.Take() + "\n";
}

}  // namespace telltale::report
