// Which names steps, definitions and tables can bear, and which have a meaning already.
//
// Owner: static tables. Thread: immutable, any. Errors: none.
#ifndef TELLTALE_RULES_LOAD_VOCABULARY_NAMES_H_
#define TELLTALE_RULES_LOAD_VOCABULARY_NAMES_H_

#include <string_view>
#include <vector>

namespace telltale::rules {

// Letters, digits and '_', not a digit first.
bool IsIdentifier(std::string_view name);
const std::vector<std::string_view>& ReservedNames();
// The words of sequences, which no step can bear as its name.
const std::vector<std::string_view>& SequenceWords();
bool IsSequenceWord(std::string_view name);
// Whether the name has a meaning in conditions that no step or definition can take.
bool IsReservedName(std::string_view name);

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_LOAD_VOCABULARY_NAMES_H_
