#include "rules/load/vocabulary/sequence_keys.h"

#include <cstdint>

#include "rules/load/vocabulary/choices.h"
#include "rules/load/vocabulary/later_words.h"
#include "rules/load/vocabulary/limits.h"

namespace telltale::rules {
namespace {

// Keys that places of several kinds have.
Key IncludeKey() {
  return {"include",
          {OneOf(IncludeWords())},
          "of alerts: also those that suppression keeps back (those that go out)"};
}
Key ContiguityKey() {
  return {"contiguity",
          {OneOf(ContiguityWords())},
          "the next event that fits, the very next, or any that fits (relaxed)"};
}
Key WithinKey() {
  return {"within", {Takes::Duration()}, "from the event taken before to its first"};
}
Key OptionalKey() { return {"optional", {Takes::Bool()}, "it may be left out"}; }
Key MinKey() { return {"min", {Takes::Int(1, kMostRepeats)}, "at least (1)"}; }
Key MaxKey() { return {"max", {Takes::Int(1, kMostRepeats)}, "at most (unbounded)"}; }
Key InsideKey() {
  return {"inside", {OneOf(ContiguityWords())}, "the contiguity from one to the next (relaxed)"};
}
Key RepeatWithinKey() { return {"within", {Takes::Duration()}, "from one to the next"}; }
Key GreedyKey() { return {"greedy", {Takes::Bool()}, "it takes all that it can"}; }

}  // namespace

const KeySet& StepKeys() {
  static const KeySet keys{
      "a step",
      {{"on", {Takes::Text()}, "the stream"},
       {"where", {Takes::Text()}, "the condition (every event fits)"},
       {"detection", {Takes::Named("detection")}, "what the event looks like, in Sigma's words"},
       {"by", {Takes::Texts(1, kMostKeyParts)}, "the key under other names"},
       IncludeKey(),
       ContiguityKey(),
       WithinKey(),
       OptionalKey(),
       {"repeat",
        {Takes::Int(1, kMostRepeats), Takes::Map(&RepeatKeys)},
        "how many events it takes (one)"}},
      {kInsideElsewhere, kGreedyElsewhere, kUntilElsewhere, kGroupElsewhere, kAnyOfElsewhere,
       kAllOfElsewhere, kNested, kTimeoutElsewhere, kAggregateElsewhere, kNewTermsElsewhere,
       kMissing},
      {"on"}};
  return keys;
}

const KeySet& NotKeys() {
  static const KeySet keys{
      "a 'not'",
      {{"on", {Takes::Text()}, "the stream"},
       {"where", {Takes::Text()}, "the condition (any event)"},
       {"detection", {Takes::Named("detection")}, "what the event looks like, in Sigma's words"},
       {"by", {Takes::Texts(1, kMostKeyParts)}, "the key under other names"},
       IncludeKey(),
       {"contiguity",
        {Takes::Word({"strict", "relaxed"})},
        "the very next event is none, or no event between is one (relaxed)"},
       {"within", {Takes::Duration()}, "how far back, or how long to wait"}},
      {kGroupElsewhere, kAnyOfElsewhere, kAllOfElsewhere, kNested, kAggregateElsewhere, kMissing},
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
                           {kInsideElsewhere, kGreedyElsewhere, kUntilElsewhere, kIncludeElsewhere},
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
                           {kInsideElsewhere, kGreedyElsewhere, kUntilElsewhere, kIncludeElsewhere},
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
                            kUntilElsewhere, kIncludeElsewhere},
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
  static const KeySet keys{
      "an 'until'",
      {{"on", {Takes::Text()}, "the stream"},
       {"where", {Takes::Text()}, "the condition (any event)"},
       {"detection", {Takes::Named("detection")}, "what the event looks like, in Sigma's words"},
       {"by", {Takes::Texts(1, kMostKeyParts)}, "the key under other names"},
       IncludeKey()},
      {},
      {"on"}};
  return keys;
}

const KeySet& RepeatUntilKeys() {
  static const KeySet keys{
      "the 'until' of a step",
      {{"on", {Takes::Text()}, "the stream (the step's)"},
       {"where", {Takes::Text()}, "the condition (any event)"},
       {"detection", {Takes::Named("detection")}, "what the event looks like, in Sigma's words"},
       {"by", {Takes::Texts(1, kMostKeyParts)}, "the key under other names (the step's)"},
       IncludeKey()},
      {}};
  return keys;
}

}  // namespace telltale::rules
