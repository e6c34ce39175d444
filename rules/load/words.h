// The vocabulary of rule files: the keys of each map, and the words that a later version of the
// language has, which are refused with a code of their own instead of as unknown.
//
// Thread: immutable, any.
#ifndef TELLTALE_RULES_LOAD_WORDS_H_
#define TELLTALE_RULES_LOAD_WORDS_H_

#include <string_view>
#include <vector>

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
const KeySet& RiskKeys();
const KeySet& RiskModifierKeys();
const KeySet& EntityKeys();
const KeySet& ExceptionKeys();
const KeySet& DefinitionKeys();
const KeySet& ListKeys();

// Words that can stand where a step's name does.
const std::vector<LaterWord>& LaterStepWords();
const std::vector<LaterWord>& LaterModes();

// Letters, digits and '_', not a digit first.
bool IsIdentifier(std::string_view name);
// Whether the name has a meaning in conditions that no step or definition can take.
bool IsReservedName(std::string_view name);

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_LOAD_WORDS_H_
