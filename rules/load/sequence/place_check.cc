#include "rules/load/sequence/place_check.h"

#include <string>

namespace telltale::rules {
namespace {

// Why the place's own `contiguity` never counts (P2); empty: it does.
std::string WhyContiguityIsIdle(const Place& place, const PlaceRole& role) {
  switch (role.in) {
    case PlaceRole::In::kAnyOf:
      return "how an alternative follows is said by the any_of: give it the 'contiguity'";
    case PlaceRole::In::kGroup:
      return role.first && !place.IsNot()
                 ? "how a group's first place follows is said by the group: give it the "
                   "'contiguity', or its repeat an 'inside'"
                 : "";
    case PlaceRole::In::kSequence:
      return role.first && !place.IsNot()
                 ? "no event is taken before the first place: it follows nothing"
                 : "";
    case PlaceRole::In::kAllOf:
      break;
  }
  return "";
}

void CheckContiguity(const Place& place, const PlaceRole& role, const Node& contiguity,
                     Diagnostics& diagnostics) {
  if (const std::string why = WhyContiguityIsIdle(place, role); !why.empty()) {
    diagnostics.Error(kIdleContiguity, contiguity.span, why);
  } else if (place.IsNot() && place.contiguity == Contiguity::kAny) {
    diagnostics.Error(
        kIdleContiguity, contiguity.span,
        "a 'not' is relaxed (no such event between) or strict (the very next event is "
        "none): 'any' has no meaning");
  }
}

// What is said of the events of a repeat where there is none.
void CheckRepeatOfOne(const Place& place, const Node& repeat, Diagnostics& diagnostics) {
  if (place.repeat.repeats() || place.repeat.max < place.repeat.min) return;
  for (const Entry& entry : repeat.entries) {
    const std::string& key = entry.key.text();
    if (key != "inside" && key != "within" && key != "greedy" && key != "until") continue;
    diagnostics.Error(kRepeatOfOne, entry.key.Whole(),
                      "'max: 1' is no repeat: '" + key + "' has nothing to act on");
  }
}

}  // namespace

void CheckPlace(const Place& place, const PlaceRole& role, const Node& body,
                Diagnostics& diagnostics) {
  if (const Node* contiguity = body.Find("contiguity"))
    CheckContiguity(place, role, *contiguity, diagnostics);
  if (const Node* optional = body.Find("optional");
      place.optional && role.in == PlaceRole::In::kAnyOf) {
    diagnostics.Error(kOptionalAlternative, optional->span,
                      "an alternative cannot be left out: make the any_of optional");
  }
  if (const Node* repeat = body.Find("repeat")) CheckRepeatOfOne(place, *repeat, diagnostics);
}

}  // namespace telltale::rules
