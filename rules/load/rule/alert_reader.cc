#include "rules/load/rule/alert_reader.h"

#include <algorithm>
#include <utility>

#include "rules/load/rule/template.h"
#include "rules/load/vocabulary/limits.h"
#include "rules/load/vocabulary/rule_keys.h"

namespace telltale::rules {
namespace {

constexpr size_t kMostFields = 500;
constexpr size_t kMostModifiers = 100;
constexpr size_t kMostEntities = 100;

// { where: CONDITION, score: POINTS }
void ReadModifier(RuleContext& context, const Node& node) {
  if (!context.values.Map(node, RiskModifierKeys())) return;
  RiskModifier modifier;
  const Node* where = context.values.Required(node, "where", node.span, "a modifier");
  const Node* score = context.values.Required(node, "score", node.span, "a modifier");
  if (where == nullptr || score == nullptr) return;
  const std::optional<int64_t> points =
      context.values.Int(*score, "'score'", -kHighestRisk, kHighestRisk);
  const std::optional<LocatedText> text = context.values.Text(*where, "'where'");
  std::optional<Expression> condition;
  if (text) condition = CompileIn(context, *text, AlertScope(context), Type::Of(TypeKind::kBool));
  if (points && condition)
    context.rule.alert.risk_modifiers.push_back({*std::move(condition), *points});
}

bool FewEnough(RuleContext& context, const Node& node, size_t most, const char* what) {
  if (std::max(node.items.size(), node.entries.size()) <= most) return true;
  context.diagnostics.Error(
      kOutOfRange, node.span,
      std::string(what) + " has at most " + std::to_string(most) + " entries");
  return false;
}

// A key of the user's own, under which consumers find what stands behind it.
bool HasName(RuleContext& context, const LocatedText& key, const char* what) {
  if (key.text().find_first_not_of(" \t\r\n") != std::string::npos) return true;
  context.diagnostics.Error(kEmptyValue, key.Whole(), std::string(what) + " is empty");
  return false;
}

void ReadRisk(RuleContext& context, const Node& node) {
  const Node* base = &node;
  if (node.kind == NodeKind::kMap) {
    const Diagnostics::Scope scope(context.diagnostics, "risk_score");
    if (!context.values.Map(node, RiskKeys())) return;
    base = node.Find("base");
    const Node* add = node.Find("add");
    if (add != nullptr && context.values.Sequence(*add, "'add'") &&
        FewEnough(context, *add, kMostModifiers, "'add'")) {
      for (const Node& item : add->items) ReadModifier(context, item);
    }
  }
  if (base == nullptr) return;
  context.rule.alert.risk_score =
      context.values.Int(*base, base == &node ? "'risk_score'" : "'base'", 0, kHighestRisk)
          .value_or(0);
}

// TYPE: ID, or { type: TYPE, id: ID, risk_score: POINTS }
void ReadEntity(RuleContext& context, const LocatedText& type, const Node& id,
                std::optional<int64_t> risk_score) {
  const std::optional<LocatedText> text =
      context.values.Text(id, "the id of entity '" + type.text() + "'");
  if (!text) return;
  std::optional<Expression> value = CompileIn(context, *text, AlertScope(context), Type::Dyn());
  if (!value) return;
  Type kind = value->type();
  if (kind.kind == TypeKind::kList && kind.element != nullptr) kind = Type(*kind.element);
  if (!CanBeKey(kind)) {
    context.diagnostics.Error(
        kResultType, text->Whole(),
        "the id of an entity is a string or an integer, or a list of them, and this is " +
            value->type().ToString());
    return;
  }
  context.rule.alert.entities.push_back({type.text(), *std::move(value), risk_score});
}

void ReadEntities(RuleContext& context, const Node& node) {
  const Diagnostics::Scope scope(context.diagnostics, "entities");
  if (node.kind == NodeKind::kMap) {
    if (!FewEnough(context, node, kMostEntities, "'entities'")) return;
    for (const Entry& entry : node.entries) {
      if (HasName(context, entry.key, "the type of an entity"))
        ReadEntity(context, entry.key, entry.value, {});
    }
    return;
  }
  if (!context.values.Sequence(node, "'entities'") ||
      !FewEnough(context, node, kMostEntities, "'entities'")) {
    return;
  }
  for (const Node& item : node.items) {
    if (!context.values.Map(item, EntityKeys())) continue;
    const Node* type = context.values.Required(item, "type", item.span, "an entity");
    const Node* id = context.values.Required(item, "id", item.span, "an entity");
    std::optional<int64_t> risk_score;
    if (const Node* risk = item.Find("risk_score"))
      risk_score = context.values.Int(*risk, "'risk_score'", 0, kHighestRisk);
    const auto name = type == nullptr ? std::nullopt : context.values.Text(*type, "'type'");
    if (name && id != nullptr) ReadEntity(context, *name, *id, risk_score);
  }
}

void ReadSuppressBy(RuleContext& context, const Node& node, Suppress& suppress) {
  const std::optional<std::vector<LocatedText>> texts =
      context.values.Texts(node, "'suppress.by'", kMostKeyParts);
  if (!texts) return;
  const Scope scope = AlertScope(context);
  for (const LocatedText& text : *texts) {
    std::optional<Expression> part = CompileKeyPart(context, text, scope);
    if (!part) continue;
    suppress.names.push_back(text.text());
    suppress.by.push_back(*std::move(part));
  }
}

}  // namespace

std::vector<std::pair<std::string, Expression>> ReadFields(RuleContext& context, const Node& node,
                                                           const std::string& what) {
  std::vector<std::pair<std::string, Expression>> fields;
  if (node.kind != NodeKind::kMap) {
    context.diagnostics.Error(
        kWrongKind, node.span,
        what + " must be a map of names and expressions, and this is " + KindName(node.kind));
    return fields;
  }
  if (node.entries.size() > kMostFields) {
    context.diagnostics.Error(kOutOfRange, node.entries[kMostFields].key.Whole(),
                              what + " holds at most " + std::to_string(kMostFields) +
                                  " fields, and this is one of " +
                                  std::to_string(node.entries.size()));
    return fields;
  }
  const Scope scope = AlertScope(context);
  for (const Entry& entry : node.entries) {
    if (!HasName(context, entry.key, "the name of a field")) continue;
    const std::optional<LocatedText> text =
        context.values.Text(entry.value, "field '" + entry.key.text() + "'");
    if (!text) continue;
    std::optional<Expression> value = CompileIn(context, *text, scope, Type::Dyn());
    if (value) fields.emplace_back(entry.key.text(), *std::move(value));
  }
  return fields;
}

void ReadAlert(RuleContext& context, const Node& node) {
  const Diagnostics::Scope scope(context.diagnostics, "alert");
  if (!context.values.Map(node, AlertKeys())) return;
  if (const Node* title = node.Find("title")) {
    const std::optional<LocatedText> text = context.values.Text(*title, "'alert.title'");
    if (text) context.rule.alert.title = ReadTemplate(context, *text);
  }
  if (const Node* risk = node.Find("risk_score")) ReadRisk(context, *risk);
  if (const Node* fields = node.Find("fields"))
    context.rule.alert.fields = ReadFields(context, *fields);
  if (const Node* entities = node.Find("entities")) ReadEntities(context, *entities);
}

void ReadSuppress(RuleContext& context, const Node& node) {
  const Diagnostics::Scope scope(context.diagnostics, "suppress");
  if (!context.values.Map(node, SuppressKeys())) return;
  Suppress suppress;
  if (const Node* by = node.Find("by")) {
    ReadSuppressBy(context, *by, suppress);
  } else {
    // By the correlation key.
    for (const KeyPartText& part : context.key) {
      if (!context.key_parses) break;
      std::optional<Expression> expression =
          CompileKeyPart(context, part.name, AlertScope(context));
      if (!expression) break;
      suppress.names.push_back(part.name.text());
      suppress.by.push_back(*std::move(expression));
    }
  }
  if (const Node* period = context.values.Required(node, "for", node.span, "'suppress'")) {
    suppress.period = context.values.Duration(*period, "'for'", 1).value_or(0);
  }
  context.rule.suppress = std::move(suppress);
}

}  // namespace telltale::rules
