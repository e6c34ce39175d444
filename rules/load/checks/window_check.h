// Warnings about the windows that a sequence's conditions read (W3): those that none reads.
//
// Owner: the caller. Thread: any. Errors: warnings.
#ifndef TELLTALE_RULES_LOAD_CHECKS_WINDOW_CHECK_H_
#define TELLTALE_RULES_LOAD_CHECKS_WINDOW_CHECK_H_

#include "rules/model/diagnostic.h"
#include "rules/model/rule.h"

namespace telltale::rules {

void WarnOfWindows(const Rule& rule, Diagnostics& diagnostics);

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_LOAD_CHECKS_WINDOW_CHECK_H_
