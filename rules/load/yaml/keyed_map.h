// A map that is read by the table of its keys (key_set.h): what a key takes, and its limits, stand
// there alone, beside what the schema and the reference say of them.
//
// Every method gives nothing where the key is not there, or where its value cannot be used, which
// is told.
//
// Owner: borrows the map, the table and the reader. Thread: one at a time. Units: nanoseconds,
// bytes. Errors: diagnostics.
#ifndef TELLTALE_RULES_LOAD_YAML_KEYED_MAP_H_
#define TELLTALE_RULES_LOAD_YAML_KEYED_MAP_H_

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "rules/load/yaml/key_set.h"
#include "rules/load/yaml/node.h"
#include "rules/load/yaml/values.h"
#include "rules/model/source.h"

namespace telltale::rules {

class KeyedMap {
 public:
  // None where the node is no map. Keys that the table does not have are refused.
  static std::optional<KeyedMap> Open(const Node& node, const KeySet& keys, ValueReader& values,
                                      bool* later_found = nullptr);
  // Of a map that was opened already.
  KeyedMap(const Node& node, const KeySet& keys, ValueReader& values)
      : node_(node), keys_(keys), values_(values) {}

  // REQUIRES, of this and the others: the table has the key, and it takes such a value.
  const Node* Find(std::string_view key) const;
  // An error at `place` where it is not there.
  const Node* Required(std::string_view key, const Span& place) const;

  std::optional<LocatedText> Text(std::string_view key) const;
  std::optional<std::vector<LocatedText>> Texts(std::string_view key) const;
  std::optional<bool> Bool(std::string_view key) const;
  std::optional<int64_t> Int(std::string_view key) const;
  std::optional<int64_t> Duration(std::string_view key) const;
  std::optional<int64_t> Bytes(std::string_view key) const;
  template <typename Enum>
  std::optional<Enum> Word(std::string_view key, const ValueReader::Words<Enum>& words,
                           const std::vector<LaterWord>& later = {}) const {
    const Node* node = Find(key);
    if (node == nullptr) return std::nullopt;
    return values_.Word<Enum>(*node, Quoted(key), words, later);
  }

  const Node& node() const { return node_; }

 private:
  static std::string Quoted(std::string_view key) { return "'" + std::string(key) + "'"; }
  const Takes& Of(std::string_view key, Takes::Kind kind) const;

  const Node& node_;
  const KeySet& keys_;
  ValueReader& values_;
};

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_LOAD_YAML_KEYED_MAP_H_
