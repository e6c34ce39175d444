#include "engine/alert/alert_plan.h"

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>

#include "engine/condition/scratch.h"
#include "engine/event/bytes.h"
#include "rules/model/joint_suppression.h"

namespace telltale::engine {
namespace {

absl::StatusOr<std::vector<ProgramPtr>> CompileAll(
    const std::vector<rules::Expression>& expressions, const std::vector<EventLayout>& layouts,
    const Inputs* inputs) {
  std::vector<ProgramPtr> programs;
  for (const rules::Expression& expression : expressions) {
    absl::StatusOr<ProgramPtr> program = Compile(expression, layouts, inputs);
    if (!program.ok()) return program.status();
    programs.push_back(*std::move(program));
  }
  return programs;
}

using Reads = std::set<std::pair<uint32_t, rules::FieldPath>>;

void Collect(const std::vector<rules::Expression>& expressions, Reads& reads) {
  for (const rules::Expression& expression : expressions) {
    for (const rules::FieldRead& read : expression.reads) reads.emplace(read.stream, read.path);
  }
}

void Collect(const rules::Selector& selector, Reads& reads) {
  Collect(selector.by, reads);
  if (selector.where) Collect({*selector.where}, reads);
}

void Add(const rules::KeyPart& part, PartHasher& hasher) {
  if (part) {
    hasher.Add(*part);
  } else {
    hasher.AddMissing();
  }
}

PartHasher Identity(const rules::Rule& rule, AlertKind kind, int64_t time,
                    const rules::KeyParts& key) {
  PartHasher hasher;
  hasher.Add(rule.id)
      .Add(rule.fingerprint[0])
      .Add(rule.fingerprint[1])
      .Add(static_cast<uint64_t>(kind));
  hasher.Add(static_cast<uint64_t>(time)).Add(key.size());
  for (const rules::KeyPart& part : key) Add(part, hasher);
  return hasher;
}

AlertKind KindOf(const Match& match) {
  if (match.window != nullptr) return AlertKind::kWindow;
  return match.timeout ? AlertKind::kTimeout : AlertKind::kMatch;
}

Frame FrameOf(const Match& match, const rules::KeyParts& key) {
  return {.event = nullptr,
          .steps = match.by_step,
          .key = key.data(),
          .aggregates = match.window == nullptr ? nullptr : match.window->values,
          .match_count = match.count};
}

std::string TextOf(const std::vector<std::string>& literals, const std::vector<ProgramPtr>& holes,
                   const Frame& frame, Scratch& scratch) {
  std::string text = literals[0];
  for (size_t i = 0; i < holes.size(); ++i) {
    AppendText(Evaluate(*holes[i], frame, scratch), text);
    text += literals[i + 1];
  }
  return text;
}

}  // namespace

absl::StatusOr<AlertPlan> AlertPlan::Compile(const rules::Rule& rule,
                                             const rules::StreamCatalog& streams,
                                             const std::vector<EventLayout>& layouts,
                                             const Inputs* inputs) {
  AlertPlan plan;
  plan.rule_ = &rule;
  plan.suppresses_jointly_ = rules::SuppressesJointly(rule);
  plan.streams_ = &streams;
  std::vector<rules::Expression> fields;
  for (const auto& [name, expression] : rule.result_fields()) fields.push_back(expression);
  std::vector<rules::Expression> record_key;
  if (rule.output && rule.output->key) record_key.push_back(*rule.output->key);
  const std::vector<rules::Expression> holes =
      rule.alert.title ? rule.alert.title->holes : std::vector<rules::Expression>();
  const std::vector<rules::Expression> suppress_by =
      rule.suppress ? rule.suppress->by : std::vector<rules::Expression>();
  std::vector<rules::Expression> exceptions;
  for (const rules::Exception& exception : rule.exceptions) exceptions.push_back(exception.where);
  std::vector<rules::Expression> risk;
  for (const rules::RiskModifier& modifier : rule.alert.risk_modifiers)
    risk.push_back(modifier.where);
  std::vector<rules::Expression> entities;
  for (const rules::Entity& entity : rule.alert.entities) entities.push_back(entity.id);
  const std::pair<const std::vector<rules::Expression>*, std::vector<ProgramPtr>*> parts[] = {
      {&holes, &plan.title_},
      {&fields, &plan.fields_},
      {&suppress_by, &plan.suppress_by_},
      {&exceptions, &plan.exceptions_},
      {&risk, &plan.risk_},
      {&entities, &plan.entities_},
      {&record_key, &plan.record_key_}};
  Reads reads;
  for (const auto& [expressions, programs] : parts) {
    absl::StatusOr<std::vector<ProgramPtr>> compiled = CompileAll(*expressions, layouts, inputs);
    if (!compiled.ok()) return compiled.status();
    *programs = *std::move(compiled);
    Collect(*expressions, reads);
  }
  std::vector<const rules::Selector*> selectors;
  for (const rules::Step& step : rule.steps) selectors.push_back(&step.selector);
  for (const rules::Absence& absence : rule.absences) selectors.push_back(&absence.selector);
  for (const rules::Until& until : rule.untils) selectors.push_back(&until.selector);
  for (const rules::Selector* selector : selectors) {
    Collect(*selector, reads);
    absl::StatusOr<KeyFinder> finder =
        KeyFinder::Compile(*selector, rule.group_missing_key, layouts, inputs);
    if (!finder.ok()) return finder.status();
    plan.sources_.push_back({selector->stream, *std::move(finder)});
  }
  if (rule.aggregate) {
    rule.aggregate->ForEachCall([&](const rules::AggregateCall& call) {
      for (const std::vector<rules::Expression>& arguments : call.arguments)
        Collect(arguments, reads);
    });
  }
  for (const rules::StepWindow& window : rule.windows) {
    for (const rules::AggregateCall& call : window.aggregate.calls) {
      for (const std::vector<rules::Expression>& arguments : call.arguments)
        Collect(arguments, reads);
    }
  }
  if (rule.new_terms) {
    for (const std::vector<rules::Expression>& terms : rule.new_terms->fields)
      Collect(terms, reads);
  }
  plan.evidence_.resize(layouts.size());
  plan.alert_id_ = layouts[streams.alerts()].Find({"alert", "id"});
  plan.alert_rule_ = layouts[streams.alerts()].Find({"rule", "id"});
  if (rule.feeds) plan.event_ = AlertEventPlan(rule, streams, layouts[streams.alerts()]);
  for (const auto& [stream, path] : reads) {
    // What a rule demands of alerts unasked is not worth showing.
    if (stream == streams.alerts() &&
        (path == rules::FieldPath{"rule", "on_alerts"} ||
         (path == rules::FieldPath{"alert", "suppressed"} && !rule.reads_suppressed))) {
      continue;
    }
    if (const auto slot = layouts[stream].Find(path))
      AddMember(path, *slot, plan.evidence_[stream]);
  }
  return plan;
}

// As the `by` of the step that took the first event gives it. Expressions count on all its parts,
// also where state that was read from bytes holds an event that does not give the key.
rules::KeyParts AlertPlan::KeyOf(const Match& match, Scratch& scratch) const {
  rules::KeyParts key;
  if (match.size != 0) {
    key = sources_[match.steps[0]].keys.KeyOf(*match.events[0], match.key, scratch);
  } else if (match.key_parts != nullptr) {
    key = *match.key_parts;
  }
  key.resize(rule_->key_names.size());
  return key;
}

// As any `by` gives it that the event comes in by: in steps with keys under different names the
// event may be one that no step takes, as where it ends a greedy repeat.
rules::KeyParts AlertPlan::KeyOf(const LimitHit& hit, Scratch& scratch) const {
  KeyMemory memory;
  std::string bytes;
  for (const Source& source : sources_) {
    if (source.stream != hit.event->stream) continue;
    bytes.clear();
    ByteWriter out(bytes);
    if (!source.keys.WriteKey(*hit.event, hit.key, scratch, memory, out)) continue;
    ByteReader in(bytes);
    return KeyFinder::ReadKey(rule_->key_names.size(), in);
  }
  return rules::KeyParts(rule_->key_names.size());
}

Alert AlertPlan::Make(const Match& match, Scratch& scratch, uint32_t& errors) const {
  Alert alert;
  alert.rule = rule_;
  alert.kind = KindOf(match);
  alert.time = match.time;
  alert.key = KeyOf(match, scratch);
  alert.truncated = match.truncated;
  alert.match_count = match.count;
  const Frame frame = FrameOf(match, alert.key);
  alert.title = rule_->alert.title ? TextOf(rule_->alert.title->literals, title_, frame, scratch)
                                   : rule_->title;
  alert.risk_score = RiskOf(frame, scratch, errors);
  AddEntities(frame, scratch, alert);
  for (size_t i = 0; i < fields_.size(); ++i) {
    const Value value = Evaluate(*fields_[i], frame, scratch);
    if (value.is(ValueKind::kError) || value.is(ValueKind::kAbsent)) continue;
    std::string json;
    AppendJson(value, json);
    alert.fields.emplace_back(rule_->result_fields()[i].first, std::move(json));
  }
  if (!record_key_.empty() && !KeyText(Evaluate(*record_key_[0], frame, scratch), alert.record_key))
    alert.record_key.clear();
  PartHasher identity = Identity(*rule_, alert.kind, alert.time, alert.key);
  if (match.window != nullptr) {
    alert.window = {
        .start = match.window->start, .end = match.window->end, .by_event = match.window->by_event};
    identity.Add(static_cast<uint64_t>(alert.window->start))
        .Add(static_cast<uint64_t>(alert.window->end));
  }
  // A window is what it is by its decider, however many events are shown (W2).
  const uint32_t identified_from = match.window == nullptr  ? 0
                                   : match.window->by_event ? match.size - 1
                                                            : match.size;
  alert.evidence.reserve(match.size);
  for (uint32_t i = 0; i < match.size; ++i) {
    const Event& event = *match.events[i];
    alert.evidence.push_back({.step = match.steps[i],
                              .stream = event.stream,
                              .partition = event.partition,
                              .offset = event.offset,
                              .time = event.time,
                              .event = EvidenceJson(event),
                              .alert_id = TextIn(event, alert_id_),
                              .alert_rule = TextIn(event, alert_rule_)});
    if (i < identified_from) continue;
    identity.Add((*streams_)[event.stream].name)
        .Add(event.partition)
        .Add(static_cast<uint64_t>(event.offset));
  }
  alert.id = identity.Finish();
  return alert;
}

std::string AlertPlan::TextIn(const Event& event, std::optional<uint32_t> slot) const {
  if (event.stream != streams_->alerts() || !slot) return "";
  const Value text = event.slot(*slot);
  return text.is(ValueKind::kString) ? std::string(text.as_string()) : "";
}

const Event* AlertPlan::MakeEvent(const Match& match, const Alert& alert, bool suppressed,
                                  const AlertEventPlan* plan, Scratch& scratch,
                                  EventBuilder& builder) const {
  const Frame frame = FrameOf(match, alert.key);
  return (plan != nullptr ? *plan : event_)
      .Make(
          alert, suppressed,
          [&](uint32_t field) { return Evaluate(*fields_[field], frame, scratch); }, builder);
}

Alert AlertPlan::MakeLimit(const LimitHit& hit, Scratch& scratch) const {
  Alert alert;
  alert.rule = rule_;
  alert.kind = AlertKind::kLimit;
  alert.time = hit.event->time;
  alert.key = KeyOf(hit, scratch);
  alert.truncated = true;
  alert.risk_score = rule_->alert.risk_score;
  alert.title = "Limit of rule '" + rule_->id + "' reached";
  alert.id = Identity(*rule_, alert.kind, hit.hour, alert.key).Finish();
  return alert;
}

int64_t AlertPlan::RiskOf(const Frame& frame, Scratch& scratch, uint32_t& errors) const {
  int64_t score = rule_->alert.risk_score;
  for (size_t i = 0; i < risk_.size(); ++i) {
    const Verdict verdict = Test(*risk_[i], frame, scratch);
    if (verdict == Verdict::kError) ++errors;
    if (verdict == Verdict::kTrue) score += rule_->alert.risk_modifiers[i].score;
  }
  return std::clamp<int64_t>(score, 0, rules::kHighestRisk);
}

void AlertPlan::AddEntities(const Frame& frame, Scratch& scratch, Alert& alert) const {
  std::set<std::pair<std::string_view, std::string>> there;  // an event may bring many
  for (size_t i = 0; i < entities_.size(); ++i) {
    const rules::Entity& entity = rule_->alert.entities[i];
    const auto add = [&](Value id) {
      std::string text;
      if (!KeyText(id, text)) return;
      if (!there.emplace(entity.type, text).second) return;
      alert.entities.push_back({.type = entity.type,
                                .id = std::move(text),
                                .risk_score = entity.risk_score.value_or(alert.risk_score)});
    };
    const Value value = Evaluate(*entities_[i], frame, scratch);
    if (!value.is(ValueKind::kList)) {
      add(value);
      continue;
    }
    for (uint32_t e = 0; e < value.size(); ++e) add(value.elements()[e].Load());
  }
}

AlertPlan::Exempt AlertPlan::Except(const Match& match, Scratch& scratch) const {
  const rules::KeyParts key = KeyOf(match, scratch);
  Frame frame = FrameOf(match, key);
  // For rules over single events, whose exceptions see its fields.
  if (match.size != 0) frame.event = match.events[0];
  Exempt exempt;
  for (uint32_t i = 0; i < exceptions_.size(); ++i) {
    const rules::Exception& exception = rule_->exceptions[i];
    if (exception.expires && match.time >= *exception.expires) continue;
    const Verdict verdict = Test(*exceptions_[i], frame, scratch);
    if (verdict == Verdict::kError) ++exempt.errors;
    if (verdict != Verdict::kTrue) continue;
    exempt.exception = i;
    break;
  }
  return exempt;
}

Hash128 AlertPlan::SuppressionKey(const Match& match, Scratch& scratch) const {
  const rules::KeyParts key = KeyOf(match, scratch);
  const Frame frame = FrameOf(match, key);
  PartHasher hasher;
  for (const ProgramPtr& by : suppress_by_) {
    // Any value tells alerts apart, one that is missing too; as text, so that 17 and "17" are one
    // (K1), but null is no text.
    const Value value = Evaluate(*by, frame, scratch);
    rules::KeyPart part;
    if (!value.is(ValueKind::kNull)) AppendText(value, part.emplace());
    Add(part, hasher);
  }
  return hasher.Finish();
}

Hash128 AlertPlan::DedupKey(const Alert& alert, const Hash128* suppression_key,
                            int64_t episode) const {
  PartHasher hasher;
  hasher.Add(rule_->id);
  if (suppression_key != nullptr) {
    hasher.Add((*suppression_key)[0])
        .Add((*suppression_key)[1])
        .Add(static_cast<uint64_t>(episode));
  } else {
    for (const rules::KeyPart& part : alert.key) Add(part, hasher);
  }
  return hasher.Finish();
}

// REQUIRES: paths come in their order, so that what contains others comes before them.
void AlertPlan::AddMember(const rules::FieldPath& path, uint32_t slot, Member& whole) {
  Member* member = &whole;
  for (const std::string& name : path) {
    if (member->slot) return;
    std::string json;
    AppendJson(Value::String(name), json);
    json += ':';
    if (member->members.empty() || member->members.back().name != json)
      member->members.push_back({.name = std::move(json), .slot = {}, .members = {}});
    member = &member->members.back();
  }
  if (!member->slot) member->slot = slot;
}

// False: the event has none of them.
bool AlertPlan::AppendMembers(const std::vector<Member>& members, const Event& event,
                              std::string& out) {
  out += '{';
  bool any = false;
  for (const Member& member : members) {
    const size_t before = out.size();
    if (any) out += ',';
    out += member.name;
    bool there = false;
    if (member.slot) {
      const Value value = event.slot(*member.slot);
      there = !value.is(ValueKind::kAbsent) && !value.is(ValueKind::kError);
      if (there) AppendJson(value, out);
    } else {
      there = AppendMembers(member.members, event, out);
    }
    if (!there) out.resize(before);
    any = any || there;
  }
  out += '}';
  return any;
}

std::string AlertPlan::EvidenceJson(const Event& event) const {
  constexpr size_t kUsualSlotBytes = 24;  // with its name
  const Member& whole = evidence_[event.stream];
  std::string out;
  out.reserve(2 + whole.members.size() * kUsualSlotBytes);
  if (whole.slot) {
    AppendJson(event.slot(*whole.slot), out);
  } else {
    AppendMembers(whole.members, event, out);
  }
  return out;
}

}  // namespace telltale::engine
