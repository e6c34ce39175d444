#include "daemon/report/report.h"

#include "daemon/report/forms.h"

namespace telltale::report {

std::optional<Format> FormatOf(std::string_view name) {
  if (name == "text") return Format::kText;
  if (name == "json") return Format::kJson;
  if (name == "github") return Format::kGithub;
  if (name == "sarif") return Format::kSarif;
  return std::nullopt;
}

std::string Render(const Report& report, Format format, bool colour) {
  switch (format) {
    case Format::kText:
      return rules::Render(report.diagnostics, {.colour = colour});
    case Format::kJson:
      return JsonReport(report);
    case Format::kGithub:
      return GithubReport(report);
    case Format::kSarif:
      return SarifReport(report);
  }
  return "";
}

}  // namespace telltale::report
