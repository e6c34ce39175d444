// Warnings about a checked expression: what is legal, and may well not be meant (V5).
//
// Owner, thread: the checker's. Each is told once per field and expression. Errors: none.
#ifndef TELLTALE_RULES_LOAD_CEL_WARNINGS_H_
#define TELLTALE_RULES_LOAD_CEL_WARNINGS_H_

#include <vector>

#include "rules/load/cel/cel.h"
#include "rules/load/cel/reporter.h"
#include "rules/model/expression.h"

namespace telltale::rules {

// Undeclared fields with almost the name of a declared one, or of one of the steps that can be
// named here; arithmetic on fields of undeclared type.
void WarnAboutFields(const Expr& root, const std::vector<StepName>& steps, Reporter& reporter);

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_LOAD_CEL_WARNINGS_H_
