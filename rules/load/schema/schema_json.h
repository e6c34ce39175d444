// The pieces of a JSON Schema (draft-07), and its text.
//
// Owner: values. Thread: any. Errors: none.
#ifndef TELLTALE_RULES_LOAD_SCHEMA_SCHEMA_JSON_H_
#define TELLTALE_RULES_LOAD_SCHEMA_SCHEMA_JSON_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rules/model/json.h"

namespace telltale::rules::schema {

using Members = std::vector<JsonMember>;

Json Object(Members members);
Json Array(std::vector<Json> items);
Json Text(std::string_view text);
Json Integer(int64_t number);
Json Bool(bool value);

template <typename Words>
Json TextArray(const Words& words) {
  std::vector<Json> items;
  for (const auto& word : words) items.push_back(Text(word));
  return Array(std::move(items));
}

// Schemas.
Json Ref(std::string_view name);  // to a definition
Json OfType(std::string_view name);
Json Requires(const std::vector<std::string_view>& keys);
Json HasAny(const std::vector<std::string_view>& keys);  // whatever its value
Json Not(Json schema);
Json OneWord(const std::vector<std::string_view>& words);
Json StringLike(std::string_view pattern);  // a pattern of ECMA 262
Json ListOf(Json item, int64_t least = 0, int64_t greatest = INT64_MAX);
// A map of any keys.
Json MapOf(Json value);

// A pattern: letters, digits and '_' that are none of `taken`, and then `tail`.
std::string NamePattern(const std::vector<std::string_view>& taken, std::string_view tail = {});

// For people: one member or item a line. Ends with a newline.
std::string LaidOut(const Json& json);

}  // namespace telltale::rules::schema

#endif  // TELLTALE_RULES_LOAD_SCHEMA_SCHEMA_JSON_H_
