// The tree of a pattern as people speak of it: which places a step stands in, which of them a way
// from one step to another takes again, and what a place is called.
//
// Owner: values; places are borrowed from the rule. Thread: any. Errors: none.
#ifndef TELLTALE_DAEMON_EXPLAIN_PLACES_H_
#define TELLTALE_DAEMON_EXPLAIN_PLACES_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rules/model/rule.h"

namespace telltale::explain {

// From the pattern to the step itself.
using PlacePath = std::vector<const rules::Place*>;

// REQUIRES: the step is in the pattern.
PlacePath PathTo(const rules::Place& pattern, uint32_t step);

// How many places both are in, from the pattern on.
size_t InCommon(const PlacePath& from, const PlacePath& to);

// Which place of the path `from` a way between the two steps begins another time of; none where it
// only goes on. The steps may be the same one.
std::optional<size_t> TakenAgain(const PlacePath& from, const PlacePath& to);

// "3 events", "2 to 5 times", "2 or more times"; empty where it does not repeat.
std::string CountText(const rules::Repeat& repeat, std::string_view what);

// The steps in it: "a, (b, c)".
std::string StepNames(const rules::Rule& rule, const rules::Place& place);

}  // namespace telltale::explain

#endif  // TELLTALE_DAEMON_EXPLAIN_PLACES_H_
