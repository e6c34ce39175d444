#include "rules/load/definitions/list_reader.h"

#include <cmath>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/charconv.h"
#include "absl/strings/numbers.h"
#include "rules/load/definitions/csv.h"
#include "rules/load/vocabulary/definition_keys.h"
#include "rules/load/yaml/text_check.h"
#include "rules/load/yaml/values.h"

namespace telltale::rules {
namespace {

enum class ValueType : uint8_t { kAsWritten, kString, kInt, kDouble };

// After so many mistakes in one data file the rest is surely no better.
constexpr size_t kMostMistakes = 10;

std::string Shown(std::string_view text) {
  constexpr size_t kMost = 40;
  if (text.size() <= kMost) return "'" + std::string(text) + "'";
  size_t size = 0;  // whole characters
  while (size < kMost) size += std::max<size_t>(Utf8Length(text.substr(size)), 1);
  return "'" + std::string(text.substr(0, size)) + "...'";
}

std::optional<NamedList::Element> Parsed(std::string_view text, ValueType type) {
  if (type == ValueType::kInt) {
    int64_t number = 0;
    if (absl::SimpleAtoi(absl::string_view(text.data(), text.size()), &number)) return number;
    return std::nullopt;
  }
  if (type == ValueType::kDouble) {
    double number = 0;
    const char* end = text.data() + text.size();
    const auto [rest, error] = absl::from_chars(text.data(), end, number);
    if (error != std::errc() || rest != end || !std::isfinite(number)) return std::nullopt;
    return number;
  }
  return text;
}

class ListReader {
 public:
  ListReader(const LocatedText& name, DataFiles* data, Diagnostics& diagnostics)
      : name_(name),
        data_(data),
        diagnostics_(diagnostics),
        values_(kRuleCodes, diagnostics),
        list_(std::make_shared<NamedList>(name.text())) {}

  std::shared_ptr<const NamedList> Read(const Node& node) {
    const Diagnostics::Scope scope(diagnostics_, "list '" + name_.text() + "'");
    if (node.kind != NodeKind::kMap) {
      Inline(node, ValueType::kAsWritten);
    } else if (values_.Map(node, ListKeys())) {
      Described(node);
    }
    return list_;
  }

 private:
  void Described(const Node& node) {
    const Node* file = node.Find("file");
    const Node* values = node.Find("values");
    if (file != nullptr && values != nullptr) {
      diagnostics_.Error(kConflictingKeys, values->span,
                         "a list has 'values' or a 'file', not both");
      return;
    }
    if (values != nullptr) {
      for (const char* key : {"column", "delimiter"}) {
        if (const Node* given = node.Find(key)) {
          diagnostics_.Error(
              kConflictingKeys, given->span,
              "'" + std::string(key) + "' speaks of a 'file', and this list has none");
        }
      }
      return Inline(*values, Type(node, ValueType::kAsWritten));
    }
    if (file == nullptr) {
      diagnostics_.Error(kMissingKey, name_.Whole(), "a list needs 'values' or a 'file'");
      return;
    }
    FromFile(node, *file);
  }

  ValueType Type(const Node& node, ValueType otherwise) {
    const Node* type = node.Find("type");
    if (type == nullptr) return otherwise;
    return values_
        .Word<ValueType>(*type, "'type'",
                         {{"string", ValueType::kString},
                          {"int", ValueType::kInt},
                          {"double", ValueType::kDouble}})
        .value_or(otherwise);
  }

  // Values in the rule file.

  void Inline(const Node& node, ValueType type) {
    if (node.kind != NodeKind::kSequence) {
      diagnostics_.Error(kWrongKind, node.span,
                         std::string("a list is [value, ...] or { file: NAME }, and this is ") +
                             KindName(node.kind));
      return;
    }
    for (const Node& item : node.items) {
      const std::optional<NamedList::Element> element = ElementOf(item, type);
      if (element && !list_->Add(*element)) {
        diagnostics_.Warning(kValueTwice, item.span,
                             "the list has the value " + Shown(item.text.text()) + " already");
      }
    }
  }

  std::optional<NamedList::Element> ElementOf(const Node& item, ValueType type) {
    const bool number = item.kind == NodeKind::kInt || item.kind == NodeKind::kFloat;
    if (item.kind == NodeKind::kString || (number && type != ValueType::kAsWritten)) {
      const auto element = Parsed(item.text.text(), type);
      if (!element) BadValue(item.text.text(), item.span, type);
      return element;
    }
    if (item.kind == NodeKind::kInt) return item.integer;
    if (item.kind == NodeKind::kFloat && std::isfinite(item.number)) return item.number;
    diagnostics_
        .Error(kBadListValue, item.span,
               std::string("a list holds strings and numbers, and this is ") +
                   (number ? "neither" : KindName(item.kind)))
        .notes.push_back("a text that looks like something else is written in quotes");
    return std::nullopt;
  }

  void BadValue(std::string_view text, const Span& span, ValueType type) {
    ++mistakes_;
    diagnostics_.Error(
        kBadListValue, span,
        Shown(text) + " is not " + (type == ValueType::kInt ? "an int" : "a number"));
  }

  // Values in a file of their own.

