// The keys of Sigma's documents, with what they take.
//
// Source: Sigma specification 2.1. A document may have further keys at its top, which nobody reads.
// Owner: static tables. Thread: immutable, any. Errors: none.
#ifndef TELLTALE_RULES_LOAD_SIGMA_SIGMA_KEYS_H_
#define TELLTALE_RULES_LOAD_SIGMA_SIGMA_KEYS_H_

#include "rules/load/yaml/key_set.h"
#include "rules/load/yaml/values.h"
#include "rules/model/correlation.h"

namespace telltale::rules::sigma {

// Documents, from their top.
const KeySet& SigmaRuleKeys();
const KeySet& SigmaCorrelationKeys();
const KeySet& SigmaFilterKeys();

const KeySet& LogsourceKeys();
const KeySet& CorrelationKeys();
const KeySet& BoundKeys();  // of a correlation's condition

const ValueReader::Words<CorrelationType>& CorrelationTypeWords();

}  // namespace telltale::rules::sigma

#endif  // TELLTALE_RULES_LOAD_SIGMA_SIGMA_KEYS_H_
