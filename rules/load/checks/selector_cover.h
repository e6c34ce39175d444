// Whether all events that one selector speaks of are among those of another, as far as their texts
// show: for checks of what can never act.
//
// Owner, thread: the caller's. Errors: none.
#ifndef TELLTALE_RULES_LOAD_CHECKS_SELECTOR_COVER_H_
#define TELLTALE_RULES_LOAD_CHECKS_SELECTOR_COVER_H_

#include "rules/model/rule.h"

namespace telltale::rules {

// The same stream and key, and the same condition or, of `wide`, none.
bool Covers(const Selector& wide, const Selector& narrow);

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_LOAD_CHECKS_SELECTOR_COVER_H_
