// Lists and macros of all files, collected before any rule is read.
//
//   lists:
//     test_accounts: [u1, u2]
//   macros:
//     succeeded: result == "success"
//     large(amount): amount > 10000.0
//
// Names are unique over all files, lists and macros each for themselves. A macro may use others;
// one that comes back to itself is refused, with the way it takes.
//
// Owner: the definitions are the caller's. Thread: no shared state. Errors: diagnostics.
#ifndef TELLTALE_RULES_LOAD_DEFINITIONS_DEFINITION_READER_H_
#define TELLTALE_RULES_LOAD_DEFINITIONS_DEFINITION_READER_H_

#include <vector>

#include "rules/load/cel/definitions.h"
#include "rules/load/definitions/data_files.h"
#include "rules/load/yaml/node.h"
#include "rules/model/diagnostic.h"

namespace telltale::rules {

// REQUIRES: all documents are maps. `data` null: lists cannot be read from files.
Definitions ReadDefinitions(const std::vector<Node>& documents, DataFiles* data,
                            Diagnostics& diagnostics);

// Warns of lists and macros that no expression names.
void WarnOfUnused(const Definitions& definitions, const Uses& uses, Diagnostics& diagnostics);

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_LOAD_DEFINITIONS_DEFINITION_READER_H_
