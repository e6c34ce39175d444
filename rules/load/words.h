// The vocabulary of rule files: the keys of each map, and the words that a later version of the
// language has, which are refused with a code of their own instead of as unknown.
//
// Thread: immutable, any.
#ifndef TELLTALE_RULES_LOAD_WORDS_H_
#define TELLTALE_RULES_LOAD_WORDS_H_

#include "rules/load/yaml/values.h"

namespace telltale::rules {

extern const ReadCodes kRuleCodes;

const KeySet& RuleKeys();
const KeySet& StepKeys();
const KeySet& NotKeys();
const KeySet& RepeatKeys();
const KeySet& AfterMatchKeys();
const KeySet& LimitKeys();
const KeySet& SuppressKeys();
const KeySet& AlertKeys();

// Words that can stand where a step's name does.
const std::vector<LaterWord>& LaterStepWords();
const std::vector<LaterWord>& LaterModes();

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_LOAD_WORDS_H_
