#include "rules/load/schema/key_schema.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "rules/load/yaml/quantity.h"

namespace telltale::rules::schema {
namespace {

constexpr std::string_view kNotBlank = "[^ \\t\\r\\n]";

// "a modifier of 'risk_score'" to "modifier_of_risk_score".
std::string NameOf(const KeySet& keys) {
  std::string_view owner = keys.owner;
  for (const std::string_view article : {"a ", "an ", "the "}) {
    if (owner.starts_with(article)) owner.remove_prefix(article.size());
  }
  std::string name;
  for (const char c : owner) {
    if (c != '\'') name += c == ' ' ? '_' : c;
  }
  return name;
}

// The larger unit first, each once, as ParseDuration has it.
Json Duration(bool longer_than_nothing) {
  std::string pattern = longer_than_nothing ? "^(?=.*[1-9])" : "^(?=.)";
  for (const std::string_view unit : DurationUnits())
    pattern += "([0-9]+" + std::string(unit) + ")?";
  return StringLike(pattern + "$");
}

Json Bytes(bool more_than_nothing) {
  std::string pattern = more_than_nothing ? "^(?=.*[1-9])[0-9]+ *(" : "^[0-9]+ *(";
  for (const std::string_view unit : SizeUnits())
    pattern += (pattern.ends_with('(') ? "" : "|") + std::string(unit);
  return StringLike(pattern + ")$");
}

// Any scalar is text to the reader, so its pattern is that of its text.
Json Scalar(std::string_view pattern) {
  Members members = {{"type", TextArray(std::vector{"string", "number", "boolean"})},
                     {"pattern", Text(pattern)}};
  if (pattern != kNotBlank) members.push_back({"minimum", Integer(0)});  // no pattern has a sign
  return Object(members);
}

Json TextOrTexts(const Takes& takes) {
  return Object({{"anyOf", Array({Scalar(kNotBlank),
                                  ListOf(Scalar(kNotBlank), takes.least, takes.greatest)})}});
}

Json Number(const Takes& takes) {
  return Object({{"type", Text("integer")},
                 {"minimum", Integer(takes.least)},
                 {"maximum", Integer(takes.greatest)}});
}

}  // namespace

Members KeySchema::Beside(const KeySet&) { return {}; }

Json KeySchema::AnyText() { return Scalar(kNotBlank); }

Json KeySchema::Defined(const std::string& name, const std::function<Json()>& make) {
  if (definitions_.emplace(name, Json()).second) {
    Json made = make();
    definitions_[name] = std::move(made);
  }
  return Ref(name);
}

Json KeySchema::Keys(const KeySet& keys) {
  return Defined(NameOf(keys), [&] { return Map(keys); });
}

std::string KeySchema::Whole(std::string_view title, const Members& members) {
  Members whole = {{"$schema", Text("http://json-schema.org/draft-07/schema#")},
                   {"title", Text(title)}};
  whole.insert(whole.end(), members.begin(), members.end());
  Members definitions;
  for (auto& [name, definition] : definitions_) definitions.push_back({name, definition});
  whole.push_back({"definitions", Object(std::move(definitions))});
  return LaidOut(Object(std::move(whole)));
}

Json KeySchema::Map(const KeySet& keys) {
  Members properties;
  for (const Key& key : keys.known) {
    const bool required =
        std::find(keys.required.begin(), keys.required.end(), key.name) != keys.required.end();
    properties.push_back({key.name, Value(key, keys.null_is_absent && !required)});
  }
  Members members = {{"type", Text("object")}, {"properties", Object(std::move(properties))}};
  if (!keys.open) members.push_back({"additionalProperties", Bool(false)});
  if (!keys.required.empty()) members.push_back({"required", TextArray(keys.required)});
  for (JsonMember& member : Beside(keys)) members.push_back(std::move(member));
  return Object(std::move(members));
}

Json KeySchema::Value(const Key& key, bool or_null) {
  Members members;
  if (!key.says.empty()) members.push_back({"description", Text(key.says)});
  std::vector<Json> each;
  for (const Takes& takes : key.takes) each.push_back(One(takes));
  if (!each.empty() && or_null) each.push_back(OfType("null"));
  if (!each.empty()) {
    const char* way = each.size() == 1 ? "allOf" : "anyOf";
    members.push_back({way, Array(std::move(each))});
  }
  return Object(std::move(members));
}

Json KeySchema::One(const Takes& takes) {
  switch (takes.kind) {
    case Takes::Kind::kAnything:
      return Bool(true);
    case Takes::Kind::kText:
      return Scalar(takes.pattern.empty() ? kNotBlank : takes.pattern);
    case Takes::Kind::kString:
      return StringLike(takes.pattern);
    case Takes::Kind::kTexts:
      return TextOrTexts(takes);
    case Takes::Kind::kWord:
      return OneWord(takes.words);
    case Takes::Kind::kWords:
      return ListOf(OneWord(takes.words), takes.least, takes.greatest);
    case Takes::Kind::kBool:
      return OfType("boolean");
    case Takes::Kind::kInt:
      return Number(takes);
    case Takes::Kind::kDuration:
      return Duration(takes.least > 0);
    case Takes::Kind::kBytes:
      return Bytes(takes.least > 0);
    case Takes::Kind::kMap:
      return Keys(takes.keys());
    case Takes::Kind::kMaps:
      return ListOf(Keys(takes.keys()), takes.least, takes.greatest);
    case Takes::Kind::kNames:
      return MapOf(AnyText());
    case Takes::Kind::kNamed:
      return Named(takes.named);
  }
  return Bool(true);
}

}  // namespace telltale::rules::schema
