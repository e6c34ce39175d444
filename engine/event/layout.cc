#include "engine/event/layout.h"

#include <algorithm>
#include <map>

namespace telltale::engine {
namespace {

// For each stream and path: is every read of it by every rule as a double?
using Reads = std::map<rules::FieldPath, bool>;

void Collect(const rules::Expression& expression, std::vector<Reads>& streams) {
  for (const rules::FieldRead& read : expression.reads) {
    auto [it, added] = streams[read.stream].emplace(read.path, read.as_double_only);
    if (!added) it->second = it->second && read.as_double_only;
  }
}

void Collect(const rules::Selector& selector, std::vector<Reads>& streams) {
  for (const rules::Expression& by : selector.by) Collect(by, streams);
  if (selector.where) Collect(*selector.where, streams);
}

// By source.
void CollectAll(const std::vector<std::vector<rules::Expression>>& expressions,
                std::vector<Reads>& streams) {
  for (const std::vector<rules::Expression>& of_source : expressions) {
    for (const rules::Expression& expression : of_source) Collect(expression, streams);
  }
}

void Collect(const rules::Rule& rule, std::vector<Reads>& streams) {
  for (const rules::Step& step : rule.steps) Collect(step.selector, streams);
  for (const rules::Absence& absence : rule.absences) Collect(absence.selector, streams);
  for (const rules::Until& until : rule.untils) Collect(until.selector, streams);
  if (rule.aggregate) {
    rule.aggregate->ForEachCall(
        [&](const rules::AggregateCall& call) { CollectAll(call.arguments, streams); });
    if (rule.aggregate->having) Collect(*rule.aggregate->having, streams);
  }
  if (rule.new_terms) CollectAll(rule.new_terms->fields, streams);
  for (const rules::StepWindow& window : rule.windows) {
    for (const rules::AggregateCall& call : window.aggregate.calls)
      CollectAll(call.arguments, streams);
  }
  if (rule.suppress) {
    for (const rules::Expression& by : rule.suppress->by) Collect(by, streams);
  }
  if (rule.alert.title) {
    for (const rules::Expression& hole : rule.alert.title->holes) Collect(hole, streams);
  }
  for (const auto& [name, field] : rule.result_fields()) Collect(field, streams);
  if (rule.output && rule.output->key) Collect(*rule.output->key, streams);
  for (const rules::RiskModifier& modifier : rule.alert.risk_modifiers)
    Collect(modifier.where, streams);
  for (const rules::Entity& entity : rule.alert.entities) Collect(entity.id, streams);
  for (const rules::Exception& exception : rule.exceptions) Collect(exception.where, streams);
}

}  // namespace

EventLayout::EventLayout(std::vector<Field> fields) : fields_(std::move(fields)) {
  std::sort(fields_.begin(), fields_.end(),
            [](const Field& a, const Field& b) { return a.path < b.path; });
}

std::optional<uint32_t> EventLayout::Find(const rules::FieldPath& path) const {
  const auto it = std::lower_bound(
      fields_.begin(), fields_.end(), path,
      [](const Field& field, const rules::FieldPath& p) { return field.path < p; });
  if (it == fields_.end() || it->path != path) return std::nullopt;
  return static_cast<uint32_t>(it - fields_.begin());
}

std::vector<EventLayout> MakeLayouts(const rules::RuleSet& rules) {
  const rules::StreamIndex alerts = rules.streams->alerts();
  std::vector<Reads> streams(alerts + 1);
  for (const rules::Rule& rule : rules.rules) {
    if (!rule.Runs()) continue;
    Collect(rule, streams);
    for (const rules::StreamIndex stream : rule.Streams()) {
      const auto& dedup = (*rules.streams)[stream].dedup;
      if (dedup) streams[stream].try_emplace(dedup->field, false);
    }
  }
  if (!streams[alerts].empty()) {
    streams[alerts].try_emplace({"alert", "id"}, false);
    streams[alerts].try_emplace({"rule", "id"}, false);
  }
  std::vector<EventLayout> layouts;
  for (uint32_t stream = 0; stream < streams.size(); ++stream) {
    const auto& declared = (*rules.streams)[stream].fields;
    std::vector<Field> fields;
    for (const auto& [path, as_double] : streams[stream]) {
      const auto type = declared.find(path);
      const bool known = type != declared.end();
      fields.push_back(
          {.path = path,
           .type = known ? type->second : rules::Type::Dyn(),
           .as_double = known ? type->second.kind == rules::TypeKind::kDouble : as_double});
    }
    layouts.emplace_back(std::move(fields));
  }
  return layouts;
}

}  // namespace telltale::engine
