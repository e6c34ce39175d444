#include "rules/load/sigma/sigma_keys.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rules/load/vocabulary/choices.h"
#include "rules/model/rule_id.h"

namespace telltale::rules::sigma {
namespace {

// What all documents have, around keys of their own.
std::vector<Key> DocumentKeys(std::vector<Key> own) {
  std::vector<Key> keys = {
      {"title", {Takes::Text()}, "what it finds, in a line"},
      {"id", {Takes::Text(kRuleIdPattern)}, "a UUID (made from the name or the title)"},
      {"name", {Takes::Text()}, "what correlations and filters call it"},
      {"description", {Takes::Text()}, "the same at length"},
      {"status", {OneOf(StatusWords())}, "how ripe it is"},
      {"level", {OneOf(LevelWords())}, "how bad it is (medium)"},
      {"tags", {Takes::Texts()}, "words to find it by, such as attack.t1078"},
      {"taxonomy", {}, "whose names of fields and logsources these are (sigma)"},
      {"related", {}, "other rules, for people"},
      {"references", {}, "URLs, for people"},
      {"author", {}, "for people"},
      {"date", {}, "when it was written, for people"},
      {"modified", {}, "when it was changed, for people"},
      {"license", {}, "for people"},
      {"falsepositives", {}, "what else may look like it, for people"}};
  for (Key& key : own) keys.push_back(std::move(key));
  return keys;
}

}  // namespace

const KeySet& SigmaRuleKeys() {
  // Of ours, what counts where its value has our shape.
  static const KeySet keys{
      .owner = "a Sigma rule",
      .known = DocumentKeys(
          {{"logsource", {Takes::Map(&LogsourceKeys)}, "which events it is about"},
           {"detection", {Takes::Named("search_identifiers")}, "what they look like"},
           {"fields", {Takes::Texts()}, "what the alert shows of the event"},
           {"mode", {}, "live, shadow or off: Telltale's"},
           {"runbook", {Takes::Named("own_runbook")}, "what to do about it: Telltale's"},
           {"alert", {Takes::Named("own_alert")}, "what the alert says: Telltale's"},
           {"suppress", {Takes::Named("own_suppress")}, "alerts that are kept back: Telltale's"},
           {"exceptions",
            {Takes::Named("own_exceptions")},
            "alerts that are kept back: Telltale's"},
           {"tests", {Takes::Named("own_tests")}, "events and alerts: Telltale's"}}),
      .required = {"title", "logsource", "detection"},
      .open = true,
      .null_is_absent = true};
  return keys;
}

const KeySet& SigmaCorrelationKeys() {
  static const KeySet keys{
      .owner = "a Sigma correlation",
      .known = DocumentKeys(
          {{"correlation", {Takes::Map(&CorrelationKeys)}, "which alerts, and how many of them"},
           {"generate", {Takes::Bool()}, "its rules alert by themselves, too (false)"}}),
      .required = {"title", "correlation"},
      .open = true,
      .null_is_absent = true};
  return keys;
}

const KeySet& SigmaFilterKeys() {
  static const KeySet keys{
      .owner = "a Sigma filter",
      .known = DocumentKeys(
          {{"logsource", {Takes::Map(&LogsourceKeys)}, "the rules that it may act on"},
           {"filter", {Takes::Named("filter")}, "which rules, and what of their events remains"}}),
      .required = {"title", "logsource", "filter"},
      .open = true,
      .null_is_absent = true};
  return keys;
}

const KeySet& LogsourceKeys() {
  static const KeySet keys{.owner = "a Sigma logsource",
                           .known = {{"product", {Takes::Text()}, "such as windows"},
                                     {"category", {Takes::Text()}, "such as process_creation"},
                                     {"service", {Takes::Text()}, "such as sysmon"},
                                     {"definition", {}, "for people"}},
                           .open = true,
                           .null_is_absent = true};
  return keys;
}

const KeySet& CorrelationKeys() {
  static const KeySet keys{
      .owner = "'correlation'",
      .known = {{"type", {OneOf(CorrelationTypeWords())}, "what is asked of the rules' events"},
                {"rules", {Takes::Texts(1)}, "names or ids of rules and correlations"},
                {"aliases", {Takes::Named("aliases")}, "a name: by rule, its field"},
                {"group-by", {Takes::Texts()}, "the fields that have to agree, or aliases"},
                {"timespan", {Takes::Text("^0*[1-9][0-9]*[smhdw]$")}, "such as 90m"},
                {"condition",
                 {Takes::Map(&BoundKeys), Takes::Text()},
                 "bounds, or of temporal ones an expression over rules"},
                {"generate", {Takes::Bool()}, "its rules alert by themselves, too (false)"}},
      .required = {"type", "timespan"},
      .null_is_absent = true};
  return keys;
}

const KeySet& BoundKeys() {
  static const KeySet keys{
      .owner = "a correlation's condition",
      .known = {{"gt", {Takes::Named("number")}, "more than"},
                {"gte", {Takes::Named("number")}, "so many or more"},
                {"lt", {Takes::Named("number")}, "less than"},
                {"lte", {Takes::Named("number")}, "so many or less"},
                {"eq", {Takes::Named("number")}, "exactly"},
                {"neq", {Takes::Named("number")}, "not so many"},
                {"field", {Takes::Texts()}, "whose values are looked at"},
                {"percentile", {Takes::Named("percent")}, "of value_percentile, 0 to 100 (50)"}}};
  return keys;
}

const ValueReader::Words<CorrelationType>& CorrelationTypeWords() {
  static const ValueReader::Words<CorrelationType> words = [] {
    ValueReader::Words<CorrelationType> list;
    for (const CorrelationType type :
         {CorrelationType::kEventCount, CorrelationType::kValueCount, CorrelationType::kValueSum,
          CorrelationType::kValueAvg, CorrelationType::kValuePercentile,
          CorrelationType::kValueMedian, CorrelationType::kTemporal,
          CorrelationType::kTemporalOrdered})
      list.emplace_back(CorrelationTypeName(type), type);
    return list;
  }();
  return words;
}

}  // namespace telltale::rules::sigma
