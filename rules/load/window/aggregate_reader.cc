#include "rules/load/window/aggregate_reader.h"

#include <string>
#include <utility>

#include "rules/load/vocabulary/limits.h"
#include "rules/load/vocabulary/window_keys.h"
#include "rules/load/window/baseline_reader.h"
#include "rules/load/window/emit_reader.h"
#include "rules/load/window/source_reader.h"
#include "rules/load/window/window_reader.h"

namespace telltale::rules {
namespace {

constexpr uint32_t kUsualEvidence = 10;

// Whether windows of the kind have results at the moments that `emit` names.
void CheckEmit(RuleContext& context, const Aggregate& aggregate, const Node& emit) {
  const WindowKind kind = aggregate.window.kind;
  const auto refuse = [&](const char* why) {
    context.diagnostics.Error(kNeverEmitted, emit.span, why);
  };
  if (aggregate.emit == Emit::kAsReached && kind == WindowKind::kSliding) {
    refuse("a sliding window is looked at with each of its events anyhow: leave 'emit' out");
  } else if (aggregate.emit == Emit::kAsReached && kind == WindowKind::kHopping) {
    refuse("an event lies in several hopping windows: use a sliding one to be told as it comes");
  } else if (aggregate.emit == Emit::kEveryWindow && kind == WindowKind::kSliding) {
    refuse("a sliding window never ends: use 'tumbling' or 'hopping', or 'emit: on_change'");
  }
}

void CheckOnEmpty(RuleContext& context, const Aggregate& aggregate, const Node& on_empty) {
  if (!aggregate.on_empty) return;
  if (aggregate.window.kind == WindowKind::kSession) {
    context.diagnostics.Error(kBadWindow, on_empty.span, "a session has events: none is empty");
  } else if (aggregate.emit == Emit::kAsReached) {
    context.diagnostics.Error(kBadWindow, on_empty.span,
                              "with 'emit: as_reached' windows are looked at when an event comes, "
                              "and are not empty then");
  }
}

void ReadHaving(RuleContext& context, const Node& body, Aggregate& aggregate) {
  const Node* having = body.Find("having");
  if (having == nullptr) {
    if (aggregate.emit != Emit::kEdge && aggregate.emit != Emit::kAsReached) return;
    context.diagnostics
        .Error(kMissingKey, body.span,
               "'aggregate' needs a 'having': the condition that makes its window a result")
        .notes.push_back("'emit: every_window' gives each window without one");
    return;
  }
  const std::optional<LocatedText> text = context.values.Text(*having, "'having'");
  if (!text) return;
  aggregate.having = CompileIn(context, *text, AlertScope(context), Type::Of(TypeKind::kBool));
  if (aggregate.having && context.window->calls.empty()) {
    context.diagnostics
        .Error(kBadWindow, having->span, "this condition says nothing about the window")
        .notes.push_back("a window is counted by count(), sum(amount) and their like");
  }
}

}  // namespace

bool ReadAggregate(RuleContext& context, const Entry& entry) {
  const Diagnostics::Scope scope(context.diagnostics, "aggregate");
  const Node& body = entry.value;
  Aggregate aggregate;
  aggregate.span = entry.key.Whole();
  if (!context.values.Map(body, AggregateKeys())) {
    context.steps_known = false;
    return false;
  }
  const bool sources = ReadSources(context, body, "'aggregate'");
  context.window.emplace();
  for (const Step& step : context.rule.steps)
    context.window->sources.push_back(step.selector.stream);
  const Node* emit = context.node.Find("emit");
  if (emit != nullptr) aggregate.emit = ReadEmit(context, *emit);
  const Node* window = context.values.Required(body, "window", entry.key.Whole(), "'aggregate'");
  const bool windowed = window != nullptr && ReadWindow(context, *window, aggregate.window);
  if (windowed) context.window->window = aggregate.window;
  for (const Entry& inner : body.entries) {
    if (inner.key.text() != "baseline") continue;
    context.window->baseline = WindowScope::Baseline::kThere;
    aggregate.baseline = ReadBaseline(context, inner);
  }
  if (const Node* on_empty = body.Find("on_empty")) {
    aggregate.on_empty = context.values.Bool(*on_empty, "'on_empty'").value_or(false);
    if (windowed) CheckOnEmpty(context, aggregate, *on_empty);
  }
  if (emit != nullptr && windowed) CheckEmit(context, aggregate, *emit);
  const bool alerts = aggregate.emit == Emit::kEdge || aggregate.emit == Emit::kAsReached;
  aggregate.evidence = alerts ? kUsualEvidence : 0;
  if (const Node* evidence = body.Find("evidence")) {
    const auto events = context.values.Int(*evidence, "'evidence'", 0, kMostEvidence);
    if (events) aggregate.evidence = static_cast<uint32_t>(*events);
  }
  ReadHaving(context, body, aggregate);
  context.rule.aggregate = std::move(aggregate);
  return sources && windowed;
}

void TakeCalls(RuleContext& context) {
  if (!context.rule.aggregate) return;
  Aggregate& aggregate = *context.rule.aggregate;
  aggregate.calls = std::move(context.window->calls);
  if (context.steps_known) WarnOfUnreadBaseline(context, aggregate);
  if (aggregate.emit != Emit::kOnChange || !context.steps_known || !aggregate.calls.empty()) return;
  context.diagnostics
      .Error(kNeverEmitted, aggregate.span,
             "'emit: on_change' is about values, and this rule names none")
      .notes.push_back("name them in 'alert.fields': { views: count() }");
}

}  // namespace telltale::rules
