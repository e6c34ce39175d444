// Rules of the whole language at random, and events on which they find something.
//
// Events have a key under two names (k and account), a letter t, a number v and now and then
// another one, w. Most rules load; the others are those that the loader refuses for a reason.
// Owner: the test. Thread: any. Units: whole seconds in rules.
#ifndef TELLTALE_TESTS_MODEL_RANDOM_RULE_H_
#define TELLTALE_TESTS_MODEL_RANDOM_RULE_H_

#include <vector>

#include "tests/model/choices.h"
#include "tests/model/rule_spec.h"

namespace telltale::model {

// One to three, s0, s1 and s2.
std::vector<ScenarioStream> RandomStreams(Choices& choices);
// Caps on how much a key holds, so that an input of any size takes bearable time (P10). They are
// small enough to act, unless the input is meant to be so `small` that none is needed.
// With `windows` its conditions read some (W3).
RuleSpec RandomRule(Choices& choices, int streams, bool small, bool windows = false);
// In order of arrival, in order within a partition and somewhat out of order across the bounds.
std::vector<ScenarioEvent> RandomEvents(Choices& choices,
                                        const std::vector<ScenarioStream>& streams, int count);

Case RandomCase(Choices& choices);
// With windows that its conditions read (W3).
Case RandomMeasuredCase(Choices& choices);

}  // namespace telltale::model

#endif  // TELLTALE_TESTS_MODEL_RANDOM_RULE_H_
