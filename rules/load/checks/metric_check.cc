#include "rules/load/checks/metric_check.h"

#include <map>
#include <set>
#include <string>
#include <string_view>

namespace telltale::rules {
namespace {

std::set<std::string_view> LabelsOf(const Output& output) {
  std::set<std::string_view> labels;
  for (const auto& field : output.fields) labels.insert(field.first);
  labels.erase(kMetricValue);
  return labels;
}

// What the second says otherwise than the first; empty: nothing.
std::string_view Difference(const Output& first, const Output& second) {
  if (first.metric->type != second.metric->type) return "type";
  if (first.metric->help != second.metric->help) return "help";
  return LabelsOf(first) != LabelsOf(second) ? "labels" : "";
}

}  // namespace

void CheckMetrics(const std::vector<Rule>& rules, Diagnostics& diagnostics) {
  std::map<std::string_view, const Rule*> first;
  for (const Rule& rule : rules) {
    if (!rule.output || !rule.output->metric) continue;
    const Metric& metric = *rule.output->metric;
    const auto [known, is_new] = first.try_emplace(metric.name, &rule);
    if (is_new) continue;
    const std::string_view other = Difference(*known->second->output, *rule.output);
    if (other.empty()) continue;
    const Diagnostics::Scope scope(diagnostics, "rule '" + rule.id + "'");
    Diagnostic& error =
        diagnostics.Error(kMetricClash, metric.span,
                          "the metric '" + metric.name + "' has another '" + std::string(other) +
                              "' in the rule '" + known->second->id + "'");
    error.labels.push_back({known->second->output->metric->span, "there"});
    if (other == "help" && (metric.help == rule.title ||
                            known->second->output->metric->help == known->second->title)) {
      error.notes.push_back("without 'help' it is the rule's title");
    }
  }
}

}  // namespace telltale::rules
