#include "daemon/decode/field_trie.h"

#include <algorithm>

namespace telltale::decode {

FieldTrie::FieldTrie(const engine::EventLayout& layout, const rules::FieldPath* time) {
  nodes_.emplace_back();
  for (uint32_t slot = 0; slot < layout.slot_count(); ++slot) {
    // Paths are sorted: what begins with a path follows it.
    const rules::FieldPath& path = layout.fields()[slot].path;
    uint32_t node = 0;
    for (size_t depth = 0;; ++depth) {
      if (nodes_[node].first_slot == nodes_[node].end_slot) nodes_[node].first_slot = slot;
      nodes_[node].end_slot = slot + 1;
      if (depth == path.size()) break;
      node = Insert({path.begin(), path.begin() + static_cast<std::ptrdiff_t>(depth) + 1});
    }
    nodes_[node].slot = static_cast<int32_t>(slot);
  }
  if (time != nullptr) {
    for (size_t depth = 0; depth <= time->size(); ++depth) {
      nodes_[Insert({time->begin(), time->begin() + static_cast<std::ptrdiff_t>(depth)})]
          .time_below = true;
    }
    nodes_[Insert(*time)].is_time = true;
  }
  for (Node& node : nodes_) MakeTable(node);
}

uint32_t FieldTrie::Insert(const rules::FieldPath& path) {
  uint32_t node = 0;
  for (const std::string& name : path) {
    const auto& children = nodes_[node].children;
    const auto found = std::find_if(children.begin(), children.end(),
                                    [&](const Child& child) { return child.name == name; });
    if (found != children.end()) {
      node = found->node;
      continue;
    }
    const auto made = static_cast<uint32_t>(nodes_.size());
    nodes_[node].children.push_back({.name = name, .node = made});
    nodes_.emplace_back();
    node = made;
  }
  return node;
}

void FieldTrie::MakeTable(Node& node) {
  size_t size = 8;
  while (size < node.children.size() * 4) size *= 2;
  node.table.assign(size, 0);
  node.mask = static_cast<uint32_t>(size - 1);
  for (size_t i = 0; i < node.children.size(); ++i) {
    const std::string& name = node.children[i].name;
    uint32_t at = Hash(name, name.data() + name.size()) & node.mask;
    while (node.table[at] != 0) at = (at + 1) & node.mask;
    node.table[at] = static_cast<uint16_t>(i + 1);
  }
}

}  // namespace telltale::decode
