#include "daemon/tables/csv_rows.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <string>
#include <vector>

#include "absl/strings/charconv.h"
#include "rules/load/definitions/csv.h"

namespace telltale::tables {
namespace {

using engine::Value;
using rules::CsvCell;
using rules::TypeKind;

template <typename Number>
bool Whole(std::string_view text, Number& number) {
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, number);
  return error == std::errc() && rest == end;
}

// As its declared type, where it reads as one; else as text, which the sink then refuses.
Value Typed(std::string_view text, TypeKind kind) {
  if (kind == TypeKind::kInt) {
    int64_t number = 0;
    if (Whole(text, number)) return Value::Int(number);
  } else if (kind == TypeKind::kUint) {
    uint64_t number = 0;
    if (Whole(text, number)) return Value::Uint(number);
  } else if (kind == TypeKind::kDouble) {
    double number = 0;
    const char* end = text.data() + text.size();
    const auto [rest, error] = absl::from_chars(text.data(), end, number);
    if (error == std::errc() && rest == end && std::isfinite(number)) return Value::Double(number);
  } else if (kind == TypeKind::kBool && (text == "true" || text == "false")) {
    return Value::Bool(text == "true");
  }
  return Value::String(text);
}

class CsvRows {
 public:
  CsvRows(std::string_view text, RowSink& sink)
      : csv_(text, sink.config().delimiter), sink_(sink) {}

  void Run() {
    std::vector<CsvCell> row;
    if (csv_.Next(row)) {
      if (!Header(row)) return;
      while (!sink_.full() && csv_.Next(row)) Row(row);
    } else if (csv_.error().message.empty()) {
      sink_.Mistake("the file is empty: its first row names the fields", 0, 0);
    }
    const rules::CsvError& error = csv_.error();
    if (!error.message.empty()) sink_.Mistake(error.message, error.at, error.at + 1);
  }

 private:
  bool Header(const std::vector<CsvCell>& row) {
    for (const CsvCell& cell : row) {
      std::string name(cell.text);
      name.erase(0, name.find_first_not_of(" \t"));
      name.erase(name.find_last_not_of(" \t") + 1);
      const auto declared = sink_.config().fields.find(name);
      kinds_.push_back(declared == sink_.config().fields.end() ? TypeKind::kString
                                                               : declared->second.kind);
      names_.push_back(std::move(name));
    }
    const auto key = std::find(names_.begin(), names_.end(), sink_.config().key);
    key_ = static_cast<size_t>(key - names_.begin());
    if (key != names_.end()) return true;
    sink_.Mistake("there is no column '" + sink_.config().key + "', which is the table's key",
                  row.front().begin, row.back().end);
    return false;
  }

  void Row(const std::vector<CsvCell>& row) {
    if (row.size() > names_.size()) {
      sink_.Mistake("this row has more cells than the first one, which names the fields",
                    row[names_.size()].begin, row.back().end);
      return;
    }
    for (size_t i = 0; i < row.size(); ++i) {
      const CsvCell& cell = row[i];
      if (cell.text.empty() && kinds_[i] != TypeKind::kString) continue;
      Value value = Typed(cell.text, kinds_[i]);
      sink_.Check(names_[i], value, cell.begin, cell.end);
      sink_.Field(names_[i], value);
    }
    const bool keyed = key_ < row.size() && !row[key_].text.empty();
    sink_.Finish(keyed ? Value::String(row[key_].text) : Value::Absent(), row.front().begin,
                 row.back().end);
  }

  rules::CsvReader csv_;
  RowSink& sink_;
  std::vector<std::string> names_;
  std::vector<TypeKind> kinds_;
  size_t key_ = 0;
};

}  // namespace

void ReadCsvRows(std::string_view text, RowSink& sink) { CsvRows(text, sink).Run(); }

}  // namespace telltale::tables
