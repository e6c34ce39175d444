// Rule files to a checked RuleSet: reads YAML, checks keys, values, conditions and structure, and
// says all that is wrong at once.
//
// A file holds one rule, a list of rules, or several documents of these. The set is made whole or
// not at all; rules are in order of their ids, whatever the order of the files. rules/README.md is
// the reference of the language.
//
// Owner: the set is shared and immutable. Thread: no shared state, any. Errors: diagnostics,
// sorted; never an exception, whatever the bytes.
#ifndef TELLTALE_RULES_LOAD_LOAD_H_
#define TELLTALE_RULES_LOAD_LOAD_H_

#include <memory>
#include <vector>

#include "rules/model/diagnostic.h"
#include "rules/model/rule.h"
#include "rules/model/source.h"
#include "rules/model/stream.h"

namespace telltale::rules {

struct LoadResult {
  std::shared_ptr<const RuleSet>
      rules;                // null where there was an error; no files give an empty set
  Diagnostics diagnostics;  // errors and warnings
};

LoadResult Load(const std::vector<SourcePtr>& files, std::shared_ptr<const StreamCatalog> streams);

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_LOAD_LOAD_H_
