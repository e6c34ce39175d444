// The keys of `aggregate`, `new_terms` and `windows`, and of the maps in them.
//
// Owner: static tables. Thread: immutable, any. Errors: none.
#ifndef TELLTALE_RULES_LOAD_VOCABULARY_WINDOW_KEYS_H_
#define TELLTALE_RULES_LOAD_VOCABULARY_WINDOW_KEYS_H_

#include "rules/load/yaml/key_set.h"

namespace telltale::rules {

const KeySet& AggregateKeys();
const KeySet& WindowKeys();
const KeySet& BaselineKeys();
const KeySet& StepWindowKeys();  // of `windows`, beside a sequence
const KeySet& NewTermsKeys();
const KeySet& SourceKeys();  // of an item of their `any_of`

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_LOAD_VOCABULARY_WINDOW_KEYS_H_
