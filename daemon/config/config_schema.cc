#include "daemon/config/config_schema.h"

#include <string_view>
#include <vector>

#include "daemon/config/config_words.h"
#include "rules/load/schema/key_schema.h"
#include "rules/load/schema/schema_json.h"
#include "rules/load/vocabulary/names.h"

namespace telltale::config {
namespace {

using rules::Json;
using namespace rules::schema;  // NOLINT(google-build-using-namespace): what this file is written
                                // in

// The words of a type; what stands in its parentheses is for the reader.
constexpr std::string_view kTypePattern =
    "^ *(bool|int|uint|double|string|dyn|list *(\\(.*\\))?|map *(\\( *string *,.*\\))?) *$";
constexpr std::string_view kStreamPattern = "^(?!alerts$)[A-Za-z_][A-Za-z0-9_-]*$";

class ConfigFile : public KeySchema {
 public:
  std::string Schema() {
    return Whole("Telltale config", {{"allOf", Array({Keys(ConfigKeys())})}});
  }

 private:
  Members Beside(const rules::KeySet& keys) override {
    if (&keys == &ConfigKeys()) return {{"if", Requires({"kafka"})}, {"then", Daemon()}};
    if (&keys == &TimeKeys()) {
      return {
          {"allOf", Array({Not(Requires({"field", "source"})), Not(Requires({"unit", "format"}))})},
          {"dependencies", Object({{"unit", TextArray(std::vector{"field"})},
                                   {"format", TextArray(std::vector{"field"})},
                                   {"zone", TextArray(std::vector{"format"})}})}};
    }
    if (&keys == &LogsourceKeys())
      return {{"allOf", Array({HasAny({"product", "category", "service"})})}};
    if (&keys == &TableKeys()) return Table();
    return {};
  }

  Json Named(std::string_view name) override {
    if (name == "properties") return Properties();
    if (name == "streams") return Streams();
    if (name == "tables") {
      return Object(
          {{"type", Text("object")},
           {"propertyNames", Object({{"pattern", Text(NamePattern(rules::ReservedNames()))}})},
           {"additionalProperties", Keys(TableKeys())}});
    }
    if (name == "types") return MapOf(StringLike(kTypePattern));
    return Object({{"type", Text("object")},
                   {"properties", Object({{"*", StringLike("\\{field\\}")}})},
                   {"additionalProperties", AnyText()}});
  }

  static Json Daemon() {
    return Object({{"required", TextArray(std::vector{"group", "rules", "alerts"})},
                   {"properties", Object({{"alerts", Requires({"topic"})}})}});
  }

  // Any of librdkafka's, but those that are not the user's.
  static Json Properties() {
    Members properties;
    for (const auto& [property, why] : PropertiesOfOurs()) {
      properties.push_back({std::string(property),
                            Object({{"description", Text("not to be set: " + std::string(why))},
                                    {"not", Object({})}})});
    }
    return Object({{"type", Text("object")},
                   {"properties", Object(properties)},
                   {"additionalProperties", AnyText()},
                   {"allOf", Array({HasAny({"bootstrap.servers", "metadata.broker.list"})})}});
  }

  // A stream that says nothing has all defaults.
  Json Streams() {
    const Json stream = Object({{"anyOf", Array({OfType("null"), Keys(StreamKeys())})}});
    return Object({{"type", Text("object")},
                   {"minProperties", Integer(1)},
                   {"propertyNames", Object({{"pattern", Text(kStreamPattern)}})},
                   {"additionalProperties", stream}});
  }

  // JSON does without a key, and has no delimiter.
  static Members Table() {
    const auto has = [](std::string_view key, const Json& value) {
      return Object({{"required", TextArray(std::vector{key})},
                     {"properties", Object({{std::string(key), value}})}});
    };
    const Json named = has("file", StringLike("\\.(json|jsonl|ndjson)$"));
    const Json by_name = Object({{"allOf", Array({named, Not(Requires({"format"}))})}});
    const Json said = has("format", Object({{"const", Text("json")}}));
    return {{"if", Object({{"anyOf", Array({said, by_name})}})},
            {"then", Not(Requires({"delimiter"}))},
            {"else", Requires({"key"})}};
  }
};

}  // namespace

std::string ConfigSchema() { return ConfigFile().Schema(); }

}  // namespace telltale::config
