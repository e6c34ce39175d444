#include "engine/alert/alert_event.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "rules/model/alert_reads.h"

namespace telltale::engine {
namespace {

bool IsUnder(const rules::FieldPath& path, const rules::FieldPath& whole) {
  return path.size() >= whole.size() && std::equal(whole.begin(), whole.end(), path.begin());
}

// The value of that name in a map; absent where there is none.
Value Member(Value map, std::string_view name) {
  if (!map.is(ValueKind::kMap)) return Value::Absent();
  for (uint32_t i = 0; i < map.size(); ++i) {
    const Value key = map.entries()[i].key.Load();
    if (key.is(ValueKind::kString) && key.as_string() == name) return map.entries()[i].value.Load();
  }
  return Value::Absent();
}

void PutTags(const std::vector<std::string>& tags, EventBuilder::Ref ref, EventBuilder& builder) {
  const EventBuilder::Ref list = builder.SetList(ref, static_cast<uint32_t>(tags.size()));
  for (uint32_t i = 0; i < tags.size(); ++i)
    builder.SetString(EventBuilder::Element(list, i), tags[i]);
}

void PutEntities(const std::vector<AlertEntity>& entities, EventBuilder::Ref ref,
                 EventBuilder& builder) {
  const EventBuilder::Ref list = builder.SetList(ref, static_cast<uint32_t>(entities.size()));
  for (uint32_t i = 0; i < entities.size(); ++i) {
    const EventBuilder::Ref map = builder.SetMap(EventBuilder::Element(list, i), 3);
    builder.SetString(EventBuilder::Key(map, 0), "type");
    builder.SetString(EventBuilder::Item(map, 0), entities[i].type);
    builder.SetString(EventBuilder::Key(map, 1), "id");
    builder.SetString(EventBuilder::Item(map, 1), entities[i].id);
    builder.SetString(EventBuilder::Key(map, 2), "risk_score");
    builder.SetInt(EventBuilder::Item(map, 2), entities[i].risk_score);
  }
}

}  // namespace

struct AlertEventPlan::Filling {
  const Alert& alert;
  bool suppressed;
  bool on_alerts;
  absl::FunctionRef<Value(uint32_t)> field;
  EventBuilder& builder;
};

// What alerts say of themselves comes before parts of the key of the same name.
std::vector<AlertEventPlan::Leaf> AlertEventPlan::LeavesOf(const rules::Rule& rule) {
  std::vector<Leaf> leaves = {{{"alert", "id"}, Source::kId},
                              {{"alert", "title"}, Source::kTitle},
                              {{"alert", "suppressed"}, Source::kSuppressed},
                              {{"rule", "id"}, Source::kRuleId},
                              {{"rule", "title"}, Source::kRuleTitle},
                              {{"rule", "on_alerts"}, Source::kOnAlerts},
                              {{"kind"}, Source::kKind},
                              {{"level"}, Source::kLevel},
                              {{"tags"}, Source::kTags},
                              {{"risk_score"}, Source::kRisk},
                              {{"entities"}, Source::kEntities}};
  for (uint32_t i = 0; i < rule.result_fields().size(); ++i)
    leaves.push_back({{"fields", rule.result_fields()[i].first}, Source::kField, i});
  const size_t own = leaves.size();
  for (uint32_t i = 0; i < rule.key_names.size(); ++i) {
    const std::string& name = rule.key_names[i];
    std::optional<rules::FieldPath> path = rules::ParsePath(name);
    if (!path || rules::PathText(*path) != name) path = rules::FieldPath{name};
    const bool taken = path->front() == "fields" ||
                       std::any_of(leaves.begin(), leaves.begin() + static_cast<ptrdiff_t>(own),
                                   [&](const Leaf& leaf) {
                                     return IsUnder(leaf.path, *path) || IsUnder(*path, leaf.path);
                                   });
    if (!taken) leaves.push_back({*std::move(path), Source::kKey, i});
  }
  return leaves;
}

AlertEventPlan::Node AlertEventPlan::NodeOf(const rules::FieldPath& path,
                                            const std::vector<Leaf>& leaves) {
  Node node;
  for (const Leaf& leaf : leaves) {
    if (!IsUnder(path, leaf.path)) continue;
    node.source = leaf.source;
    node.index = leaf.index;
    node.rest.assign(path.begin() + static_cast<ptrdiff_t>(leaf.path.size()), path.end());
    return node;
  }
  for (const Leaf& leaf : leaves) {
    if (!IsUnder(leaf.path, path)) continue;
    const std::string& name = leaf.path[path.size()];
    const bool known = std::any_of(node.parts.begin(), node.parts.end(),
                                   [&](const Node& part) { return part.name == name; });
    if (known) continue;
    rules::FieldPath below = path;
    below.push_back(name);
    node.parts.push_back(NodeOf(below, leaves));
    node.parts.back().name = name;
  }
  if (!node.parts.empty() || path == rules::FieldPath{"fields"}) node.source = Source::kMap;
  return node;
}

AlertEventPlan::AlertEventPlan(const rules::Rule& rule, const rules::StreamCatalog& streams,
                               const EventLayout& alerts)
    : stream_(streams.alerts()), on_alerts_(rules::ReadsAlerts(rule, streams)) {
  const std::vector<Leaf> leaves = LeavesOf(rule);
  for (const Field& field : alerts.fields()) slots_.push_back(NodeOf(field.path, leaves));
}

void AlertEventPlan::Put(const Node& node, EventBuilder::Ref ref, const Filling& filling) {
  const Alert& alert = filling.alert;
  EventBuilder& builder = filling.builder;
  // Only the values of fields have something below them.
  if (!node.rest.empty() && node.source != Source::kField) return;
  switch (node.source) {
    case Source::kAbsent:
      return;
    case Source::kMap: {
      const EventBuilder::Ref map = builder.SetMap(ref, static_cast<uint32_t>(node.parts.size()));
      for (uint32_t i = 0; i < node.parts.size(); ++i) {
        builder.SetString(EventBuilder::Key(map, i), node.parts[i].name);
        Put(node.parts[i], EventBuilder::Item(map, i), filling);
      }
      return;
    }
    case Source::kId:
      return builder.SetString(ref, ToHex(alert.id));
    case Source::kRuleId:
      return builder.SetString(ref, alert.rule->id);
    case Source::kRuleTitle:
      return builder.SetString(ref, alert.rule->title);
    case Source::kOnAlerts:
      return builder.SetBool(ref, filling.on_alerts);
    case Source::kKind:
      return builder.SetString(ref, AlertKindName(alert.kind));
    case Source::kLevel:
      return builder.SetString(ref, rules::LevelName(alert.rule->level));
    case Source::kTags:
      return PutTags(alert.rule->tags, ref, builder);
    case Source::kTitle:
      return builder.SetString(ref, alert.title);
    case Source::kRisk:
      return builder.SetInt(ref, alert.risk_score);
    case Source::kSuppressed:
      return builder.SetBool(ref, filling.suppressed);
    case Source::kEntities:
      return PutEntities(alert.entities, ref, builder);
    case Source::kField: {
      Value value = filling.field(node.index);
      for (const std::string& name : node.rest) value = Member(value, name);
      // An expression that ends in an error is left out, as in the alert.
      if (!value.is(ValueKind::kError)) builder.SetCopy(ref, value);
      return;
    }
    case Source::kKey:
      if (!alert.key[node.index]) return builder.SetNull(ref);
      return builder.SetString(ref, *alert.key[node.index]);
  }
}

const Event* AlertEventPlan::Make(const Alert& alert, bool suppressed,
                                  absl::FunctionRef<Value(uint32_t)> field,
                                  EventBuilder& builder) const {
  builder.Begin(stream_, static_cast<uint32_t>(slots_.size()));
  const Filling filling{.alert = alert,
                        .suppressed = suppressed,
                        .on_alerts = on_alerts_,
                        .field = field,
                        .builder = builder};
  for (uint32_t slot = 0; slot < slots_.size(); ++slot)
    Put(slots_[slot], builder.slot(slot), filling);
  // As ToHex has it: the second half first.
  const uint64_t middle = alert.id[1] << 32 | alert.id[0] >> 32;
  return builder.Finish(alert.time, static_cast<uint32_t>(alert.id[1] >> 32),
                        static_cast<int64_t>(middle >> 1));
}

}  // namespace telltale::engine
