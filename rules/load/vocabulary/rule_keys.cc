#include "rules/load/vocabulary/rule_keys.h"

#include <cstdint>

#include "rules/load/vocabulary/choices.h"
#include "rules/load/vocabulary/later_words.h"
#include "rules/load/vocabulary/limits.h"
#include "rules/load/vocabulary/sequence_keys.h"
#include "rules/load/vocabulary/test_keys.h"
#include "rules/load/vocabulary/window_keys.h"
#include "rules/model/rule.h"
#include "rules/model/rule_id.h"
#include "rules/model/topic_name.h"

namespace telltale::rules {

const KeySet& RuleKeys() {
  static const KeySet keys{
      "a rule",
      {{"id", {Takes::Text(kRuleIdPattern)}, "letters, digits, '-', '_' and '.'; unique"},
       {"title", {Takes::Text()}, "what the rule finds, in a line"},
       {"description", {Takes::Text()}, "the same at length"},
       {"status", {OneOf(StatusWords())}, "how ripe the rule is"},
       {"level", {OneOf(LevelWords())}, "how bad it is (medium)"},
       {"tags", {Takes::Texts()}, "words to find the rule by, such as attack.t1078"},
       {"runbook", {Takes::Text()}, "what to do about it, mostly a URL"},
       {"references", {Takes::Texts()}, "URLs, for people"},
       {"author", {Takes::Texts()}, "for people"},
       {"date", {Takes::Text()}, "when it was written, for people"},
       {"modified", {Takes::Text()}, "when it was changed, for people"},
       {"license", {Takes::Text()}, "for people"},
       {"falsepositives", {Takes::Texts()}, "what else may look like it, for people"},
       {"mode",
        {OneOf(ModeWords())},
        "live, in shadow, checked and not run, or feeding other rules alone (live)"},
       {"by", {Takes::Texts(1, kMostKeyParts)}, "the correlation key: expressions over the event"},
       {"missing_key",
        {OneOf(MissingKeyWords())},
        "events that lack a part of it: not for the rule, or a group of their own (drop)"},
       {"on", {Takes::Text()}, "the stream of a rule over single events"},
       {"where", {Takes::Text()}, "the condition of a rule over single events"},
       {"detection", {Takes::Named("detection")}, "what the event looks like, in Sigma's words"},
       {"include",
        {OneOf(IncludeWords())},
        "of alerts: also those that suppression keeps back (those that go out)"},
       {"sequence", {Takes::Named("sequence")}, "the steps, in their order"},
       {"windows",
        {Takes::Maps(&StepWindowKeys, 1, kMostStepWindows)},
        "counts and their like that conditions of a sequence read"},
       {"aggregate", {Takes::Map(&AggregateKeys)}, "counts and their like over a window"},
       {"new_terms", {Takes::Map(&NewTermsKeys)}, "values that were not seen before"},
       {"emit",
        {OneOf(EmitWords()), Takes::Words(OneOf(EmitWords()).words, 1, kMostEmits)},
        "when a window becomes a result (when its condition becomes true), and whether results go "
        "out early"},
       {"within", {Takes::Duration()}, "from a match's first event to its last"},
       {"until", {Takes::Map(&UntilKeys)}, "what drops the partial matches of a key"},
       {"on_timeout", {Takes::Map(&TimeoutKeys)}, "results for what ran out of time"},
       {"match", {OneOf(MatchWords())}, "which combinations of events count (all)"},
       {"after_match",
        {OneOf(SkipWords()), Takes::Map(&AfterMatchKeys)},
        "what a match ends of what began beside it (no_skip)"},
       {"limits", {Takes::Map(&LimitKeys)}, "caps per key"},
       {"warm_up", {OneOf(WarmUpWords())}, "results that look back beyond the start (quiet)"},
       {"suppress", {Takes::Map(&SuppressKeys)}, "alerts that are kept back and counted"},
       {"alert", {Takes::Map(&AlertKeys)}, "what the alert says"},
       {"output", {Takes::Map(&OutputKeys)}, "results to a topic or a metric, in place of alerts"},
       {"exceptions",
        {Takes::Maps(&ExceptionKeys, 1, kMostExceptions)},
        "alerts that are kept back"},
       {"allow", {Takes::Texts()}, "codes of warnings that are meant"},
       {"tests",
        {Takes::Maps(&TestKeys, 1, INT64_MAX)},
        "events, and the alerts that must come of them"}},
      {kHavingElsewhere, kWindowElsewhere, kBaselineElsewhere, kLists, kMacros, kTables, kEntities,
       kRiskScore, kOnChange, kGroupElsewhere, kAnyOfElsewhere, kAllOfElsewhere, kContiguityOfRule,
       kInsideElsewhere, kGreedyElsewhere},
      {"id"}};
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
       {"on_limit", {OneOf(OnLimitWords())}, "what goes (evict_oldest)"}},
      {}};
  return keys;
}

const KeySet& SuppressKeys() {
  static const KeySet keys{
      "'suppress'",
      {{"by", {Takes::Texts(0, kMostKeyParts)}, "what alerts have in common (the key)"},
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
      {kOutputElsewhere}};
  return keys;
}

const KeySet& OutputKeys() {
  static const KeySet keys{
      "'output'",
      {{"topic", {Takes::Text(kTopicPattern)}, "where the results go"},
       {"key", {Takes::Text()}, "of the record: an expression (the result's id)"},
       {"fields", {Takes::Names()}, "names and expressions"},
       {"metric", {Takes::Map(&MetricKeys)}, "Prometheus series, in the place of a topic"}},
      {}};
  return keys;
}

const KeySet& MetricKeys() {
  static const KeySet keys{
      "'metric'",
      {{"name",
        {Takes::Text("^[a-zA-Z_][a-zA-Z0-9_]*$")},
        "of the metric; a counter's ends in _total"},
       {"type", {OneOf(MetricTypeWords())}, "whether results add up, or the latest counts"},
       {"help", {Takes::Text()}, "what Prometheus says of it (the rule's title)"},
       {"value", {Takes::Text()}, "a number: an expression (of a counter 1)"},
       {"labels", {Takes::Names()}, "names and expressions, beside the label 'rule'"},
       {"max_series", {Takes::Int(1, kMostSeries)}, "beyond it results are counted (1000)"}},
      {},
      {"name", "type"}};
  return keys;
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

}  // namespace telltale::rules
