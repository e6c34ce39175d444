// What one key of a rule can make it hold.
#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "daemon/explain/meaning.h"
#include "engine/event/event.h"
#include "engine/pattern/matcher.h"
#include "rules/load/yaml/quantity.h"

namespace telltale::explain {
namespace {

using rules::Place;
using rules::Rule;
using rules::Step;

// How many partial matches `first` and `latest` can keep: one of each state, those apart that
// differ in counts from a repeat's `min` on (P6). What can take nothing more is none.
uint64_t Places(const rules::Automaton& compiled) {
  std::set<uint32_t> places;
  for (size_t s = 1; s < compiled.states.size(); ++s) {
    if (compiled.states[s].moves != 0) places.insert(compiled.states[s].place);
  }
  return places.size();
}

// The events that a place can take; 0: unbounded.
uint64_t MostEvents(const Place& place) {
  if (place.IsNot()) return 0;
  uint64_t once = place.IsStep() ? 1 : 0;
  for (const Place& inner : place.places) {
    if (inner.IsNot()) continue;
    const uint64_t events = MostEvents(inner);
    if (events == 0) return 0;
    once = place.kind == Place::Kind::kAnyOf ? std::max(once, events) : once + events;
  }
  return once * place.repeat.max;
}

// The time of `times` waits of `each` one after the other; none: without an end.
std::optional<int64_t> Waits(std::optional<int64_t> each, uint64_t times) {
  int64_t sum = 0;
  if (times == 0) return 0;
  if (!each || __builtin_mul_overflow(*each, times, &sum)) return std::nullopt;
  return sum;
}

std::optional<int64_t> Sum(std::optional<int64_t> a, std::optional<int64_t> b) {
  int64_t sum = 0;
  if (!a || !b || __builtin_add_overflow(*a, *b, &sum)) return std::nullopt;
  return sum;
}

std::optional<int64_t> Longer(std::optional<int64_t> a, std::optional<int64_t> b) {
  return a && b ? std::optional(std::max(*a, *b)) : std::nullopt;
}

std::optional<int64_t> LongestOf(const Place& place, std::optional<int64_t> entry);

// One time of it, from its first event to its last.
std::optional<int64_t> LongestTime(const Place& place, std::optional<int64_t> entry) {
  if (place.IsStep()) return entry;
  std::optional<int64_t> longest = 0;
  bool first = true;
  for (const Place& inner : place.places) {
    if (inner.IsNot()) continue;
    // Each member of an all_of waits from what was before it, by itself.
    const bool enters = place.kind == Place::Kind::kAnyOf ||
                        (place.kind == Place::Kind::kGroup && std::exchange(first, false));
    const std::optional<int64_t> of_inner = LongestOf(inner, enters ? entry : inner.within);
    longest =
        place.kind == Place::Kind::kGroup ? Sum(longest, of_inner) : Longer(longest, of_inner);
  }
  return longest;
}

// From the event before it to its last, where the first of it comes within `entry`.
std::optional<int64_t> LongestOf(const Place& place, std::optional<int64_t> entry) {
  const std::optional<int64_t> first = LongestTime(place, entry);
  if (!place.repeat.repeats()) return first;
  if (place.repeat.max == rules::kUnbounded) return std::nullopt;
  return Sum(first, Waits(LongestTime(place, place.repeat.within), place.repeat.max - 1));
}

// From its first event until it has ended one way or another; none where it may wait for ever.
std::optional<int64_t> LongestHeld(const Rule& rule, const rules::Automaton& compiled) {
  std::optional<int64_t> longest = LongestOf(rule.pattern, 0);
  int64_t deadline = 0;
  for (const uint32_t a : compiled.trailing)
    deadline = std::max(deadline, rule.absences[a].within.value_or(0));
  longest = Sum(longest, deadline);
  if (!rule.within) return longest;
  return longest ? std::min(*longest, *rule.within) : *rule.within;
}

uint64_t EventBytes(const engine::EventLayout& layout) {
  return sizeof(engine::Event) + layout.slot_count() * sizeof(engine::StoredValue);
}

std::string Grouped(uint64_t number) {
  std::string text = absl::StrCat(number);
  for (size_t at = text.size(); at > 3;) text.insert(at -= 3, 1, ',');
  return text;
}

std::string Bytes(uint64_t bytes) {
  constexpr uint64_t kKiB = 1024;
  if (bytes >= 10 * kKiB * kKiB) return absl::StrCat(Grouped(bytes / (kKiB * kKiB)), " MiB");
  if (bytes >= 10 * kKiB) return absl::StrCat(Grouped(bytes / kKiB), " KiB");
  return absl::StrCat(Grouped(bytes), " bytes");
}

// "result, country and user_id": the fields of its events that some rule of the set reads.
std::string Fields(const engine::EventLayout& layout) {
  std::vector<std::string> names;
  for (const engine::Field& field : layout.fields()) {
    names.push_back(field.path.empty() ? "the whole event" : absl::StrJoin(field.path, "."));
  }
  return names.empty() ? "no field" : absl::StrJoin(names, ", ");
}

}  // namespace

Bounds BoundsOf(const Rule& rule, const rules::Automaton& compiled,
                const std::vector<engine::EventLayout>& layouts) {
  Bounds bounds;
  if (!rule.HoldsState()) return bounds;
  bounds.partial_matches = rule.limits.partial_matches;
  bounds.events = rule.limits.events;
  if (!rules::KeepsAll(rule.match)) {
    bounds.partial_matches = std::min(bounds.partial_matches, Places(compiled));
    // Of the last step one less than it takes, for then it is done.
    const uint64_t most = MostEvents(rule.pattern);
    if (most != 0) bounds.events = std::min(bounds.events, bounds.partial_matches * (most - 1));
  }
  for (const Step& step : rule.steps) {
    bounds.event_bytes = std::max(bounds.event_bytes, EventBytes(layouts[step.selector.stream]));
  }
  bounds.bytes = bounds.partial_matches * engine::Matcher::kPartialBytes +
                 bounds.events * (sizeof(engine::ChainPool::Link) + bounds.event_bytes);
  return bounds;
}

std::vector<std::string> MemoryText(const Rule& rule, const rules::Automaton& compiled,
                                    const std::vector<engine::EventLayout>& layouts,
                                    const rules::StreamCatalog& streams) {
  if (rule.aggregate || rule.new_terms) return WindowMemoryText(rule, layouts, streams);
  if (!rule.HoldsState()) {
    return {rule.suppress ? "It holds no events; for each key of 'suppress' one episode."
                          : "It holds nothing."};
  }
  const Bounds bounds = BoundsOf(rule, compiled, layouts);
  std::vector<std::string> lines;
  lines.push_back(absl::StrCat(
      "Of a key at most ", Grouped(bounds.partial_matches), " partial match",
      bounds.partial_matches == 1 ? "" : "es", " with ", Grouped(bounds.events), " event",
      bounds.events == 1 ? "" : "s", " between them: ", Bytes(bounds.bytes),
      " and the text of the fields. Beyond its limits the ",
      rule.limits.on_limit == rules::OnLimit::kEvictOldest ? "oldest go" : "newest are refused",
      ", and the alerts say 'truncated'."));
  const std::optional<int64_t> longest = LongestHeld(rule, compiled);
  lines.push_back(longest ? absl::StrCat("No partial match is held for longer than ",
                                         rules::FormatDuration(*longest), " of event time.")
                          : "Nothing bounds how long a partial match waits: only the limits bound "
                            "what is held of a key.");
  for (const rules::StepWindow& window : rule.windows) {
    lines.push_back(absl::StrCat(
        "In the window ", window.name, " at most ", Grouped(rule.limits.events),
        " events of a key one by one, each with its time and what its values need of it. Beyond "
        "that they are kept in 64 parts of the window, and the alerts say 'truncated'."));
  }
  for (const rules::StreamIndex stream : rule.Streams())
    lines.push_back(KeptOf(stream, layouts, streams));
  return lines;
}

std::string KeptOf(rules::StreamIndex stream, const std::vector<engine::EventLayout>& layouts,
                   const rules::StreamCatalog& streams) {
  return absl::StrCat("Of an event of ", streams[stream].name,
                      " it is kept: ", Fields(layouts[stream]), " (", EventBytes(layouts[stream]),
                      " bytes and their text).");
}

}  // namespace telltale::explain
