// The condition of a correlation's window as a reader would write it: `count() >= 10`,
// `seen(login) > 0 && seen(transfer) > 0`.
//
// It was made of the document's words and so stands in no file; explanations show it. Owner:
// values. Thread: no state, any. Errors: none.
#ifndef TELLTALE_RULES_LOAD_SIGMA_CORRELATION_TEXT_H_
#define TELLTALE_RULES_LOAD_SIGMA_CORRELATION_TEXT_H_

#include <string>
#include <vector>

#include "rules/model/expression.h"

namespace telltale::rules::sigma {

// Gives each node its place in the text. `calls`: the texts of Aggregate::calls.
std::string WriteOut(const std::vector<std::string>& calls, Expr& expr);

}  // namespace telltale::rules::sigma

#endif  // TELLTALE_RULES_LOAD_SIGMA_CORRELATION_TEXT_H_
