// Which modifiers go together, whatever the values are.
//
// Owner: none. Thread: no state, any. Errors: R0801 at the modifier that is one too many.
#ifndef TELLTALE_RULES_LOAD_SIGMA_MODIFIER_CHECK_H_
#define TELLTALE_RULES_LOAD_SIGMA_MODIFIER_CHECK_H_

#include "rules/load/sigma/modifier.h"

namespace telltale::rules::sigma {

// What a field's value is compared as; one key has one of these.
enum class Comparison : uint8_t {
  kText,
  kRegex,
  kCidr,
  kExists,
  kField,
  kNumber,  // lt lte gt gte
  kTime,    // a part of a date, maybe with lt lte gt gte
};

// Whether the modifiers make sense together.
bool CheckModifiers(const FieldKey& key, Diagnostics& diagnostics);

// REQUIRES: CheckModifiers.
Comparison ComparisonOf(const FieldKey& key);

bool IsOrder(Modifier modifier);      // lt lte gt gte
bool IsTimePart(Modifier modifier);   // minute ... year
bool IsTransform(Modifier modifier);  // windash ... expand

}  // namespace telltale::rules::sigma

#endif  // TELLTALE_RULES_LOAD_SIGMA_MODIFIER_CHECK_H_
