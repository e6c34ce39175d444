#include "rules/load/sequence_reader.h"

#include <algorithm>
#include <string>
#include <utility>

#include "rules/load/placeholder_lists.h"
#include "rules/load/sigma/detection_reader.h"
#include "rules/load/sigma/lowering.h"
#include "rules/load/words.h"

namespace telltale::rules {
namespace {

constexpr std::string_view kNot = "not";

// A step or an absence whose shape is read and whose expressions are not.
struct Draft {
  bool absence = false;
  size_t index = 0;  // in Rule::steps or Rule::absences
  const Node* body = nullptr;
  bool stream_known = false;
};

std::string Shown(const Draft& draft, const Rule& rule) {
  return draft.absence ? "'not'" : "step '" + rule.steps[draft.index].name + "'";
}

std::optional<StreamIndex> ReadStream(RuleContext& context, const Node& node) {
  const std::optional<LocatedText> name = context.values.Text(node, "'on'");
  if (!name) return std::nullopt;
  const std::optional<StreamIndex> stream = context.streams.Find(name->text());
  if (stream) return stream;
  if (name->text() == "alerts") {
    context.diagnostics.Error(kLaterOnAlerts, node.span,
                              "'on: alerts' (rules on rules) is not in this version");
    return std::nullopt;
  }
  std::vector<std::string> known;
  for (const Stream& declared : context.streams.streams()) known.push_back(declared.name);
  Diagnostic& error = context.diagnostics.Error(
      kUnknownStream, node.span, "the config declares no stream '" + name->text() + "'");
  error.suggestion = Nearest(name->text(), known);
  return std::nullopt;
}

std::optional<int64_t> ReadWithin(RuleContext& context, const Node& body) {
  const Node* within = body.Find("within");
  return within == nullptr ? std::nullopt : context.values.Duration(*within, "'within'");
}

void ReadRepeat(RuleContext& context, const Node& node, Step& step) {
  if (node.kind != NodeKind::kMap) {
    if (node.kind == NodeKind::kInt && node.integer == 0) {
      context.diagnostics.Error(
          kBadRepeat, node.span,
          "a step cannot repeat 0 times; for none or one write 'optional: true'");
      return;
    }
    const std::optional<int64_t> times = context.values.Int(node, "'repeat'", 1, kMostRepeats);
    if (times) step.min = step.max = static_cast<uint32_t>(*times);
    return;
  }
  if (!context.values.Map(node, RepeatKeys())) return;
  step.max = kUnbounded;
  if (const Node* min = node.Find("min")) {
    if (min->kind == NodeKind::kInt && min->integer == 0) {
      context.diagnostics.Error(kBadRepeat, min->span,
                                "'min' cannot be 0: write 'optional: true' beside 'repeat'");
    } else if (const auto least = context.values.Int(*min, "'min'", 1, kMostRepeats)) {
      step.min = static_cast<uint32_t>(*least);
    }
  }
  const Node* max = node.Find("max");
  if (max == nullptr) return;
  const std::optional<int64_t> most = context.values.Int(*max, "'max'", 1, kMostRepeats);
  if (!most) return;
  step.max = static_cast<uint32_t>(*most);
  if (step.max < step.min) {
    context.diagnostics.Error(kBadRepeat, max->span,
                              "'max' is " + std::to_string(step.max) +
                                  ", less than 'min', which is " + std::to_string(step.min));
  }
}

// A name that has an error is kept all the same, so that places of steps stay right.
void CheckStepName(RuleContext& context, const LocatedText& name) {
  if (!IsIdentifier(name.text())) {
    context.diagnostics.Error(
        kBadStepName, name.Whole(),
        "'" + name.text() + "' cannot name a step: letters, digits and '_', not a digit first");
    context.steps_known = false;
  } else if (IsReservedName(name.text())) {
    context.diagnostics.Error(
        kBadStepName, name.Whole(),
        "'" + name.text() + "' has a meaning in conditions and cannot name a step");
    context.steps_known = false;
  }
  for (const Step& step : context.rule.steps) {
    if (step.name != name.text()) continue;
    context.diagnostics
        .Error(kDuplicateStep, name.Whole(), "the step name '" + name.text() + "' is taken")
        .labels.push_back({step.span, "by this step"});
    break;
  }
}

void DraftAbsence(RuleContext& context, const Entry& entry, std::vector<Draft>& drafts) {
  const Diagnostics::Scope scope(context.diagnostics, "'not'");
  Absence absence;
  absence.before = static_cast<uint32_t>(context.rule.steps.size());
  absence.span = entry.key.Whole();
  Draft draft{true, context.rule.absences.size(), &entry.value, false};
  if (context.values.Map(entry.value, NotKeys())) {
    const Node* on = context.values.Required(entry.value, "on", absence.span, "a 'not'");
    if (const auto stream = on == nullptr ? std::nullopt : ReadStream(context, *on)) {
      absence.selector.stream = *stream;
      draft.stream_known = true;
    }
    absence.within = ReadWithin(context, entry.value);
    // One that cannot be read is told already; that there is none would be another mistake.
    if (entry.value.Find("within") != nullptr && !absence.within) absence.within = 0;
  }
  context.rule.absences.push_back(std::move(absence));
  drafts.push_back(draft);
}

void DraftStep(RuleContext& context, const Entry& entry, std::vector<Draft>& drafts) {
  const Diagnostics::Scope scope(context.diagnostics, "step '" + entry.key.text() + "'");
  CheckStepName(context, entry.key);
  Step step;
  step.name = entry.key.text();
  step.span = entry.key.Whole();
  Draft draft{false, context.rule.steps.size(), &entry.value, false};
  bool later = false;
  if (context.values.Map(entry.value, StepKeys(), &later)) {
    const Node* on = entry.value.Find("on");
    if (on == nullptr && !later) context.values.Required(entry.value, "on", step.span, "a step");
    if (const auto stream = on == nullptr ? std::nullopt : ReadStream(context, *on)) {
      step.selector.stream = *stream;
      draft.stream_known = true;
    }
    step.within = ReadWithin(context, entry.value);
    if (const Node* repeat = entry.value.Find("repeat")) ReadRepeat(context, *repeat, step);
    if (const Node* optional = entry.value.Find("optional")) {
      step.optional = context.values.Bool(*optional, "'optional'").value_or(false);
    }
  }
  context.steps_known = context.steps_known && draft.stream_known;
  context.rule.steps.push_back(std::move(step));
  drafts.push_back(draft);
}

// Whether the item is a step or an absence, and so has its place.
bool DraftItem(RuleContext& context, const Node& item, std::vector<Draft>& drafts) {
  if (item.kind != NodeKind::kMap || item.entries.empty()) {
    context.diagnostics.Error(kBadStepShape, item.span,
                              "a step is written '- NAME: { on: STREAM, ... }'");
    return false;
  }
  const Entry& entry = item.entries.front();
  const std::vector<LaterWord>& later = LaterStepWords();
  const auto word = std::find_if(later.begin(), later.end(),
                                 [&](const LaterWord& l) { return l.word == entry.key.text(); });
  if (word != later.end()) {
    context.diagnostics.Error(word->code, entry.key.Whole(), std::string(word->message));
    return false;
  }
  if (item.Find("on") != nullptr) {
    context.diagnostics.Error(kBadStepShape, entry.key.Whole(),
                              "this step has no name; write '- NAME: { on: STREAM, ... }'");
    return false;
  }
  if (item.entries.size() > 1) {
    context.diagnostics.Error(kBadStepShape, item.entries[1].key.Whole(),
                              "'" + item.entries[1].key.text() + "' stands beside the step '" +
                                  entry.key.text() +
                                  "': indent it to be inside, or begin it with '- '");
    return false;
  }
  if (entry.value.kind == NodeKind::kSequence) {
    context.diagnostics.Error(kLaterGroup, entry.key.Whole(),
                              "a group of steps is not in this version");
    return false;
  }
  if (entry.key.text() == kNot)
    DraftAbsence(context, entry, drafts);
  else
    DraftStep(context, entry, drafts);
  return true;
}

void CompileKey(RuleContext& context, const Node& body, const Scope& scope, Selector& selector) {
  const Node* by = body.Find("by");
  if (by == nullptr || &body == &context.node) {  // the short form's `by` is the rule's
    for (const LocatedText& part : context.key) {
      if (!context.key_parses) break;
      std::optional<Expression> compiled = CompileKeyPart(context, part, scope);
      if (compiled) selector.by.push_back(*std::move(compiled));
    }
    return;
  }
  const std::optional<std::vector<LocatedText>> parts =
      context.values.Texts(*by, "'by'", kMostKeyParts);
  if (!parts) return;
  const size_t wanted = context.key.size();
  if (context.node.Find("by") == nullptr) {
    context.diagnostics.Error(kKeyPartCount, by->span,
                              "the rule has no 'by': say there what the key is called");
  } else if (context.key_parses && parts->size() != wanted) {
    context.diagnostics.Error(kKeyPartCount, by->span,
                              "the rule's key has " + std::to_string(wanted) +
                                  (wanted == 1 ? " part" : " parts") + ", and this 'by' has " +
                                  std::to_string(parts->size()));
  }
  for (const LocatedText& part : *parts) {
    if (RefuseEach(context, part)) continue;
    std::optional<Expression> compiled = CompileKeyPart(context, part, scope);
    if (compiled) selector.by.push_back(*std::move(compiled));
  }
}

// A detection of Sigma beside the condition, or in its place: both have to fit.
void CompileDetection(RuleContext& context, const Node& node, bool stream_known,
                      Selector& selector) {
  const PlaceholderLists lists(context.inputs.definitions, context.inputs.uses);
  sigma::ReadContext sigma{context.diagnostics, lists.placeholders()};
  std::optional<sigma::ReadDetection> read = sigma::ReadStepDetection(node, sigma);
  if (!read || !stream_known) return;
  std::vector<ExprPtr> both;
  if (selector.where) both.push_back(Clone(*selector.where->root));
  both.push_back(sigma::Lower(read->detection, selector.stream, FieldMapping(), context.streams));
  const uint32_t locals = selector.where ? selector.where->locals : 0;
  LocatedText text = selector.where ? selector.where->text : std::move(read->text);
  selector.where = sigma::MakeExpression(sigma::AllOf(std::move(both)), std::move(text));
  selector.where->locals = locals;
}

// `visible` is how many steps the condition can refer to; they are the first ones.
void CompileSelector(RuleContext& context, const Draft& draft, Selector& selector, size_t visible) {
  Scope scope = BareScope(context);
  // Without a stream, parsing is all that can be done; the stream is not looked at then.
  if (draft.stream_known) scope.event = selector.stream;
  const bool steps_known =
      std::exchange(context.steps_known, context.steps_known && draft.stream_known);
  CompileKey(context, *draft.body, scope, selector);
  if (const Node* where = draft.body->Find("where")) {
    const auto names = context.step_names.begin();
    scope.steps = {names, names + static_cast<std::ptrdiff_t>(visible)};
    const std::vector<Step>& steps = context.rule.steps;
    for (size_t i = visible; i < steps.size(); ++i) {
      scope.to_come.push_back({steps[i].name, steps[i].span, !draft.absence && i == draft.index});
    }
    const std::optional<LocatedText> text = context.values.Text(*where, "'where'");
    if (text) selector.where = CompileIn(context, *text, scope, Type::Of(TypeKind::kBool));
  }
  if (const Node* detection = draft.body->Find("detection"))
    CompileDetection(context, *detection, draft.stream_known, selector);
  context.steps_known = steps_known;
}

void CompileDrafts(RuleContext& context, const std::vector<Draft>& drafts) {
  for (const Draft& draft : drafts) {
    if (draft.body->kind != NodeKind::kMap) continue;
    const Diagnostics::Scope scope(context.diagnostics, Shown(draft, context.rule));
    if (draft.absence) {
      Absence& absence = context.rule.absences[draft.index];
      CompileSelector(context, draft, absence.selector, absence.before);
    } else {
      Step& step = context.rule.steps[draft.index];
      // Inside a repeat its own name is the list of the events so far.
      CompileSelector(context, draft, step.selector, draft.index + (step.repeats() ? 1 : 0));
    }
  }
}

void NameSteps(RuleContext& context) {
  for (uint32_t i = 0; i < context.rule.steps.size(); ++i) {
    const Step& step = context.rule.steps[i];
    context.step_names.push_back({step.name, step.selector.stream, i, step.repeats()});
  }
}

bool ShortEnough(RuleContext& context, const Node& node) {
  const auto nots =
      static_cast<size_t>(std::count_if(node.items.begin(), node.items.end(), [](const Node& item) {
        return item.Find("not") != nullptr;
      }));
  if (nots <= kMostAbsences && node.items.size() - nots <= kMostSteps) return true;
  context.diagnostics.Error(kOutOfRange, node.span,
                            "a sequence has at most " + std::to_string(kMostSteps) + " steps and " +
                                std::to_string(kMostAbsences) + " 'not's");
  return false;
}

}  // namespace

bool ReadSequence(RuleContext& context, const Node& node) {
  if (!context.values.Sequence(node, "'sequence'")) {
    context.steps_known = false;
    return false;
  }
  if (!ShortEnough(context, node)) {
    context.steps_known = false;
    return false;
  }
  bool placed = true;
  std::vector<Draft> drafts;
  for (const Node& item : node.items) placed = DraftItem(context, item, drafts) && placed;
  context.steps_known = context.steps_known && placed;
  NameSteps(context);
  CompileDrafts(context, drafts);
  return placed;
}

bool ReadSingleStep(RuleContext& context, const Node& on) {
  Step step;
  step.span = on.span;
  Draft draft{false, 0, &context.node, false};
  if (const auto stream = ReadStream(context, on)) {
    step.selector.stream = *stream;
    step.name = context.streams[*stream].name;
    draft.stream_known = true;
  }
  context.steps_known = draft.stream_known;
  context.rule.steps.push_back(std::move(step));
  NameSteps(context);
  Step& only = context.rule.steps.front();
  CompileSelector(context, draft, only.selector, 0);
  return true;
}

}  // namespace telltale::rules
