#include "rules/load/tests/test_inputs.h"

#include <string>
#include <utility>
#include <vector>

#include "rules/load/definitions/list_reader.h"
#include "rules/load/yaml/json_value.h"

namespace telltale::rules {
namespace {

bool IsMap(const Node& node, std::string_view what, ValueReader& values) {
  if (node.kind == NodeKind::kMap) return true;
  values.diagnostics().Error(
      kWrongKind, node.span,
      std::string(what) + " must be a map by names, and this is " + KindName(node.kind));
  return false;
}

template <typename Known>
void Unknown(const LocatedText& name, std::string_view what, const Known& known,
             ValueReader& values) {
  std::vector<std::string> names;
  for (const auto& entry : known) names.push_back(entry.first);
  values.diagnostics()
      .Error(kUnknownDefinition, name.Whole(),
             "no " + std::string(what) + " '" + name.text() + "' is defined")
      .suggestion = Nearest(name.text(), names);
}

TestTable ReadTable(const LocatedText& name, const Node& rows, ValueReader& values) {
  TestTable table;
  table.name = name.text();
  if (!IsMap(rows, "the rows of table '" + table.name + "'", values)) return table;
  for (const Entry& row : rows.entries) {
    if (!IsMap(row.value, "a row", values)) continue;
    table.rows.emplace_back(row.key.text(), JsonValue(row.value, values.diagnostics()));
  }
  return table;
}

}  // namespace

void ReadTestLists(const Node& node, const ReadInputs& inputs, ValueReader& values,
                   RuleTest& test) {
  if (!IsMap(node, "'lists'", values)) return;
  for (const Entry& entry : node.entries) {
    const auto& known = inputs.definitions.lists;
    if (!known.contains(entry.key.text())) {
      Unknown(entry.key, "list", known, values);
      continue;
    }
    test.lists[entry.key.text()] = ReadList(entry.key, entry.value, nullptr, values.diagnostics());
  }
}

void ReadTestTables(const Node& node, const ReadInputs& inputs, ValueReader& values,
                    RuleTest& test) {
  if (!IsMap(node, "'tables'", values)) return;
  for (const Entry& entry : node.entries) {
    if (inputs.definitions.tables->Find(entry.key.text()) == nullptr) {
      Unknown(entry.key, "table", inputs.definitions.tables->tables(), values);
      continue;
    }
    test.tables.push_back(ReadTable(entry.key, entry.value, values));
  }
}

}  // namespace telltale::rules
