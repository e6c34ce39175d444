// The keys of documents of definitions, and of a list that is more than its values.
//
// Owner: static tables. Thread: immutable, any. Errors: none.
#ifndef TELLTALE_RULES_LOAD_VOCABULARY_DEFINITION_KEYS_H_
#define TELLTALE_RULES_LOAD_VOCABULARY_DEFINITION_KEYS_H_

#include "rules/load/yaml/key_set.h"

namespace telltale::rules {

const KeySet& DefinitionKeys();
const KeySet& ListKeys();

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_LOAD_VOCABULARY_DEFINITION_KEYS_H_
