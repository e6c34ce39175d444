#include "tests/model/rule_spec.h"

#include <functional>
#include <sstream>
#include <utility>

namespace telltale::model {
namespace {

using Kind = PlaceSpec::Kind;

std::string Joined(const std::vector<std::string>& parts) {
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "" : ", ") + part;
  return text;
}

std::string Seconds(int seconds) { return std::to_string(seconds) + "s"; }

std::string Word(const PlaceSpec& place) {
  switch (place.kind) {
    case Kind::kStep:
      return place.name;
    case Kind::kNot:
      return "not";
    case Kind::kGroup:
      return "group";
    case Kind::kAnyOf:
      return "any_of";
    case Kind::kAllOf:
      return "all_of";
  }
  return "";
}

std::string RepeatOf(const PlaceSpec& place) {
  std::vector<std::string> keys = {"min: " + std::to_string(place.min)};
  if (place.max != 0) keys.push_back("max: " + std::to_string(place.max));
  if (!place.inside.empty()) keys.push_back("inside: " + place.inside);
  if (place.repeat_within != 0) keys.push_back("within: " + Seconds(place.repeat_within));
  if (place.greedy) keys.push_back("greedy: true");
  if (!place.until.empty() && place.until_stream.empty()) {
    keys.push_back("until: '" + place.until + "'");
  } else if (!place.until.empty()) {
    keys.push_back("until: { on: " + place.until_stream + ", where: '" + place.until + "' }");
  }
  return "repeat: { " + Joined(keys) + " }";
}

std::string Yaml(const PlaceSpec& place) {
  std::vector<std::string> keys;
  if (place.IsLeaf()) {
    keys.push_back("on: " + place.stream);
    if (!place.where.empty()) keys.push_back("where: '" + place.where + "'");
    if (!place.by.empty()) keys.push_back("by: " + place.by);
  } else {
    std::vector<std::string> inner;
    for (const PlaceSpec& one : place.places) inner.push_back(Yaml(one));
    keys.push_back("steps: [ " + Joined(inner) + " ]");
  }
  if (!place.contiguity.empty()) keys.push_back("contiguity: " + place.contiguity);
  if (place.within != 0) keys.push_back("within: " + Seconds(place.within));
  if (place.optional) keys.push_back("optional: true");
  if (place.min != 1 || place.max != 1) keys.push_back(RepeatOf(place));
  return Word(place) + ": { " + Joined(keys) + " }";
}

using UsePlace = std::function<void(const PlaceSpec&)>;
using UsePlaces = std::function<void(const std::vector<PlaceSpec>&)>;

// Calls `use` with each way to make the place a little simpler.
void ForEachSimpler(const PlaceSpec& place, const UsePlace& use);

// Calls `use` with every list that is a little simpler.
void ForEachSimpler(const std::vector<PlaceSpec>& places, const UsePlaces& use) {
  for (size_t i = 0; i < places.size(); ++i) {
    const auto with = [&](const std::vector<PlaceSpec>& others) {
      std::vector<PlaceSpec> list(places.begin(), places.begin() + static_cast<ptrdiff_t>(i));
      list.insert(list.end(), others.begin(), others.end());
      list.insert(list.end(), places.begin() + static_cast<ptrdiff_t>(i) + 1, places.end());
      use(list);
    };
    with({});
    if (!places[i].IsLeaf()) with(places[i].places);
    ForEachSimpler(places[i], [&](const PlaceSpec& simpler) { with({simpler}); });
  }
}

void ForEachSimpler(const PlaceSpec& place, const UsePlace& use) {
  const auto with = [&](bool said, const auto& change) {
    if (!said) return;
    PlaceSpec simpler = place;
    change(simpler);
    use(simpler);
  };
  with(place.min != 1 || place.max != 1, [](PlaceSpec& p) {
    p.min = p.max = 1;
    p.inside.clear();
    p.until.clear();
    p.repeat_within = 0;
    p.greedy = false;
  });
  with(place.min > 1, [](PlaceSpec& p) { --p.min; });
  with(place.max > 2 && place.max > place.min, [](PlaceSpec& p) { --p.max; });
  with(!place.inside.empty(), [](PlaceSpec& p) { p.inside.clear(); });
  with(!place.until.empty(), [](PlaceSpec& p) { p.until.clear(); });
  with(place.repeat_within != 0, [](PlaceSpec& p) { p.repeat_within = 0; });
  with(place.greedy, [](PlaceSpec& p) { p.greedy = false; });
  with(place.optional, [](PlaceSpec& p) { p.optional = false; });
  with(place.within != 0, [](PlaceSpec& p) { p.within = 0; });
  with(!place.contiguity.empty(), [](PlaceSpec& p) { p.contiguity.clear(); });
  with(!place.by.empty(), [](PlaceSpec& p) { p.by.clear(); });
  with(!place.where.empty(), [](PlaceSpec& p) { p.where.clear(); });
  ForEachSimpler(place.places, [&](const std::vector<PlaceSpec>& places) {
    with(!places.empty(), [&](PlaceSpec& p) { p.places = places; });
  });
}

}  // namespace

std::string RuleSpec::ToYaml() const {
  std::ostringstream out;
  out << "id: " << id << "\n";
  if (!by.empty()) out << "by: " << by << "\n";
  out << "sequence:\n";
  for (const PlaceSpec& place : places) out << "  - " << Yaml(place) << "\n";
  if (within != 0) out << "within: " << within << "s\n";
  if (!until.empty()) out << "until: " << until << "\n";
  if (!timeout_from.empty()) out << "on_timeout: { from: " << timeout_from << " }\n";
  if (match != "all") out << "match: " << match << "\n";
  if (after_match != "no_skip") out << "after_match: " << after_match << "\n";
  out << more;
  return out.str();
}

std::vector<RuleSpec> Simpler(const RuleSpec& rule) {
  std::vector<RuleSpec> all;
  const auto with = [&](bool said, const auto& change) {
    if (said) change(all.emplace_back(rule));
  };
  ForEachSimpler(rule.places, [&](const std::vector<PlaceSpec>& places) {
    with(!places.empty(), [&](RuleSpec& r) { r.places = places; });
  });
  with(rule.within != 0, [](RuleSpec& r) { r.within = 0; });
  with(rule.match != "all", [](RuleSpec& r) { r.match = "all"; });
  with(rule.after_match != "no_skip", [](RuleSpec& r) { r.after_match = "no_skip"; });
  with(!rule.until.empty(), [](RuleSpec& r) { r.until.clear(); });
  with(!rule.timeout_from.empty(), [](RuleSpec& r) { r.timeout_from.clear(); });
  with(!rule.more.empty(), [](RuleSpec& r) { r.more.clear(); });
  return all;
}

}  // namespace telltale::model
