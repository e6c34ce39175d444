#include "rules/load/sequence/place_reader.h"

#include <algorithm>
#include <utility>

#include "rules/load/sequence/place_quantities.h"
#include "rules/load/vocabulary/choices.h"
#include "rules/load/vocabulary/names.h"
#include "rules/load/vocabulary/sequence_keys.h"

namespace telltale::rules {
namespace {

// What the word in the place of a step's name makes of the item.
std::optional<Place::Kind> KindOf(std::string_view word) {
  for (const auto& [known, kind] : PlaceWords()) {
    if (known == word) return kind;
  }
  return std::nullopt;
}

const KeySet& KeysOf(Place::Kind kind) {
  if (kind == Place::Kind::kAnyOf) return AnyOfKeys();
  return kind == Place::Kind::kAllOf ? AllOfKeys() : GroupKeys();
}

PlaceRole::In InOf(Place::Kind kind) {
  if (kind == Place::Kind::kAnyOf) return PlaceRole::In::kAnyOf;
  return kind == Place::Kind::kAllOf ? PlaceRole::In::kAllOf : PlaceRole::In::kGroup;
}

// The list of steps in either form; null: there is none.
const Node* StepsOf(const Node& value) {
  if (value.kind == NodeKind::kSequence) return &value;
  return value.Find("steps");
}

}  // namespace

LeafCount CountLeaves(const std::vector<Node>& items) {
  LeafCount count;
  for (const Node& item : items) {
    if (item.entries.empty()) continue;
    const Entry& entry = item.entries.front();
    const std::optional<Place::Kind> kind = KindOf(entry.key.text());
    if (kind == Place::Kind::kNot) {
      ++count.nots;
    } else if (!kind) {
      ++count.steps;
    } else if (const Node* steps = StepsOf(entry.value)) {
      const LeafCount inner = CountLeaves(steps->items);
      count.steps += inner.steps;
      count.nots += inner.nots;
    }
  }
  return count;
}

void PlaceReader::ReadAll(const std::vector<Node>& items) {
  Place& pattern = context_.rule.pattern;
  pattern = {.kind = Place::Kind::kGroup, .span = context_.rule.span};
  pattern.places = ReadPlaces(items, PlaceRole::In::kSequence);
}

std::vector<Place> PlaceReader::ReadPlaces(const std::vector<Node>& items, PlaceRole::In in) {
  std::vector<Place> places;
  const bool alternatives = in == PlaceRole::In::kAnyOf;
  const std::vector<uint32_t> before = visible_;
  std::vector<uint32_t> all = visible_;
  bool first = true;
  for (const Node& item : items) {
    if (alternatives) visible_ = before;
    std::optional<Place> place = ReadItem(item, {in, first});
    placed_ = placed_ && place.has_value();
    if (alternatives) {
      all.insert(all.end(), visible_.begin() + static_cast<std::ptrdiff_t>(before.size()),
                 visible_.end());
    }
    if (!place) continue;
    first = first && place->IsNot();
    places.push_back(*std::move(place));
  }
  if (alternatives) visible_ = std::move(all);
  return places;
}

const Entry* PlaceReader::OnlyEntry(const Node& item) {
  const auto refuse = [this](const Span& span, const std::string& message) {
    context_.diagnostics.Error(kBadStepShape, span, message);
    return nullptr;
  };
  if (item.kind != NodeKind::kMap || item.entries.empty())
    return refuse(item.span, "a step is written '- NAME: { on: STREAM, ... }'");
  const Entry& entry = item.entries.front();
  if (item.Find("on") != nullptr) {
    return refuse(entry.key.Whole(), "this step has no name; write '- NAME: { on: STREAM, ... }'");
  }
  if (item.entries.size() > 1) {
    return refuse(item.entries[1].key.Whole(),
                  "'" + item.entries[1].key.text() + "' stands beside " +
                      (KindOf(entry.key.text()) ? "'" : "the step '") + entry.key.text() +
                      "': indent it to be inside, or begin it with '- '");
  }
  return &entry;
}

std::optional<Place> PlaceReader::ReadItem(const Node& item, PlaceRole role) {
  const Entry* entry = OnlyEntry(item);
  if (entry == nullptr) return std::nullopt;
  const std::optional<Place::Kind> kind = KindOf(entry->key.text());
  if (kind && kind != Place::Kind::kNot) return ReadMany(*entry, *kind, role);
  if (entry->value.kind == NodeKind::kSequence) {
    context_.diagnostics.Error(kBadStepShape, entry->key.Whole(),
                               "several steps in the place of one are written '- group: [ ... ]', "
                               "'- any_of: [ ... ]' or '- all_of: [ ... ]'");
    return std::nullopt;
  }
  return kind ? ReadNot(*entry, role) : ReadStep(*entry, role);
}

// A name that has an error is kept all the same, so that places of steps stay right.
void PlaceReader::CheckName(const LocatedText& name) {
  std::string wrong;
  if (!IsIdentifier(name.text()))
    wrong = "cannot name a step: letters, digits and '_', not a digit first";
  else if (IsReservedName(name.text()))
    wrong = "has a meaning in conditions and cannot name a step";
  else if (IsSequenceWord(name.text()))
    wrong = "is a word of sequences and cannot name a step";
  if (!wrong.empty()) {
    context_.diagnostics.Error(kBadStepName, name.Whole(), "'" + name.text() + "' " + wrong);
    context_.steps_known = false;
  }
  for (const Step& step : context_.rule.steps) {
    if (step.name != name.text()) continue;
    context_.diagnostics
        .Error(kDuplicateStep, name.Whole(), "the step name '" + name.text() + "' is taken")
        .labels.push_back({step.span, "by this step"});
    break;
  }
}

SelectorDraft PlaceReader::NewDraft(SelectorDraft::Owner owner, size_t index,
                                    std::string shown) const {
  SelectorDraft draft;
  draft.owner = owner;
  draft.index = static_cast<uint32_t>(index);
  draft.shown = std::move(shown);
  draft.visible = visible_;
  draft.before = static_cast<uint32_t>(context_.rule.steps.size());
  return draft;
}

Place PlaceReader::ReadStep(const Entry& entry, PlaceRole role) {
  const auto index = static_cast<uint32_t>(context_.rule.steps.size());
  SelectorDraft draft =
      NewDraft(SelectorDraft::Owner::kStep, index, "step '" + entry.key.text() + "'");
  const Diagnostics::Scope scope(context_.diagnostics, draft.shown);
  CheckName(entry.key);
  Place place{.kind = Place::Kind::kStep, .index = index, .span = entry.key.Whole()};
  Step step;
  step.name = entry.key.text();
  step.span = place.span;
  const Node& body = entry.value;
  bool later = false;
  if (context_.values.Map(body, StepKeys(), &later)) {
    const Node* on = body.Find("on");
    if (on == nullptr && !later) context_.values.Required(body, "on", step.span, "a step");
    if (on != nullptr) draft.stream = ReadStream(context_, *on);
    draft.FindExpressions(body);
    ReadQuantities(context_, body, RepeatKeys(), place);
    CheckPlace(place, role, body, context_.diagnostics);
  }
  if (draft.stream) step.selector.stream = *draft.stream;
  context_.steps_known = context_.steps_known && draft.stream.has_value();
  step.list = place.repeat.repeats() || repeats_ > 0;
  const bool list = step.list;
  context_.rule.steps.push_back(std::move(step));
  // Where it can take several, its own name is the list of those so far.
  if (list) draft.visible.push_back(index);
  drafts_.push_back(draft);
  visible_.push_back(index);
  if (const Node* until = FindUntil(body)) ReadUntil(*until, &draft, draft.shown, place);
  return place;
}

Place PlaceReader::ReadNot(const Entry& entry, PlaceRole role) {
  SelectorDraft draft =
      NewDraft(SelectorDraft::Owner::kAbsence, context_.rule.absences.size(), "'not'");
  const Diagnostics::Scope scope(context_.diagnostics, draft.shown);
  Place place{.kind = Place::Kind::kNot, .index = draft.index, .span = entry.key.Whole()};
  Absence absence;
  absence.span = place.span;
  const Node& body = entry.value;
  if (context_.values.Map(body, NotKeys())) {
    const Node* on = context_.values.Required(body, "on", absence.span, "a 'not'");
    if (on != nullptr) draft.stream = ReadStream(context_, *on);
    draft.FindExpressions(body);
    ReadQuantities(context_, body, RepeatKeys(), place);
    absence.within = std::exchange(place.within, std::nullopt);
    // One that cannot be read is told already; that there is none would be another mistake.
    if (body.Find("within") != nullptr && !absence.within) absence.within = 0;
    CheckPlace(place, role, body, context_.diagnostics);
  }
  if (draft.stream) absence.selector.stream = *draft.stream;
  context_.rule.absences.push_back(std::move(absence));
  drafts_.push_back(std::move(draft));
  return place;
}

Place PlaceReader::ReadMany(const Entry& entry, Place::Kind kind, PlaceRole role) {
  const Diagnostics::Scope scope(context_.diagnostics, "'" + entry.key.text() + "'");
  Place place{.kind = kind, .span = entry.key.Whole()};
  const Node& body = entry.value;
  const Node* steps = StepsOf(body);
  // A map without `steps` may be one of steps: what it holds is not told then, but what it should.
  if (steps != nullptr && body.kind == NodeKind::kMap && context_.values.Map(body, KeysOf(kind))) {
    ReadQuantities(context_, body, GroupRepeatKeys(), place);
    CheckPlace(place, role, body, context_.diagnostics);
  }
  if (steps == nullptr) {
    placed_ = false;
    context_.steps_known = false;
    context_.diagnostics.Error(
        kBadStepShape, place.span,
        "'" + entry.key.text() +
            "' is a list of steps, '[NAME: { ... }, ...]', or a map with the "
            "list in 'steps'");
    return place;
  }
  if (!context_.values.Sequence(*steps, "'" + entry.key.text() + "'")) {
    placed_ = false;
    context_.steps_known = context_.steps_known && steps->kind == NodeKind::kSequence;
    return place;
  }
  repeats_ += place.repeat.repeats() ? 1 : 0;
  place.places = ReadPlaces(steps->items, InOf(kind));
  repeats_ -= place.repeat.repeats() ? 1 : 0;
  if (const Node* until = FindUntil(body))
    ReadUntil(*until, nullptr, "'" + entry.key.text() + "'", place);
  return place;
}

// `step`: whose repeat it ends; null: that of several, which have no stream in common.
void PlaceReader::ReadUntil(const Node& until, const SelectorDraft* step, const std::string& shown,
                            Place& place) {
  const Diagnostics::Scope scope(context_.diagnostics, "'until'");
  SelectorDraft draft =
      NewDraft(SelectorDraft::Owner::kUntil, context_.rule.untils.size(), shown + ", 'until'");
  if (step == nullptr) {
    ReadUntilMap(until, UntilKeys(), draft);
  } else {
    // It sees what the step's condition sees.
    draft.visible = step->visible;
    draft.stream = step->stream;
    draft.by = step->by;
    if (until.is_scalar())
      draft.where = &until;
    else
      ReadUntilMap(until, RepeatUntilKeys(), draft);
  }
  place.repeat.until = draft.index;
  AddUntil(until.span, std::move(draft));
}

void PlaceReader::ReadUntilMap(const Node& until, const KeySet& keys, SelectorDraft& draft) {
  if (!context_.values.Map(until, keys)) return;
  if (const Node* on = until.Find("on")) {
    const std::optional<StreamIndex> stream = ReadStream(context_, *on);
    // Events of another stream have the key where the rule says.
    if (stream != draft.stream) draft.by = nullptr;
    draft.stream = stream;
  } else if (!keys.required.empty()) {
    context_.values.Required(until, "on", until.span, keys.owner);
  }
  draft.FindExpressions(until);
}

void PlaceReader::ReadRuleUntil(const Entry& entry) {
  const Diagnostics::Scope scope(context_.diagnostics, "'until'");
  SelectorDraft draft =
      NewDraft(SelectorDraft::Owner::kUntil, context_.rule.untils.size(), "'until'");
  draft.visible.clear();
  draft.sees_steps = false;
  ReadUntilMap(entry.value, UntilKeys(), draft);
  context_.rule.until = draft.index;
  AddUntil(entry.key.Whole(), std::move(draft));
}

void PlaceReader::AddUntil(const Span& span, SelectorDraft draft) {
  Until until;
  until.span = span;
  if (draft.stream) until.selector.stream = *draft.stream;
  context_.rule.untils.push_back(std::move(until));
  drafts_.push_back(std::move(draft));
}

}  // namespace telltale::rules
