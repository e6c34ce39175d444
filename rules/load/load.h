// Rule files to a checked RuleSet: reads YAML, checks keys, values, conditions and structure, and
// says all that is wrong at once.
//
// A file holds one document, a list of them, or several (documents.h says of which kinds).
// Everything that can be referred to is collected over all files before any reference is resolved,
// so files in any order give the same set; it is made whole or not at all, rules in order of their
// ids. Tests, in the rules and in files of their own, are read and checked with them, and given in
// the order of the files. rules/README.md is the reference of the language.
//
// Owner: the set is shared and immutable. Thread: no shared state, any. Errors: diagnostics,
// sorted; never an exception, whatever the bytes.
#ifndef TELLTALE_RULES_LOAD_LOAD_H_
#define TELLTALE_RULES_LOAD_LOAD_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "rules/load/definitions/data_files.h"
#include "rules/model/diagnostic.h"
#include "rules/model/rule.h"
#include "rules/model/rule_test.h"
#include "rules/model/source.h"
#include "rules/model/stream.h"
#include "rules/model/table.h"

namespace telltale::rules {

// What rule files are read against.
struct LoadInputs {
  std::shared_ptr<const StreamCatalog> streams;     // never null
  std::shared_ptr<const TableCatalog> tables = {};  // null: the config declares none
  DataFiles* data = nullptr;        // null: no file that a rule file names can be read
  std::optional<int64_t> now = {};  // wall clock, for warnings only; none: nothing has expired
  std::vector<SourcePtr> test_files = {};  // of tests for the rules
};

struct LoadResult {
  std::shared_ptr<const RuleSet>
      rules;                    // null where there was an error; no files give an empty set
  std::vector<RuleTest> tests;  // none where there was an error
  Diagnostics diagnostics;      // errors and warnings
};

LoadResult Load(const std::vector<SourcePtr>& files, const LoadInputs& inputs);
// Of files that name no others.
LoadResult Load(const std::vector<SourcePtr>& files, std::shared_ptr<const StreamCatalog> streams);

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_LOAD_LOAD_H_
