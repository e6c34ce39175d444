// Comma-separated text, row by row.
//
// Source: RFC 4180, with any one-byte delimiter, LF beside CRLF, a byte order mark passed over, and
// empty lines passed over. A cell in quotes holds anything, quotes doubled; blanks are part of a
// cell. Cells borrow from the text but where quotes had to be resolved.
//
// Owner: the reader borrows the text. Thread: one. Units: offsets are bytes in the text. Errors: a
// message, and no further row.
#ifndef TELLTALE_RULES_LOAD_DEFINITIONS_CSV_H_
#define TELLTALE_RULES_LOAD_DEFINITIONS_CSV_H_

#include <cstddef>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace telltale::rules {

struct CsvCell {
  std::string_view text;  // valid until the next row
  size_t begin = 0;       // of the cell as it stands, quotes included
  size_t end = 0;
};

struct CsvError {
  size_t at = 0;
  std::string message;  // empty: none
};

class CsvReader {
 public:
  CsvReader(std::string_view text, char delimiter);

  // False: the end, or an error.
  bool Next(std::vector<CsvCell>& row);
  const CsvError& error() const { return error_; }

 private:
  bool Cell(CsvCell& cell);
  bool QuotedCell(CsvCell& cell);
  bool AtRowEnd() const;
  void SkipRowEnd();

  std::string_view text_;
  char delimiter_;
  size_t at_ = 0;
  std::deque<std::string> resolved_;  // of the current row
  CsvError error_;
};

inline constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_LOAD_DEFINITIONS_CSV_H_
