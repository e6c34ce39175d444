#include "rules/load/schema/rule_schema.h"

#include <string_view>
#include <vector>

#include "rules/load/schema/schema_json.h"
#include "rules/load/schema/sigma_schema.h"
#include "rules/load/vocabulary/definition_keys.h"
#include "rules/load/vocabulary/names.h"
#include "rules/load/vocabulary/rule_keys.h"
#include "rules/load/vocabulary/sequence_keys.h"
#include "rules/load/vocabulary/test_keys.h"
#include "rules/load/vocabulary/window_keys.h"
#include "rules/model/sequence_limits.h"

namespace telltale::rules {
namespace {

using namespace schema;  // NOLINT(google-build-using-namespace): what this file is written in

// A file of such documents: one, a list of them, or nothing.
Members OneOrSeveral() {
  return {{"anyOf", Array({OfType("null"), Ref("document"), ListOf(Ref("document"))})}};
}

class RuleFiles : public SigmaSchema {
 public:
  std::string Rules() {
    Defined("document", [this] { return Document(); });
    return Whole("Telltale rules", OneOrSeveral());
  }

  std::string TestFiles() {
    Defined("document", [this] {
      const Json one_or_several =
          Object({{"oneOf", Array({Requires({"rule"}), Requires({"rules"})})}});
      return Object({{"allOf", Array({Keys(TestFileKeys()), one_or_several})}});
    });
    return Whole("Telltale tests", OneOrSeveral());
  }

 private:
  // One document, or one item of a list of them: told apart as the reader does.
  Json Document() {
    const Json definitions = Object(
        {{"allOf",
          Array({HasAny({"lists", "macros"}), Not(HasAny({"id", "title", "on", "sequence"}))})}});
    const Json rule_or_definitions =
        Object({{"if", definitions}, {"then", Keys(DefinitionKeys())}, {"else", Rule()}});
    return Object({{"type", Text("object")},
                   {"if", Requires({"override"})},
                   {"then", Override()},
                   {"else", SigmaOr(rule_or_definitions)}});
  }

  Json Rule() {
    const Json sequence = Object({{"if", HasAny({"sequence", "aggregate", "new_terms"})},
                                  {"then", Not(HasAny({"on", "where", "detection"}))},
                                  {"else", Requires({"on"})}});
    const Json by = Object({{"missing_key", TextArray(std::vector{"by"})}});
    return Object({{"allOf", Array({Keys(RuleKeys()), sequence, Having()})}, {"dependencies", by}});
  }

  // An aggregate whose windows are not results by themselves says which ones are.
  static Json Having() {
    const Json way = OneWord({"every_window", "on_change"});
    const Json named = Object({{"type", Text("array")}, {"contains", way}});
    const Json all =
        Object({{"required", TextArray(std::vector{"emit"})},
                {"properties", Object({{"emit", Object({{"anyOf", Array({way, named})}})}})}});
    const Json having = Object({{"properties", Object({{"aggregate", Requires({"having"})}})}});
    return Object({{"if", all}, {"else", having}});
  }

  // What is changed is judged in its place, in the rule.
  static Json Override() {
    const Json way = OneWord({"append", "replace"});
    const Json ways = MapOf(way);
    return Object(
        {{"allOf", Array({HasAny({"id", "name"})})},
         {"properties", Object({{"override", Object({{"anyOf", Array({way, ways})}})}})}});
  }

  Members Beside(const KeySet& keys) override {
    if (&keys == &AfterMatchKeys())
      return {{"minProperties", Integer(1)}, {"maxProperties", Integer(1)}};
    if (&keys == &WindowKeys()) return OneWindow();
    if (&keys == &OutputKeys()) {
      return {{"if", Requires({"metric"})},
              {"then", Not(HasAny({"topic", "key", "fields"}))},
              {"else", Requires({"topic"})}};
    }
    if (&keys == &MetricKeys()) {
      const Json gauge = Object({{"properties", Object({{"type", OneWord({"gauge"})}})}});
      return {{"if", gauge}, {"then", Requires({"value"})}};
    }
    if (&keys == &StepWindowKeys()) {
      Members members = SourceOrSeveral();
      members.push_back({"dependencies", Object({{"by", Not(HasAny({"any_of"}))}})});
      return members;
    }
    if (&keys == &AggregateKeys() || &keys == &NewTermsKeys()) return SourceOrSeveral();
    return SigmaSchema::Beside(keys);
  }

