#include "daemon/explain/output_parts.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/time.h"
#include "daemon/explain/automaton.h"
#include "rules/load/yaml/quantity.h"

namespace telltale::explain {
namespace {

std::string StatusName(rules::Status status) {
  switch (status) {
    case rules::Status::kUnspecified:
      return "";
    case rules::Status::kStable:
      return "stable";
    case rules::Status::kTest:
      return "test";
    case rules::Status::kExperimental:
      return "experimental";
    case rules::Status::kDeprecated:
      return "deprecated";
    case rules::Status::kUnsupported:
      return "unsupported";
  }
  return "";
}

std::string TemplateText(const rules::Template& text) {
  std::string out = text.literals.empty() ? "" : text.literals.front();
  for (size_t i = 0; i < text.holes.size(); ++i) {
    absl::StrAppend(&out, "{{", OneLine(text.holes[i]), "}}", text.literals[i + 1]);
  }
  return out;
}

std::string FieldsText(const std::vector<std::pair<std::string, rules::Expression>>& all) {
  std::vector<std::string> fields;
  for (const auto& [name, value] : all) {
    fields.push_back(absl::StrCat(name, ": ", OneLine(value)));
  }
  return absl::StrJoin(fields, ", ");
}

std::string RiskText(const rules::AlertSpec& alert) {
  std::string text = absl::StrCat(alert.risk_score);
  for (const rules::RiskModifier& modifier : alert.risk_modifiers)
    absl::StrAppend(&text, ", ", modifier.score, " where ", OneLine(modifier.where));
  return text;
}

std::string EntitiesText(const rules::AlertSpec& alert) {
  std::vector<std::string> entities;
  for (const rules::Entity& entity : alert.entities) {
    entities.push_back(absl::StrCat(
        entity.type, ": ", OneLine(entity.id),
        entity.risk_score ? absl::StrCat(" (", *entity.risk_score, ")") : std::string()));
  }
  return absl::StrJoin(entities, ", ");
}

std::string ExceptionsText(const rules::Rule& rule) {
  std::vector<std::string> exceptions;
  for (const rules::Exception& exception : rule.exceptions) {
    std::string text = absl::StrCat(exception.name, ": ", OneLine(exception.where));
    if (exception.expires) {
      absl::StrAppend(&text, " until ",
                      absl::FormatTime(absl::RFC3339_full, absl::FromUnixNanos(*exception.expires),
                                       absl::UTCTimeZone()));
    }
    exceptions.push_back(std::move(text));
  }
  return absl::StrJoin(exceptions, "; ");
}

}  // namespace

std::string ModeName(rules::Mode mode) {
  switch (mode) {
    case rules::Mode::kLive:
      return "live";
    case rules::Mode::kShadow:
      return "shadow";
    case rules::Mode::kOff:
      return "off";
    case rules::Mode::kBuildingBlock:
      return "building_block";
  }
  return "";
}

std::string MetricText(const std::optional<rules::Metric>& metric) {
  if (!metric) return "";
  return absl::StrCat(metric->type == rules::MetricType::kCounter ? "counter " : "gauge ",
                      metric->name, ", at most ", metric->max_series, " series: ", metric->help);
}

std::vector<OutputPart> OutputParts(const rules::Rule& rule) {
  std::vector<std::string> steps;
  for (uint32_t step = 0; step < rule.SequenceSteps(); ++step)
    steps.push_back(rule.steps[step].name);
  return {
      {"title", rule.title},
      {"description", rule.description},
      {"status", StatusName(rule.status)},
      {"level", std::string(rules::LevelName(rule.level))},
      {"mode", ModeName(rule.mode)},
      {"tags", absl::StrJoin(rule.tags, ", ")},
      {"runbook", rule.runbook},
      {"names of steps", absl::StrJoin(steps, ", ")},
      {"alert.title", rule.alert.title ? TemplateText(*rule.alert.title) : ""},
      {"alert.risk_score", RiskText(rule.alert)},
      {"alert.fields", FieldsText(rule.alert.fields)},
      {"alert.entities", EntitiesText(rule.alert)},
      {"output.topic", rule.output ? rule.output->topic : ""},
      {"output.metric", rule.output ? MetricText(rule.output->metric) : ""},
      {"output.key", rule.output && rule.output->key ? OneLine(*rule.output->key) : ""},
      {"output.fields", rule.output ? FieldsText(rule.output->fields) : ""},
      {"exceptions", ExceptionsText(rule)},
      {"suppress.by", rule.suppress ? absl::StrJoin(rule.suppress->names, ", ") : ""},
      {"suppress.for", rule.suppress ? rules::FormatDuration(rule.suppress->period) : ""},
  };
}

}  // namespace telltale::explain
