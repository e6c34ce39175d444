// Rows of a JSON file: an array of objects, an object a line, or (where the table has no `key`) one
// object of rows by their keys.
//
// Numbers are as in events (V5); of equal keys of an object the last counts. Owner: none. Thread:
// that of the sink. Errors: go to the sink.
#ifndef TELLTALE_DAEMON_TABLES_JSON_ROWS_H_
#define TELLTALE_DAEMON_TABLES_JSON_ROWS_H_

#include <string_view>

#include "daemon/tables/row_sink.h"

namespace telltale::tables {

void ReadJsonRows(std::string_view text, RowSink& sink);

}  // namespace telltale::tables

#endif  // TELLTALE_DAEMON_TABLES_JSON_ROWS_H_
