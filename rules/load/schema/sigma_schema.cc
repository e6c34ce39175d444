#include "rules/load/schema/sigma_schema.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "rules/load/sigma/correlation_condition.h"
#include "rules/load/sigma/modifier.h"
#include "rules/load/sigma/sigma_keys.h"
#include "rules/load/vocabulary/rule_keys.h"

namespace telltale::rules::schema {
namespace {

Json TypeIs(std::vector<std::string_view> types) {
  return Object({{"properties", Object({{"type", OneWord(types)}})}});
}

Json If(Json condition, Json then) {
  return Object({{"if", std::move(condition)}, {"then", std::move(then)}});
}

// A map that has the key, with such a value.
Json Has(std::string_view key, Json value) {
  return Object({{"required", TextArray(std::vector{key})},
                 {"properties", Object({{std::string(key), std::move(value)}})}});
}

std::vector<std::string_view> Types(bool (*of)(CorrelationType)) {
  std::vector<std::string_view> names;
  for (const auto& [name, type] : sigma::CorrelationTypeWords()) {
    if (of(type)) names.push_back(name);
  }
  return names;
}

// What the type of a correlation asks of its condition.
Members Correlation() {
  const Json bounds = OfType("object");
  const Json by_type =
      Object({{"if", TypeIs(Types(sigma::IsTemporal))}, {"else", Has("condition", bounds)}});
  const auto condition = [](Json schema) {
    return Object(
        {{"properties", Object({{"condition", If(OfType("object"), std::move(schema))}})}});
  };
  const Json count = Object({{"type", Text("integer")}, {"minimum", Integer(0)}});
  Members counts;
  for (const char* bound : {"gt", "gte", "lt", "lte", "eq", "neq"})
    counts.push_back({bound, count});
  const Json rules = Object(
      {{"anyOf", Array({Has("rules", Not(OfType("null"))), Has("condition", OfType("string"))})}});
  return {{"allOf", Array({by_type, rules,
                           If(TypeIs(Types(sigma::CountsWhole)),
                              condition(Object({{"properties", Object(std::move(counts))}}))),
                           Object({{"if", TypeIs(Types(sigma::NeedsField))},
                                   {"then", condition(Requires({"field"}))},
                                   {"else", condition(Not(Requires({"field"})))}}),
                           Object({{"if", TypeIs({"value_percentile"})},
                                   {"else", condition(Not(Requires({"percentile"})))}})})}};
}

std::string FieldPattern() {
  std::string pattern = "^[^|]*(\\|(";
  for (const std::string& name : sigma::ModifierNames())
    pattern += (pattern.ends_with('(') ? "" : "|") + name;
  return pattern + "))*$";
}

}  // namespace

Json SigmaSchema::SigmaOr(Json ours) {
  // A rule of ours may have a detection, too: it says which stream it is about.
  const Json detection =
      Object({{"anyOf", Array({HasAny({"logsource", "action"}),
                               Object({{"required", TextArray(std::vector{"detection"})},
                                       {"not", HasAny({"on", "sequence"})}})})}});
  const Json rule = Object(
      {{"if", detection}, {"then", Keys(sigma::SigmaRuleKeys())}, {"else", std::move(ours)}});
  const Json filter = Object(
      {{"if", Requires({"filter"})}, {"then", Keys(sigma::SigmaFilterKeys())}, {"else", rule}});
  return Object({{"if", Requires({"correlation"})},
                 {"then", Keys(sigma::SigmaCorrelationKeys())},
                 {"else", filter}});
}

Json SigmaSchema::Named(std::string_view name) {
  if (name == "search_identifiers")
    return Defined("search_identifiers", [this] { return SearchIdentifiers({}); });
  if (name == "filter") return SearchIdentifiers({"rules"});
  if (name == "aliases") return MapOf(MapOf(AnyText()));
  if (name == "number") return OfType("number");
  if (name == "own_alert") return OfOurs("alert", "object");
  if (name == "own_runbook") return OfOurs("runbook", "string");
  if (name == "own_suppress") return OfOurs("suppress", "object");
  if (name == "own_exceptions") return OfOurs("exceptions", "array");
  if (name == "own_tests") return OfOurs("tests", "array");
  if (name == "percent") {
    return Object({{"type", Text("number")}, {"minimum", Integer(0)}, {"maximum", Integer(100)}});
  }
  // Of a rule of ours: search identifiers and a condition, or one search without a name.
  return Object({{"if", Object({{"type", Text("object")},
                                {"required", TextArray(std::vector{"condition"})}})},
                 {"then", Named("search_identifiers")},
                 {"else", Defined("search", [this] { return Search(); })}});
}

Members SigmaSchema::Beside(const KeySet& keys) {
  if (&keys == &sigma::CorrelationKeys()) return Correlation();
  if (&keys == &sigma::BoundKeys())
    return {{"allOf", Array({HasAny({"gt", "gte", "lt", "lte", "eq", "neq"})})}};
  if (&keys == &sigma::LogsourceKeys()) {
    std::vector<Json> named;
    for (const char* key : {"product", "category", "service"})
      named.push_back(Has(key, Not(OfType("null"))));
    const Json text = Object({{"anyOf", Array({AnyText(), OfType("null")})}});
    return {{"anyOf", Array(std::move(named))}, {"additionalProperties", text}};
  }
  if (&keys == &sigma::SigmaRuleKeys() || &keys == &sigma::SigmaFilterKeys() ||
      &keys == &sigma::SigmaCorrelationKeys())
    return {{"not", Requires({"action"})}};  // Sigma 1's
  return {};
}

// Fields and their values, keywords, or a list of these.
Json SigmaSchema::Search() {
  const Json value =
      Object({{"type", TextArray(std::vector{"string", "number", "boolean", "null"})}});
  const Json values = Object({{"anyOf", Array({value, ListOf(value, 1)})}});
  const Json fields = Object({{"type", Text("object")},
                              {"minProperties", Integer(1)},
                              {"propertyNames", Object({{"pattern", Text(FieldPattern())}})},
                              {"additionalProperties", values}});
  const Json keyword = Object({{"type", TextArray(std::vector{"string", "number", "boolean"})}});
  return Object({{"anyOf", Array({fields, keyword, ListOf(Ref("search"), 1)})}});
}

Json SigmaSchema::SearchIdentifiers(const std::vector<std::string_view>& others) {
  std::vector<std::string_view> taken = {"condition", "timeframe"};
  taken.insert(taken.end(), others.begin(), others.end());
  std::vector<std::string_view> required = {"condition"};
  required.insert(required.end(), others.begin(), others.end());
  const Json condition = Object({{"anyOf", Array({AnyText(), ListOf(AnyText(), 1)})}});
  Members properties = {{"condition", condition}, {"timeframe", Object({})}};
  for (const std::string_view other : others)
    properties.push_back({std::string(other), One(Takes::Texts(1))});
  return Object({{"type", Text("object")},
                 {"properties", Object(std::move(properties))},
                 {"additionalProperties", Defined("search", [this] { return Search(); })},
                 {"required", TextArray(required)},
                 // There is something to ask for.
                 {"not", Object({{"propertyNames", OneWord(taken)}})}});
}

// One of our keys in a document of Sigma's: ours where its value has our shape.
Json SigmaSchema::OfOurs(std::string_view key, std::string_view type) {
  const std::vector<Key>& known = RuleKeys().known;
  const auto found =
      std::find_if(known.begin(), known.end(), [&](const Key& k) { return k.name == key; });
  return If(OfType(type), One(found->takes.front()));
}

}  // namespace telltale::rules::schema
