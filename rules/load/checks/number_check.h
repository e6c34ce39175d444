// Warnings about how many events or matches a rule asks for: more events than it may hold (R0907),
// matches without number (R0905, R0918), a choice among one (R0916).
//
// Owner, thread: ReadRule's. Errors: diagnostics.
#ifndef TELLTALE_RULES_LOAD_CHECKS_NUMBER_CHECK_H_
#define TELLTALE_RULES_LOAD_CHECKS_NUMBER_CHECK_H_

#include "rules/model/diagnostic.h"
#include "rules/model/rule.h"

namespace telltale::rules {

void WarnOfNumbers(const Rule& rule, Diagnostics& diagnostics);

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_LOAD_CHECKS_NUMBER_CHECK_H_