  // Of what takes events of a stream, or of several sources.
  static Members SourceOrSeveral() {
    return {{"if", Requires({"any_of"})},
            {"then", Not(HasAny({"on", "where", "detection", "include"}))},
            {"else", Requires({"on"})}};
  }

  static Members OneWindow() {
    std::vector<Json> kinds;
    for (const char* kind : {"sliding", "tumbling", "hopping", "session"})
      kinds.push_back(Requires({kind}));
    const auto of = [](const char* kind) { return TextArray(std::vector{kind}); };
    return {{"oneOf", Array(std::move(kinds))},
            {"dependencies", Object({{"hopping", of("every")},
                                     {"every", of("hopping")},
                                     {"zone", of("tumbling")},
                                     {"longest", of("session")},
                                     {"offset", HasAny({"tumbling", "hopping"})}})}};
  }

  Json Named(std::string_view name) override {
    if (name == "sequence") return Defined("sequence", [this] { return Sequence(); });
    if (name == "values") return Values();
    if (name == "lists") return Lists();
    if (name == "events") return ListOf(OfType("object"));
    if (name == "event_numbers") {
      const Json number = Object({{"type", Text("integer")}, {"minimum", Integer(0)}});
      return Object({{"anyOf", Array({number, ListOf(number)})}});
    }
    if (name == "map") return OfType("object");
    if (name == "name") return StringLike(NamePattern(ReservedNames()));
    if (name == "macros") return Macros();
    return SigmaSchema::Named(name);
  }

  // - NAME: { ... }
  Json Sequence() {
    std::vector<std::string_view> taken = ReservedNames();
    taken.insert(taken.end(), SequenceWords().begin(), SequenceWords().end());
    const auto several = [this](const KeySet& keys) {
      return Object({{"anyOf", Array({Ref("sequence"), Keys(keys)})}});
    };
    const Json item =
        Object({{"type", Text("object")},
                {"minProperties", Integer(1)},
                {"maxProperties", Integer(1)},
                {"properties", Object({{"not", Keys(NotKeys())},
                                       {"group", several(GroupKeys())},
                                       {"any_of", several(AnyOfKeys())},
                                       {"all_of", several(AllOfKeys())}})},
                {"patternProperties", Object({{NamePattern(taken), Keys(StepKeys())}})},
                {"additionalProperties", Bool(false)}});
    return ListOf(item, 1, kMostSteps + kMostAbsences);
  }

  static Json Values() {
    return ListOf(Object({{"type", TextArray(std::vector{"string", "number"})}}));
  }

  Json Lists() {
    const Json described = Object(
        {{"allOf", Array({Keys(ListKeys())})},
         {"if", Requires({"values"})},
         {"then", Not(HasAny({"file", "column", "delimiter"}))},
         {"else",
          Object({{"required", TextArray(std::vector{"file"})},
                  {"dependencies", Object({{"delimiter", TextArray(std::vector{"column"})}})}})}});
    return Definitions(Object({{"anyOf", Array({Values(), described})}}),
                       NamePattern(ReservedNames(), "(-[A-Za-z0-9_-]*)?"));
  }

  static Json Macros() {
    return Definitions(
        AnyText(),
        NamePattern(ReservedNames(),
                    "(\\( *[A-Za-z_][A-Za-z0-9_]* *(, *[A-Za-z_][A-Za-z0-9_]* *)*\\))?"));
  }

  static Json Definitions(const Json& value, const std::string& names) {
    return Object({{"type", TextArray(std::vector{"object", "null"})},
                   {"propertyNames", Object({{"pattern", Text(names)}})},
                   {"additionalProperties", value}});
  }
};

}  // namespace

std::string RuleSchema() { return RuleFiles().Rules(); }

std::string TestFileSchema() { return RuleFiles().TestFiles(); }

}  // namespace telltale::rules
