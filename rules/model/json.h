// A JSON value as its author wrote it: what tests of rules give as events and expect as fields, and
// what JSON Schemas are made of.
//
// Numbers keep their text, for 1500 and 1500.0 are not read alike (V5). Members of an object keep
// the order of the file.
//
// Owner: value type. Thread: plain data. Errors: none.
#ifndef TELLTALE_RULES_MODEL_JSON_H_
#define TELLTALE_RULES_MODEL_JSON_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace telltale::rules {

enum class JsonKind : uint8_t { kNull, kBool, kNumber, kString, kArray, kObject };

struct JsonMember;

struct Json {
  JsonKind kind = JsonKind::kNull;
  bool boolean = false;
  std::string text;                 // of a string; of a number as JSON writes it
  std::vector<Json> items;          // of an array
  std::vector<JsonMember> members;  // of an object

  static Json Number(std::string text);
  static Json String(std::string text);
  // Null where there is no such member.
  const Json* Find(std::string_view name) const;
  Json* Find(std::string_view name);
};

struct JsonMember {
  std::string name;
  Json value;
};

// Whether the text is a number by JSON's grammar.
bool IsJsonNumber(std::string_view text);

// By value: numbers by their amount (1500 and 1500.0 are equal), members in any order.
bool SameValue(const Json& a, const Json& b);

// `text` as a JSON string with its quotes. REQUIRES: it is UTF-8.
void AppendJsonText(std::string_view text, std::string& out);
// On one line, without spaces.
void AppendJson(const Json& value, std::string& out);

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_MODEL_JSON_H_
