#include "daemon/app/rule_log.h"

#include <cstdio>
#include <string>

#include "absl/strings/str_join.h"

namespace telltale::app {
namespace {

void LogOne(const rules::Diagnostic& diagnostic, telemetry::Logger& log) {
  const bool error = diagnostic.severity == rules::Severity::kError;
  const rules::SourceFile* file = diagnostic.span.file.get();
  const rules::LineColumn place =
      file == nullptr ? rules::LineColumn{0, 0} : file->Locate(diagnostic.span.begin);
  log.Write(error ? telemetry::LogLevel::kError : telemetry::LogLevel::kWarning,
            diagnostic.code.title,
            {{"code", diagnostic.code.id},
             {"file", file == nullptr ? std::string() : file->path()},
             {"line", place.line},
             {"column", place.column},
             {"detail", diagnostic.message},
             {"suggestion", diagnostic.suggestion},
             {"notes", absl::StrJoin(diagnostic.notes, "; ")}});
}

}  // namespace

void LogDiagnostics(const rules::Diagnostics& diagnostics, telemetry::Logger& log) {
  if (diagnostics.empty()) return;
  if (!log.json()) {
    std::fputs(rules::Render(diagnostics).c_str(), stderr);
    return;
  }
  for (const rules::Diagnostic& diagnostic : diagnostics.list()) LogOne(diagnostic, log);
}

void LogReload(const ReloadOutcome& outcome, telemetry::Logger& log) {
  LogDiagnostics(outcome.diagnostics, log);
  if (!outcome.accepted) {
    log.Write(telemetry::LogLevel::kError, "rules not reloaded, the old ones stay",
              {{"error", outcome.failure.ok() ? std::string("they do not load")
                                              : std::string(outcome.failure.message())},
               {"errors", outcome.diagnostics.errors()},
               {"generation", outcome.generation}});
    return;
  }
  log.Write(telemetry::LogLevel::kInfo, "rules reloaded",
            {{"generation", outcome.generation},
             {"added", outcome.added.size()},
             {"changed", outcome.changed.size()},
             {"removed", outcome.removed.size()},
             {"unchanged", outcome.unchanged.size()},
             {"given_up", outcome.dropped_partial_matches}});
}

}  // namespace telltale::app
