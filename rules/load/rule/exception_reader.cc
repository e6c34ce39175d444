#include "rules/load/rule/exception_reader.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "rules/load/vocabulary/limits.h"
#include "rules/load/vocabulary/rule_keys.h"
#include "rules/model/time_text.h"

namespace telltale::rules {
namespace {

// A time, or the beginning of a date in UTC.
std::optional<int64_t> ReadDateOrTime(const std::string& text) {
  constexpr size_t kDate = 10;  // 2027-01-01
  return ReadNanoTime(text.size() == kDate ? text + "T00:00:00Z" : text);
}

void ReadExpires(RuleContext& context, const Node& node, Exception& exception) {
  const std::optional<LocatedText> text = context.values.Text(node, "'expires'");
  if (!text) return;
  exception.expires = ReadDateOrTime(text->text());
  if (!exception.expires) {
    context.diagnostics.Error(
        kBadTime, node.span,
        "'" + text->text() +
            "' is not a date or an RFC 3339 time; write for example 2027-01-01 or "
            "2027-01-01T12:00:00Z");
  } else if (context.inputs.now && *exception.expires <= *context.inputs.now) {
    context.diagnostics.Warning(kExpired, node.span,
                                "this exception has expired: alerts of today are not kept back");
  }
}

// Of a rule over single events of one stream also the event's own fields.
Scope ExceptionScope(RuleContext& context) {
  Scope scope = AlertScope(context);
  if (!context.rule.HoldsState() && context.rule.steps.size() == 1 &&
      context.node.Find("sequence") == nullptr)
    scope.event = context.rule.steps.front().selector.stream;
  return scope;
}

void ReadException(RuleContext& context, const Node& node) {
  if (!context.values.Map(node, ExceptionKeys())) return;
  Exception exception;
  const Node* name = context.values.Required(node, "name", node.span, "an exception");
  if (name != nullptr) {
    if (const auto text = context.values.Text(*name, "'name'")) exception.name = text->text();
    exception.span = name->span;
    for (const Exception& other : context.rule.exceptions) {
      if (other.name != exception.name || exception.name.empty()) continue;
      context.diagnostics
          .Error(kDuplicateException, name->span,
                 "the rule has an exception '" + exception.name + "' already")
          .labels.push_back({other.span, "here"});
    }
  }
  const Diagnostics::Scope note(context.diagnostics, "exception '" + exception.name + "'");
  if (const Node* expires = node.Find("expires")) ReadExpires(context, *expires, exception);
  const Node* where = context.values.Required(node, "where", node.span, "an exception");
  const auto text = where == nullptr ? std::nullopt : context.values.Text(*where, "'where'");
  if (!text || context.rule.steps.empty()) return;
  std::optional<Expression> condition =
      CompileIn(context, *text, ExceptionScope(context), Type::Of(TypeKind::kBool));
  if (!condition) return;
  exception.where = *std::move(condition);
  context.rule.exceptions.push_back(std::move(exception));
}

}  // namespace

void ReadExceptions(RuleContext& context, const Node& node) {
  if (!context.values.Sequence(node, "'exceptions'")) return;
  if (node.items.size() > kMostExceptions) {
    context.diagnostics.Error(kOutOfRange, node.span,
                              "a rule has at most " + std::to_string(kMostExceptions) +
                                  " exceptions; put values in a list");
    return;
  }
  for (const Node& item : node.items) ReadException(context, item);
}

}  // namespace telltale::rules
