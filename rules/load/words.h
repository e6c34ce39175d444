// The vocabulary of rule files: the keys of each map with what they take, the words of each choice,
// and the words that a later version of the language has, which are refused with a code of their
// own instead of as unknown.
//
// Owner: static tables. Thread: immutable, any. Errors: none.
#ifndef TELLTALE_RULES_LOAD_WORDS_H_
#define TELLTALE_RULES_LOAD_WORDS_H_

#include <string_view>
#include <vector>

#include "rules/load/yaml/values.h"
#include "rules/model/rule.h"
#include "rules/model/sequence_limits.h"

namespace telltale::rules {

// Greatest values that rules can give.
inline constexpr int64_t kHighestLimit = 10'000'000;
inline constexpr int64_t kMostRepeats = 1'000'000;
inline constexpr size_t kMostKeyParts = 32;
inline constexpr size_t kMostExceptions = 1000;

const ValueReader::Words<Status>& StatusWords();
const ValueReader::Words<Level>& LevelWords();
const ValueReader::Words<Mode>& ModeWords();
const ValueReader::Words<MatchMode>& MatchWords();
const ValueReader::Words<SkipKind>& SkipWords();  // those without a step
const ValueReader::Words<WarmUp>& WarmUpWords();
const ValueReader::Words<OnLimit>& OnLimitWords();
const ValueReader::Words<Contiguity>& ContiguityWords();
// What makes of an item of a sequence something else than a step.
const ValueReader::Words<Place::Kind>& PlaceWords();
const ValueReader::Words<bool>& MissingKeyWords();  // whether they are a group

const KeySet& RuleKeys();
const KeySet& StepKeys();
const KeySet& NotKeys();
const KeySet& GroupKeys();
const KeySet& AnyOfKeys();
const KeySet& AllOfKeys();
const KeySet& RepeatKeys();  // of a step
const KeySet& GroupRepeatKeys();
const KeySet& UntilKeys();
const KeySet& RepeatUntilKeys();  // of a step's repeat, where they default to the step's own
const KeySet& TimeoutKeys();
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
const KeySet& TestKeys();
const KeySet& TestFileKeys();
const KeySet& TestEventKeys();  // of an event in its long form, with `record`
const KeySet& ExpectedAlertKeys();

const std::vector<LaterWord>& LaterModes();

// Letters, digits and '_', not a digit first.
bool IsIdentifier(std::string_view name);
const std::vector<std::string_view>& ReservedNames();
// Whether it is a word of sequences, which no step can bear as its name.
const std::vector<std::string_view>& SequenceWords();
bool IsSequenceWord(std::string_view name);
// Whether the name has a meaning in conditions that no step or definition can take.
bool IsReservedName(std::string_view name);

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_LOAD_WORDS_H_
