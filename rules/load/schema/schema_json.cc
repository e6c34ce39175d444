#include "rules/load/schema/schema_json.h"

namespace telltale::rules::schema {
namespace {

void LayOut(const Json& json, size_t indent, std::string& out) {
  const bool is_object = json.kind == JsonKind::kObject;
  const size_t size = is_object ? json.members.size() : json.items.size();
  if (size == 0) return AppendJson(json, out);
  out += is_object ? '{' : '[';
  for (size_t i = 0; i < size; ++i) {
    out += (i == 0 ? "\n" : ",\n") + std::string(2 * indent + 2, ' ');
    if (is_object) {
      AppendJsonText(json.members[i].name, out);
      out += ": ";
    }
    LayOut(is_object ? json.members[i].value : json.items[i], indent + 1, out);
  }
  out += "\n" + std::string(2 * indent, ' ') + (is_object ? '}' : ']');
}

}  // namespace

Json Object(Members members) {
  Json json;
  json.kind = JsonKind::kObject;
  json.members = std::move(members);
  return json;
}

Json Array(std::vector<Json> items) {
  Json json;
  json.kind = JsonKind::kArray;
  json.items = std::move(items);
  return json;
}

Json Text(std::string_view text) { return Json::String(std::string(text)); }

Json Integer(int64_t number) { return Json::Number(std::to_string(number)); }

Json Bool(bool value) {
  Json json;
  json.kind = JsonKind::kBool;
  json.boolean = value;
  return json;
}

Json Ref(std::string_view name) {
  return Object({{"$ref", Text("#/definitions/" + std::string(name))}});
}

Json OfType(std::string_view name) { return Object({{"type", Text(name)}}); }

Json Requires(const std::vector<std::string_view>& keys) {
  return Object({{"required", TextArray(keys)}});
}

Json HasAny(const std::vector<std::string_view>& keys) {
  std::vector<Json> each;
  for (const std::string_view key : keys) each.push_back(Requires({key}));
  return Object({{"anyOf", Array(std::move(each))}});
}

Json Not(Json schema) { return Object({{"not", std::move(schema)}}); }

Json OneWord(const std::vector<std::string_view>& words) {
  return Object({{"enum", TextArray(words)}});
}

Json StringLike(std::string_view pattern) {
  return Object({{"type", Text("string")}, {"pattern", Text(pattern)}});
}

Json ListOf(Json item, int64_t least, int64_t greatest) {
  Members members = {{"type", Text("array")}, {"items", std::move(item)}};
  if (least > 0) members.push_back({"minItems", Integer(least)});
  if (greatest != INT64_MAX) members.push_back({"maxItems", Integer(greatest)});
  return Object(std::move(members));
}

Json MapOf(Json value) {
  return Object({{"type", Text("object")}, {"additionalProperties", std::move(value)}});
}

std::string NamePattern(const std::vector<std::string_view>& taken, std::string_view tail) {
  std::string pattern = "^(?!(";
  for (const std::string_view word : taken)
    pattern += (pattern.ends_with('(') ? "" : "|") + std::string(word);
  return pattern + ")($|\\())[A-Za-z_][A-Za-z0-9_]*" + std::string(tail) + "$";
}

std::string LaidOut(const Json& json) {
  std::string out;
  LayOut(json, 0, out);
  return out + "\n";
}

}  // namespace telltale::rules::schema
