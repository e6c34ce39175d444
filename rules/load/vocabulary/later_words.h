// Words that are no keys where they stand, and are refused with more than 'unknown': those of a
// later version of the language, and those that stand on another level.
//
// Owner: static tables. Thread: immutable, any. Errors: none.
#ifndef TELLTALE_RULES_LOAD_VOCABULARY_LATER_WORDS_H_
#define TELLTALE_RULES_LOAD_VOCABULARY_LATER_WORDS_H_

#include <string_view>

#include "rules/load/yaml/key_set.h"
#include "rules/model/codes.h"

namespace telltale::rules {

inline constexpr LaterWord kOutputElsewhere{"output", kConflictingKeys,
                                            "'output' stands in the rule, in the place of 'alert'"};
// Words that stand elsewhere.
inline constexpr LaterWord kLists{
    "lists", kConflictingKeys,
    "'lists' stands in a document of its own: put a line '---' before it"};
inline constexpr LaterWord kMacros{
    "macros", kConflictingKeys,
    "'macros' stands in a document of its own: put a line '---' before it"};
inline constexpr LaterWord kTables{"tables", kConflictingKeys,
                                   "'tables' stands in the config, beside 'streams'"};
inline constexpr LaterWord kEntities{"entities", kConflictingKeys, "'entities' stands in 'alert'"};
inline constexpr LaterWord kRiskScore{"risk_score", kConflictingKeys,
                                      "'risk_score' stands in 'alert'"};
inline constexpr LaterWord kMissing{"missing_key", kConflictingKeys,
                                    "'missing_key' stands in the rule, beside 'by'"};
inline constexpr LaterWord kOnChange{
    "on_change", kLaterOnChange, "'on_change' is not in this version: a changed rule starts anew"};
inline constexpr LaterWord kOnEnd{"on_end", kLaterOnEnd, "'on_end' is not in this version"};
inline constexpr LaterWord kIncludeElsewhere{"include", kConflictingKeys,
                                             "'include' stands beside 'on: alerts'"};

inline constexpr LaterWord kAggregateElsewhere{
    "aggregate", kConflictingKeys, "'aggregate' stands in the rule, in the place of 'sequence'"};
inline constexpr LaterWord kNewTermsElsewhere{
    "new_terms", kConflictingKeys, "'new_terms' stands in the rule, in the place of 'sequence'"};
inline constexpr LaterWord kByElsewhere{"by", kConflictingKeys,
                                        "'by' stands in the rule, or in an item of 'any_of'"};
inline constexpr LaterWord kEmitElsewhere{"emit", kConflictingKeys,
                                          "'emit' stands in the rule, beside 'aggregate'"};
inline constexpr LaterWord kHavingElsewhere{"having", kConflictingKeys,
                                            "'having' stands in 'aggregate'"};
inline constexpr LaterWord kBaselineElsewhere{"baseline", kConflictingKeys,
                                              "'baseline' stands in 'aggregate'"};
inline constexpr LaterWord kWindowElsewhere{"window", kConflictingKeys,
                                            "'window' stands in 'aggregate'"};

// Words of places and repeats that stand one level too high or too low.
constexpr LaterWord OfSequence(std::string_view word, std::string_view message) {
  return {word, kConflictingKeys, message};
}
inline constexpr LaterWord kGroupElsewhere =
    OfSequence("group", "'group' stands in 'sequence', in the place of a step: '- group: [ ... ]'");
inline constexpr LaterWord kAnyOfElsewhere = OfSequence(
    "any_of", "'any_of' stands in 'sequence', in the place of a step: '- any_of: [ ... ]'");
inline constexpr LaterWord kAllOfElsewhere = OfSequence(
    "all_of", "'all_of' stands in 'sequence', in the place of a step: '- all_of: [ ... ]'");
inline constexpr LaterWord kNested =
    OfSequence("sequence", "a sequence in a sequence is written '- group: [ ... ]'");
inline constexpr LaterWord kInsideElsewhere = OfSequence("inside", "'inside' stands in 'repeat'");
inline constexpr LaterWord kGreedyElsewhere = OfSequence("greedy", "'greedy' stands in 'repeat'");
inline constexpr LaterWord kUntilElsewhere = OfSequence(
    "until", "'until' stands in 'repeat', or beside 'sequence' where it is of the whole rule");
inline constexpr LaterWord kContiguityOfRule =
    OfSequence("contiguity", "'contiguity' stands in a step: how it follows the one before");
inline constexpr LaterWord kContiguityOfRepeat =
    OfSequence("contiguity",
               "from one time of a repeat to the next it is called 'inside'; 'contiguity', how "
               "the first follows, stands beside 'repeat'");
inline constexpr LaterWord kOptionalOfRepeat =
    OfSequence("optional", "'optional' stands beside 'repeat'");
inline constexpr LaterWord kContiguityOfAllOf =
    OfSequence("contiguity", "an 'all_of' has no 'contiguity': each of its members has its own");
inline constexpr LaterWord kWithinOfAllOf =
    OfSequence("within", "an 'all_of' has no 'within': each of its members has its own");
inline constexpr LaterWord kTimeoutElsewhere =
    OfSequence("on_timeout", "'on_timeout' stands beside 'sequence'");

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_LOAD_VOCABULARY_LATER_WORDS_H_
