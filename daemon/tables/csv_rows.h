// Rows of a CSV file: the first one names the fields.
//
// An undeclared field is text; an empty cell of a field that is declared as something else is left
// out. Owner: none. Thread: that of the sink. Errors: go to the sink.
#ifndef TELLTALE_DAEMON_TABLES_CSV_ROWS_H_
#define TELLTALE_DAEMON_TABLES_CSV_ROWS_H_

#include <string_view>

#include "daemon/tables/row_sink.h"

namespace telltale::tables {

void ReadCsvRows(std::string_view text, RowSink& sink);

}  // namespace telltale::tables

#endif  // TELLTALE_DAEMON_TABLES_CSV_ROWS_H_
