// The keys of what stands in a sequence: steps, absences, groups, and what they hold.
//
// Owner: static tables. Thread: immutable, any. Errors: none.
#ifndef TELLTALE_RULES_LOAD_VOCABULARY_SEQUENCE_KEYS_H_
#define TELLTALE_RULES_LOAD_VOCABULARY_SEQUENCE_KEYS_H_

#include "rules/load/yaml/key_set.h"

namespace telltale::rules {

const KeySet& StepKeys();
const KeySet& NotKeys();
const KeySet& GroupKeys();
const KeySet& AnyOfKeys();
const KeySet& AllOfKeys();
const KeySet& RepeatKeys();  // of a step
const KeySet& GroupRepeatKeys();
const KeySet& UntilKeys();
const KeySet& RepeatUntilKeys();  // of a step's repeat, where they default to the step's own

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_LOAD_VOCABULARY_SEQUENCE_KEYS_H_
