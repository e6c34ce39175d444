#include "rules/load/window/new_terms_reader.h"

#include <string>
#include <utility>
#include <vector>

#include "rules/load/vocabulary/limits.h"
#include "rules/load/vocabulary/window_keys.h"
#include "rules/load/window/source_reader.h"

namespace telltale::rules {
namespace {

// A term is what CEL's == tells apart and a hash can be made of.
bool CanBeTerm(const Type& type) { return CanBeKey(type) || type.kind == TypeKind::kBool; }

void ReadFields(RuleContext& context, const Node& node, NewTerms& terms) {
  const std::optional<std::vector<LocatedText>> texts =
      context.values.Texts(node, "'field'", kMostTerms);
  if (!texts) return;
  if (texts->empty()) {
    context.diagnostics.Error(kEmptyValue, node.span, "'field' is empty");
    return;
  }
  for (const Step& step : context.rule.steps) {
    Scope scope = BareScope(context);
    scope.event = step.selector.stream;
    std::vector<Expression>& fields = terms.fields.emplace_back();
    for (const LocatedText& text : *texts) {
      std::optional<Expression> field = CompileIn(context, text, scope, Type::Dyn());
      if (!field) continue;
      if (!CanBeTerm(field->type())) {
        context.diagnostics.Error(
            kResultType, text.Whole(),
            "a term is a string, a number or a bool, and this is " + field->type().ToString());
      }
      fields.push_back(*std::move(field));
    }
  }
}

}  // namespace

bool ReadNewTerms(RuleContext& context, const Entry& entry) {
  const Diagnostics::Scope scope(context.diagnostics, "new_terms");
  const Node& body = entry.value;
  NewTerms terms;
  terms.span = entry.key.Whole();
  if (!context.values.Map(body, NewTermsKeys())) {
    context.steps_known = false;
    return false;
  }
  const bool sources = ReadSources(context, body, "'new_terms'");
  for (uint32_t i = 0; i < context.rule.steps.size(); ++i) {
    const Step& step = context.rule.steps[i];
    context.step_names.push_back({step.name, step.selector.stream, i, false});
  }
  if (const Node* field = context.values.Required(body, "field", terms.span, "'new_terms'"))
    ReadFields(context, *field, terms);
  if (const Node* history = context.values.Required(body, "history", terms.span, "'new_terms'"))
    terms.history = context.values.Duration(*history, "'history'", 1).value_or(0);
  context.rule.new_terms = std::move(terms);
  return sources;
}

}  // namespace telltale::rules
