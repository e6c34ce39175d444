// A report as workflow commands of GitHub Actions: what a step prints so is shown beside the lines
// of a change.
//
//   command    = "::" ("error" | "warning") [ " " property *( "," property ) ] "::" data LF
//   property   = ("file" | "line" | "col" | "endLine" | "endColumn" | "title") "=" value
//
// '%', CR and LF are written %25, %0D and %0A; in values ':' and ',' are %3A and %2C besides.
// Columns are told only where the place ends in the line that it begins in; GitHub takes no others.
// Source: GitHub's documentation, "Workflow commands for GitHub Actions".
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "daemon/report/forms.h"
#include "daemon/report/place.h"
#include "rules/model/line_picture.h"

namespace telltale::report {
namespace {

std::string Data(const std::string& text) {
  return absl::StrReplaceAll(text, {{"%", "%25"}, {"\r", "%0D"}, {"\n", "%0A"}});
}

std::string Value(const std::string& text) {
  return absl::StrReplaceAll(
      text, {{"%", "%25"}, {"\r", "%0D"}, {"\n", "%0A"}, {":", "%3A"}, {",", "%2C"}});
}

std::string Properties(const rules::Diagnostic& diagnostic) {
  const std::string title = absl::StrCat("title=", diagnostic.code.id);
  if (diagnostic.span.file == nullptr) return title;
  const Place place = PlaceOf(diagnostic.span);
  std::string text = absl::StrCat("file=", Value(rules::Printable(place.file)),
                                  ",line=", place.begin.line, ",endLine=", place.end.line);
  if (place.begin.line == place.end.line) {
    absl::StrAppend(&text, ",col=", place.begin.column, ",endColumn=", place.end.column);
  }
  return absl::StrCat(text, ",", title);
}

std::string Words(const rules::Diagnostic& diagnostic) {
  std::string text = rules::Printable(rules::MessageOf(diagnostic));
  for (const rules::Label& label : diagnostic.labels) {
    absl::StrAppend(&text, "\n");
    if (label.span.file != nullptr) {
      const Place place = PlaceOf(label.span);
      absl::StrAppend(&text, rules::Printable(place.file), ":", place.begin.line, ":",
                      place.begin.column, ": ");
    }
    absl::StrAppend(&text, rules::Printable(label.message));
  }
  for (const std::string& note : diagnostic.notes)
    absl::StrAppend(&text, "\n", rules::Printable(note));
  return text;
}

}  // namespace

std::string GithubReport(const Report& report) {
  std::string text;
  for (const rules::Diagnostic& diagnostic : report.diagnostics.list()) {
    const bool error = diagnostic.severity == rules::Severity::kError;
    absl::StrAppend(&text, error ? "::error " : "::warning ", Properties(diagnostic),
                    "::", Data(Words(diagnostic)), "\n");
  }
  const size_t more = report.diagnostics.added() - report.diagnostics.list().size();
  if (more > 0) absl::StrAppend(&text, "::warning title=telltale::and ", more, " more\n");
  return text;
}

}  // namespace telltale::report
