#include "rules/load/rule/metric_reader.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>

#include "rules/load/rule/alert_reader.h"
#include "rules/load/vocabulary/choices.h"
#include "rules/load/vocabulary/limits.h"
#include "rules/load/vocabulary/rule_keys.h"

namespace telltale::rules {
namespace {

constexpr std::string_view kTotal = "_total";

bool IsName(std::string_view text) {
  const auto letter = [](char c) { return (c | 0x20) >= 'a' && (c | 0x20) <= 'z'; };
  const auto rest = [&](char c) { return letter(c) || c == '_' || (c >= '0' && c <= '9'); };
  return !text.empty() && (letter(text[0]) || text[0] == '_') &&
         std::all_of(text.begin(), text.end(), rest);
}

// Whose names begin so; empty: nobody's.
std::string_view OwnerOf(std::string_view name) {
  if (name.starts_with("telltale_") || name.starts_with("process_")) return "Telltale";
  if (name == "up" || name.starts_with("scrape_")) return "Prometheus";
  return "";
}

// Why the name will not do; empty: it does.
std::string WrongWith(const Metric& metric) {
  if (metric.name.find(':') != std::string::npos)
    return "cannot name a metric: ':' is for recording rules of Prometheus";
  if (!IsName(metric.name))
    return "cannot name a metric: letters, digits and '_', and no digit first";
  if (metric.name.size() > kLongestMetricName)
    return "is too long for a metric: at most " + std::to_string(kLongestMetricName) +
           " characters";
  if (const std::string_view owner = OwnerOf(metric.name); !owner.empty())
    return "is a name of " + std::string(owner) + "'s own metrics";
  const bool total = metric.name.ends_with(kTotal);
  if (metric.type == MetricType::kCounter && !total)
    return "is a counter, and counters end in '_total'";
  if (metric.type == MetricType::kGauge && total)
    return "is a gauge, and '_total' is the ending of counters";
  return "";
}

void ReadName(RuleContext& context, const Node& node, Metric& metric) {
  const std::optional<LocatedText> text = context.values.Text(node, "'name'");
  if (!text) return;
  metric.name = text->text();
  metric.span = node.span;
  const std::string wrong = WrongWith(metric);
  if (wrong.empty()) return;
  Diagnostic& error =
      context.diagnostics.Error(kBadMetric, node.span, "'" + metric.name + "' " + wrong);
  if (metric.type == MetricType::kCounter && IsName(metric.name))
    error.suggestion = metric.name.ends_with(kTotal) ? "" : metric.name + std::string(kTotal);
}

// Why the label will not do; empty: it does.
std::string WrongWithLabel(const std::string& label) {
  if (!IsName(label)) return "cannot name a label: letters, digits and '_', and no digit first";
  if (label.starts_with("__")) return "cannot name a label: '__' is for Prometheus itself";
  if (label == kMetricRule) return "is a label that every series has: the rule's id";
  if (label == kMetricValue) return "is what the number of a result is called";
  constexpr std::array<std::string_view, 4> kTaken = {"le", "quantile", "job", "instance"};
  if (std::find(kTaken.begin(), kTaken.end(), label) != kTaken.end())
    return "is a label that Prometheus gives a meaning of its own";
  return "";
}

bool CanBeLabel(const Type& type) { return type.kind == TypeKind::kBool || CanBeKey(type); }

bool CanBeNumber(const Type& type) {
  return type.kind == TypeKind::kDyn || type.kind == TypeKind::kInt ||
         type.kind == TypeKind::kUint || type.kind == TypeKind::kDouble;
}

void ReadLabels(RuleContext& context, const Node& node, Output& output) {
  if (node.kind == NodeKind::kMap && node.entries.size() > kMostLabels) {
    context.diagnostics.Error(kOutOfRange, node.entries[kMostLabels].key.Whole(),
                              "a metric has at most " + std::to_string(kMostLabels) +
                                  " labels, and this is one of " +
                                  std::to_string(node.entries.size()));
    return;
  }
  output.fields = ReadFields(context, node, "'labels'");
  if (node.kind != NodeKind::kMap) return;
  for (const Entry& entry : node.entries) {
    if (const std::string wrong = WrongWithLabel(entry.key.text()); !wrong.empty()) {
      context.diagnostics.Error(kBadMetric, entry.key.Whole(),
                                "'" + entry.key.text() + "' " + wrong);
    }
    for (const auto& [name, label] : output.fields) {
      if (name != entry.key.text() || CanBeLabel(label.type())) continue;
      context.diagnostics.Error(
          kResultType, entry.value.span,
          "a label is a string, a number or a bool, and this is " + label.type().ToString());
    }
  }
}

// Behind the labels, so that what reads results by their fields reads it, too.
void ReadValue(RuleContext& context, const Node& node, Output& output) {
  const std::optional<LocatedText> text = context.values.Text(node, "'value'");
  if (!text) return;
  std::optional<Expression> value = CompileIn(context, *text, AlertScope(context), Type::Dyn());
  if (!value) return;
  if (!CanBeNumber(value->type())) {
    context.diagnostics.Error(
        kResultType, text->Whole(),
        "the value of a metric is a number, and this is " + value->type().ToString());
    return;
  }
  output.fields.emplace_back(std::string(kMetricValue), *std::move(value));
}

}  // namespace

void ReadMetric(RuleContext& context, const Entry& entry, Output& output) {
  const Diagnostics::Scope scope(context.diagnostics, "metric");
  const Node& node = entry.value;
  Metric& metric = output.metric.emplace();
  metric.span = entry.key.Whole();
  if (!context.values.Map(node, MetricKeys())) return;
  const Node* type = context.values.Required(node, "type", metric.span, "'metric'");
  const auto kind = type == nullptr
                        ? std::nullopt
                        : context.values.Word<MetricType>(*type, "'type'", MetricTypeWords());
  metric.type = kind.value_or(MetricType::kCounter);
  const Node* name = context.values.Required(node, "name", metric.span, "'metric'");
  if (name != nullptr && kind) ReadName(context, *name, metric);
  if (const Node* help = node.Find("help")) {
    const std::optional<LocatedText> text = context.values.Text(*help, "'help'");
    if (text) metric.help = text->text();
  } else {
    metric.help = context.rule.title;
  }
  if (const Node* most = node.Find("max_series")) {
    const auto read = context.values.Int(*most, "'max_series'", 1, kMostSeries);
    if (read) metric.max_series = static_cast<uint32_t>(*read);
  }
  if (const Node* labels = node.Find("labels")) ReadLabels(context, *labels, output);
  if (const Node* value = node.Find("value")) {
    ReadValue(context, *value, output);
  } else if (kind == MetricType::kGauge) {
    context.values.Required(node, "value", metric.span, "a gauge");
  }
  if (context.rule.early) {
    context.diagnostics.Error(kConflictingKeys, entry.key.Whole(),
                              "'metric' does not go with 'emit: early': what a series has counted "
                              "is not taken back");
  }
}

}  // namespace telltale::rules
