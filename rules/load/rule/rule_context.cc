#include "rules/load/rule/rule_context.h"

namespace telltale::rules {

std::optional<Expression> CompileIn(RuleContext& context, const LocatedText& text,
                                    const Scope& scope, const Type& wanted) {
  if (context.steps_known) return Compile(text, scope, wanted, context.diagnostics);
  Parse(text, context.diagnostics);
  return std::nullopt;
}

std::optional<Expression> CompileKeyPart(RuleContext& context, const LocatedText& text,
                                         const Scope& scope) {
  Scope key_scope = scope;
  key_scope.key_part = true;
  std::optional<Expression> part = CompileIn(context, text, key_scope, Type::Dyn());
  if (!part) return std::nullopt;
  if (CanBeKey(part->type())) return part;
  context.diagnostics.Error(
      kResultType, text.Whole(),
      "a part of a key must be a string or an integer, and this is " + part->type().ToString());
  return std::nullopt;
}

bool CanBeKey(const Type& type) {
  switch (type.kind) {
    case TypeKind::kDyn:
    case TypeKind::kInt:
    case TypeKind::kUint:
    case TypeKind::kDouble:
    case TypeKind::kString:
      return true;
    default:
      return false;
  }
}

std::optional<Expression> CompileEach(RuleContext& context, const LocatedText& text,
                                      const Scope& scope) {
  Scope list_scope = scope;
  list_scope.each = true;
  std::optional<Expression> list = CompileIn(context, text, list_scope, Type::Dyn());
  if (!list) return std::nullopt;
  const Type& type = list->type();
  if (type.kind == TypeKind::kDyn) return list;
  const bool of_keys = type.element == nullptr || CanBeKey(*type.element);
  if (type.kind == TypeKind::kList && of_keys) return list;
  context.diagnostics.Error(
      kResultType, text.Whole(),
      "each() takes a list of strings or integers, and this is " + type.ToString());
  return std::nullopt;
}

Scope BareScope(const RuleContext& context) {
  Scope scope;
  scope.streams = &context.streams;
  scope.definitions = &context.inputs.definitions;
  scope.uses = &context.inputs.uses;
  scope.windows = &context.rule.windows;
  return scope;
}

Scope AlertScope(RuleContext& context) {
  Scope scope = BareScope(context);
  scope.steps = context.step_names;
  scope.key_names = context.rule.key_names;
  scope.null_keys = context.rule.group_missing_key;
  if (context.window) scope.window = &*context.window;
  scope.counted = context.rule.match == MatchMode::kCount;
  return scope;
}

}  // namespace telltale::rules
