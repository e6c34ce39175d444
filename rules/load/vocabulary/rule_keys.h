// The keys of a rule, and of the maps in it beside its sequence.
//
// Owner: static tables. Thread: immutable, any. Errors: none.
#ifndef TELLTALE_RULES_LOAD_VOCABULARY_RULE_KEYS_H_
#define TELLTALE_RULES_LOAD_VOCABULARY_RULE_KEYS_H_

#include "rules/load/yaml/key_set.h"

namespace telltale::rules {

const KeySet& RuleKeys();
const KeySet& TimeoutKeys();
const KeySet& AfterMatchKeys();
const KeySet& LimitKeys();
const KeySet& SuppressKeys();
const KeySet& AlertKeys();
const KeySet& OutputKeys();
const KeySet& MetricKeys();
const KeySet& RiskKeys();
const KeySet& RiskModifierKeys();
const KeySet& EntityKeys();
const KeySet& ExceptionKeys();

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_LOAD_VOCABULARY_RULE_KEYS_H_
