#include "rules/load/own_keys.h"

#include <string>

#include "rules/load/alert_reader.h"
#include "rules/load/exception_reader.h"

namespace telltale::rules {
namespace {

// One that feeds correlations only stays what it is, unless it is to be off.
void ReadMode(const Node& node, Rule& rule) {
  const std::string& word = node.text.text();
  if (word == "off") rule.mode = Mode::kOff;
  if (rule.mode == Mode::kBuildingBlock) return;
  if (word == "shadow") rule.mode = Mode::kShadow;
}

}  // namespace

void ReadOwnKeys(const Node& node, const ReadInputs& inputs, Diagnostics& diagnostics, Rule& rule) {
  const auto find = [&](const char* key, NodeKind kind) {
    const Node* value = node.Find(key);
    return value != nullptr && value->kind == kind ? value : nullptr;
  };
  ValueReader values(kRuleCodes, diagnostics);
  RuleContext context{node, inputs.streams, inputs, diagnostics, values, rule, {}, true, true, {}};
  for (uint32_t i = 0; i < rule.steps.size(); ++i)
    context.step_names.push_back({rule.steps[i].name, rule.steps[i].selector.stream, i, false});
  if (const Node* mode = find("mode", NodeKind::kString)) ReadMode(*mode, rule);
  if (const Node* runbook = find("runbook", NodeKind::kString)) rule.runbook = runbook->text.text();
  if (const Node* suppress = find("suppress", NodeKind::kMap)) ReadSuppress(context, *suppress);
  if (const Node* alert = find("alert", NodeKind::kMap)) ReadAlert(context, *alert);
  if (const Node* exceptions = find("exceptions", NodeKind::kSequence))
    ReadExceptions(context, *exceptions);
}

}  // namespace telltale::rules
