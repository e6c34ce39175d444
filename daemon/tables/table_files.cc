#include "daemon/tables/table_files.h"

#include <filesystem>
#include <map>
#include <string>
#include <utility>

#include "daemon/config/config_codes.h"
#include "daemon/config/data_files.h"
#include "daemon/config/file_text.h"
#include "daemon/tables/csv_rows.h"
#include "daemon/tables/json_rows.h"
#include "rules/load/yaml/text_check.h"

namespace telltale::tables {
namespace {

std::shared_ptr<const engine::Table> ReadTable(const config::Config& config,
                                               const config::TableConfig& table,
                                               rules::Diagnostics& diagnostics) {
  const std::string path =
      (std::filesystem::path(config.folder) / table.file.text()).lexically_normal().string();
  const config::FileText text = config::ReadFileText(path, config::kMaxDataFileBytes);
  if (text.file == nullptr) {
    diagnostics.Error(config::kTableFile, table.file.Whole(),
                      "cannot read '" + table.file.text() + "': " + text.error);
    return nullptr;
  }
  if (!rules::CheckText(text.file, diagnostics)) return nullptr;
  RowSink sink(table, text.file, diagnostics);
  if (table.format == config::TableFormat::kCsv)
    ReadCsvRows(text.file->text(), sink);
  else
    ReadJsonRows(text.file->text(), sink);
  return sink.Take();
}

}  // namespace

LoadedTables LoadTables(const config::Config& config) {
  LoadedTables loaded;
  std::map<std::string, rules::TableDeclaration, std::less<>> declarations;
  auto rows = std::make_shared<engine::TableRows>();
  for (const config::TableConfig& table : config.tables) {
    const rules::Diagnostics::Scope scope(loaded.diagnostics, "table '" + table.name + "'");
    declarations[table.name].fields = table.fields;
    if (auto contents = ReadTable(config, table, loaded.diagnostics))
      rows->tables.emplace(table.name, std::move(contents));
  }
  loaded.catalog =
      std::make_shared<const rules::TableCatalog>(std::move(declarations), std::move(rows));
  return loaded;
}

}  // namespace telltale::tables
