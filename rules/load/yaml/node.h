// A YAML document as an immutable tree, typed by YAML's core schema, every node and key with its
// place.
//
// Plain scalars are null, bool, int, float or string by their text; quoted and block scalars are
// always strings. The entries of a map keep the order of the file, and no key stands there twice.
// There are no anchors, aliases or tags left.
//
// Owner: a node owns its children. Thread: immutable, any. Errors: none; what was wrong is in the
// reader's diagnostics.
#ifndef TELLTALE_RULES_LOAD_YAML_NODE_H_
#define TELLTALE_RULES_LOAD_YAML_NODE_H_

#include <cstdint>
#include <string_view>
#include <vector>

#include "rules/model/source.h"

namespace telltale::rules {

enum class NodeKind : uint8_t { kNull, kBool, kInt, kFloat, kString, kSequence, kMap };

struct Entry;

struct Node {
  NodeKind kind = NodeKind::kNull;
  bool boolean = false;  // kBool
  int64_t integer = 0;   // kInt
  double number = 0;     // kInt and kFloat; an integer beyond int64 is a kFloat
  Span span;
  LocatedText text;  // of every scalar, as written once quotes, escapes and folding are resolved
  std::vector<Node> items;     // kSequence
  std::vector<Entry> entries;  // kMap

  bool is_scalar() const { return kind != NodeKind::kSequence && kind != NodeKind::kMap; }
  // The value of a map's key; null where it is not there.
  const Node* Find(std::string_view key) const;
};

struct Entry {
  LocatedText key;
  Node value;
};

// "a map", "a list", "a string" ...: for messages.
const char* KindName(NodeKind kind);

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_LOAD_YAML_NODE_H_
