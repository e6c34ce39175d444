#include "rules/load/sigma/rule_draft.h"

#include <algorithm>
#include <utility>

#include "rules/load/sigma/lowering.h"
#include "rules/model/sequence_limits.h"

namespace telltale::rules::sigma {
namespace {

constexpr size_t kMostStreamsOfARule = kMostSteps;  // each is a step

LogsourceDraft ReadLogsourceMap(const Node& node, Diagnostics& diagnostics) {
  const size_t told = diagnostics.errors();
  ValueReader values(kRuleCodes, diagnostics);
  LogsourceDraft draft;
  draft.span = node.span;
  for (const Entry& entry : node.entries) {
    const std::string& key = entry.key.text();
    if (key == "definition" || entry.value.kind == NodeKind::kNull) continue;
    const std::optional<LocatedText> text = values.Text(entry.value, "'" + key + "'");
    if (!text) continue;
    const std::string& value = text->text();
    if (key == "product") {
      draft.name.product = value;
    } else if (key == "category") {
      draft.name.category = value;
    } else if (key == "service") {
      draft.name.service = value;
    } else {
      draft.further.push_back(key);
    }
  }
  if (draft.name.empty() && diagnostics.errors() == told) {
    diagnostics.Error(kMissingKey, node.span,
                      "a logsource needs a 'product', a 'category' or a 'service'");
  }
  return draft;
}

// The entries of one stream that serve a rule and have the fields at the same places.
struct Served {
  const FieldMapping* fields = nullptr;
  std::vector<const Expression*> where;
  bool always = false;  // one of them has no condition
};

std::vector<Served> ServedBy(const Stream& stream, const LogsourceDraft& wanted) {
  std::vector<Served> all;
  if (!wanted.further.empty()) return all;
  for (const Logsource& entry : stream.logsources) {
    if (!entry.name.Has(wanted.name)) continue;
    auto same = std::find_if(all.begin(), all.end(),
                             [&](const Served& s) { return *s.fields == entry.fields; });
    if (same == all.end()) same = all.insert(all.end(), Served{&entry.fields, {}, false});
    if (entry.where) {
      same->where.push_back(&*entry.where);
    } else {
      same->always = true;
    }
  }
  return all;
}

// What an event of the stream has to meet to be one of the rule by this way.
ExprPtr ConditionOf(const RuleDraft& draft, StreamIndex stream, const Served& entry,
                    const StreamCatalog& streams) {
  std::vector<ExprPtr> all;
  if (!entry.always) {
    std::vector<ExprPtr> where;
    for (const Expression* condition : entry.where) where.push_back(Clone(*condition->root));
    all.push_back(AnyOf(std::move(where)));
  }
  all.push_back(Lower(draft.detection, stream, *entry.fields, streams));
  for (const auto& remains : draft.remains)
    all.push_back(Lower(*remains, stream, *entry.fields, streams));
  return AllOf(std::move(all));
}

uint32_t LocalsOf(const Served& entry) {
  uint32_t locals = 0;
  for (const Expression* condition : entry.where) locals = std::max(locals, condition->locals);
  return locals;
}

class RuleMaker {
 public:
  RuleMaker(const RuleDraft& draft, const StreamCatalog& streams)
      : draft_(draft), streams_(streams) {}

  // Whether any stream serves it.
  bool Run(Rule& rule) {
    std::vector<std::vector<Served>> served;
    for (StreamIndex stream = 0; stream < streams_.size(); ++stream) {
      served.push_back(ServedBy(streams_[stream], draft_.logsource));
      if (!served.back().empty()) rule.steps.push_back(MakeStep(stream, served.back()));
    }
    if (rule.steps.empty()) return false;
    rule.pattern = OneOf(rule.steps);
    for (const std::string& field : draft_.fields)
      rule.alert.fields.emplace_back(field, AlertField(field, rule.steps, served));
    return true;
  }

 private:
  Step MakeStep(StreamIndex stream, const std::vector<Served>& served) const {
    Step step;
    step.name = streams_[stream].name;
    step.span = draft_.metadata.span;
    step.selector.stream = stream;
    std::vector<ExprPtr> any;
    uint32_t locals = 0;
    for (const Served& entry : served) {
      any.push_back(ConditionOf(draft_, stream, entry, streams_));
      locals = std::max(locals, LocalsOf(entry));
    }
    Expression where = MakeExpression(AnyOf(std::move(any)), draft_.text);
    where.locals = locals;
    step.selector.where = std::move(where);
    return step;
  }

  // The field of whichever step took the event; where entries of a stream have it at different
  // places, the first that is there.
  Expression AlertField(const std::string& field, const std::vector<Step>& steps,
                        const std::vector<std::vector<Served>>& served) const {
    ExprPtr value;
    for (size_t i = steps.size(); i-- > 0;) {
      const StreamIndex stream = steps[i].selector.stream;
      const auto step = [&] { return StepOf(static_cast<uint32_t>(i), stream); };
      ExprPtr here;
      for (size_t s = served[stream].size(); s-- > 0;) {
        const FieldPath path = served[stream][s].fields->PathOf(field);
        ExprPtr one = FieldOf(step(), path);
        here = here == nullptr
                   ? std::move(one)
                   : Choose(FieldOf(step(), path, true), std::move(one), std::move(here));
      }
      value = value == nullptr
                  ? std::move(here)
                  : Choose(FieldOf(step(), {}, true), std::move(here), std::move(value));
    }
    return MakeExpression(std::move(value), draft_.text);
  }