  void FromFile(const Node& node, const Node& name) {
    const ValueType type = Type(node, ValueType::kString);
    const std::optional<LocatedText> path = values_.Text(name, "'file'");
    const Node* column = node.Find("column");
    const Node* delimiter = node.Find("delimiter");
    if (delimiter != nullptr && column == nullptr) {
      diagnostics_.Error(kConflictingKeys, delimiter->span,
                         "'delimiter' is for a CSV file, whose 'column' is to be named");
    }
    if (!path) return;
    DataFile data{nullptr, "files that rules name cannot be read here"};
    if (data_ != nullptr && name.span.file != nullptr)
      data = data_->Read(path->text(), *name.span.file);
    if (data.file == nullptr) {
      diagnostics_.Error(kDataFile, name.span, "cannot read '" + path->text() + "': " + data.error);
      return;
    }
    if (!CheckText(data.file, diagnostics_)) return;
    if (column == nullptr) return Lines(data.file, type);
    const std::optional<LocatedText> header = values_.Text(*column, "'column'");
    if (header) Column(data.file, *header, Delimiter(delimiter), type);
  }

  char Delimiter(const Node* node) {
    if (node == nullptr) return ',';
    const std::optional<LocatedText> text = values_.Text(*node, "'delimiter'");
    if (!text) return ',';
    if (text->text() == "\\t" || text->text() == "tab") return '\t';
    const char c = text->text().front();
    if (text->text().size() == 1 && c != '"' && c != '\n' && c != '\r') return c;
    diagnostics_.Error(kUnknownWord, node->span,
                       "'delimiter' is one character, such as ';', or tab, and not a quote");
    return ',';
  }

  void Value(const SourcePtr& file, std::string_view text, size_t begin, size_t end,
             ValueType type) {
    const std::optional<NamedList::Element> element = Parsed(text, type);
    if (element) {
      list_->Add(*element);
    } else {
      BadValue(text, {file, static_cast<uint32_t>(begin), static_cast<uint32_t>(end)}, type);
    }
  }

  void Lines(const SourcePtr& file, ValueType type) {
    const std::string_view text = file->text();
    size_t at = text.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0;
    while (at < text.size() && mistakes_ < kMostMistakes) {
      const size_t end = std::min(text.find('\n', at), text.size());
      const size_t first = text.find_first_not_of(" \t\r", at);
      if (first < end && text[first] != '#') {
        const size_t last = text.find_last_not_of(" \t\r", end - 1) + 1;
        Value(file, text.substr(first, last - first), first, last, type);
      }
      at = end + 1;
    }
  }

  void Column(const SourcePtr& file, const LocatedText& column, char delimiter, ValueType type) {
    CsvReader csv(file->text(), delimiter);
    std::vector<CsvCell> row;
    if (!csv.Next(row) && csv.error().message.empty()) {
      diagnostics_.Error(kNoSuchColumn, column.Whole(),
                         "'" + file->path() + "' is empty: its first row names the columns");
      return;
    }
    std::vector<std::string> names;
    for (const CsvCell& cell : row)
      names.emplace_back(
          absl::StripAsciiWhitespace(absl::string_view(cell.text.data(), cell.text.size())));
    const auto found = std::find(names.begin(), names.end(), column.text());
    if (found == names.end() && csv.error().message.empty()) {
      Diagnostic& error =
          diagnostics_.Error(kNoSuchColumn, column.Whole(),
                             "'" + file->path() + "' has no column '" + column.text() + "'");
      error.suggestion = Nearest(column.text(), names);
      return;
    }
    const auto index = static_cast<size_t>(found - names.begin());
    const auto again =
        std::find(names.begin() + static_cast<ptrdiff_t>(index) + 1, names.end(), column.text());
    if (index < names.size() && again != names.end()) {
      const CsvCell& cell = row[static_cast<size_t>(again - names.begin())];
      BadRow(file, cell, "the first row names the column '" + column.text() + "' twice");
      return;
    }
    while (mistakes_ < kMostMistakes && csv.Next(row)) {
      if (row.size() > names.size()) {
        BadRow(file, row[names.size()],
               "this row has " + std::to_string(row.size()) + " cells, and the first row names " +
                   std::to_string(names.size()) + ": is a cell with a delimiter not in quotes?");
        continue;
      }
      if (index >= row.size()) continue;  // a short row has no such value
      const CsvCell& cell = row[index];
      if (!cell.text.empty()) Value(file, cell.text, cell.begin, cell.end, type);
    }
    if (csv.error().message.empty()) return;
    const auto at = static_cast<uint32_t>(csv.error().at);
    diagnostics_.Error(kBadDataFile, {file, at, at + 1}, csv.error().message);
  }

  void BadRow(const SourcePtr& file, const CsvCell& cell, std::string message) {
    ++mistakes_;
    diagnostics_.Error(kBadDataFile,
                       {file, static_cast<uint32_t>(cell.begin), static_cast<uint32_t>(cell.end)},
                       std::move(message));
  }

  const LocatedText& name_;
  DataFiles* data_;
  Diagnostics& diagnostics_;
  ValueReader values_;
  std::shared_ptr<NamedList> list_;
  size_t mistakes_ = 0;
};

}  // namespace

std::shared_ptr<const NamedList> ReadList(const LocatedText& name, const Node& node,
                                          DataFiles* data, Diagnostics& diagnostics) {
  return ListReader(name, data, diagnostics).Read(node);
}

}  // namespace telltale::rules
