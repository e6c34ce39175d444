#include "rules/load/sequence/selector_reader.h"

#include <algorithm>
#include <utility>

#include "rules/load/definitions/placeholder_lists.h"
#include "rules/load/rule/key_reader.h"
#include "rules/load/sigma/detection_reader.h"
#include "rules/load/sigma/lowering.h"
#include "rules/load/vocabulary/choices.h"
#include "rules/model/alert_reads.h"

namespace telltale::rules {
namespace {

Selector& SelectorOf(Rule& rule, const SelectorDraft& draft) {
  switch (draft.owner) {
    case SelectorDraft::Owner::kStep:
      return rule.steps[draft.index].selector;
    case SelectorDraft::Owner::kAbsence:
      return rule.absences[draft.index].selector;
    case SelectorDraft::Owner::kUntil:
      break;
  }
  return rule.untils[draft.index].selector;
}

// A detection of Sigma beside the condition, or in its place: both have to fit.
void CompileDetection(RuleContext& context, const SelectorDraft& draft, Selector& selector) {
  const PlaceholderLists lists(context.inputs.definitions, context.inputs.uses);
  sigma::ReadContext sigma{context.diagnostics, lists.placeholders()};
  std::optional<sigma::ReadDetection> read = sigma::ReadStepDetection(*draft.detection, sigma);
  if (!read || !draft.stream) return;
  std::vector<ExprPtr> both;
  if (selector.where) both.push_back(Clone(*selector.where->root));
  both.push_back(sigma::Lower(read->detection, selector.stream, FieldMapping(), context.streams));
  const uint32_t locals = selector.where ? selector.where->locals : 0;
  LocatedText text = selector.where ? selector.where->text : std::move(read->text);
  selector.where = sigma::MakeExpression(sigma::AllOf(std::move(both)), std::move(text));
  selector.where->locals = locals;
}

ExprPtr IsFalse(StreamIndex stream, FieldPath flag) {
  ExprPtr field = sigma::FieldOf(sigma::EventOf(stream), std::move(flag));
  field->type = Type::Of(TypeKind::kBool);
  return sigma::Pair("_==_", std::move(field), sigma::ConstantOf(false));
}

// A5: only alerts that go out, unless `include` says otherwise; and those of rules that read alerts
// themselves only where the condition names them.
void GuardAlerts(RuleContext& context, const SelectorDraft& draft, Selector& selector) {
  const bool alerts = selector.stream == context.streams.alerts();
  if (draft.include != nullptr) {
    const std::optional<bool> word =
        context.values.Word(*draft.include, "'include'", IncludeWords());
    selector.include_suppressed = word.value_or(false);
    if (word && !alerts) {
      context.diagnostics.Error(kNoAlertsRead, draft.include->span,
                                "only alerts can be suppressed, and this is not 'on: alerts'");
    }
  }
  if (!alerts) return;
  std::vector<ExprPtr> parts;
  if (selector.where) parts.push_back(Clone(*selector.where->root));
  if (!selector.include_suppressed)
    parts.push_back(IsFalse(selector.stream, {"alert", "suppressed"}));
  if (!selector.where || !RulesNamed(*selector.where->root))
    parts.push_back(IsFalse(selector.stream, {"rule", "on_alerts"}));
  if (parts.empty()) return;
  const uint32_t locals = selector.where ? selector.where->locals : 0;
  LocatedText text =
      selector.where ? selector.where->text : LocatedText("alerts of rules on events");
  // What was added is shown as the whole of what its author wrote.
  for (const ExprPtr& part : parts) {
    if (part->end == 0) part->end = static_cast<uint32_t>(text.text().size());
  }
  selector.where = sigma::MakeExpression(sigma::AllOf(std::move(parts)), std::move(text));
  selector.where->locals = locals;
}

UnseenStep::Why WhyUnseen(const SelectorDraft& draft, uint32_t step) {
  if (draft.of_window) return UnseenStep::Why::kWindow;
  if (!draft.sees_steps) return UnseenStep::Why::kNone;
  if (draft.owner == SelectorDraft::Owner::kStep && step == draft.index)
    return UnseenStep::Why::kOwn;
  return step < draft.before ? UnseenStep::Why::kAlternative : UnseenStep::Why::kToCome;
}

// The names of steps in the condition: those that it sees, and why it does not see the others.
void NameSteps(const RuleContext& context, const SelectorDraft& draft, Scope& scope) {
  const std::vector<Step>& steps = context.rule.steps;
  for (uint32_t i = 0; i < context.step_names.size(); ++i) {
    if (std::find(draft.visible.begin(), draft.visible.end(), i) != draft.visible.end()) {
      scope.steps.push_back(context.step_names[i]);
      continue;
    }
    scope.unseen.push_back({steps[i].name, steps[i].span, WhyUnseen(draft, i)});
  }
}

void Compile(RuleContext& context, const SelectorDraft& draft) {
  Selector& selector = SelectorOf(context.rule, draft);
  Scope scope = BareScope(context);
  // Without a stream, parsing is all that can be done; the stream is not looked at then.
  scope.event = draft.stream;
  if (draft.stream) selector.stream = *draft.stream;
  const bool steps_known =
      std::exchange(context.steps_known, context.steps_known && draft.stream.has_value());
  ReadSelectorKey(context, draft.by, scope, selector);
  if (draft.where != nullptr) {
    NameSteps(context, draft, scope);
    scope.reads_windows = !draft.of_window;
    const std::optional<LocatedText> text = context.values.Text(*draft.where, "'where'");
    if (text) selector.where = CompileIn(context, *text, scope, Type::Of(TypeKind::kBool));
  }
  if (draft.detection != nullptr) CompileDetection(context, draft, selector);
  if (draft.stream) GuardAlerts(context, draft, selector);
  context.steps_known = steps_known;
}

}  // namespace

std::optional<StreamIndex> ReadStream(RuleContext& context, const Node& on) {
  const std::optional<LocatedText> name = context.values.Text(on, "'on'");
  if (!name) return std::nullopt;
  const std::optional<StreamIndex> stream = context.streams.Find(name->text());
  if (stream) return stream;
  std::vector<std::string> known = {std::string(kAlertsName)};
  for (const Stream& declared : context.streams.streams()) known.push_back(declared.name);
  Diagnostic& error = context.diagnostics.Error(
      kUnknownStream, on.span, "the config declares no stream '" + name->text() + "'");
  error.suggestion = Nearest(name->text(), known);
  return std::nullopt;
}

void SelectorDraft::FindExpressions(const Node& body) {
  if (const Node* own = body.Find("by")) by = own;
  where = body.Find("where");
  detection = body.Find("detection");
  include = body.Find("include");
}

void CompileSelectors(RuleContext& context, const std::vector<SelectorDraft>& drafts) {
  for (const SelectorDraft& draft : drafts) {
    if (draft.shown.empty()) {  // the short form: there is but the rule
      Compile(context, draft);
      continue;
    }
    const Diagnostics::Scope scope(context.diagnostics, draft.shown);
    Compile(context, draft);
  }
}

}  // namespace telltale::rules
