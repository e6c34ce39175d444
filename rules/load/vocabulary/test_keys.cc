#include "rules/load/vocabulary/test_keys.h"

#include <cstdint>

#include "rules/load/vocabulary/choices.h"

namespace telltale::rules {

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
       {"warm_up", {OneOf(WarmUpWords())}, "in the place of the rule's (assume_empty)"},
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

}  // namespace telltale::rules
