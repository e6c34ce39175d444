// What a rule over a window, or over terms that are new, says in sentences, and what it can hold.
#include <algorithm>
#include <span>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "daemon/explain/automaton.h"
#include "daemon/explain/meaning.h"
#include "rules/load/yaml/quantity.h"

namespace telltale::explain {
namespace {

using rules::Emit;
using rules::FormatDuration;
using rules::Rule;
using rules::Window;
using rules::WindowKind;

std::string Sources(std::span<const rules::Step> steps, const rules::StreamCatalog& streams) {
  std::vector<std::string> sources;
  for (const rules::Step& step : steps) {
    std::string source = streams[step.selector.stream].name;
    if (step.selector.where) absl::StrAppend(&source, " where ", OneLine(*step.selector.where));
    sources.push_back(std::move(source));
  }
  return absl::StrJoin(sources, ", or ");
}

std::string WindowText(const Window& window) {
  const std::string size = FormatDuration(window.size);
  switch (window.kind) {
    case WindowKind::kSliding:
      return absl::StrCat("are taken together with those up to ", size, " before them");
    case WindowKind::kTumbling:
      return absl::StrCat("are taken together in windows of ", size, ", one after the other",
                          window.zone.empty() ? "" : absl::StrCat(", by the days of ", window.zone),
                          window.offset == 0
                              ? ""
                              : absl::StrCat(", each ", FormatDuration(window.offset), " later"));
    case WindowKind::kHopping:
      return absl::StrCat("are taken together in windows of ", size, ", of which one begins every ",
                          FormatDuration(window.every));
    case WindowKind::kSession:
      return absl::StrCat(
          "are taken together in sessions, which end ", size, " after their last event",
          window.longest
              ? absl::StrCat(", and before they are longer than ", FormatDuration(*window.longest))
              : "");
  }
  return "";
}

std::string BaselineText(const rules::Baseline& baseline) {
  return absl::StrCat("What is usual for the key is ", OneLine(baseline.of), " of each ",
                      FormatDuration(baseline.every), " in the ", FormatDuration(baseline.over),
                      " before the window.");
}

// When a window is looked at.
std::string Moment(const rules::Aggregate& aggregate) {
  if (aggregate.window.kind == WindowKind::kSliding)
    return "at each event, and when events have become too old";
  return aggregate.emit == Emit::kAsReached ? "at each event" : "at its end";
}

std::string ResultText(const rules::Aggregate& aggregate) {
  const std::string having =
      aggregate.having ? OneLine(*aggregate.having) : std::string("it has events");
  switch (aggregate.emit) {
    case Emit::kEdge:
    case Emit::kAsReached:
      return absl::StrCat("It alerts when ", having,
                          " becomes true, and not again before that has ",
                          "been false. That is decided ", Moment(aggregate), ".");
    case Emit::kEveryWindow:
      return absl::StrCat("Each window is a result at its end",
                          aggregate.having ? absl::StrCat(", where ", having) : "", ".");
    case Emit::kOnChange:
      return absl::StrCat("It gives its values whenever one of them has changed",
                          aggregate.having ? absl::StrCat(", while ", having) : "", ": ",
                          Moment(aggregate), ".");
  }
  return "";
}

}  // namespace

std::vector<std::string> WindowMeaning(const Rule& rule, const rules::StreamCatalog& streams) {
  std::vector<std::string> said;
  const std::string events = absl::StrCat("Events of ", Sources(rule.steps, streams), " ");
  if (rule.new_terms) {
    std::vector<std::string> fields;
    for (const rules::Expression& field : rule.new_terms->fields.front())
      fields.push_back(OneLine(field));
    said.push_back(absl::StrCat(events, "are results when their ", absl::StrJoin(fields, " and "),
                                " was not in an event of the key for ",
                                FormatDuration(rule.new_terms->history), "."));
    if (rule.warm_up == rules::WarmUp::kQuiet)
      said.push_back("Until the rule has seen events for so long, it is quiet.");
    return said;
  }
  const rules::Aggregate& aggregate = *rule.aggregate;
  said.push_back(absl::StrCat(events, WindowText(aggregate.window), "."));
  if (aggregate.baseline) said.push_back(BaselineText(*aggregate.baseline));
  said.push_back(ResultText(aggregate));
  said.push_back(aggregate.on_empty ? "A window that has become empty is looked at once, too."
                 : aggregate.emit == Emit::kEveryWindow
                     ? "A window without events is none."
                     : "A window without events counts as false.");
  if (rule.warm_up == rules::WarmUp::kQuiet) {
    said.push_back(aggregate.baseline
                       ? absl::StrCat("A window whose baseline begins before the rule's own start ",
                                      "is kept quiet: all of the first ",
                                      FormatDuration(aggregate.baseline->over), ".")
                       : "A window that begins before the rule's own start is kept quiet.");
  }
  return said;
}

std::vector<std::string> StepWindowMeaning(const Rule& rule, const rules::StreamCatalog& streams) {
  std::vector<std::string> said;
  for (const rules::StepWindow& window : rule.windows) {
    std::vector<std::string> values;
    for (const auto& [name, value] : window.values)
      values.push_back(absl::StrCat(window.name, ".", name, " is ", OneLine(value)));
    const std::span<const rules::Step> steps(rule.steps);
    said.push_back(absl::StrCat(
        "Of the events of ", Sources(steps.subspan(window.first_source, window.sources), streams),
        " up to ", FormatDuration(window.aggregate.window.size),
        " before the one that is tried, which is among them where it is one: ",
        absl::StrJoin(values, ", "), "."));
  }
  if (!rule.windows.empty() && rule.warm_up == rules::WarmUp::kQuiet)
    said.push_back(
        "A match that looked at a window from before the rule's own start is kept quiet.");
  return said;
}

std::vector<std::string> WindowMemoryText(const Rule& rule,
                                          const std::vector<engine::EventLayout>& layouts,
                                          const rules::StreamCatalog& streams) {
  std::vector<std::string> lines;
  if (rule.new_terms) {
    lines.push_back(absl::StrCat("Of a key at most ", rule.limits.events,
                                 " different values, each for ",
                                 FormatDuration(rule.new_terms->history),
                                 " after it was seen last; beyond that the key is quiet for as "
                                 "long."));
  } else if (rule.aggregate->window.kind == WindowKind::kSliding) {
    lines.push_back(absl::StrCat(
        "Of a key at most ", rule.limits.events, " events one by one, each with its time and what ",
        "the rule's values need of it. Beyond that they are kept in 64 parts of the window, and "
        "the alerts say 'truncated'."));
  } else {
    lines.push_back(
        "Of a key what the rule's values need, whatever the number of events: up to 10,000 "
        "different values, then a sketch of 16 KiB, and up to 1,000 values of a percentile, then "
        "a sketch.");
  }
  if (rule.aggregate && rule.aggregate->baseline) {
    const rules::Baseline& baseline = *rule.aggregate->baseline;
    lines.push_back(
        absl::StrCat("For the baseline of a key what the rule needs of the ",
                     FormatDuration(baseline.every), " under way, and a number for each of the ",
                     baseline.panes() + rule.aggregate->window.size / baseline.every + 2,
                     " before in which it had events, until all are too old."));
  }
  if (rule.aggregate && rule.aggregate->evidence > 0) {
    lines.push_back(absl::StrCat("The last ", rule.aggregate->evidence,
                                 " events are held, for alerts to show."));
  }
  for (const rules::StreamIndex stream : rule.Streams())
    lines.push_back(KeptOf(stream, layouts, streams));
  return lines;
}

}  // namespace telltale::explain
