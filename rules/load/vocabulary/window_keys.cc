#include "rules/load/vocabulary/window_keys.h"

#include <cstdint>

#include "rules/load/vocabulary/choices.h"
#include "rules/load/vocabulary/later_words.h"
#include "rules/load/vocabulary/limits.h"
#include "rules/model/sequence_limits.h"

namespace telltale::rules {
namespace {

Key OnKey() { return {"on", {Takes::Text()}, "the stream whose events count"}; }
Key WhereKey() { return {"where", {Takes::Text()}, "which of them count (all)"}; }
Key DetectionKey() {
  return {"detection", {Takes::Named("detection")}, "what they look like, in Sigma's words"};
}
Key IncludeKey() {
  return {"include",
          {OneOf(IncludeWords())},
          "of alerts: also those that suppression keeps back (those that go out)"};
}
Key SourcesKey() {
  return {"any_of",
          {Takes::Maps(&SourceKeys, 1, kMostSteps)},
          "events of several streams, or of several kinds, in the place of 'on'"};
}

}  // namespace

const KeySet& AggregateKeys() {
  static const KeySet keys{
      "'aggregate'",
      {OnKey(),
       WhereKey(),
       DetectionKey(),
       IncludeKey(),
       SourcesKey(),
       {"window", {Takes::Map(&WindowKeys)}, "in which the events of a key are taken together"},
       {"baseline", {Takes::Map(&BaselineKeys)}, "what is usual for the key, to compare with"},
       {"having", {Takes::Text()}, "the condition over counts, sums and their like"},
       {"on_empty", {Takes::Bool()}, "a window that has become empty is looked at, too (false)"},
       {"evidence",
        {Takes::Int(0, kMostEvidence)},
        "how many of the last events an alert shows (10)"}},
      {kByElsewhere, kEmitElsewhere, kOutputElsewhere},
      {"window"}};
  return keys;
}

const KeySet& BaselineKeys() {
  static const KeySet keys{
      "'baseline'",
      {{"of", {Takes::Text()}, "what is compared: a number over the events of a pane"},
       {"every", {Takes::Duration(1)}, "how long a pane of time is"},
       {"over", {Takes::Duration(1)}, "how far back it goes: a multiple of 'every'"}},
      {},
      {"of", "every", "over"}};
  return keys;
}

const KeySet& StepWindowKeys() {
  static const KeySet keys{
      "a window of 'windows'",
      {{"name", {Takes::Named("name")}, "what conditions call it"},
       OnKey(),
       WhereKey(),
       DetectionKey(),
       IncludeKey(),
       {"by", {Takes::Texts(1, kMostKeyParts)}, "the key under other names"},
       SourcesKey(),
       {"window", {Takes::Map(&WindowKeys)}, "how far back it reaches: { sliding: 10m }"},
       {"values", {Takes::Names()}, "names, and the counts, sums and their like behind them"}},
      {kBaselineElsewhere},
      {"name", "window", "values"}};
  return keys;
}

const KeySet& WindowKeys() {
  static const KeySet keys{
      "'window'",
      {{"sliding", {Takes::Duration(1)}, "the last so much before each event"},
       {"tumbling", {Takes::Duration(1)}, "one after the other, from the epoch on"},
       {"hopping", {Takes::Duration(1)}, "so long, one beginning 'every' so often"},
       {"session", {Takes::Duration(1)}, "until so much passes without an event"},
       {"every", {Takes::Duration(1)}, "of 'hopping': from one begin to the next"},
       {"offset", {Takes::Duration(0)}, "of 'tumbling' and 'hopping': begins so much later (0)"},
       {"zone", {Takes::Text()}, "of 'tumbling': whose days count, such as Europe/Paris (UTC)"},
       {"longest", {Takes::Duration(1)}, "of 'session': it ends when it would be longer"}},
      {}};
  return keys;
}

const KeySet& NewTermsKeys() {
  static const KeySet keys{
      "'new_terms'",
      {OnKey(),
       WhereKey(),
       DetectionKey(),
       IncludeKey(),
       SourcesKey(),
       {"field", {Takes::Texts(1, kMostTerms)}, "what is looked for: an expression, or several"},
       {"history", {Takes::Duration(1)}, "for how long it must not have been seen"}},
      {kByElsewhere},
      {"field", "history"}};
  return keys;
}

const KeySet& SourceKeys() {
  static const KeySet keys{
      "a source",
      {{"name", {Takes::Named("name")}, "what alerts call it (the stream's name)"},
       OnKey(),
       WhereKey(),
       DetectionKey(),
       IncludeKey(),
       {"by", {Takes::Texts(1, kMostKeyParts)}, "the key under other names"}},
      {kMissing},
      {"on"}};
  return keys;
}

}  // namespace telltale::rules
