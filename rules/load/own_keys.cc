#include "rules/load/own_keys.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "rules/load/rule/alert_reader.h"
#include "rules/load/rule/exception_reader.h"
#include "rules/load/vocabulary/choices.h"

namespace telltale::rules {
namespace {

// Whether it came to the document by an override, which is ours whole.
bool IsOverridden(const Node& document, const Span& place) {
  return place.file != document.span.file || place.begin < document.span.begin ||
         place.begin >= document.span.end;
}

// One that feeds correlations only stays what it is, unless it is to be off.
void ReadMode(Mode mode, Rule& rule) {
  if (mode == Mode::kOff) rule.mode = mode;
  if (mode == Mode::kShadow && rule.mode != Mode::kBuildingBlock) rule.mode = mode;
}

}  // namespace

void ReadOwnKeys(const Node& node, const ReadInputs& inputs, Diagnostics& diagnostics, Rule& rule) {
  const auto find = [&](const char* key, NodeKind kind) {
    const Node* value = node.Find(key);
    const bool counts =
        value != nullptr && (value->kind == kind || IsOverridden(node, value->span));
    return counts ? value : nullptr;
  };
  ValueReader values(kRuleCodes, diagnostics);
  RuleContext context{node, inputs.streams, inputs, diagnostics, values, rule, {}, true, true, {}};
  if (rule.aggregate) {
    context.window.emplace();
    context.window->calls = rule.aggregate->calls;
    context.window->window = rule.aggregate->window;
    for (const Step& step : rule.steps) context.window->sources.push_back(step.selector.stream);
  }
  context.steps_known = !rule.steps.empty();  // of one that no stream serves nothing is known
  for (uint32_t i = 0; i < rule.steps.size() && !rule.aggregate; ++i)
    context.step_names.push_back({rule.steps[i].name, rule.steps[i].selector.stream, i, false});
  if (const Node* mode = find("mode", NodeKind::kString)) {
    const ValueReader::Words<Mode>& words = ModeWords();
    const bool known = std::any_of(words.begin(), words.end(), [&](const auto& word) {
      return word.first == mode->text.text();
    });
    if (known || IsOverridden(node, mode->span))
      ReadMode(values.Word(*mode, "'mode'", words).value_or(Mode::kLive), rule);
  }
  if (const Node* runbook = find("runbook", NodeKind::kString)) {
    if (const auto text = values.Text(*runbook, "'runbook'")) rule.runbook = text->text();
  }
  if (const Node* suppress = find("suppress", NodeKind::kMap)) ReadSuppress(context, *suppress);
  if (const Node* alert = find("alert", NodeKind::kMap)) ReadAlert(context, *alert);
  if (const Node* exceptions = find("exceptions", NodeKind::kSequence))
    ReadExceptions(context, *exceptions);
  if (!rule.aggregate) return;
  // What its window keeps is part of what a rule is (A1).
  rule.aggregate->calls = std::move(context.window->calls);
  rule.fingerprint = ComputeFingerprint(rule, inputs.streams);
}

}  // namespace telltale::rules
