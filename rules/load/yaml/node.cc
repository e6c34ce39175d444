#include "rules/load/yaml/node.h"

namespace telltale::rules {

const Node* Node::Find(std::string_view key) const {
  for (const Entry& entry : entries) {
    if (entry.key.text() == key) return &entry.value;
  }
  return nullptr;
}

const char* KindName(NodeKind kind) {
  switch (kind) {
    case NodeKind::kNull:
      return "nothing";
    case NodeKind::kBool:
      return "a bool";
    case NodeKind::kInt:
      return "an integer";
    case NodeKind::kFloat:
      return "a number";
    case NodeKind::kString:
      return "a string";
    case NodeKind::kSequence:
      return "a list";
    case NodeKind::kMap:
      return "a map";
  }
  return "something";
}

}  // namespace telltale::rules
