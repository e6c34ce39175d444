// The contents of the config's tables, read from their files (V6).
//
// CSV has its columns in the first row; JSON is an array of objects, an object a line, or one
// object that holds rows by their keys. A key is text as a part of a rule's key is (K1); of rows
// with the same key the last counts. Undeclared fields are text in CSV, and what they are in JSON.
//
// Each call reads the files again. Owner: the catalog is shared and immutable. Thread: any. Errors:
// diagnostics C0131, C0132 and C0911, with places in the files.
#ifndef TELLTALE_DAEMON_TABLES_TABLE_FILES_H_
#define TELLTALE_DAEMON_TABLES_TABLE_FILES_H_

#include <memory>

#include "daemon/config/config.h"
#include "rules/model/diagnostic.h"
#include "rules/model/table.h"

namespace telltale::tables {

struct LoadedTables {
  // Never null; a table with mistakes is declared all the same, so that rules are judged with it.
  std::shared_ptr<const rules::TableCatalog> catalog;
  rules::Diagnostics diagnostics;
};

LoadedTables LoadTables(const config::Config& config);

}  // namespace telltale::tables

#endif  // TELLTALE_DAEMON_TABLES_TABLE_FILES_H_
