#include "rules/load/schema/schema.h"

#include <map>
#include <string_view>
#include <utility>
#include <vector>

#include "rules/load/vocabulary/definition_keys.h"
#include "rules/load/vocabulary/names.h"
#include "rules/load/vocabulary/rule_keys.h"
#include "rules/load/vocabulary/sequence_keys.h"
#include "rules/load/vocabulary/test_keys.h"
#include "rules/model/sequence_limits.h"

namespace telltale::rules {
namespace {

// Laid out later; the texts in it are our own.
using Json = std::string;

Json Quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

Json Object(const std::vector<std::pair<std::string, Json>>& members) {
  std::string out = "{";
  for (const auto& [name, value] : members)
    out += (out.size() > 1 ? "," : "") + Quoted(name) + ":" + value;
  return out + "}";
}

Json Array(const std::vector<Json>& items) {
  std::string out = "[";
  for (const Json& item : items) out += (out.size() > 1 ? "," : "") + item;
  return out + "]";
}

template <typename Texts>
Json TextArray(const Texts& texts) {
  std::vector<Json> items;
  for (const auto& text : texts) items.push_back(Quoted(text));
  return Array(items);
}

Json Ref(const std::string& name) { return Object({{"$ref", Quoted("#/definitions/" + name)}}); }
Json Type(const char* name) { return Object({{"type", Quoted(name)}}); }
Json HasAny(const std::vector<std::string_view>& keys) {
  std::vector<Json> each;
  for (const std::string_view key : keys)
    each.push_back(Object({{"required", TextArray(std::vector{key})}}));
  return Object({{"anyOf", Array(each)}});
}
Json Not(const Json& schema) { return Object({{"not", schema}}); }

constexpr std::string_view kNotBlank = "[^ \\t\\r\\n]";

// "a modifier of 'risk_score'" to "modifier_of_risk_score".
std::string NameOf(const KeySet& keys) {
  std::string_view owner = keys.owner;
  for (const std::string_view article : {"a ", "an "}) {
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
  for (const char* unit : {"w", "d", "h", "m", "s", "ms", "us", "ns"})
    pattern += std::string("([0-9]+") + unit + ")?";
  return Object({{"type", Quoted("string")}, {"pattern", Quoted(pattern + "$")}});
}

// A name that is none of `taken`.
std::string NamePattern(const std::vector<std::string_view>& taken, std::string_view tail) {
  std::string pattern = "^(?!(";
  for (const std::string_view word : taken)
    pattern += (pattern.ends_with('(') ? "" : "|") + std::string(word);
  return pattern + ")($|\\())[A-Za-z_][A-Za-z0-9_]*" + std::string(tail) + "$";
}

class SchemaWriter {
 public:
  Json Rules() { return Whole("Telltale rules", Document()); }

  Json TestFiles() {
    const Json one_or_several = Object({{"oneOf", Array({HasAny({"rule"}), HasAny({"rules"})})}});
    return Whole("Telltale tests",
                 Object({{"allOf", Array({Keys(TestFileKeys()), one_or_several})}}));
  }

 private:
  // REQUIRES: `document` refers to no map that is not defined yet.
  Json Whole(std::string_view title, const Json& document) {
    definitions_.emplace("document", document);
    std::vector<std::pair<std::string, Json>> definitions(definitions_.begin(), definitions_.end());
    return Object(
        {{"$schema", Quoted("http://json-schema.org/draft-07/schema#")},
         {"title", Quoted(title)},
         {"anyOf", Array({Type("null"), Ref("document"),
                          Object({{"type", Quoted("array")}, {"items", Ref("document")}})})},
         {"definitions", Object(definitions)}});
  }

  // One document, or one item of a list of them: told apart as the reader does.
  Json Document() {
    const Json definitions = Object(
        {{"allOf",
          Array({HasAny({"lists", "macros"}), Not(HasAny({"id", "title", "on", "sequence"}))})}});
    const Json rule_or_definitions =
        Object({{"if", definitions}, {"then", Keys(DefinitionKeys())}, {"else", Rule()}});
    const Json sigma = Object({{"if", HasAny({"correlation", "filter", "detection"})},
                               {"then", Type("object")},
                               {"else", rule_or_definitions}});
    return Object({{"type", Quoted("object")},
                   {"if", HasAny({"override"})},
                   {"then", Override()},
                   {"else", sigma}});
  }

  Json Rule() {
    const Json keys = Keys(RuleKeys());
    const Json sequence = Object({{"if", HasAny({"sequence"})},
                                  {"then", Not(HasAny({"on", "where"}))},
                                  {"else", Object({{"required", TextArray(std::vector{"on"})}})}});
    const Json by = Object({{"missing_key", TextArray(std::vector{"by"})}});
    return Object({{"allOf", Array({keys, sequence})}, {"dependencies", by}});
  }

  // What is changed is judged in its place, in the rule.
  Json Override() {
    const Json way = Object({{"enum", TextArray(std::vector{"append", "replace"})}});
    const Json ways = Object({{"type", Quoted("object")}, {"additionalProperties", way}});
    return Object(
        {{"allOf", Array({HasAny({"id", "name"})})},
         {"properties", Object({{"override", Object({{"anyOf", Array({way, ways})}})}})}});
  }

  // A reference to the map with these keys, which is defined when it is met first.
  Json Keys(const KeySet& keys) {
    const std::string name = NameOf(keys);
    if (definitions_.emplace(name, "").second) {
      const Json made = Map(keys, {});
      definitions_[name] = made;
    }
    return Ref(name);
  }

  Json Map(const KeySet& keys, const std::vector<std::pair<std::string, Json>>& more) {
    std::vector<std::pair<std::string, Json>> properties;
    for (const Key& key : keys.known) properties.emplace_back(key.name, Value(key));
    std::vector<std::pair<std::string, Json>> members = {{"type", Quoted("object")},
                                                         {"properties", Object(properties)},
                                                         {"additionalProperties", "false"}};
    if (!keys.required.empty()) members.emplace_back("required", TextArray(keys.required));
    members.insert(members.end(), more.begin(), more.end());
    return Object(members);
  }

  Json Value(const Key& key) {
    std::vector<std::pair<std::string, Json>> members;
    if (!key.says.empty()) members.emplace_back("description", Quoted(key.says));
    std::vector<Json> each;
    for (const Takes& takes : key.takes) each.push_back(One(takes));
    if (!each.empty()) members.emplace_back(each.size() == 1 ? "allOf" : "anyOf", Array(each));
    return Object(members);
  }

  Json One(const Takes& takes) {
    switch (takes.kind) {
      case Takes::Kind::kAnything:
        return "true";
      case Takes::Kind::kText:
        return Text(takes.pattern.empty() ? kNotBlank : takes.pattern);
      case Takes::Kind::kTexts: {
        std::vector<std::pair<std::string, Json>> list = {{"type", Quoted("array")},
                                                          {"items", Text(kNotBlank)}};
        if (takes.least > 0) list.emplace_back("minItems", std::to_string(takes.least));
        if (takes.greatest != INT64_MAX)
          list.emplace_back("maxItems", std::to_string(takes.greatest));
        return Object({{"anyOf", Array({Text(kNotBlank), Object(list)})}});
      }
      case Takes::Kind::kWord:
        return Object({{"enum", TextArray(takes.words)}});
      case Takes::Kind::kBool:
        return Type("boolean");
      case Takes::Kind::kInt:
        return Object({{"type", Quoted("integer")},
                       {"minimum", std::to_string(takes.least)},
                       {"maximum", std::to_string(takes.greatest)}});
      case Takes::Kind::kDuration:
        return Duration(takes.least > 0);
      case Takes::Kind::kMap:
        return Keys(takes.keys());
      case Takes::Kind::kMaps:
        return Object({{"type", Quoted("array")},
                       {"items", Keys(takes.keys())},
                       {"minItems", std::to_string(takes.least)},
                       {"maxItems", std::to_string(takes.greatest)}});
      case Takes::Kind::kNames:
        return Object({{"type", Quoted("object")}, {"additionalProperties", Text(kNotBlank)}});
      case Takes::Kind::kNamed:
        return Named(takes.named);
    }
    return "true";
  }

  // Any scalar is text to the reader.
  static Json Text(std::string_view pattern) {
    std::vector<std::pair<std::string, Json>> members = {
        {"type", TextArray(std::vector{"string", "number", "boolean"})},
        {"pattern", Quoted(pattern)}};
    if (pattern != kNotBlank) members.emplace_back("minimum", "0");  // no pattern has a sign
    return Object(members);
  }

  Json Named(std::string_view name) {
    if (name == "sequence") return Sequence();
    if (name == "after_match") {
      return Map(AfterMatchKeys(), {{"minProperties", "1"}, {"maxProperties", "1"}});
    }
    if (name == "values") return Values();
    if (name == "lists") return Lists();
    if (name == "events")
      return Object({{"type", Quoted("array")}, {"items", Object({{"type", Quoted("object")}})}});
    if (name == "event_numbers") {
      const Json number = Object({{"type", Quoted("integer")}, {"minimum", "0"}});
      return Object(
          {{"anyOf", Array({number, Object({{"type", Quoted("array")}, {"items", number}})})}});
    }
    if (name == "map") return Object({{"type", Quoted("object")}});
    return Macros();
  }

  // - NAME: { ... }; defined once, for groups hold sequences again.
  Json Sequence() {
    if (definitions_.emplace("sequence", "").second) {
      const Json made = MakeSequence();
      definitions_["sequence"] = made;
    }
    return Ref("sequence");
  }

  Json MakeSequence() {
    std::vector<std::string_view> taken = ReservedNames();
    taken.insert(taken.end(), SequenceWords().begin(), SequenceWords().end());
    const auto several = [this](const KeySet& keys) {
      return Object({{"anyOf", Array({Ref("sequence"), Keys(keys)})}});
    };
    const Json item =
        Object({{"type", Quoted("object")},
                {"minProperties", "1"},
                {"maxProperties", "1"},
                {"properties", Object({{"not", Keys(NotKeys())},
                                       {"group", several(GroupKeys())},
                                       {"any_of", several(AnyOfKeys())},
                                       {"all_of", several(AllOfKeys())}})},
                {"patternProperties", Object({{NamePattern(taken, ""), Keys(StepKeys())}})},
                {"additionalProperties", "false"}});
    return Object({{"type", Quoted("array")},
                   {"items", item},
                   {"minItems", "1"},
                   {"maxItems", std::to_string(kMostSteps + kMostAbsences)}});
  }

  static Json Values() {
    return Object({{"type", Quoted("array")},
                   {"items", Object({{"type", TextArray(std::vector{"string", "number"})}})}});
  }

  Json Lists() {
    const Json described = Object(
        {{"allOf", Array({Keys(ListKeys())})},
         {"if", HasAny({"values"})},
         {"then", Not(HasAny({"file", "column", "delimiter"}))},
         {"else",
          Object({{"required", TextArray(std::vector{"file"})},
                  {"dependencies", Object({{"delimiter", TextArray(std::vector{"column"})}})}})}});
    return Definitions(Object({{"anyOf", Array({Values(), described})}}),
                       NamePattern(ReservedNames(), "(-[A-Za-z0-9_-]*)?"));
  }

  Json Macros() {
    return Definitions(
        Text(kNotBlank),
        NamePattern(ReservedNames(),
                    "(\\( *[A-Za-z_][A-Za-z0-9_]* *(, *[A-Za-z_][A-Za-z0-9_]* *)*\\))?"));
  }

  static Json Definitions(const Json& value, const std::string& names) {
    return Object({{"type", TextArray(std::vector{"object", "null"})},
                   {"propertyNames", Object({{"pattern", Quoted(names)}})},
                   {"additionalProperties", value}});
  }

  std::map<std::string, Json> definitions_;
};

// One member or item a line, but short ones on one.
std::string LaidOut(std::string_view json) {
  std::string out;
  size_t indent = 0;
  bool quoted = false;
  const auto line = [&] { out += "\n" + std::string(2 * indent, ' '); };
  for (size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    if (quoted) {
      out += c;
      if (c == '\\') out += json[++i];
      if (c == '"') quoted = false;
      continue;
    }
    if (c == '"') quoted = true;
    if (c == '{' || c == '[') {
      out += c;
      if (i + 1 < json.size() && (json[i + 1] == '}' || json[i + 1] == ']')) continue;
      ++indent;
      line();
    } else if (c == '}' || c == ']') {
      const bool empty = json[i - 1] == '{' || json[i - 1] == '[';
      if (!empty) {
        --indent;
        line();
      }
      out += c;
    } else {
      out += c;
      if (c == ',') line();
      if (c == ':') out += ' ';
    }
  }
  return out + "\n";
}

}  // namespace

std::string RuleSchema() { return LaidOut(SchemaWriter().Rules()); }

std::string TestFileSchema() { return LaidOut(SchemaWriter().TestFiles()); }

}  // namespace telltale::rules
