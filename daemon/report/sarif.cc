// A report as a SARIF log: one run, with the rules (our codes) that it gave, their explanations as
// help, the further places of a diagnostic as related locations, and replacements as fixes. What
// has no place (a file that is not there) is a notification and no result: code scanning of GitHub
// refuses a log as a whole in which one result has no location.
//
// Source: OASIS, Static Analysis Results Interchange Format (SARIF) Version 2.1.0.
#include <algorithm>
#include <map>

#include "absl/strings/str_cat.h"
#include "daemon/report/explain.h"
#include "daemon/report/forms.h"
#include "daemon/report/json_writer.h"
#include "daemon/report/place.h"
#include "daemon/telemetry/version.h"

namespace telltale::report {
namespace {

constexpr std::string_view kSchema =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json";

void WriteMessage(std::string_view text, JsonWriter& json) {
  json.BeginObject().Key("text").Text(text).EndObject();
}

void WriteRegion(const Place& place, JsonWriter& json) {
  json.BeginObject().Key("startLine").Number(place.begin.line);
  json.Key("startColumn").Number(place.begin.column);
  json.Key("endLine").Number(place.end.line).Key("endColumn").Number(place.end.column);
  json.Key("byteOffset").Number(place.begin_byte);
  json.Key("byteLength").Number(place.end_byte - place.begin_byte).EndObject();
}

void WriteArtifact(const Place& place, JsonWriter& json) {
  json.Key("artifactLocation").BeginObject();
  json.Key("uri").Text(UriOf(place.file)).EndObject();
}

// The members of a location, whose object is open.
void WriteLocation(const rules::Span& span, JsonWriter& json) {
  const Place place = PlaceOf(span);
  json.Key("physicalLocation").BeginObject();
  WriteArtifact(place, json);
  WriteRegion(place, json.Key("region"));
  json.EndObject();
}

class Log {
 public:
  explicit Log(const Report& report) : report_(report) {
    for (const rules::Diagnostic& diagnostic : report.diagnostics.list()) {
      rules_.try_emplace(diagnostic.code.id, &diagnostic);
    }
    size_t index = 0;
    for (const auto& [id, first] : rules_) indices_[id] = index++;
  }

  std::string Text() {
    json_.BeginObject().Key("$schema").Text(kSchema).Key("version").Text("2.1.0");
    json_.Key("runs").BeginArray().BeginObject();
    Tool();
    json_.Key("columnKind").Text("unicodeCodePoints");
    Invocation();
    json_.Key("results").BeginArray();
    for (const rules::Diagnostic& diagnostic : report_.diagnostics.list()) {
      if (diagnostic.span.file != nullptr) Result(diagnostic);
    }
    json_.EndArray().EndObject().EndArray().EndObject();
    return json_.Take() + "\n";
  }

 private:
  void Tool() {
    json_.Key("tool").BeginObject().Key("driver").BeginObject();
    json_.Key("name").Text("telltale").Key("version").Text(telemetry::kVersion);
    json_.Key("rules").BeginArray();
    for (const auto& [id, first] : rules_) Rule(*first);
    json_.EndArray().EndObject().EndObject();
  }

  void Rule(const rules::Diagnostic& first) {
    json_.BeginObject().Key("id").Text(first.code.id);
    WriteMessage(first.code.title, json_.Key("shortDescription"));
    const rules::ExplainedCode* code = FindCode(first.code.id);
    if (code != nullptr && !code->text.empty()) {
      json_.Key("help").BeginObject().Key("text").Text(code->text);
      json_.Key("markdown").Text(code->text).EndObject();
    }
    json_.Key("defaultConfiguration").BeginObject();
    json_.Key("level").Text(Level(first)).EndObject().EndObject();
  }

  static std::string_view Level(const rules::Diagnostic& diagnostic) {
    return diagnostic.severity == rules::Severity::kError ? "error" : "warning";
  }

