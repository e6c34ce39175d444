// The diagnostic codes as data: each with its title and what it means at length, for `telltale
// check --explain`, the reports that carry help with them, and the tables of the references.
//
// Made at configure time (cmake/TelltaleExplained.cmake) from the header that declares the codes
// and from explain/CODE.md beside it. Such a file says in a few sentences what is wrong and why it
// is refused, then shows a wrong example and a right one, as two ```yaml blocks. Tests load both:
// the wrong one must give this very code and no other, the right one nothing.
//
// Owner: static constants. Thread: any. Errors: none.
#ifndef TELLTALE_RULES_MODEL_EXPLAINED_H_
#define TELLTALE_RULES_MODEL_EXPLAINED_H_

#include <span>
#include <string_view>

namespace telltale::rules {

struct ExplainedCode {
  std::string_view id;     // "R0203"
  std::string_view title;  // one line
  std::string_view text;   // Markdown; ends with a newline
  // R09xx and C09xx.
  bool is_warning() const { return id[1] == '0' && id[2] == '9'; }
};

// The codes of rules/model/codes.h, in order of their ids.
std::span<const ExplainedCode> RuleCodes();

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_MODEL_EXPLAINED_H_
