#include "rules/load/words.h"

#include <algorithm>

namespace telltale::rules {
namespace {

constexpr LaterWord kAggregate{"aggregate", kLaterAggregate, "'aggregate' is not in this version"};
constexpr LaterWord kNewTerms{"new_terms", kLaterNewTerms, "'new_terms' is not in this version"};
constexpr LaterWord kOnTimeout{"on_timeout", kLaterOnTimeout,
                               "'on_timeout' is not in this version"};
constexpr LaterWord kUntil{"until", kLaterUntil, "'until' is not in this version"};
constexpr LaterWord kAnyOf{"any_of", kLaterAnyOf,
                           "'any_of' (alternative steps) is not in this version"};
constexpr LaterWord kAllOf{"all_of", kLaterAllOf,
                           "'all_of' (steps in any order) is not in this version"};
constexpr LaterWord kContiguity{"contiguity", kLaterContiguity,
                                "'contiguity' is not in this version: every step is relaxed"};
constexpr LaterWord kInside{"inside", kLaterInside,
                            "'inside' is not in this version: repeats are relaxed"};
constexpr LaterWord kGreedy{"greedy", kLaterGreedy,
                            "'greedy' is not in this version: repeats are reluctant"};
constexpr LaterWord kEmit{"emit", kLaterEmit, "'emit' is not in this version: alerts are settled"};
constexpr LaterWord kOutput{"output", kLaterOutput, "'output' is not in this version"};
constexpr LaterWord kTests{"tests", kLaterTests, "'tests' in a rule is not in this version"};
// Words that stand elsewhere.
constexpr LaterWord kLists{"lists", kConflictingKeys,
                           "'lists' stands in a document of its own: put a line '---' before it"};
constexpr LaterWord kMacros{"macros", kConflictingKeys,
                            "'macros' stands in a document of its own: put a line '---' before it"};
constexpr LaterWord kTables{"tables", kConflictingKeys,
                            "'tables' stands in the config, beside 'streams'"};
constexpr LaterWord kEntities{"entities", kConflictingKeys, "'entities' stands in 'alert'"};
constexpr LaterWord kRiskScore{"risk_score", kConflictingKeys, "'risk_score' stands in 'alert'"};
constexpr LaterWord kDetection{"detection", kLaterSigma,
                               "Sigma detections are not in this version"};
constexpr LaterWord kLogsource{"logsource", kLaterSigma,
                               "Sigma's 'logsource' is not in this version"};
constexpr LaterWord kCorrelation{"correlation", kLaterSigma,
                                 "Sigma correlations are not in this version"};
constexpr LaterWord kGenerate{"generate", kLaterSigma, "Sigma's 'generate' is not in this version"};
constexpr LaterWord kGroup{"group", kLaterGroup, "a group of steps is not in this version"};
constexpr LaterWord kNested{"sequence", kLaterGroup, "a group of steps is not in this version"};
constexpr LaterWord kMissing{
    "missing_key", kLaterMissingKey,
    "'missing_key' is not in this version: events without a key are dropped and counted"};
constexpr LaterWord kOnChange{"on_change", kLaterOnChange,
                              "'on_change' is not in this version: a changed rule starts anew"};
constexpr LaterWord kOnEnd{"on_end", kLaterOnEnd, "'on_end' is not in this version"};
constexpr LaterWord kBuildingBlock{"building_block", kLaterBuildingBlock,
                                   "'mode: building_block' is not in this version"};
constexpr LaterWord kInclude{"include", kLaterInclude, "'include' is not in this version"};

}  // namespace

const ReadCodes kRuleCodes = {kUnknownKey, kMissingKey,  kWrongKind, kUnknownWord,
                              kOutOfRange, kBadDuration, kEmptyValue};

const KeySet& RuleKeys() {
  static const KeySet keys{
      "a rule",
      {"id",          "title",   "description",    "status",   "level",
       "tags",        "runbook", "references",     "author",   "date",
       "modified",    "license", "falsepositives", "mode",     "by",
       "on",          "where",   "sequence",       "within",   "match",
       "after_match", "limits",  "warm_up",        "suppress", "alert",
       "exceptions",  "allow"},
      {kAggregate,  kNewTerms, kOnTimeout, kUntil,     kAnyOf,     kAllOf,
       kContiguity, kInside,   kGreedy,    kEmit,      kOutput,    kTests,
       kLists,      kMacros,   kTables,    kDetection, kLogsource, kCorrelation,
       kGenerate,   kEntities, kRiskScore, kMissing,   kOnChange,  kInclude}};
  return keys;
}

const KeySet& StepKeys() {
  static const KeySet keys{"a step",
                           {"on", "where", "by", "within", "repeat", "optional"},
                           {kUntil, kAnyOf, kAllOf, kContiguity, kInside, kGreedy, kGroup, kNested,
                            kInclude, kAggregate, kNewTerms, kMissing, kDetection}};
  return keys;
}

const KeySet& NotKeys() {
  static const KeySet keys{
      "a 'not'",
      {"on", "where", "by", "within"},
      {kAnyOf, kAllOf, kContiguity, kGroup, kNested, kInclude, kAggregate, kMissing, kDetection}};
  return keys;
}

const KeySet& RepeatKeys() {
  static const KeySet keys{"'repeat'", {"min", "max"}, {kUntil, kContiguity, kInside, kGreedy}};
  return keys;
}

const KeySet& AfterMatchKeys() {
  static const KeySet keys{"'after_match'", {"skip_to_first", "skip_to_last"}, {}};
  return keys;
}

const KeySet& LimitKeys() {
  static const KeySet keys{"'limits'", {"partial_matches", "events", "matches", "on_limit"}, {}};
  return keys;
}

const KeySet& SuppressKeys() {
  static const KeySet keys{"'suppress'", {"by", "for"}, {kOnEnd}};
  return keys;
}

const KeySet& AlertKeys() {
  static const KeySet keys{"'alert'", {"title", "risk_score", "fields", "entities"}, {kOutput}};
  return keys;
}

const std::vector<LaterWord>& LaterStepWords() {
  static const std::vector<LaterWord> words = {kUntil, kAnyOf, kAllOf, kGroup, kNested};
  return words;
}

const std::vector<LaterWord>& LaterModes() {
  static const std::vector<LaterWord> words = {kBuildingBlock};
  return words;
}

const KeySet& RiskKeys() {
  static const KeySet keys{"'risk_score'", {"base", "add"}, {}};
  return keys;
}

const KeySet& RiskModifierKeys() {
  static const KeySet keys{"a modifier of 'risk_score'", {"where", "score"}, {}};
  return keys;
}

const KeySet& EntityKeys() {
  static const KeySet keys{"an entity", {"type", "id", "risk_score"}, {}};
  return keys;
}

const KeySet& ExceptionKeys() {
  static const KeySet keys{"an exception", {"name", "where", "expires"}, {}};
  return keys;
}

const KeySet& DefinitionKeys() {
  static const KeySet keys{"a document of definitions", {"lists", "macros", "description"}, {}};
  return keys;
}

const KeySet& ListKeys() {
  static const KeySet keys{"a list", {"values", "file", "column", "delimiter", "type"}, {}};
  return keys;
}

bool IsIdentifier(std::string_view name) {
  const auto letter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  };
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  return !name.empty() && letter(name.front()) &&
         std::all_of(name.begin(), name.end(), [&](char c) { return letter(c) || digit(c); });
}

bool IsReservedName(std::string_view name) {
  static const std::vector<std::string_view> words = {
      "event", "event_time", "lists",   "tables",    "rule",   "true", "false",    "null", "in",
      "as",    "break",      "const",   "continue",  "else",   "for",  "function", "if",   "import",
      "let",   "loop",       "package", "namespace", "return", "var",  "void",     "while"};
  return std::find(words.begin(), words.end(), name) != words.end();
}

}  // namespace telltale::rules
