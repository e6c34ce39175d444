// The events that a rule is about: its `sequence` and `until`, or the short form `on:` + `where:`
// of a rule over single events.
//
// Shapes are read first, all of them (place_reader.h), so that conditions can then be compiled with
// every step's name and stream known (selector_reader.h). Owner: ReadRule, whose context they fill.
// Thread: one. Errors: diagnostics.
#ifndef TELLTALE_RULES_LOAD_SEQUENCE_SEQUENCE_READER_H_
#define TELLTALE_RULES_LOAD_SEQUENCE_SEQUENCE_READER_H_

#include <functional>

#include "rules/load/rule/rule_context.h"

namespace telltale::rules {

// Both return whether all places stand in Rule::pattern, so that the structure can be checked.
// `until`: the rule's; null: it has none. `windows` is called once the steps are known, to read
// what their conditions may name besides (W3).
bool ReadSequence(RuleContext& context, const Node& node, const Entry* until,
                  const std::function<void()>& windows);
bool ReadSingleStep(RuleContext& context, const Node& on, const std::function<void()>& windows);

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_LOAD_SEQUENCE_SEQUENCE_READER_H_
