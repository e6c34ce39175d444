// The canonical form of a checked rule, part by part: what the fingerprint of A1 is made of.
//
// Everything that can change which events match is a part, and nothing else is. Names of steps are
// left out: what refers to a step does so by its number. The shape counts as it is written: two
// trees of places that allow the same, such as a group of one step and the step, are two rules, for
// which of them are the same is for the automaton to know. `CanonicalForm` (rule.h) prints the
// parts; who compares two rules compares these.
//
// Owner: value types. Thread: any. Units: durations in nanoseconds. Errors: none.
#ifndef TELLTALE_RULES_MODEL_CANONICAL_H_
#define TELLTALE_RULES_MODEL_CANONICAL_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "rules/model/rule.h"

namespace telltale::rules {

enum class CanonicalKind : uint8_t {
  kRule,
  kStep,
  kAbsence,
  kUntil,  // of the line before
  kGroup,
  kAnyOf,
  kAllOf,
  kAggregate,
  kNewTerms,
  kWindow,  // of Rule::windows; its sources follow as steps
  kType,    // the declared type of a field that is read: it decides what a comparison means
};

struct CanonicalLine {
  CanonicalKind kind = CanonicalKind::kRule;
  size_t index = 0;  // in Rule::steps, absences, untils or windows
  // Name and value; no value: a mark.
  std::vector<std::pair<std::string, std::string>> parts = {};
  const Place* place = nullptr;  // of a group, an any_of or an all_of; the rule's
};

// The rule, its places as they nest (how many are in a group says where it ends), the types.
std::vector<CanonicalLine> CanonicalLines(const Rule& rule, const StreamCatalog& streams);

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_MODEL_CANONICAL_H_
