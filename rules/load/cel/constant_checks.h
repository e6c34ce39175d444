// Constants that a function will not be able to read: a misspelt address, time, regular
// expression or template, told where it is written and not by every event.
//
// Owner, thread: the checker's. Errors: go to the reporter.
#ifndef TELLTALE_RULES_LOAD_CEL_CONSTANT_CHECKS_H_
#define TELLTALE_RULES_LOAD_CEL_CONSTANT_CHECKS_H_

#include "rules/load/cel/reporter.h"
#include "rules/model/expression.h"

namespace telltale::rules {

// REQUIRES: the call is of a function that is there, with as many arguments as it takes, which are
// checked.
void CheckConstants(const Expr& call, Reporter& reporter);

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_LOAD_CEL_CONSTANT_CHECKS_H_
