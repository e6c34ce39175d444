// The steps of a rule: the `sequence` list, or the short form `on:` + `where:` of a rule over
// single events.
//
// Shapes are read first, all of them, so that conditions can then be compiled with every step's
// name and stream known. Owner: ReadRule, whose context they fill. Thread: one. Errors:
// diagnostics.
#ifndef TELLTALE_RULES_LOAD_SEQUENCE_READER_H_
#define TELLTALE_RULES_LOAD_SEQUENCE_READER_H_

#include "rules/load/rule_context.h"

namespace telltale::rules {

// Both return whether all steps have their place in Rule::steps and absences, so that the structure
// can be checked.
bool ReadSequence(RuleContext& context, const Node& node);
bool ReadSingleStep(RuleContext& context, const Node& on);

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_LOAD_SEQUENCE_READER_H_
