#include "rules/load/sequence/sequence_reader.h"

#include <functional>
#include <string>
#include <utility>

#include "rules/load/sequence/place_reader.h"
#include "rules/load/sequence/selector_reader.h"
#include "rules/model/sequence_limits.h"

namespace telltale::rules {
namespace {

void NameSteps(RuleContext& context) {
  for (uint32_t i = 0; i < context.rule.steps.size(); ++i) {
    const Step& step = context.rule.steps[i];
    context.step_names.push_back({step.name, step.selector.stream, i, step.list});
  }
}

bool ShortEnough(RuleContext& context, const Node& node) {
  const LeafCount count = CountLeaves(node.items);
  if (count.nots <= kMostAbsences && count.steps <= kMostSteps) return true;
  context.diagnostics.Error(kOutOfRange, node.span,
                            "a sequence has at most " + std::to_string(kMostSteps) + " steps and " +
                                std::to_string(kMostAbsences) + " 'not's");
  return false;
}

}  // namespace

bool ReadSequence(RuleContext& context, const Node& node, const Entry* until,
                  const std::function<void()>& windows) {
  if (!context.values.Sequence(node, "'sequence'") || !ShortEnough(context, node)) {
    context.steps_known = false;
    return false;
  }
  PlaceReader reader(context);
  reader.ReadAll(node.items);
  if (until != nullptr) reader.ReadRuleUntil(*until);
  context.steps_known = context.steps_known && reader.placed();
  NameSteps(context);
  windows();
  CompileSelectors(context, reader.drafts());
  return reader.placed();
}

bool ReadSingleStep(RuleContext& context, const Node& on, const std::function<void()>& windows) {
  SelectorDraft draft;
  draft.stream = ReadStream(context, on);
  draft.where = context.node.Find("where");
  draft.detection = context.node.Find("detection");
  draft.include = context.node.Find("include");
  Step step;
  step.span = on.span;
  if (draft.stream) {
    step.selector.stream = *draft.stream;
    step.name = context.streams[*draft.stream].name;
  }
  context.steps_known = draft.stream.has_value();
  context.rule.pattern = {.kind = Place::Kind::kGroup, .span = context.rule.span};
  context.rule.pattern.places.push_back({.kind = Place::Kind::kStep, .span = on.span});
  context.rule.steps.push_back(std::move(step));
  NameSteps(context);
  windows();
  CompileSelectors(context, {draft});
  return true;
}

}  // namespace telltale::rules
