// The codes of rules and config together, and what `telltale check --explain` says of them.
//
// Owner: static constants. Thread: any. Errors: a code that is not there is null, and the words
// for the user name the nearest one.
#ifndef TELLTALE_DAEMON_REPORT_EXPLAIN_H_
#define TELLTALE_DAEMON_REPORT_EXPLAIN_H_

#include <string>
#include <string_view>
#include <vector>

#include "rules/model/explained.h"

namespace telltale::report {

// In upper or lower case.
const rules::ExplainedCode* FindCode(std::string_view id);

// Every code with its title, a line each.
std::string ListCodes();

// The code, its title and its text.
std::string Explain(const rules::ExplainedCode& code);

// The code that was most likely meant; empty: none is near.
std::string NearestCode(std::string_view id);

}  // namespace telltale::report

#endif  // TELLTALE_DAEMON_REPORT_EXPLAIN_H_
