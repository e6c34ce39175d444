// The paths that a decoder looks for, as a tree of member names; each level finds a name by a small
// hash table, so that the order of the members does not matter and a name that nobody reads costs
// one probe.
//
// Owner: a decoder. Thread: immutable once built. Errors: none.
#ifndef TELLTALE_DAEMON_DECODE_FIELD_TRIE_H_
#define TELLTALE_DAEMON_DECODE_FIELD_TRIE_H_

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "engine/event/layout.h"
#include "rules/model/stream.h"

namespace telltale::decode {

class FieldTrie {
 public:
  static constexpr int32_t kNone = -1;

  struct Child {
    std::string name;
    uint32_t node = 0;
  };
  struct Node {
    int32_t slot = kNone;     // of the field that ends here
    bool is_time = false;     // the event's time ends here
    bool time_below = false;  // ... or further down
    uint32_t first_slot = 0;  // of the slots here and below, which are next to each other
    uint32_t end_slot = 0;
    std::vector<Child> children;
    std::vector<uint16_t> table;  // child + 1 by hash, linear probing; 0: empty
    uint32_t mask = 0;            // table.size() - 1
  };

  // `time` is null where the time is no field.
  FieldTrie(const engine::EventLayout& layout, const rules::FieldPath* time);

  const Node& root() const { return nodes_[0]; }
  const Node& operator[](uint32_t node) const { return nodes_[node]; }
  size_t size() const { return nodes_.size(); }

  // The node below `node` by that name, or 0. `end` is where the readable bytes behind `name` end.
  uint32_t Find(const Node& node, std::string_view name, const char* end) const {
    uint32_t at = Hash(name, end) & node.mask;
    while (node.table[at] != 0) {
      const Child& child = node.children[node.table[at] - 1u];
      if (child.name == name) return child.node;
      at = (at + 1) & node.mask;
    }
    return 0;
  }

 private:
  static uint64_t Load(const char* bytes, size_t size) {
    uint64_t word = 0;
    std::memcpy(&word, bytes, size);
    return word;
  }
  // Of the length and of the first and the last 8 bytes.
  static uint32_t Hash(std::string_view name, const char* end) {
    const size_t size = name.size();
    uint64_t word = 0;
    if (size >= 8) {
      word = Load(name.data(), 8) ^ (Load(name.data() + size - 8, 8) * 0x9E3779B97F4A7C15u);
    } else if (end - name.data() >= 8) {
      word = Load(name.data(), 8) & ((uint64_t{1} << (8 * size)) - 1);
    } else {
      word = Load(name.data(), size);
    }
    return static_cast<uint32_t>(((word ^ size) * 0xD6E8FEB86659FD93u) >> 40);
  }

  uint32_t Insert(const rules::FieldPath& path);
  void MakeTable(Node& node);

  std::vector<Node> nodes_;  // 0 is the root, which is nobody's child
};

}  // namespace telltale::decode

#endif  // TELLTALE_DAEMON_DECODE_FIELD_TRIE_H_
