#include "daemon/commands/sample_text.h"

#include <map>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "daemon/control/table.h"

namespace telltale::commands {
namespace {

constexpr size_t kMostShown = 50;  // fields of a stream

// In per cent; what is there at all is not shown as nothing, nor what is missing as everything.
std::string Share(uint64_t part, uint64_t whole) {
  if (whole == 0) return "-";
  const double percent = 100.0 * static_cast<double>(part) / static_cast<double>(whole);
  if (part > 0 && percent < 0.1) return "<0.1";
  if (part < whole && percent > 99.9) return ">99.9";
  return absl::StrFormat("%.1f", percent);
}

std::string StreamLine(const report::SampledStream& stream) {
  std::string line =
      absl::StrCat(stream.name, ": ", stream.events, stream.events == 1 ? " event" : " events");
  if (stream.bad_lines == 0) return line + "\n";
  absl::StrAppend(&line, ", ", stream.bad_lines,
                  stream.bad_lines == 1 ? " bad line" : " bad lines");
  std::vector<std::string> reasons;
  for (const auto& [reason, lines] : stream.bad_reasons)
    reasons.push_back(absl::StrCat(reason, " ", lines));
  return absl::StrCat(line, " (", absl::StrJoin(reasons, ", "), ")\n");
}

std::string FieldTable(const report::SampledStream& stream) {
  if (stream.fields.empty()) return "";
  control::Table table({"FIELD", "TYPES", "EVENTS", "%"});
  for (size_t i = 0; i < stream.fields.size() && i < kMostShown; ++i) {
    const report::SampledField& field = stream.fields[i];
    table.Add({field.path, absl::StrJoin(field.types, ","), absl::StrCat(field.events),
               Share(field.events, stream.events)});
  }
  std::string text = table.ToString();
  if (stream.fields.size() > kMostShown) {
    absl::StrAppend(&text, "and ", stream.more_fields ? "more than " : "",
                    stream.fields.size() - kMostShown, " more\n");
  }
  return text;
}

std::string StepTable(const report::SampleFigures& sample) {
  std::map<std::string, uint64_t> events;
  for (const report::SampledStream& stream : sample.streams) events[stream.name] = stream.events;
  control::Table table({"RULE", "STEP", "STREAM", "FIT", "%", "ERRORS"});
  for (const report::SampledStep& step : sample.steps) {
    table.Add({step.rule, step.step, step.stream, absl::StrCat(step.fits),
               Share(step.fits, events[step.stream]), absl::StrCat(step.errors)});
  }
  return table.ToString();
}

}  // namespace

std::string SampleText(const report::SampleFigures& sample) {
  std::string text;
  for (const report::SampledStream& stream : sample.streams)
    absl::StrAppend(&text, "\n", StreamLine(stream), FieldTable(stream));
  if (!sample.steps.empty()) absl::StrAppend(&text, "\n", StepTable(sample));
  return text;
}

}  // namespace telltale::commands
