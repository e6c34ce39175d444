#include "daemon/config/logsource_reader.h"

#include <string>
#include <utility>

#include "daemon/config/config_codes.h"
#include "daemon/config/config_words.h"
#include "rules/load/cel/cel.h"
#include "rules/load/yaml/keyed_map.h"

namespace telltale::config {

using rules::Diagnostics;
using rules::Entry;
using rules::KeyedMap;
using rules::LocatedText;
using rules::Node;
using rules::NodeKind;
using rules::ValueReader;

namespace {

constexpr std::string_view kAllOthers = "*";

void ReadFieldMapping(const Node& node, ValueReader& values, rules::FieldMapping& fields) {
  if (node.kind != NodeKind::kMap) {
    values.diagnostics().Error(
        kWrongKind, node.span,
        std::string("'fields' must be a map of names and paths, and this is ") +
            KindName(node.kind));
    return;
  }
  for (const Entry& entry : node.entries) {
    const std::string& name = entry.key.text();
    const auto text = values.Text(entry.value, "the path of '" + name + "'");
    if (!text) continue;
    std::optional<rules::FieldPath> path = rules::ParsePath(text->text());
    if (!path) {
      values.diagnostics().Error(
          kBadPath, text->Whole(),
          "'" + text->text() + "' is not a path; write for example Event.EventData.Image");
      continue;
    }
    if (name != kAllOthers) {
      fields.names[name] = *std::move(path);
    } else if (text->text().find("{field}") == std::string::npos) {
      values.diagnostics().Error(kBadPath, text->Whole(),
                                 "the path of all other fields needs a '{field}' where their name "
                                 "goes: Event.EventData.{field}");
    } else {
      fields.otherwise = *std::move(path);
      fields.whole_names = text->text().find("\"{field}\"") != std::string::npos;
    }
  }
}

std::optional<LogsourceConfig> ReadLogsource(const Node& node, ValueReader& values) {
  const size_t told = values.diagnostics().errors();
  LogsourceConfig entry;
  const auto map = KeyedMap::Open(node, LogsourceKeys(), values);
  if (!map) return std::nullopt;
  const auto part = [&](const char* key, std::string& value) {
    if (const auto text = map->Text(key)) value = text->text();
  };
  part("product", entry.name.product);
  part("category", entry.name.category);
  part("service", entry.name.service);
  if (entry.name.empty() && values.diagnostics().errors() == told) {
    values.diagnostics().Error(kMissingKey, node.span,
                               "a logsource needs a 'product', a 'category' or a 'service'");
  }
  entry.where = map->Text("where");
  if (const Node* fields = map->Find("fields")) ReadFieldMapping(*fields, values, entry.fields);
  if (values.diagnostics().errors() > told) return std::nullopt;
  return entry;
}

}  // namespace

std::vector<LogsourceConfig> ReadLogsources(const Node& node, ValueReader& values) {
  std::vector<LogsourceConfig> entries;
  const auto add = [&](const Node& item) {
    const Diagnostics::Scope scope(values.diagnostics(), "logsource");
    if (std::optional<LogsourceConfig> entry = ReadLogsource(item, values))
      entries.push_back(*std::move(entry));
  };
  if (node.kind != NodeKind::kSequence) {
    add(node);
  } else if (values.Sequence(node, "'logsource'")) {
    for (const Node& item : node.items) add(item);
  }
  return entries;
}

std::vector<rules::Logsource> CompileLogsources(const std::vector<LogsourceConfig>& entries,
                                                rules::StreamIndex stream,
                                                const rules::StreamCatalog& streams,
                                                Diagnostics& diagnostics) {
  const Diagnostics::Scope note(diagnostics, "stream '" + streams[stream].name + "', logsource");
  std::vector<rules::Logsource> compiled;
  for (const LogsourceConfig& entry : entries) {
    rules::Logsource logsource{.name = entry.name, .where = std::nullopt, .fields = entry.fields};
    if (entry.where) {
      rules::Scope scope;
      scope.streams = &streams;
      scope.event = stream;
      logsource.where =
          rules::Compile(*entry.where, scope, rules::Type::Of(rules::TypeKind::kBool), diagnostics);
      if (!logsource.where) continue;
    }
    compiled.push_back(std::move(logsource));
  }
  return compiled;
}

}  // namespace telltale::config
