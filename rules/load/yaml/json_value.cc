#include "rules/load/yaml/json_value.h"

#include <charconv>
#include <cmath>
#include <string>
#include <utility>

namespace telltale::rules {
namespace {

Json Float(const Node& node, Diagnostics& diagnostics) {
  const std::string& text = node.text.text();
  if (IsJsonNumber(text)) return Json::Number(text);
  if (!std::isfinite(node.number)) {
    diagnostics.Error(kNotJson, node.span, "JSON has no number '" + text + "'");
    return {};
  }
  char digits[32];
  const auto end = std::to_chars(digits, digits + sizeof digits, node.number).ptr;
  std::string shortest(digits, end);
  if (shortest.find_first_of(".e") == std::string::npos) shortest += ".0";
  return Json::Number(std::move(shortest));
}

}  // namespace

Json JsonValue(const Node& node, Diagnostics& diagnostics) {
  Json value;
  switch (node.kind) {
    case NodeKind::kNull:
      break;
    case NodeKind::kBool:
      value.kind = JsonKind::kBool;
      value.boolean = node.boolean;
      break;
    case NodeKind::kInt:
      return Json::Number(std::to_string(node.integer));
    case NodeKind::kFloat:
      return Float(node, diagnostics);
    case NodeKind::kString:
      return Json::String(node.text.text());
    case NodeKind::kSequence:
      value.kind = JsonKind::kArray;
      for (const Node& item : node.items) value.items.push_back(JsonValue(item, diagnostics));
      break;
    case NodeKind::kMap:
      value.kind = JsonKind::kObject;
      for (const Entry& entry : node.entries)
        value.members.emplace_back(entry.key.text(), JsonValue(entry.value, diagnostics));
      break;
  }
  return value;
}

}  // namespace telltale::rules
