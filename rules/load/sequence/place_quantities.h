// How often a place is taken and how near its events stand: `contiguity`, `within`, `optional` and
// `repeat`.
//
// Owner: PlaceReader. Thread: one. Units: nanoseconds. Errors: diagnostics; what cannot be read
// stays at its default.
#ifndef TELLTALE_RULES_LOAD_SEQUENCE_PLACE_QUANTITIES_H_
#define TELLTALE_RULES_LOAD_SEQUENCE_PLACE_QUANTITIES_H_

#include "rules/load/rule/rule_context.h"
#include "rules/load/yaml/key_set.h"
#include "rules/model/pattern.h"

namespace telltale::rules {

// Those that stand in the place's map, `repeat` with all but its `until`. `repeat_keys` are those
// that a repeat of such a place has.
void ReadQuantities(RuleContext& context, const Node& body, const KeySet& repeat_keys,
                    Place& place);

// The `until` of a place's repeat; null: it has none.
const Node* FindUntil(const Node& body);

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_LOAD_SEQUENCE_PLACE_QUANTITIES_H_
