#include "rules/load/yaml/keyed_map.h"

#include <algorithm>
#include <cassert>
#include <string>

namespace telltale::rules {
namespace {

const Key* FindKey(const KeySet& keys, std::string_view name) {
  const auto found = std::find_if(keys.known.begin(), keys.known.end(),
                                  [&](const Key& key) { return key.name == name; });
  return found == keys.known.end() ? nullptr : &*found;
}

}  // namespace

std::optional<KeyedMap> KeyedMap::Open(const Node& node, const KeySet& keys, ValueReader& values,
                                       bool* later_found) {
  if (!values.Map(node, keys, later_found)) return std::nullopt;
  return KeyedMap(node, keys, values);
}

const Node* KeyedMap::Find(std::string_view key) const {
  assert(FindKey(keys_, key) != nullptr);
  return node_.Find(key);
}

const Node* KeyedMap::Required(std::string_view key, const Span& place) const {
  assert(FindKey(keys_, key) != nullptr);
  return values_.Required(node_, key, place, keys_.owner);
}

const Takes& KeyedMap::Of(std::string_view name, Takes::Kind kind) const {
  static const Takes anything;
  const Key* key = FindKey(keys_, name);
  assert(key != nullptr);
  for (const Takes& takes : key->takes) {
    if (takes.kind == kind) return takes;
  }
  assert(false);  // the table says that it takes something else
  return anything;
}

std::optional<LocatedText> KeyedMap::Text(std::string_view key) const {
  const Node* node = Find(key);
  if (node == nullptr) return std::nullopt;
  return values_.Text(*node, Quoted(key));
}

std::optional<std::vector<LocatedText>> KeyedMap::Texts(std::string_view key) const {
  const Node* node = Find(key);
  if (node == nullptr) return std::nullopt;
  const auto most = static_cast<uint64_t>(Of(key, Takes::Kind::kTexts).greatest);
  return values_.Texts(*node, Quoted(key), static_cast<size_t>(std::min<uint64_t>(most, SIZE_MAX)));
}

std::optional<bool> KeyedMap::Bool(std::string_view key) const {
  const Node* node = Find(key);
  if (node == nullptr) return std::nullopt;
  return values_.Bool(*node, Quoted(key));
}

std::optional<int64_t> KeyedMap::Int(std::string_view key) const {
  const Node* node = Find(key);
  if (node == nullptr) return std::nullopt;
  const Takes& takes = Of(key, Takes::Kind::kInt);
  return values_.Int(*node, Quoted(key), takes.least, takes.greatest);
}

std::optional<int64_t> KeyedMap::Duration(std::string_view key) const {
  const Node* node = Find(key);
  if (node == nullptr) return std::nullopt;
  return values_.Duration(*node, Quoted(key), Of(key, Takes::Kind::kDuration).least);
}

std::optional<int64_t> KeyedMap::Bytes(std::string_view key) const {
  const Node* node = Find(key);
  if (node == nullptr) return std::nullopt;
  const Takes& takes = Of(key, Takes::Kind::kBytes);
  return values_.Bytes(*node, Quoted(key), takes.least, takes.greatest);
}

}  // namespace telltale::rules
