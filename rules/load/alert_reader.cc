#include "rules/load/alert_reader.h"

#include <algorithm>
#include <utility>

#include "rules/load/template.h"
#include "rules/load/words.h"

namespace telltale::rules {
namespace {

constexpr int64_t kHighestRisk = 100;
constexpr size_t kMostFields = 500;

void ReadFields(RuleContext& context, const Node& node) {
  if (node.kind != NodeKind::kMap) {
    context.diagnostics.Error(
        kWrongKind, node.span,
        std::string("'fields' must be a map of names and expressions, and this is ") +
            KindName(node.kind));
    return;
  }
  if (node.entries.size() > kMostFields) {
    context.diagnostics.Error(kOutOfRange, node.entries[kMostFields].key.Whole(),
                              "'fields' holds at most " + std::to_string(kMostFields) +
                                  " fields, and this is one of " +
                                  std::to_string(node.entries.size()));
    return;
  }
  const Scope scope = AlertScope(context);
  for (const Entry& entry : node.entries) {
    const std::optional<LocatedText> text =
        context.values.Text(entry.value, "field '" + entry.key.text() + "'");
    if (!text) continue;
    std::optional<Expression> value = CompileIn(context, *text, scope, Type::Dyn());
    if (value) context.rule.alert.fields.emplace_back(entry.key.text(), *std::move(value));
  }
}

// Alerts of one suppression key must be decided on one shard: it names every part of the
// correlation key.
void RequireKey(RuleContext& context, const Suppress& suppress, const Span& span) {
  for (uint32_t i = 0; i < context.rule.key_names.size(); ++i) {
    const bool there =
        std::any_of(suppress.by.begin(), suppress.by.end(), [i](const Expression& part) {
          return part.root->kind == ExprKind::kKey && part.root->index == i;
        });
    if (there) continue;
    context.diagnostics.Error(kSuppressWithoutKey, span,
                              "'suppress.by' must hold the rule's key: '" +
                                  context.rule.key_names[i] +
                                  "' is missing, and alerts of other keys are decided elsewhere");
  }
}

void ReadSuppressBy(RuleContext& context, const Node& node, Suppress& suppress) {
  const std::optional<std::vector<LocatedText>> texts =
      context.values.Texts(node, "'suppress.by'", kMostKeyParts);
  if (!texts) return;
  const Scope scope = AlertScope(context);
  bool good = true;
  for (const LocatedText& text : *texts) {
    std::optional<Expression> part = CompileKeyPart(context, text, scope);
    good = good && part.has_value();
    if (!part) continue;
    suppress.names.push_back(text.text());
    suppress.by.push_back(*std::move(part));
  }
  if (good) RequireKey(context, suppress, node.span);
}

}  // namespace

void ReadAlert(RuleContext& context, const Node& node) {
  const Diagnostics::Scope scope(context.diagnostics, "alert");
  if (!context.values.Map(node, AlertKeys())) return;
  if (const Node* title = node.Find("title")) {
    const std::optional<LocatedText> text = context.values.Text(*title, "'alert.title'");
    if (text) context.rule.alert.title = ReadTemplate(context, *text);
  }
  if (const Node* risk = node.Find("risk_score")) {
    context.rule.alert.risk_score =
        context.values.Int(*risk, "'risk_score'", 0, kHighestRisk).value_or(0);
  }
  if (const Node* fields = node.Find("fields")) ReadFields(context, *fields);
}

void ReadSuppress(RuleContext& context, const Node& node) {
  const Diagnostics::Scope scope(context.diagnostics, "suppress");
  if (!context.values.Map(node, SuppressKeys())) return;
  Suppress suppress;
  if (const Node* by = node.Find("by")) {
    ReadSuppressBy(context, *by, suppress);
  } else {
    // By the correlation key.
    for (const LocatedText& part : context.key) {
      if (!context.key_parses) break;
      std::optional<Expression> expression = CompileKeyPart(context, part, AlertScope(context));
      if (!expression) break;
      suppress.names.push_back(part.text());
      suppress.by.push_back(*std::move(expression));
    }
    if (context.key_parses && context.steps_known) RequireKey(context, suppress, node.span);
  }
  if (const Node* period = context.values.Required(node, "for", node.span, "'suppress'")) {
    suppress.period = context.values.Duration(*period, "'for'", 1).value_or(0);
  }
  context.rule.suppress = std::move(suppress);
}

}  // namespace telltale::rules
