// The canonical form of a checked rule, part by part: what the fingerprint of A1 is made of.
//
// Everything that can change which events match is a part, and nothing else is. Names of steps are
// left out: what refers to a step does so by its number. `CanonicalForm` (rule.h) prints the parts;
// who compares two rules compares these.
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
  kType,  // the declared type of a field that is read: it decides what a comparison means
};

struct CanonicalLine {
  CanonicalKind kind = CanonicalKind::kRule;
  size_t index = 0;                                        // in Rule::steps or Rule::absences
  std::vector<std::pair<std::string, std::string>> parts;  // name and value; no value: a mark
};

// The rule, the steps and absences in their order, the types.
std::vector<CanonicalLine> CanonicalLines(const Rule& rule, const StreamCatalog& streams);

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_MODEL_CANONICAL_H_
