#include "daemon/telemetry/rule_metrics.h"

#include <algorithm>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace telltale::telemetry {
namespace {

constexpr size_t kLongestLabel = 1024;
constexpr char kBetween = '\xff';  // in no UTF-8

std::string KeyOf(const rules::Rule& rule) {
  const rules::Output& output = *rule.output;
  std::string key =
      absl::StrCat(output.metric->name, "\n", rule.id, "\n", static_cast<int>(output.metric->type));
  for (const auto& field : output.fields) absl::StrAppend(&key, "\n", field.first);
  return key;
}

// The text of a string that the engine has written: none but control characters stand as \u.
std::optional<std::string> Unquoted(std::string_view json) {
  std::string text;
  for (size_t i = 1; i + 1 < json.size(); ++i) {
    if (json[i] != '\\') {
      text += json[i];
      continue;
    }
    constexpr std::string_view kShort = "bfnrt\"\\/";
    constexpr std::string_view kMeant = "\b\f\n\r\t\"\\/";
    const char escape = json[++i];
    if (const size_t at = kShort.find(escape); at != std::string_view::npos) {
      text += kMeant[at];
      continue;
    }
    uint32_t code = 0;
    if (escape != 'u' || i + 5 >= json.size() ||
        !absl::SimpleHexAtoi(std::string(json.substr(i + 1, 4)), &code) || code > 0x7f) {
      return std::nullopt;
    }
    text += static_cast<char>(code);
    i += 4;
  }
  return text;
}

// A label's value as the part of a key would be (K1); none: it has no text, or a very long one.
std::optional<std::string> LabelOf(std::string_view json) {
  if (json.empty() || json == "null") return std::string();
  if (json.front() == '{' || json.front() == '[') return std::nullopt;
  if (json.front() != '"')
    return std::string(json.ends_with(".0") ? json.substr(0, json.size() - 2) : json);
  std::optional<std::string> text = Unquoted(json);
  return text && text->size() <= kLongestLabel ? std::move(text) : std::nullopt;
}

std::string_view FieldOf(const engine::Alert& result, std::string_view name) {
  const auto found = std::find_if(result.fields.begin(), result.fields.end(),
                                  [&](const auto& field) { return field.first == name; });
  return found == result.fields.end() ? std::string_view() : found->second;
}

}  // namespace

void RuleMetrics::Expect(const rules::RuleSet& rules) {
  std::lock_guard lock(mutex_);
  for (const rules::Rule& rule : rules.rules) {
    if (!rule.output || !rule.output->metric || !rule.Runs()) continue;
    const rules::Metric& metric = *rule.output->metric;
    OfRule& of_rule = rules_[KeyOf(rule)];
    of_rule.max_series = metric.max_series;
    RuleMetricFigures& figures = of_rule.figures;
    figures.name = metric.name;
    figures.help = metric.help;
    figures.counter = metric.type == rules::MetricType::kCounter;
    figures.rule = rule.id;
    figures.labels.clear();
    for (const auto& field : rule.output->fields) {
      if (field.first != rules::kMetricValue) figures.labels.push_back(field.first);
    }
  }
}

void RuleMetrics::KeepOnly(const rules::RuleSet& rules) {
  std::set<std::string> kept;
  for (const rules::Rule& rule : rules.rules) {
    if (rule.output && rule.output->metric && rule.Runs()) kept.insert(KeyOf(rule));
  }
  std::lock_guard lock(mutex_);
  std::erase_if(rules_, [&](const auto& known) { return !kept.contains(known.first); });
  for (auto& [key, rule] : rules_) rule.shown = true;
}

void RuleMetrics::Take(const engine::Alert& result) {
  const std::string key = KeyOf(*result.rule);
  bool full = false;
  {
    std::lock_guard lock(mutex_);
    const auto found = rules_.find(key);
    if (found == rules_.end()) return;
    const auto before = found->second.figures.beyond_max_series;
    Count(result, found->second);
    full = before == 0 && found->second.figures.beyond_max_series != 0;
  }
  if (full && full_) full_(*result.rule);
}

void RuleMetrics::Count(const engine::Alert& result, OfRule& rule) {
  double value = 1;
  const std::string_view said = FieldOf(result, rules::kMetricValue);
  const auto& fields = result.rule->output->fields;
  const bool has_value = !fields.empty() && fields.back().first == rules::kMetricValue;
  if (has_value && !absl::SimpleAtod(std::string(said), &value)) {
    ++rule.figures.without_number;
    return;
  }
  if (rule.figures.counter && !(value >= 0)) {
    ++rule.figures.negative;
    return;
  }
  std::string key;
  std::vector<std::string> labels;
  for (const std::string& name : rule.figures.labels) {
    std::optional<std::string> label = LabelOf(FieldOf(result, name));
    if (!label) {
      ++rule.figures.without_label;
      return;
    }
    key += *label;
    key += kBetween;
    labels.push_back(*std::move(label));
  }
  auto found = rule.series.find(key);
  if (found == rule.series.end()) {
    if (rule.series.size() >= rule.max_series) {
      ++rule.figures.beyond_max_series;
      return;
    }
    found = rule.series.emplace(std::move(key), Series{.labels = std::move(labels)}).first;
    found->second.time = engine::kMinTime;
  }
  Series& series = found->second;
  if (rule.figures.counter) {
    series.value += value;
  } else if (std::pair(result.time, result.id) >= std::pair(series.time, series.id)) {
    series.value = value;
    series.time = result.time;
    series.id = result.id;
  }
}

std::vector<RuleMetricFigures> RuleMetrics::Figures() const {
  std::vector<RuleMetricFigures> all;
  std::lock_guard lock(mutex_);
  for (const auto& [key, rule] : rules_) {
    if (!rule.shown) continue;
    RuleMetricFigures& figures = all.emplace_back(rule.figures);
    for (const auto& [labels, series] : rule.series)
      figures.series.push_back({.labels = series.labels, .value = series.value});
    std::sort(figures.series.begin(), figures.series.end(),
              [](const auto& a, const auto& b) { return a.labels < b.labels; });
  }
  return all;
}

}  // namespace telltale::telemetry
