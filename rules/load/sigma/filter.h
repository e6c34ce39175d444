// A filter document: events that are nothing to the rules that it names.
//
// A filter takes out what its condition describes: `selection` becomes "and not selection" in each
// rule. pySigma joins the condition as it stands, so its users write `not selection` for the same;
// a condition whose every name stands under a `not` is therefore taken as what remains.
//
// Source: Sigma filters specification 2.1. Owner: values. Thread: no shared state. Errors:
// diagnostics.
#ifndef TELLTALE_RULES_LOAD_SIGMA_FILTER_H_
#define TELLTALE_RULES_LOAD_SIGMA_FILTER_H_

#include <memory>
#include <optional>
#include <vector>

#include "rules/load/sigma/rule_draft.h"

namespace telltale::rules::sigma {

struct Filter {
  LogsourceName logsource;                        // a rule must have all that it names
  std::optional<std::vector<LocatedText>> rules;  // by id or name; none: every rule
  // What an event has to be as well.
  std::shared_ptr<const Detection> remains;
};

std::optional<Filter> ReadFilter(const Node& node, ReadContext& context);

// Adds it to the drafts that it is for; what it names and does not act on is told.
void Apply(const Filter& filter, std::vector<RuleDraft>& drafts, Diagnostics& diagnostics);

}  // namespace telltale::rules::sigma

#endif  // TELLTALE_RULES_LOAD_SIGMA_FILTER_H_
