// Which events an `aggregate` or `new_terms` is about: `on`, `where` and `detection`, or several of
// them under `any_of`.
//
// Owner: the readers of both, whose rule gets them as its steps, any of which is the pattern.
// Thread: one. Errors: diagnostics.
#ifndef TELLTALE_RULES_LOAD_WINDOW_SOURCE_READER_H_
#define TELLTALE_RULES_LOAD_WINDOW_SOURCE_READER_H_

#include "rules/load/rule/rule_context.h"

namespace telltale::rules {

// False: told, and the rule has no usable source. `steps_known` of the context says whether
// expressions over the sources can be checked.
// With `of_sequence` they are those of a window that a sequence's conditions read (W3): they come
// behind its steps, and are no pattern.
bool ReadSources(RuleContext& context, const Node& body, const char* owner,
                 bool of_sequence = false);

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_LOAD_WINDOW_SOURCE_READER_H_