  void Invocation() {
    const std::vector<rules::Diagnostic>& all = report_.diagnostics.list();
    const auto placed = [](const auto& diagnostic) { return diagnostic.span.file != nullptr; };
    json_.Key("invocations").BeginArray().BeginObject();
    json_.Key("executionSuccessful").Bool(std::none_of(all.begin(), all.end(), [&](const auto& d) {
      return !placed(d) && d.severity == rules::Severity::kError;
    }));
    if (!std::all_of(all.begin(), all.end(), placed)) {
      json_.Key("toolConfigurationNotifications").BeginArray();
      for (const rules::Diagnostic& diagnostic : all) {
        if (!placed(diagnostic)) Notification(diagnostic);
      }
      json_.EndArray();
    }
    LeftOut();
    json_.EndObject().EndArray();
  }

  void Notification(const rules::Diagnostic& diagnostic) {
    json_.BeginObject().Key("associatedRule").BeginObject().Key("id").Text(diagnostic.code.id);
    json_.Key("index").Number(indices_.at(diagnostic.code.id)).EndObject();
    json_.Key("level").Text(Level(diagnostic));
    WriteMessage(Words(diagnostic), json_.Key("message"));
    json_.EndObject();
  }

  // Results are cut beyond Diagnostics::kMostKept, and a log must not look complete then.
  void LeftOut() {
    const size_t more = report_.diagnostics.added() - report_.diagnostics.list().size();
    if (more == 0) return;
    json_.Key("toolExecutionNotifications").BeginArray().BeginObject();
    json_.Key("level").Text("warning");
    WriteMessage(absl::StrCat(more, " more results are left out"), json_.Key("message"));
    json_.EndObject().EndArray();
  }

  void Result(const rules::Diagnostic& diagnostic) {
    json_.BeginObject().Key("ruleId").Text(diagnostic.code.id);
    json_.Key("ruleIndex").Number(indices_.at(diagnostic.code.id));
    json_.Key("level").Text(Level(diagnostic));
    WriteMessage(Words(diagnostic), json_.Key("message"));
    json_.Key("locations").BeginArray();
    WriteLocation(diagnostic.span, json_.BeginObject());
    json_.EndObject().EndArray();
    Related(diagnostic);
    Fix(diagnostic);
    json_.EndObject();
  }

  static std::string Words(const rules::Diagnostic& diagnostic) {
    std::string text = rules::MessageOf(diagnostic);
    for (const rules::Label& label : diagnostic.labels) {
      if (label.span.file == nullptr) absl::StrAppend(&text, "\n", label.message);
    }
    for (const std::string& note : diagnostic.notes) absl::StrAppend(&text, "\n", note);
    return text;
  }

  void Related(const rules::Diagnostic& diagnostic) {
    if (diagnostic.labels.empty()) return;
    json_.Key("relatedLocations").BeginArray();
    uint64_t id = 1;
    for (const rules::Label& label : diagnostic.labels) {
      if (label.span.file == nullptr) continue;
      json_.BeginObject().Key("id").Number(id++);
      WriteLocation(label.span, json_);
      WriteMessage(label.message, json_.Key("message"));
      json_.EndObject();
    }
    json_.EndArray();
  }

  void Fix(const rules::Diagnostic& diagnostic) {
    const std::optional<rules::Fix> fix = rules::FixOf(diagnostic);
    if (!fix) return;
    const Place place = PlaceOf(fix->span);
    json_.Key("fixes").BeginArray().BeginObject();
    WriteMessage(absl::StrCat("Write '", fix->text, "'"), json_.Key("description"));
    json_.Key("artifactChanges").BeginArray().BeginObject();
    WriteArtifact(place, json_);
    json_.Key("replacements").BeginArray().BeginObject();
    WriteRegion(place, json_.Key("deletedRegion"));
    WriteMessage(fix->text, json_.Key("insertedContent"));
    json_.EndObject().EndArray();  // replacements
    json_.EndObject().EndArray();  // artifactChanges
    json_.EndObject().EndArray();  // fixes
  }

  const Report& report_;
  JsonWriter json_;
  std::map<std::string_view, const rules::Diagnostic*> rules_;  // by code: the first of each
  std::map<std::string_view, size_t> indices_;
};

}  // namespace

std::string SarifReport(const Report& report) { return Log(report).Text(); }

}  // namespace telltale::report
