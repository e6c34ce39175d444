// Whether alerts of different keys of a rule are suppressed together (A3): its `suppress.by` leaves
// out a part of the rule's key, so what it keeps back may have been matched anywhere.
//
// Owner: none. Thread: any. Errors: none.
#ifndef TELLTALE_RULES_MODEL_JOINT_SUPPRESSION_H_
#define TELLTALE_RULES_MODEL_JOINT_SUPPRESSION_H_

#include "rules/model/rule.h"

namespace telltale::rules {

bool SuppressesJointly(const Rule& rule);

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_MODEL_JOINT_SUPPRESSION_H_
