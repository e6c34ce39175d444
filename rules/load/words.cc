#include "rules/load/words.h"

#include <algorithm>

namespace telltale::rules {
namespace {

constexpr LaterWord kAggregate{"aggregate", kLaterAggregate, "'aggregate' is not in this version"};
constexpr LaterWord kNewTerms{"new_terms", kLaterNewTerms, "'new_terms' is not in this version"};
constexpr LaterWord kEmit{"emit", kLaterEmit, "'emit' is not in this version: alerts are settled"};
constexpr LaterWord kOutput{"output", kLaterOutput, "'output' is not in this version"};
// Words that stand elsewhere.
constexpr LaterWord kLists{"lists", kConflictingKeys,
                           "'lists' stands in a document of its own: put a line '---' before it"};
constexpr LaterWord kMacros{"macros", kConflictingKeys,
                            "'macros' stands in a document of its own: put a line '---' before it"};
constexpr LaterWord kTables{"tables", kConflictingKeys,
                            "'tables' stands in the config, beside 'streams'"};
constexpr LaterWord kEntities{"entities", kConflictingKeys, "'entities' stands in 'alert'"};
constexpr LaterWord kRiskScore{"risk_score", kConflictingKeys, "'risk_score' stands in 'alert'"};
constexpr LaterWord kMissing{"missing_key", kConflictingKeys,
                             "'missing_key' stands in the rule, beside 'by'"};
constexpr LaterWord kOnChange{"on_change", kLaterOnChange,
                              "'on_change' is not in this version: a changed rule starts anew"};
constexpr LaterWord kOnEnd{"on_end", kLaterOnEnd, "'on_end' is not in this version"};
constexpr LaterWord kBuildingBlock{"building_block", kLaterBuildingBlock,
                                   "'mode: building_block' is not in this version"};
constexpr LaterWord kInclude{"include", kLaterInclude, "'include' is not in this version"};

// Words of places and repeats that stand one level too high or too low.
constexpr LaterWord OfSequence(std::string_view word, std::string_view message) {
  return {word, kConflictingKeys, message};
}
constexpr LaterWord kGroupElsewhere =
    OfSequence("group", "'group' stands in 'sequence', in the place of a step: '- group: [ ... ]'");
constexpr LaterWord kAnyOfElsewhere = OfSequence(
    "any_of", "'any_of' stands in 'sequence', in the place of a step: '- any_of: [ ... ]'");
constexpr LaterWord kAllOfElsewhere = OfSequence(
    "all_of", "'all_of' stands in 'sequence', in the place of a step: '- all_of: [ ... ]'");
constexpr LaterWord kNested =
    OfSequence("sequence", "a sequence in a sequence is written '- group: [ ... ]'");
constexpr LaterWord kInsideElsewhere = OfSequence("inside", "'inside' stands in 'repeat'");
constexpr LaterWord kGreedyElsewhere = OfSequence("greedy", "'greedy' stands in 'repeat'");
constexpr LaterWord kUntilElsewhere = OfSequence(
    "until", "'until' stands in 'repeat', or beside 'sequence' where it is of the whole rule");
constexpr LaterWord kContiguityOfRule =
    OfSequence("contiguity", "'contiguity' stands in a step: how it follows the one before");
constexpr LaterWord kContiguityOfRepeat =
    OfSequence("contiguity",
               "from one time of a repeat to the next it is called 'inside'; 'contiguity', how "
               "the first follows, stands beside 'repeat'");
constexpr LaterWord kOptionalOfRepeat = OfSequence("optional", "'optional' stands beside 'repeat'");
constexpr LaterWord kContiguityOfAllOf =
    OfSequence("contiguity", "an 'all_of' has no 'contiguity': each of its members has its own");
constexpr LaterWord kWithinOfAllOf =
    OfSequence("within", "an 'all_of' has no 'within': each of its members has its own");
constexpr LaterWord kTimeoutElsewhere =
    OfSequence("on_timeout", "'on_timeout' stands beside 'sequence'");

constexpr std::string_view kIdPattern = "^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$";

template <typename Enum>
Takes Words(const ValueReader::Words<Enum>& words) {
  std::vector<std::string_view> names;
  for (const auto& [name, value] : words) names.push_back(name);
  return Takes::Word(std::move(names));
}

// Keys that places of several kinds have.
Key ContiguityKey() {
  return {"contiguity",
          {Words(ContiguityWords())},
          "the next event that fits, the very next, or any that fits (relaxed)"};
}
Key WithinKey() {
  return {"within", {Takes::Duration()}, "from the event taken before to its first"};
}
Key OptionalKey() { return {"optional", {Takes::Bool()}, "it may be left out"}; }
Key MinKey() { return {"min", {Takes::Int(1, kMostRepeats)}, "at least (1)"}; }
Key MaxKey() { return {"max", {Takes::Int(1, kMostRepeats)}, "at most (unbounded)"}; }
Key InsideKey() {
  return {"inside", {Words(ContiguityWords())}, "the contiguity from one to the next (relaxed)"};
}
Key RepeatWithinKey() { return {"within", {Takes::Duration()}, "from one to the next"}; }
Key GreedyKey() { return {"greedy", {Takes::Bool()}, "it takes all that it can"}; }

}  // namespace

const ValueReader::Words<Status>& StatusWords() {
  static const ValueReader::Words<Status> words = {{"stable", Status::kStable},
                                                   {"test", Status::kTest},
                                                   {"experimental", Status::kExperimental},
                                                   {"deprecated", Status::kDeprecated},
                                                   {"unsupported", Status::kUnsupported}};
  return words;
}

const ValueReader::Words<Level>& LevelWords() {
  static const ValueReader::Words<Level> words = {{"informational", Level::kInformational},
                                                  {"low", Level::kLow},
                                                  {"medium", Level::kMedium},
                                                  {"high", Level::kHigh},
                                                  {"critical", Level::kCritical}};
  return words;
}

const ValueReader::Words<Mode>& ModeWords() {
  static const ValueReader::Words<Mode> words = {
      {"live", Mode::kLive}, {"shadow", Mode::kShadow}, {"off", Mode::kOff}};
  return words;
}

const ValueReader::Words<MatchMode>& MatchWords() {
  static const ValueReader::Words<MatchMode> words = {
      {"all", MatchMode::kAll}, {"first", MatchMode::kFirst}, {"latest", MatchMode::kLatest}};
  return words;
}

const ValueReader::Words<SkipKind>& SkipWords() {
  static const ValueReader::Words<SkipKind> words = {{"no_skip", SkipKind::kNoSkip},
                                                     {"skip_to_next", SkipKind::kSkipToNext},
                                                     {"skip_past_last", SkipKind::kSkipPastLast}};
  return words;
}

const ValueReader::Words<WarmUp>& WarmUpWords() {
  static const ValueReader::Words<WarmUp> words = {{"quiet", WarmUp::kQuiet},
                                                   {"assume_empty", WarmUp::kAssumeEmpty}};
  return words;
}

const ValueReader::Words<bool>& MissingKeyWords() {
  static const ValueReader::Words<bool> words = {{"drop", false}, {"group", true}};
  return words;
}

const ValueReader::Words<OnLimit>& OnLimitWords() {
  static const ValueReader::Words<OnLimit> words = {{"evict_oldest", OnLimit::kEvictOldest},
                                                    {"reject_new", OnLimit::kRejectNew}};
  return words;
}

const ValueReader::Words<Contiguity>& ContiguityWords() {
  static const ValueReader::Words<Contiguity> words = {{"strict", Contiguity::kStrict},
                                                       {"relaxed", Contiguity::kRelaxed},
                                                       {"any", Contiguity::kAny}};
  return words;
}

const ValueReader::Words<Place::Kind>& PlaceWords() {
  static const ValueReader::Words<Place::Kind> words = {{"not", Place::Kind::kNot},
                                                        {"group", Place::Kind::kGroup},
                                                        {"any_of", Place::Kind::kAnyOf},
                                                        {"all_of", Place::Kind::kAllOf}};
  return words;
}

const KeySet& RuleKeys() {
  static const KeySet keys{
      "a rule",
      {{"id", {Takes::Text(kIdPattern)}, "letters, digits, '-', '_' and '.'; unique"},
       {"title", {Takes::Text()}, "what the rule finds, in a line"},
       {"description", {Takes::Text()}, "the same at length"},
       {"status", {Words(StatusWords())}, "how ripe the rule is"},
       {"level", {Words(LevelWords())}, "how bad it is (medium)"},
       {"tags", {Takes::Texts()}, "words to find the rule by, such as attack.t1078"},
       {"runbook", {Takes::Text()}, "what to do about it, mostly a URL"},
       {"references", {Takes::Texts()}, "URLs, for people"},
       {"author", {Takes::Texts()}, "for people"},
       {"date", {Takes::Text()}, "when it was written, for people"},
       {"modified", {Takes::Text()}, "when it was changed, for people"},
       {"license", {Takes::Text()}, "for people"},
       {"falsepositives", {Takes::Texts()}, "what else may look like it, for people"},
       {"mode", {Words(ModeWords())}, "live, in shadow, or checked and not run (live)"},
       {"by", {Takes::Texts(1, kMostKeyParts)}, "the correlation key: expressions over the event"},
       {"missing_key",
        {Words(MissingKeyWords())},
        "events that lack a part of it: not for the rule, or a group of their own (drop)"},
       {"on", {Takes::Text()}, "the stream of a rule over single events"},
       {"where", {Takes::Text()}, "the condition of a rule over single events"},
       {"detection", {}, "what the event looks like, in Sigma's words"},
       {"sequence", {Takes::Named("sequence")}, "the steps, in their order"},
       {"within", {Takes::Duration()}, "from a match's first event to its last"},
       {"until", {Takes::Map(&UntilKeys)}, "what drops the partial matches of a key"},
       {"on_timeout", {Takes::Map(&TimeoutKeys)}, "results for what ran out of time"},
       {"match", {Words(MatchWords())}, "which combinations of events count (all)"},
       {"after_match",
        {Words(SkipWords()), Takes::Named("after_match")},
        "what a match ends of what began beside it (no_skip)"},
       {"limits", {Takes::Map(&LimitKeys)}, "caps per key"},
       {"warm_up", {Words(WarmUpWords())}, "results that look back beyond the start (quiet)"},
       {"suppress", {Takes::Map(&SuppressKeys)}, "alerts that are kept back and counted"},
       {"alert", {Takes::Map(&AlertKeys)}, "what the alert says"},
       {"exceptions",
        {Takes::Maps(&ExceptionKeys, 1, kMostExceptions)},
        "alerts that are kept back"},
       {"allow", {Takes::Texts()}, "codes of warnings that are meant"},
       {"tests",
        {Takes::Maps(&TestKeys, 1, INT64_MAX)},
        "events, and the alerts that must come of them"}},
      {kAggregate, kNewTerms, kEmit, kOutput, kLists, kMacros, kTables, kEntities, kRiskScore,
       kOnChange, kInclude, kGroupElsewhere, kAnyOfElsewhere, kAllOfElsewhere, kContiguityOfRule,
       kInsideElsewhere, kGreedyElsewhere},
      {"id"}};
  return keys;
}

const KeySet& StepKeys() {
  static const KeySet keys{
      "a step",
      {{"on", {Takes::Text()}, "the stream"},
       {"where", {Takes::Text()}, "the condition (every event fits)"},
       {"detection", {}, "what the event looks like, in Sigma's words"},
       {"by", {Takes::Texts(1, kMostKeyParts)}, "the key under other names"},
       ContiguityKey(),
       WithinKey(),
       OptionalKey(),
       {"repeat",
        {Takes::Int(1, kMostRepeats), Takes::Map(&RepeatKeys)},
        "how many events it takes (one)"}},
      {kInsideElsewhere, kGreedyElsewhere, kUntilElsewhere, kGroupElsewhere, kAnyOfElsewhere,
       kAllOfElsewhere, kNested, kTimeoutElsewhere, kInclude, kAggregate, kNewTerms, kMissing},
      {"on"}};
  return keys;
}

const KeySet& NotKeys() {
  static const KeySet keys{
      "a 'not'",
      {{"on", {Takes::Text()}, "the stream"},
       {"where", {Takes::Text()}, "the condition (any event)"},
       {"detection", {}, "what the event looks like, in Sigma's words"},
       {"by", {Takes::Texts(1, kMostKeyParts)}, "the key under other names"},
       {"contiguity",
        {Takes::Word({"strict", "relaxed"})},
        "the very next event is none, or no event between is one (relaxed)"},
       {"within", {Takes::Duration()}, "how far back, or how long to wait"}},
      {kGroupElsewhere, kAnyOfElsewhere, kAllOfElsewhere, kNested, kInclude, kAggregate, kMissing},
      {"on"}};
  return keys;
}

const KeySet& GroupKeys() {
  static const KeySet keys{"a group",
                           {{"steps", {Takes::Named("sequence")}, "its places, in their order"},
                            ContiguityKey(),
                            WithinKey(),
                            OptionalKey(),
                            {"repeat",
                             {Takes::Int(1, kMostRepeats), Takes::Map(&GroupRepeatKeys)},
                             "how many times it is taken (once)"}},
                           {kInsideElsewhere, kGreedyElsewhere, kUntilElsewhere, kInclude},
                           {"steps"}};
  return keys;
}

const KeySet& AnyOfKeys() {
  static const KeySet keys{"an 'any_of'",
                           {{"steps", {Takes::Named("sequence")}, "its alternatives"},
                            ContiguityKey(),
                            WithinKey(),
                            OptionalKey(),
                            {"repeat",
                             {Takes::Int(1, kMostRepeats), Takes::Map(&GroupRepeatKeys)},
                             "how many times one of them is taken (once)"}},
                           {kInsideElsewhere, kGreedyElsewhere, kUntilElsewhere, kInclude},
                           {"steps"}};
  return keys;
}

const KeySet& AllOfKeys() {
  static const KeySet keys{"an 'all_of'",
                           {{"steps", {Takes::Named("sequence")}, "its members"},
                            OptionalKey(),
                            {"repeat",
                             {Takes::Int(1, kMostRepeats), Takes::Map(&GroupRepeatKeys)},
                             "how many times all of them are taken (once)"}},
                           {kContiguityOfAllOf, kWithinOfAllOf, kInsideElsewhere, kGreedyElsewhere,
                            kUntilElsewhere, kInclude},
                           {"steps"}};
  return keys;
}

const KeySet& RepeatKeys() {
  static const KeySet keys{"'repeat'",
                           {MinKey(),
                            MaxKey(),
                            InsideKey(),
                            RepeatWithinKey(),
                            GreedyKey(),
                            {"until",
                             {Takes::Text(), Takes::Map(&RepeatUntilKeys)},
                             "what ends it: a condition, or a map as of the rule's"}},
                           {kContiguityOfRepeat, kOptionalOfRepeat}};
  return keys;
}

const KeySet& GroupRepeatKeys() {
  static const KeySet keys{"the 'repeat' of a group",
                           {MinKey(),
                            MaxKey(),
                            InsideKey(),
                            RepeatWithinKey(),
                            GreedyKey(),
                            {"until", {Takes::Map(&UntilKeys)}, "what ends it"}},
                           {kContiguityOfRepeat, kOptionalOfRepeat}};
  return keys;
}

const KeySet& UntilKeys() {
  static const KeySet keys{"an 'until'",
                           {{"on", {Takes::Text()}, "the stream"},
                            {"where", {Takes::Text()}, "the condition (any event)"},
                            {"detection", {}, "what the event looks like, in Sigma's words"},
                            {"by", {Takes::Texts(1, kMostKeyParts)}, "the key under other names"}},
                           {},
                           {"on"}};
  return keys;
}

const KeySet& RepeatUntilKeys() {
  static const KeySet keys{
      "the 'until' of a step",
      {{"on", {Takes::Text()}, "the stream (the step's)"},
       {"where", {Takes::Text()}, "the condition (any event)"},
       {"detection", {}, "what the event looks like, in Sigma's words"},
       {"by", {Takes::Texts(1, kMostKeyParts)}, "the key under other names (the step's)"}},
      {}};
  return keys;
}

const KeySet& TimeoutKeys() {
  static const KeySet keys{"'on_timeout'",
                           {{"from", {Takes::Text()}, "the step that must have taken an event"}},
                           {},
                           {"from"}};
  return keys;
}

const KeySet& AfterMatchKeys() {
  static const KeySet keys{
      "'after_match'",
      {{"skip_to_first", {Takes::Text()}, "a step"}, {"skip_to_last", {Takes::Text()}, "a step"}},
      {}};
  return keys;
}

const KeySet& LimitKeys() {
  static const KeySet keys{
      "'limits'",
      {{"partial_matches", {Takes::Int(1, kHighestLimit)}, "kept at a time (1000)"},
       {"events", {Takes::Int(1, kHighestLimit)}, "held by them (10000)"},
       {"matches", {Takes::Int(1, kHighestLimit)}, "for one completing event (1000)"},
       {"on_limit", {Words(OnLimitWords())}, "what goes (evict_oldest)"}},
      {}};
  return keys;
}

const KeySet& SuppressKeys() {
  static const KeySet keys{"'suppress'",
                           {{"by", {Takes::Texts(0, kMostKeyParts)}, "the key and more (the key)"},
                            {"for", {Takes::Duration(1)}, "from an alert on"}},
                           {kOnEnd},
                           {"for"}};
  return keys;
}

const KeySet& AlertKeys() {
  static const KeySet keys{
      "'alert'",
      {{"title", {Takes::Text()}, "text with {{expressions}} (the rule's title)"},
       {"risk_score", {Takes::Int(0, kHighestRisk), Takes::Map(&RiskKeys)}, "0 to 100 (0)"},
       {"fields", {Takes::Names()}, "names and expressions"},
       {"entities", {Takes::Names(), Takes::Maps(&EntityKeys, 1, 100)}, "whom it is about"}},
      {kOutput}};
  return keys;
}

const KeySet& TestKeys() {
  static const KeySet keys{
      "a test",
      {{"name", {Takes::Text()}, "what it shows; unique in its list"},
       {"description", {Takes::Text()}, "the same at length"},
       {"base", {Takes::Text()}, "the time that 0s is (2024-01-01T00:00:00Z)"},
       {"events", {Takes::Named("events")}, "what arrives, in this order"},
       {"alerts", {Takes::Maps(&ExpectedAlertKeys, 0, INT64_MAX)}, "what must come of it, all"},
       {"late", {Takes::Named("event_numbers")}, "the events that must come too late"},
       {"dead_letters", {Takes::Named("event_numbers")}, "those that must be refused"},
       {"warm_up", {Words(WarmUpWords())}, "in the place of the rule's (assume_empty)"},
       {"end", {Takes::Word({"infinity", "drain"})}, "of the watermarks (infinity)"},
       {"lists", {Takes::Named("map")}, "what lists hold"},
       {"tables", {Takes::Named("map")}, "what tables hold"}},
      {},
      {"name", "events", "alerts"}};
  return keys;
}

const KeySet& TestFileKeys() {
  static const KeySet keys{"a document of tests",
                           {{"rule", {Takes::Text()}, "the rule that is tested"},
                            {"rules", {Takes::Texts()}, "those that are tested together"},
                            {"tests", {Takes::Maps(&TestKeys, 1, INT64_MAX)}, "the tests"}},
                           {},
                           {"tests"}};
  return keys;
}

const KeySet& TestEventKeys() {
  static const KeySet keys{
      "an event with a 'record'", {"at", "on", "partition", "kafka_time", "record"}, {}};
  return keys;
}

const KeySet& ExpectedAlertKeys() {
  static const KeySet keys{"an expected alert",
                           {"key", "at", "evidence", "title", "risk_score", "level", "fields",
                            "rule", "kind", "reached", "suppressed", "truncated"},
                           {}};
  return keys;
}

const std::vector<LaterWord>& LaterModes() {
  static const std::vector<LaterWord> words = {kBuildingBlock};
  return words;
}

const KeySet& RiskKeys() {
  static const KeySet keys{"'risk_score'",
                           {{"base", {Takes::Int(0, kHighestRisk)}, "before modifiers (0)"},
                            {"add", {Takes::Maps(&RiskModifierKeys, 1, 100)}, "modifiers"}},
                           {}};
  return keys;
}

const KeySet& RiskModifierKeys() {
  static const KeySet keys{"a modifier of 'risk_score'",
                           {{"where", {Takes::Text()}, "a condition over the match"},
                            {"score", {Takes::Int(-kHighestRisk, kHighestRisk)}, "what it adds"}},
                           {},
                           {"where", "score"}};
  return keys;
}

const KeySet& EntityKeys() {
  static const KeySet keys{"an entity",
                           {{"type", {Takes::Text()}, "such as user or host"},
                            {"id", {Takes::Text()}, "an expression"},
                            {"risk_score", {Takes::Int(0, kHighestRisk)}, "of this entity"}},
                           {},
                           {"type", "id"}};
  return keys;
}

const KeySet& ExceptionKeys() {
  static const KeySet keys{"an exception",
                           {{"name", {Takes::Text()}, "unique in the rule"},
                            {"where", {Takes::Text()}, "which alerts"},
                            {"expires", {Takes::Text()}, "a date or an RFC 3339 time"}},
                           {},
                           {"name", "where"}};
  return keys;
}

const KeySet& DefinitionKeys() {
  static const KeySet keys{"a document of definitions",
                           {{"lists", {Takes::Named("lists")}, "names and their values"},
                            {"macros", {Takes::Named("macros")}, "named conditions"},
                            {"description", {Takes::Text()}, "for people"}},
                           {}};
  return keys;
}

const KeySet& ListKeys() {
  static const KeySet keys{"a list",
                           {{"values", {Takes::Named("values")}, "strings and numbers"},
                            {"file", {Takes::Text()}, "one value a line, or CSV"},
                            {"column", {Takes::Text()}, "of a CSV file"},
                            {"delimiter", {Takes::Text()}, "of a CSV file (,)"},
                            {"type", {Takes::Word({"string", "int", "double"})}, "of the values"}},
                           {}};
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

const std::vector<std::string_view>& ReservedNames() {
  static const std::vector<std::string_view> words = {
      "event", "event_time", "lists",   "tables",    "rule",   "true", "false",    "null", "in",
      "as",    "break",      "const",   "continue",  "else",   "for",  "function", "if",   "import",
      "let",   "loop",       "package", "namespace", "return", "var",  "void",     "while"};
  return words;
}

const std::vector<std::string_view>& SequenceWords() {
  static const std::vector<std::string_view> words = {"not",      "group", "any_of", "all_of",
                                                      "sequence", "steps", "until",  "on"};
  return words;
}

bool IsSequenceWord(std::string_view name) {
  const std::vector<std::string_view>& words = SequenceWords();
  return std::find(words.begin(), words.end(), name) != words.end();
}

bool IsReservedName(std::string_view name) {
  const std::vector<std::string_view>& words = ReservedNames();
  return std::find(words.begin(), words.end(), name) != words.end();
}

}  // namespace telltale::rules
