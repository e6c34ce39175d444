// A correlation document: its shape first, then, with all documents known, its references.
//
// Source: Sigma correlation rules specification 2.1. Owner: values. Thread: no shared state.
// Errors: diagnostics R0104, R080x and R081x; a draft with mistakes is not `good`, but can be
// referred to.
#ifndef TELLTALE_RULES_LOAD_SIGMA_CORRELATION_READER_H_
#define TELLTALE_RULES_LOAD_SIGMA_CORRELATION_READER_H_

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "rules/load/sigma/condition.h"
#include "rules/load/sigma/metadata.h"
#include "rules/load/yaml/node.h"
#include "rules/model/correlation.h"

namespace telltale::rules::sigma {

struct CorrelationDraft {
  Correlation correlation;  // without rules, aliases and condition
  std::vector<LocatedText> rules;
  bool lists_rules = false;  // false: they are those of its condition
  struct Alias {
    LocatedText name;
    std::vector<std::pair<LocatedText, std::string>> fields;  // by rule, as it is written
  };
  std::vector<Alias> aliases;
  std::vector<LocatedText> group_by;
  std::optional<Condition> condition;
  bool good = false;
};

CorrelationDraft ReadCorrelation(const Node& node, Diagnostics& diagnostics);

// Id by id and name, of all of Sigma's rules and correlations.
using References = std::map<std::string, std::string, std::less<>>;

// The references in the draft as ids. `correlations`: the ids of all correlations.
Correlation Resolve(CorrelationDraft& draft, const References& references,
                    const std::vector<std::string>& correlations, Diagnostics& diagnostics);

}  // namespace telltale::rules::sigma

#endif  // TELLTALE_RULES_LOAD_SIGMA_CORRELATION_READER_H_