  const RuleDraft& draft_;
  const StreamCatalog& streams_;
};

}  // namespace

std::vector<ServedSource> SourcesOf(const RuleDraft& draft, const StreamCatalog& streams) {
  std::vector<ServedSource> sources;
  for (StreamIndex stream = 0; stream < streams.size(); ++stream) {
    for (const Served& entry : ServedBy(streams[stream], draft.logsource)) {
      Expression where = MakeExpression(ConditionOf(draft, stream, entry, streams), draft.text);
      where.locals = LocalsOf(entry);
      sources.push_back({stream, entry.fields, std::move(where)});
    }
  }
  return sources;
}

Place OneOf(const std::vector<Step>& steps) {
  std::vector<Place> places;
  for (const Step& step : steps) {
    places.push_back({.kind = Place::Kind::kStep,
                      .index = static_cast<uint32_t>(places.size()),
                      .span = step.span});
  }
  Place pattern{.kind = Place::Kind::kGroup, .span = steps.front().span};
  if (places.size() == 1) {
    pattern.places = std::move(places);
  } else {
    pattern.places.push_back(
        {.kind = Place::Kind::kAnyOf, .places = std::move(places), .span = pattern.span});
  }
  return pattern;
}

std::vector<std::string> NamesOf(const std::vector<RuleDraft>& drafts) {
  std::vector<std::string> names;
  for (const RuleDraft& draft : drafts) {
    names.push_back(draft.metadata.id);
    if (!draft.metadata.name.empty()) names.push_back(draft.metadata.name);
  }
  return names;
}

LogsourceDraft ReadLogsource(const Node& node, const Span& place, const std::string& what,
                             Diagnostics& diagnostics) {
  const Node* logsource = node.Find("logsource");
  if (logsource == nullptr) {
    diagnostics.Error(kMissingKey, place, what + " needs 'logsource': which events it is about");
    return {};
  }
  if (logsource->kind != NodeKind::kMap) {
    diagnostics.Error(
        kWrongKind, logsource->span,
        "'logsource' must be a map, and this is " + std::string(KindName(logsource->kind)));
    return {};
  }
  return ReadLogsourceMap(*logsource, diagnostics);
}

RuleDraft ReadRuleDraft(const Node& node, ReadContext& context) {
  const size_t told = context.diagnostics.errors();
  ValueReader values(kRuleCodes, context.diagnostics);
  RuleDraft draft;
  draft.metadata = ReadMetadata(node, "a Sigma rule", values);
  draft.logsource = ReadLogsource(node, draft.metadata.span, "a Sigma rule", context.diagnostics);
  if (const Node* detection = node.Find("detection")) {
    if (std::optional<ReadDetection> read = ReadDetectionMap(*detection, {}, context)) {
      draft.detection = std::move(read->detection);
      draft.text = std::move(read->text);
    }
  } else {
    context.diagnostics.Error(kMissingKey, draft.metadata.span, "a Sigma rule needs 'detection'");
  }
  if (const Node* fields = FindValue(node, "fields")) {
    for (const LocatedText& field :
         values.Texts(*fields, "'fields'").value_or(std::vector<LocatedText>{})) {
      if (std::find(draft.fields.begin(), draft.fields.end(), field.text()) == draft.fields.end())
        draft.fields.push_back(field.text());
    }
  }
  draft.good = context.diagnostics.errors() == told;
  return draft;
}

std::optional<Rule> MakeRule(RuleDraft draft, const StreamCatalog& streams,
                             Diagnostics& diagnostics) {
  Rule rule;
  rule.id = draft.metadata.id;
  rule.name = draft.metadata.name;
  rule.title = draft.metadata.title;
  rule.description = draft.metadata.description;
  rule.status = draft.metadata.status;
  rule.level = draft.metadata.level.value_or(Level::kMedium);
  rule.tags = draft.metadata.tags;
  rule.mode = draft.mode;
  rule.span = draft.metadata.span;
  if (!RuleMaker(draft, streams).Run(rule)) {
    Diagnostic& warning = diagnostics.Warning(
        kUnservedLogsource, draft.logsource.span,
        "no stream serves { " + draft.logsource.name.ToString() + " }: the rule does not run");
    for (const std::string& key : draft.logsource.further)
      warning.notes.push_back("no stream can say '" + key + "' of itself");
    return std::nullopt;
  }
  if (rule.steps.size() > kMostStreamsOfARule) {
    diagnostics.Error(kOutOfRange, draft.logsource.span,
                      std::to_string(rule.steps.size()) + " streams serve this rule, and " +
                          std::to_string(kMostStreamsOfARule) + " is the most");
    return std::nullopt;
  }
  rule.fingerprint = ComputeFingerprint(rule, streams);
  return rule;
}

}  // namespace telltale::rules::sigma
