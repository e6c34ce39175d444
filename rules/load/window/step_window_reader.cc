#include "rules/load/window/step_window_reader.h"

#include <algorithm>
#include <string>
#include <utility>

#include "rules/load/vocabulary/limits.h"
#include "rules/load/vocabulary/names.h"
#include "rules/load/vocabulary/window_keys.h"
#include "rules/load/window/source_reader.h"
#include "rules/load/window/window_reader.h"
#include "rules/model/sequence_limits.h"

namespace telltale::rules {
namespace {

class StepWindowReader {
 public:
  StepWindowReader(RuleContext& context, const Node& body) : context_(context), body_(body) {
    window_.span = body.span;
    window_.first_source = static_cast<uint32_t>(context.rule.steps.size());
    if (!context.rule.windows.empty()) {
      const StepWindow& before = context.rule.windows.back();
      window_.first_call = before.first_call + static_cast<uint32_t>(before.aggregate.calls.size());
    }
  }

  // False: told.
  bool Read() {
    const size_t told = context_.diagnostics.errors();
    const bool map = context_.values.Map(body_, StepWindowKeys());
    if (!map) return false;
    Name();
    if (!window_.name.empty()) {
      const Diagnostics::Scope scope(context_.diagnostics, "window '" + window_.name + "'");
      Parts();
    } else {
      Parts();
    }
    context_.rule.windows.push_back(std::move(window_));
    return context_.diagnostics.errors() == told;
  }

 private:
  void Name() {
    const Node* node = context_.values.Required(body_, "name", body_.span, "a window");
    const auto name = node == nullptr ? std::nullopt : context_.values.Text(*node, "'name'");
    if (!name) return;
    window_.span = node->span;
    if (!IsIdentifier(name->text()) || IsReservedName(name->text())) {
      context_.diagnostics.Error(
          kBadStepName, node->span,
          "'" + name->text() + "' cannot name a window: letters, digits and '_', not a digit " +
              "first, and no word of the language");
      return;
    }
    const auto taken = [&](const std::string& other, const Span& span, const char* what) {
      if (other != name->text()) return false;
      context_.diagnostics
          .Error(kDuplicateStep, node->span,
                 std::string(what) + " called '" + other + "' is there already")
          .labels.push_back({span, "this one"});
      return true;
    };
    for (const StepName& step : context_.step_names) {
      if (taken(step.name, context_.rule.steps[step.index].span, "a step")) return;
    }
    for (const StepWindow& window : context_.rule.windows) {
      if (taken(window.name, window.span, "a window")) return;
    }
    window_.name = name->text();
  }

  void Parts() {
    const bool known = std::exchange(context_.steps_known, true);
    ReadSources(context_, body_, "a window", true);
    window_.sources = static_cast<uint32_t>(context_.rule.steps.size()) - window_.first_source;
    // What is told of its events calls them by the window.
    if (window_.sources == 1) context_.rule.steps.back().name = window_.name;
    if (context_.rule.steps.size() > kMostSteps) {
      context_.diagnostics.Error(
          kOutOfRange, window_.span,
          "the steps of a sequence and what its windows are about are at most " +
              std::to_string(kMostSteps) + " together");
    }
    const Node* window = context_.values.Required(body_, "window", window_.span, "a window");
    if (window != nullptr && ReadWindow(context_, *window, window_.aggregate.window) &&
        window_.aggregate.window.kind != WindowKind::kSliding) {
      context_.diagnostics
          .Error(kBadWindow, window->span,
                 "a condition reads what lies behind the event that it tries: a 'sliding' window")
          .notes.push_back("windows of other kinds are of rules with an 'aggregate'");
    }
    if (const Node* values = context_.values.Required(body_, "values", window_.span, "a window")) {
      Values(*values);
    }
    context_.steps_known = known && context_.steps_known;
  }

  void Values(const Node& node) {
    if (node.kind != NodeKind::kMap || node.entries.empty()) {
      context_.diagnostics.Error(kWrongKind, node.span,
                                 "'values' is a map of names to what they stand for: { tries: "
                                 "count() }");
      return;
    }
    WindowScope calls;
    for (uint32_t i = 0; i < window_.sources; ++i)
      calls.sources.push_back(context_.rule.steps[window_.first_source + i].selector.stream);
    Scope scope = BareScope(context_);
    scope.window = &calls;
    for (const Entry& entry : node.entries) Value(entry, scope);
    window_.aggregate.calls = std::move(calls.calls);
  }

  void Value(const Entry& entry, const Scope& scope) {
    const std::string& name = entry.key.text();
    if (!IsIdentifier(name)) {
      context_.diagnostics.Error(
          kBadStepName, entry.key.Whole(),
          "'" + name + "' cannot name a value: letters, digits and '_', not a digit first");
      return;
    }
    const auto text = context_.values.Text(entry.value, "value '" + name + "'");
    if (!text) return;
    std::optional<Expression> value = CompileIn(context_, *text, scope, Type::Dyn());
    if (!value) return;
    if (!ReadsWindow(*value->root)) {
      context_.diagnostics
          .Error(kBadWindow, entry.value.span, "this value says nothing about the window")
          .notes.push_back("a window is counted by count(), sum(amount) and their like");
    }
    window_.values.emplace_back(name, *std::move(value));
  }

  RuleContext& context_;
  const Node& body_;
  StepWindow window_;
};

}  // namespace

void ReadStepWindows(RuleContext& context, const Node& node) {
  bool all = context.values.Sequence(node, "'windows'");
  if (all && node.items.size() > static_cast<size_t>(kMostStepWindows)) {
    context.diagnostics.Error(
        kOutOfRange, node.span,
        "a rule has at most " + std::to_string(kMostStepWindows) + " windows");
    all = false;
  }
  if (all) {
    for (const Node& item : node.items) all = StepWindowReader(context, item).Read() && all;
  }
  context.steps_known = context.steps_known && all;
}

}  // namespace telltale::rules
