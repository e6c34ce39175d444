// The rows of a test's tables as the engine looks them up.
//
// Owner: the tables are the caller's. Thread: any. Errors: none; a number that does not fit its
// kind is a double.
#ifndef TELLTALE_DAEMON_TESTING_TEST_TABLES_H_
#define TELLTALE_DAEMON_TESTING_TEST_TABLES_H_

#include <vector>

#include "engine/condition/inputs.h"
#include "rules/model/rule_test.h"
#include "rules/model/table.h"

namespace telltale::testing {

// `declared`: by which an integer's text is a double (V5). Null: nothing is declared.
engine::Tables MakeTables(const std::vector<rules::TestTable>& tables,
                          const rules::TableCatalog* declared);

}  // namespace telltale::testing

#endif  // TELLTALE_DAEMON_TESTING_TEST_TABLES_H_
