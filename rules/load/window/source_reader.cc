#include "rules/load/window/source_reader.h"

#include <string>
#include <utility>
#include <vector>

#include "rules/load/sequence/selector_reader.h"
#include "rules/load/vocabulary/names.h"
#include "rules/load/vocabulary/window_keys.h"
#include "rules/model/sequence_limits.h"

namespace telltale::rules {
namespace {

class SourceReader {
 public:
  SourceReader(RuleContext& context, bool of_sequence)
      : context_(context),
        of_sequence_(of_sequence),
        first_(static_cast<uint32_t>(context.rule.steps.size())) {}

  // `on` and what stands beside it.
  void ReadOne(const Node& body, const Node& on, std::string shown) {
    SelectorDraft draft;
    draft.index = static_cast<uint32_t>(context_.rule.steps.size());
    draft.shown = std::move(shown);
    draft.stream = ReadStream(context_, on);
    draft.of_window = of_sequence_;
    draft.FindExpressions(body);
    Step step;
    step.span = on.span;
    if (draft.stream) {
      step.selector.stream = *draft.stream;
      step.name = context_.streams[*draft.stream].name;
    }
    context_.steps_known = context_.steps_known && draft.stream.has_value();
    context_.rule.steps.push_back(std::move(step));
    drafts_.push_back(std::move(draft));
  }

  void ReadMany(const Node& items) {
    for (const Node& item : items.items) {
      const Node* on = item.kind == NodeKind::kMap ? item.Find("on") : nullptr;
      if (!context_.values.Map(item, SourceKeys()) ||
          context_.values.Required(item, "on", item.span, "a source") == nullptr) {
        context_.steps_known = false;
        continue;
      }
      ReadOne(item, *on, "source " + std::to_string(drafts_.size() + 1));
      Name(item.Find("name"));
    }
  }

  bool Finish() {
    if (of_sequence_) {
      CompileSelectors(context_, drafts_);
      return !drafts_.empty() && context_.steps_known;
    }
    for (uint32_t i = 0; i < context_.rule.steps.size(); ++i) {
      const Step& step = context_.rule.steps[i];
      context_.step_names.push_back({step.name, step.selector.stream, i, false});
    }
    CompileSelectors(context_, drafts_);
    context_.step_names.clear();
    MakePattern();
    return !drafts_.empty() && context_.steps_known;
  }

 private:
  // What alerts call the events of the source that was just read.
  void Name(const Node* node) {
    Step& step = context_.rule.steps.back();
    if (node != nullptr) {
      const auto name = context_.values.Text(*node, "'name'");
      if (name && (!IsIdentifier(name->text()) || IsReservedName(name->text()))) {
        context_.diagnostics.Error(
            kBadStepName, node->span,
            "'" + name->text() + "' cannot name a source: letters, digits and '_', not a digit " +
                "first, and no word of the language");
      }
      if (name) step.name = name->text();
      step.span = node->span;
    }
    for (uint32_t i = first_; i < context_.rule.steps.size(); ++i) {
      const Step& other = context_.rule.steps[i];
      if (&other == &step || other.name != step.name || step.name.empty()) continue;
      Diagnostic& error = context_.diagnostics.Error(
          kDuplicateStep, step.span, "a source called '" + step.name + "' is there already");
      error.labels.push_back({other.span, "this one"});
      if (node == nullptr) error.notes.push_back("give it another 'name'");
      return;
    }
  }

  void MakePattern() {
    Place& pattern = context_.rule.pattern;
    pattern = {.kind = Place::Kind::kGroup, .span = context_.rule.span};
    std::vector<Place> places;
    for (uint32_t i = 0; i < context_.rule.steps.size(); ++i) {
      places.push_back(
          {.kind = Place::Kind::kStep, .index = i, .span = context_.rule.steps[i].span});
    }
    if (places.size() == 1) {
      pattern.places = std::move(places);
      return;
    }
    pattern.places.push_back({.kind = Place::Kind::kAnyOf, .span = context_.rule.span});
    pattern.places.front().places = std::move(places);
  }

  RuleContext& context_;
  const bool of_sequence_;
  const uint32_t first_;  // in Rule::steps
  std::vector<SelectorDraft> drafts_;
};

}  // namespace

bool ReadSources(RuleContext& context, const Node& body, const char* owner, bool of_sequence) {
  const Node* on = body.Find("on");
  const Node* any_of = body.Find("any_of");
  SourceReader reader(context, of_sequence);
  if (on != nullptr && any_of != nullptr) {
    context.diagnostics.Error(kConflictingKeys, any_of->span,
                              "'any_of' stands in the place of 'on': write what is in 'on' as "
                              "one of its items");
    context.steps_known = false;
  } else if (any_of != nullptr) {
    for (const char* key : {"where", "detection", "include", "by"}) {
      const Node* beside = body.Find(key);
      // A rule's 'by' never stands there: that is told elsewhere.
      if (beside != nullptr && (of_sequence || std::string_view(key) != "by")) {
        context.diagnostics.Error(kConflictingKeys, beside->span,
                                  "'" + std::string(key) + "' stands in the items of 'any_of'");
      }
    }
    if (!context.values.Sequence(*any_of, "'any_of'") || any_of->items.size() > kMostSteps) {
      if (any_of->items.size() > kMostSteps) {
        context.diagnostics.Error(
            kOutOfRange, any_of->span,
            "'any_of' has at most " + std::to_string(kMostSteps) + " sources");
      }
      context.steps_known = false;
    } else {
      reader.ReadMany(*any_of);
    }
  } else if (on != nullptr) {
    reader.ReadOne(body, *on, "");
  } else {
    context.diagnostics.Error(kMissingKey, body.span,
                              std::string(owner) + " needs 'on', the stream whose events count");
    context.steps_known = false;
  }
  return reader.Finish();
}

}  // namespace telltale::rules
