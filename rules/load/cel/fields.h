// What a selection on an event becomes: one field with the whole path.
//
// Owner, thread: the checker's. Errors: go to the reporter.
#ifndef TELLTALE_RULES_LOAD_CEL_FIELDS_H_
#define TELLTALE_RULES_LOAD_CEL_FIELDS_H_

#include <string>

#include "rules/load/cel/reporter.h"
#include "rules/model/expression.h"

namespace telltale::rules {

// In the place of what had an error: null, of type dyn.
void BecomeConstant(Expr& expr);

// Gives the node its path and the type that its stream declares for it; an error where the path
// goes through something that has no fields. REQUIRES: expr.args is the event alone.
void BecomeField(Expr& expr, FieldPath path, Reporter& report);

// Joins expr, which selects `name` of args[0], with the path that it goes on, where it is of an
// event. False where args[0] is not of an event.
bool ExtendPath(Expr& expr, const std::string& name, Reporter& report);

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_LOAD_CEL_FIELDS_H_
