#include "daemon/sample/stream_profile.h"

#include <algorithm>

#include "absl/strings/str_join.h"
#include "engine/condition/condition.h"

namespace telltale::sample {

using engine::ValueKind;

int64_t FieldProfile::Numbers() const {
  return Of(ValueKind::kInt) + Of(ValueKind::kUint) + Of(ValueKind::kDouble);
}

std::vector<std::string_view> FieldProfile::Types() const {
  std::vector<size_t> order;
  for (size_t kind = 0; kind < kinds.size(); ++kind) {
    if (kinds[kind] > 0) order.push_back(kind);
  }
  const auto rank = [this](size_t kind) {
    return static_cast<ValueKind>(kind) == ValueKind::kNull ? 0 : kinds[kind];
  };
  std::stable_sort(order.begin(), order.end(),
                   [&rank](size_t a, size_t b) { return rank(a) > rank(b); });
  std::vector<std::string_view> types;
  for (const size_t kind : order) {
    // CEL's own word is "null_type".
    const auto value = static_cast<ValueKind>(kind);
    types.push_back(value == ValueKind::kNull ? "null" : engine::TypeName(value));
  }
  return types;
}

void StreamProfile::Keep(const rules::FieldPath& path) {
  Node* node = &root_;
  for (const std::string& name : path) {
    std::unique_ptr<Node>& child = node->children[name];
    if (child == nullptr) child = std::make_unique<Node>();
    node = child.get();
  }
}

void StreamProfile::Add(engine::Value event) {
  ++events_;
  AddMembers(event, root_);
}

// As deep as the decoder lets values be.
void StreamProfile::AddMembers(engine::Value map, Node& node) {
  for (uint32_t i = 0; i < map.size(); ++i) {
    const engine::StoredEntry& entry = map.entries()[i];
    Node* child = Member(node, entry.key.Load().as_string());
    if (child == nullptr) continue;
    const engine::Value value = entry.value.Load();
    ++child->profile.events;
    ++child->profile.kinds[static_cast<size_t>(value.kind())];
    if (value.is(ValueKind::kMap)) AddMembers(value, *child);
  }
}

StreamProfile::Node* StreamProfile::Member(Node& node, std::string_view name) {
  const auto known = node.children.find(name);
  if (known != node.children.end()) return known->second.get();
  if (nodes_ == kMostFields) {
    left_out_ = true;
    return nullptr;
  }
  ++nodes_;
  return node.children.emplace(std::string(name), std::make_unique<Node>()).first->second.get();
}

const FieldProfile* StreamProfile::Find(const rules::FieldPath& path) const {
  const Node* node = &root_;
  for (const std::string& name : path) {
    const auto child = node->children.find(name);
    if (child == node->children.end()) return nullptr;
    node = child->second.get();
  }
  return node->profile.events == 0 ? nullptr : &node->profile;
}

void StreamProfile::Collect(const Node& node, rules::FieldPath& path,
                            std::vector<ProfiledField>& out) {
  for (const auto& [name, child] : node.children) {
    path.push_back(name);
    if (child->profile.events > 0) out.push_back({path, child->profile});
    Collect(*child, path, out);
    path.pop_back();
  }
}

std::vector<ProfiledField> StreamProfile::Fields() const {
  std::vector<ProfiledField> fields;
  rules::FieldPath path;
  Collect(root_, path, fields);
  std::stable_sort(fields.begin(), fields.end(), [](const auto& a, const auto& b) {
    return a.profile.events > b.profile.events;
  });
  return fields;
}

std::string PathText(const rules::FieldPath& path) { return absl::StrJoin(path, "."); }

}  // namespace telltale::sample
