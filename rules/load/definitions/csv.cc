#include "rules/load/definitions/csv.h"

namespace telltale::rules {

CsvReader::CsvReader(std::string_view text, char delimiter) : text_(text), delimiter_(delimiter) {
  if (text_.starts_with(kByteOrderMark)) at_ = kByteOrderMark.size();
}

bool CsvReader::AtRowEnd() const {
  return at_ == text_.size() || text_[at_] == '\n' || text_.substr(at_, 2) == "\r\n";
}

void CsvReader::SkipRowEnd() {
  if (at_ < text_.size()) at_ += text_[at_] == '\n' ? 1 : 2;
}

bool CsvReader::Next(std::vector<CsvCell>& row) {
  row.clear();
  resolved_.clear();
  if (!error_.message.empty()) return false;
  while (at_ < text_.size() && AtRowEnd()) SkipRowEnd();
  if (at_ == text_.size()) return false;
  while (true) {
    row.emplace_back();
    if (!Cell(row.back())) return false;
    if (AtRowEnd()) break;
    ++at_;  // the delimiter
  }
  SkipRowEnd();
  return true;
}

bool CsvReader::Cell(CsvCell& cell) {
  cell.begin = at_;
  if (at_ < text_.size() && text_[at_] == '"') return QuotedCell(cell);
  while (!AtRowEnd() && text_[at_] != delimiter_) ++at_;
  cell.end = at_;
  cell.text = text_.substr(cell.begin, cell.end - cell.begin);
  return true;
}

bool CsvReader::QuotedCell(CsvCell& cell) {
  std::string* resolved = nullptr;
  size_t from = at_ + 1;
  while (true) {
    const size_t quote = text_.find('"', from);
    if (quote == std::string_view::npos) {
      error_ = {cell.begin, "this quote is not closed"};
      return false;
    }
    const bool doubled = text_.substr(quote, 2) == "\"\"";
    const std::string_view part = text_.substr(from, quote - from + (doubled ? 1 : 0));
    if (doubled && resolved == nullptr) resolved = &resolved_.emplace_back();
    if (resolved != nullptr) *resolved += part;
    if (!doubled) {
      cell.text = resolved != nullptr ? std::string_view(*resolved) : part;
      at_ = cell.end = quote + 1;
      break;
    }
    from = quote + 2;
  }
  if (AtRowEnd() || text_[at_] == delimiter_) return true;
  error_ = {at_, "text follows the quote that ends a cell; a quote in a cell is doubled"};
  return false;
}

}  // namespace telltale::rules
