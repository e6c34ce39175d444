// Values of rules that are one of a few words, and what each of these words means.
//
// Owner: static tables. Thread: immutable, any. Errors: none.
#ifndef TELLTALE_RULES_LOAD_VOCABULARY_CHOICES_H_
#define TELLTALE_RULES_LOAD_VOCABULARY_CHOICES_H_

#include <optional>
#include <vector>

#include "rules/load/yaml/values.h"
#include "rules/model/rule.h"

namespace telltale::rules {

const ValueReader::Words<Status>& StatusWords();
const ValueReader::Words<Level>& LevelWords();
const ValueReader::Words<Mode>& ModeWords();
const ValueReader::Words<MatchMode>& MatchWords();
const ValueReader::Words<MetricType>& MetricTypeWords();
const ValueReader::Words<SkipKind>& SkipWords();  // those without a step
const ValueReader::Words<WarmUp>& WarmUpWords();
const ValueReader::Words<OnLimit>& OnLimitWords();
const ValueReader::Words<Contiguity>& ContiguityWords();
// What makes of an item of a sequence something else than a step.
const ValueReader::Words<Place::Kind>& PlaceWords();
const ValueReader::Words<bool>& MissingKeyWords();  // whether they are a group

// `settled` stands for the way of windows that need not be named. None: `early`, which goes with
// any.
const ValueReader::Words<std::optional<Emit>>& EmitWords();

// Whether also the alerts that suppression keeps back.
const ValueReader::Words<bool>& IncludeWords();

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_LOAD_VOCABULARY_CHOICES_H_
