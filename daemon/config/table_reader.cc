#include "daemon/config/table_reader.h"

#include <string>
#include <utility>

#include "daemon/config/config_codes.h"
#include "daemon/config/config_words.h"
#include "daemon/config/stream_reader.h"
#include "rules/load/vocabulary/names.h"
#include "rules/load/yaml/keyed_map.h"

namespace telltale::config {

using rules::Diagnostics;
using rules::Entry;
using rules::KeyedMap;
using rules::Node;
using rules::NodeKind;
using rules::ValueReader;

namespace {

bool IsMap(const Node& node, const std::string& what, ValueReader& values) {
  if (node.kind == NodeKind::kMap) return true;
  values.diagnostics().Error(kWrongKind, node.span,
                             what + ", and this is " + std::string(KindName(node.kind)));
  return false;
}

void ReadDelimiter(const KeyedMap& map, ValueReader& values, TableConfig& table) {
  const auto text = map.Text("delimiter");
  if (!text) return;
  const rules::Span& span = map.Find("delimiter")->span;
  const std::string& word = text->text();
  if (word == "tab" || word == "\\t") {
    table.delimiter = '\t';
  } else if (word.size() == 1 && word != "\"" && word != "\n" && word != "\r") {
    table.delimiter = word.front();
  } else {
    values.diagnostics().Error(kUnknownWord, span,
                               "'delimiter' is one character, such as ';', or tab, and no quote");
  }
  if (table.format != TableFormat::kCsv) {
    values.diagnostics().Error(kConflictingKeys, span,
                               "'delimiter' is for CSV, and this table's format is json");
  }
}

// By the name of the file where `format` says nothing.
void ReadFormat(const KeyedMap& map, TableConfig& table) {
  if (map.Find("format") != nullptr) {
    table.format = map.Word("format", TableFormatWords()).value_or(TableFormat::kCsv);
    return;
  }
  const std::string& name = table.file.text();
  for (const char* ending : {".json", ".jsonl", ".ndjson"}) {
    if (name.ends_with(ending)) table.format = TableFormat::kJson;
  }
}

void ReadFields(const Node& node, ValueReader& values, TableConfig& table) {
  if (!IsMap(node, "'fields' must be a map of names and types", values)) return;
  for (const Entry& entry : node.entries) {
    const auto text = values.Text(entry.value, "the type of '" + entry.key.text() + "'");
    if (!text) continue;
    if (const auto type = ReadType(entry.value, *text, values))
      table.fields[entry.key.text()] = *type;
  }
}

TableConfig ReadTable(const Entry& entry, ValueReader& values) {
  const Diagnostics::Scope scope(values.diagnostics(), "table '" + entry.key.text() + "'");
  TableConfig table;
  table.name = entry.key.text();
  table.key_span = entry.key.Whole();
  if (!rules::IsIdentifier(table.name) || rules::IsReservedName(table.name)) {
    values.diagnostics().Error(
        kBadName, entry.key.Whole(),
        "'" + table.name + "' cannot name a table: letters, digits and '_', not a digit first");
  }
  bool later = false;
  const auto map = KeyedMap::Open(entry.value, TableKeys(), values, &later);
  if (!map) return table;
  if (!later) map->Required("file", entry.key.Whole());
  table.file = map->Text("file").value_or(rules::LocatedText());
  ReadFormat(*map, table);
  if (const Node* key = map->Find("key")) {
    if (const auto text = map->Text("key")) table.key = text->text();
    table.key_span = key->span;
  } else if (table.format == TableFormat::kCsv && !later) {
    values.Required(entry.value, "key", entry.key.Whole(), "a table in CSV");
  }
  ReadDelimiter(*map, values, table);
  if (const Node* fields = map->Find("fields")) ReadFields(*fields, values, table);
  return table;
}

}  // namespace

std::vector<TableConfig> ReadTables(const Node& node, ValueReader& values) {
  std::vector<TableConfig> tables;
  if (!IsMap(node, "'tables' must be a map of names and tables", values)) return tables;
  for (const Entry& entry : node.entries) tables.push_back(ReadTable(entry, values));
  return tables;
}

}  // namespace telltale::config
