#include "daemon/control/table.h"

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace telltale::control {
namespace {

size_t Width(std::string_view text) {
  return static_cast<size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;  // bytes that begin a character
  }));
}

bool IsNumber(std::string_view text) {
  return text == "-" || (!text.empty() && text.find_first_not_of("0123456789.") == text.npos);
}

}  // namespace

std::string Table::ToString() const {
  size_t columns = rows_.front().size();
  std::vector<size_t> widths(columns);
  std::vector<bool> numeric(columns, rows_.size() > 1);
  for (size_t r = 0; r < rows_.size(); ++r) {
    for (size_t c = 0; c < columns; ++c) {
      widths[c] = std::max(widths[c], Width(rows_[r][c]));
      if (r > 0 && !IsNumber(rows_[r][c])) numeric[c] = false;
    }
  }
  std::string text;
  for (const std::vector<std::string>& row : rows_) {
    std::string line;
    for (size_t c = 0; c < columns; ++c) {
      std::string blanks(widths[c] - Width(row[c]), ' ');
      line += c > 0 ? "  " : "";
      line += numeric[c] ? blanks + row[c] : row[c] + blanks;
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  }
  return text;
}

}  // namespace telltale::control
