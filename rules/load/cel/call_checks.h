// What is wrong with a call or an operator whose operands are checked, in the words of its author.
//
// Owner, thread: the checker's. Errors: go to the reporter.
#ifndef TELLTALE_RULES_LOAD_CEL_CALL_CHECKS_H_
#define TELLTALE_RULES_LOAD_CEL_CALL_CHECKS_H_

#include <vector>

#include "rules/load/cel/functions.h"
#include "rules/load/cel/reporter.h"
#include "rules/model/expression.h"

namespace telltale::rules {

// Whether a function can be called so: with as many arguments, on something or not.
bool TakesForm(const Expr& call, const Function& function);
// Whether a function is called as it should be: with as many arguments as it takes, on something or
// not. Always true for operators.
bool CheckForm(const Expr& call, const Function& function, Reporter& reporter);

// Tells that the function or operator does not take these types.
void ReportMismatch(const Expr& call, const Function& function, const std::vector<Type>& types,
                    Reporter& reporter);

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_LOAD_CEL_CALL_CHECKS_H_
