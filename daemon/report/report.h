// What `telltale check` has found, as text for people or in a form that a machine reads.
//
//   text    for a terminal (rules/model/render.cc)
//   json    our own; report.schema.json in this folder is its schema
//   github  workflow commands of GitHub Actions, one a line, which annotate the lines of a change
//   sarif   SARIF 2.1.0, for code scanning
//
// README.md beside this file tells more. In all of them lines and columns are counted from 1 and
// columns in Unicode code points, bytes from 0, and ends are exclusive.
//
// Owner: the command. Thread: any; no state. Errors: none; any bytes may be in what is reported,
// and what comes out is valid UTF-8 in the form's own escapes.
#ifndef TELLTALE_DAEMON_REPORT_REPORT_H_
#define TELLTALE_DAEMON_REPORT_REPORT_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/report/sample_figures.h"
#include "rules/model/diagnostic.h"

namespace telltale::report {

enum class Format : uint8_t { kText, kJson, kGithub, kSarif };

// None: it is no format.
std::optional<Format> FormatOf(std::string_view name);
inline constexpr char kFormatNames[] = "text, json, github or sarif";

struct Report {
  const rules::Diagnostics& diagnostics;
  bool loads = false;                     // whether config and rules do
  size_t rules = 0;                       // that were loaded
  size_t rule_files = 0;                  // that were read
  const SampleFigures* sample = nullptr;  // null: no sample was read; told in JSON alone
};

// Ends with a newline where it is not empty. `colour` is for text alone.
std::string Render(const Report& report, Format format, bool colour = false);

}  // namespace telltale::report

#endif  // TELLTALE_DAEMON_REPORT_REPORT_H_
