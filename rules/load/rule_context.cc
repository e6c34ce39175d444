#include "rules/load/rule_context.h"

#include <algorithm>
#include <string_view>

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

bool RefuseEach(RuleContext& context, const LocatedText& part) {
  std::string_view text = part.text();
  const size_t begin = std::min(text.find_first_not_of(" \t\r\n"), text.size());
  if (!text.substr(begin).starts_with("each(")) return false;
  context.diagnostics.Error(kLaterEach, part.Locate(begin, begin + 4),
                            "each() in a key is not in this version");
  return true;
}

Scope BareScope(const RuleContext& context) {
  Scope scope;
  scope.streams = &context.streams;
  scope.definitions = &context.inputs.definitions;
  scope.uses = &context.inputs.uses;
  return scope;
}

Scope AlertScope(const RuleContext& context) {
  Scope scope = BareScope(context);
  scope.steps = context.step_names;
  scope.key_names = context.rule.key_names;
  return scope;
}

}  // namespace telltale::rules
