#include "rules/load/window/baseline_reader.h"

#include <string>
#include <utility>

#include "rules/load/vocabulary/window_keys.h"
#include "rules/load/yaml/quantity.h"

namespace telltale::rules {
namespace {

constexpr int64_t kDay = int64_t{86'400} * 1'000'000'000;

class BaselineReader {
 public:
  BaselineReader(RuleContext& context, const Entry& entry) : context_(context), body_(entry.value) {
    baseline_.span = entry.key.Whole();
  }

  std::optional<Baseline> Read() {
    const size_t told = context_.diagnostics.errors();
    if (!context_.values.Map(body_, BaselineKeys())) return std::nullopt;
    const Node* of = Required("of");
    const Node* every = Required("every");
    const Node* over = Required("over");
    Lengths(every, over);
    if (of != nullptr) Of(*of);
    if (context_.diagnostics.errors() != told || !baseline_.of.root) return std::nullopt;
    return std::move(baseline_);
  }

 private:
  const Node* Required(const char* key) {
    return context_.values.Required(body_, key, baseline_.span, "'baseline'");
  }

  void Refuse(const Node& node, std::string message) {
    context_.diagnostics.Error(kBadBaseline, node.span, std::move(message));
  }

  void Lengths(const Node* every, const Node* over) {
    if (every != nullptr)
      baseline_.every = context_.values.Duration(*every, "'every'", 1).value_or(0);
    if (over != nullptr) baseline_.over = context_.values.Duration(*over, "'over'", 1).value_or(0);
    if (baseline_.every == 0 || baseline_.over == 0) return;
    const std::string pane = FormatDuration(baseline_.every);
    if (baseline_.over % baseline_.every != 0) {
      Refuse(*over, "'over' must be a multiple of 'every', " + pane + ", without a rest");
    } else if (baseline_.panes() < 2) {
      Refuse(*over, "'over' is at least twice as long as 'every', " + pane +
                        ": of a single pane nothing is usual");
    } else if (context_.window->window) {
      BesideWindow(*every, *context_.window->window);
    }
  }

  void BesideWindow(const Node& every, const Window& window) {
    const int64_t spanned = window.size / baseline_.every;
    if (baseline_.panes() > kMostBaselinePanes ||
        spanned > kMostBaselinePanes - baseline_.panes()) {
      Refuse(every, "'over' and the window hold at most " + std::to_string(kMostBaselinePanes) +
                        " panes of 'every' together: make it longer than " +
                        FormatDuration(baseline_.every));
    }
    if (!window.zone.empty() && baseline_.every % kDay != 0) {
      Refuse(every,
             "where the window has a 'zone' the panes of its baseline are whole days: 'every: "
             "1d'");
    }
  }

  // It sees no key: what is usual is told by what the events of a pane say.
  void Of(const Node& node) {
    const auto text = context_.values.Text(node, "'of'");
    if (!text) return;
    WindowScope pane{.sources = context_.window->sources,
                     .calls = {},
                     .window = Window{.kind = WindowKind::kTumbling,
                                      .size = baseline_.every,
                                      .every = baseline_.every},
                     .baseline = WindowScope::Baseline::kOwn};
    Scope scope = BareScope(context_);
    scope.window = &pane;
    std::optional<Expression> of = CompileIn(context_, *text, scope, Type::Dyn());
    if (!of) return;
    const TypeKind kind = of->type().kind;
    if (kind != TypeKind::kInt && kind != TypeKind::kUint && kind != TypeKind::kDouble &&
        kind != TypeKind::kDyn) {
      context_.diagnostics.Error(
          kResultType, node.span,
          "what a baseline is made of must be a number, and this is " + of->type().ToString());
    } else if (!ReadsWindow(*of->root)) {
      context_.diagnostics
          .Error(kBadBaseline, node.span, "this says nothing about the events of a pane")
          .notes.push_back("they are counted by count(), sum(amount) and their like");
    }
    baseline_.of = *std::move(of);
    baseline_.calls = std::move(pane.calls);
  }

  RuleContext& context_;
  const Node& body_;
  Baseline baseline_;
};

}  // namespace

std::optional<Baseline> ReadBaseline(RuleContext& context, const Entry& entry) {
  const Diagnostics::Scope scope(context.diagnostics, "baseline");
  return BaselineReader(context, entry).Read();
}

void WarnOfUnreadBaseline(RuleContext& context, const Aggregate& aggregate) {
  if (!aggregate.baseline || context.window->names_baseline) return;
  context.diagnostics
      .Warning(kUnreadWindow, aggregate.baseline->span,
               "nothing reads the baseline, and each event costs it")
      .notes.push_back("'having' and 'alert' read it by its values: count() > 3.0 * baseline.avg");
}

}  // namespace telltale::rules
