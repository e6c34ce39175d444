#include "rules/load/checks/not_check.h"

#include <algorithm>
#include <string>
#include <vector>

namespace telltale::rules {
namespace {

void CheckLeading(const Absence& absence, Diagnostics& diagnostics) {
  if (absence.within) return;
  diagnostics.Error(kLeadingNotWithoutWithin, absence.span,
                    "a 'not' before the first step needs a 'within': how far back to look");
}

void CheckTrailing(const Rule& rule, const Absence& absence, Diagnostics& diagnostics) {
  if (absence.within || rule.within) return;
  diagnostics.Error(
      kTrailingNotWithoutDeadline, absence.span,
      "a 'not' after the last step needs a 'within', here or on the rule: how long to wait");
}

void CheckBetween(const Absence& absence, Diagnostics& diagnostics) {
  if (!absence.within) return;
  diagnostics.Error(
      kAbsenceWithinBetween, absence.span,
      "a 'not' between two steps holds from the one to the other; 'within' has no meaning there");
}

// Of the places of a group, those of the sequence itself (`whole`) or of one in it.
void CheckNotsOf(const Rule& rule, const Place& group, bool whole, Diagnostics& diagnostics) {
  const std::vector<Place>& places = group.places;
  const auto is_not = [](const Place& place) { return place.IsNot(); };
  const auto first = std::find_if_not(places.begin(), places.end(), is_not);
  const auto behind = std::find_if_not(places.rbegin(), places.rend(), is_not).base();
  for (auto at = places.begin(); at != places.end(); ++at) {
    if (!at->IsNot()) continue;
    const Absence& absence = rule.absences[at->index];
    if (at > first && at < behind) {
      CheckBetween(absence, diagnostics);
      continue;
    }
    if (!whole) {
      diagnostics.Error(kMisplacedNot, absence.span,
                        "a 'not' in a group stands between two of its places; before or behind "
                        "the group it says the same of what is there");
      continue;
    }
    if (at->contiguity == Contiguity::kStrict) {
      diagnostics.Error(kIdleContiguity, absence.span,
                        "a 'not' before the first or behind the last step speaks of a time, and "
                        "cannot be strict");
    }
    if (at < first)
      CheckLeading(absence, diagnostics);
    else
      CheckTrailing(rule, absence, diagnostics);
  }
}

void CheckPlaces(const Rule& rule, const Place& place, Diagnostics& diagnostics) {
  if (place.kind == Place::Kind::kGroup) {
    CheckNotsOf(rule, place, &place == &rule.pattern, diagnostics);
  } else {
    for (const Place& inner : place.places) {
      if (!inner.IsNot()) continue;
      diagnostics.Error(kMisplacedNot, inner.span,
                        place.kind == Place::Kind::kAnyOf
                            ? "a 'not' is no alternative: it takes no event"
                            : "a 'not' is no member of an all_of: between which of the others it "
                              "should stand is open");
    }
  }
  for (const Place& inner : place.places) CheckPlaces(rule, inner, diagnostics);
}

// Whether the stream declares the path, or something above or below it.
bool Declares(const Stream& stream, const FieldPath& path) {
  return std::any_of(stream.fields.begin(), stream.fields.end(), [&](const auto& field) {
    const size_t common = std::min(field.first.size(), path.size());
    return std::equal(path.begin(), path.begin() + static_cast<std::ptrdiff_t>(common),
                      field.first.begin());
  });
}

// A condition that ends in an error did not happen (P4, P5): by a misspelt field everything would
// pass. `idle` says what does then not come about.
void WarnOfFields(const Selector& selector, const StreamCatalog& streams, const Code& code,
                  const char* idle, Diagnostics& diagnostics) {
  const Stream& stream = streams[selector.stream];
  if (!selector.where || stream.fields.empty()) return;
  for (const FieldRead& read : selector.where->reads) {
    if (read.stream != selector.stream || read.path.empty() || Declares(stream, read.path))
      continue;
    diagnostics.Warning(code, selector.where->text.Whole(),
                        "stream '" + stream.name + "' declares no field '" + PathText(read.path) +
                            "': where it is absent, " + idle);
  }
}

}  // namespace

void CheckNots(const Rule& rule, Diagnostics& diagnostics) {
  CheckPlaces(rule, rule.pattern, diagnostics);
}

void WarnOfUndeclared(const Rule& rule, const StreamCatalog& streams, Diagnostics& diagnostics) {
  for (const Absence& absence : rule.absences) {
    WarnOfFields(absence.selector, streams, kUndeclaredFieldInNot, "this 'not' bars nothing",
                 diagnostics);
  }
  for (const Until& until : rule.untils) {
    WarnOfFields(until.selector, streams, kUndeclaredFieldInUntil, "this 'until' ends nothing",
                 diagnostics);
  }
}

}  // namespace telltale::rules
