#include "daemon/explain/output_parts.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
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

std::string FieldsText(const rules::AlertSpec& alert) {
  std::vector<std::string> fields;
  for (const auto& [name, value] : alert.fields) {
    fields.push_back(absl::StrCat(name, ": ", OneLine(value)));
  }
  return absl::StrJoin(fields, ", ");
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
  }
  return "";
}

std::vector<OutputPart> OutputParts(const rules::Rule& rule) {
  std::vector<std::string> steps;
  for (const rules::Step& step : rule.steps) steps.push_back(step.name);
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
      {"alert.risk_score", absl::StrCat(rule.alert.risk_score)},
      {"alert.fields", FieldsText(rule.alert)},
      {"suppress.by", rule.suppress ? absl::StrJoin(rule.suppress->names, ", ") : ""},
      {"suppress.for", rule.suppress ? rules::FormatDuration(rule.suppress->period) : ""},
  };
}

}  // namespace telltale::explain
