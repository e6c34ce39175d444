// What cannot stand in a place because of where the place stands, or of how often it is taken: told
// while it is read, at the key that says it.
//
// What hangs on the shape as a whole is structure_check's. Owner: PlaceReader. Thread: any. Errors:
// diagnostics.
#ifndef TELLTALE_RULES_LOAD_SEQUENCE_PLACE_CHECK_H_
#define TELLTALE_RULES_LOAD_SEQUENCE_PLACE_CHECK_H_

#include <cstdint>

#include "rules/load/yaml/node.h"
#include "rules/model/diagnostic.h"
#include "rules/model/pattern.h"

namespace telltale::rules {

// Where a place stands.
struct PlaceRole {
  enum class In : uint8_t { kSequence, kGroup, kAnyOf, kAllOf };
  In in = In::kSequence;
  bool first = false;  // nothing but `not`s stands before it there
};

// `body`: the map that the place was read from.
void CheckPlace(const Place& place, const PlaceRole& role, const Node& body,
                Diagnostics& diagnostics);

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_LOAD_SEQUENCE_PLACE_CHECK_H_
