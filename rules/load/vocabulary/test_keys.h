// The keys of tests, in rules and in files of their own.
//
// Owner: static tables. Thread: immutable, any. Errors: none.
#ifndef TELLTALE_RULES_LOAD_VOCABULARY_TEST_KEYS_H_
#define TELLTALE_RULES_LOAD_VOCABULARY_TEST_KEYS_H_

#include "rules/load/yaml/key_set.h"

namespace telltale::rules {

const KeySet& TestKeys();
const KeySet& TestFileKeys();
const KeySet& TestEventKeys();  // of an event in its long form, with `record`
const KeySet& ExpectedAlertKeys();

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_LOAD_VOCABULARY_TEST_KEYS_H_
