// What one key of a rule can make it hold.
#include <algorithm>
#include <optional>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "daemon/explain/meaning.h"
#include "engine/event/event.h"
#include "engine/pattern/matcher.h"
#include "rules/load/yaml/quantity.h"

namespace telltale::explain {
namespace {

using engine::Pattern;
using rules::Rule;
using rules::Step;

// How many partial matches `first` and `latest` can keep: one a state, a state being a step and how
// many events it has taken, from `min` on the same (P6). What can take nothing more is none.
uint64_t States(const Pattern& pattern) {
  uint64_t states = 0;
  for (const engine::StepPlan& step : pattern.steps) {
    states += step.min - 1;
    if (step.open_after != 0 || step.max != step.min) ++states;
  }
  return states;
}

// The events of one partial match: of the last step one less than it takes, where it then is done.
// 0: unbounded.
uint64_t LongestPartial(const Pattern& pattern) {
  uint64_t events = 0;
  for (const engine::StepPlan& step : pattern.steps) {
    if (step.max == rules::kUnbounded) return 0;
    events += step.max;
  }
  return events - 1;
}

// From its first event until it has ended one way or another; none where it may wait for ever.
std::optional<int64_t> LongestHeld(const Rule& rule) {
  int64_t longest = 0;
  bool bounded = true;
  for (size_t s = 0; s < rule.steps.size(); ++s) {
    const Step& step = rule.steps[s];
    const int64_t waits = step.max == rules::kUnbounded ? 0 : step.max - (s == 0 ? 1 : 0);
    if (waits == 0 && step.max != rules::kUnbounded) continue;
    bounded = bounded && step.within && step.max != rules::kUnbounded;
    int64_t sum = 0;
    if (!bounded || __builtin_mul_overflow(waits, *step.within, &sum) ||
        __builtin_add_overflow(longest, sum, &longest)) {
      bounded = false;
    }
  }
  int64_t deadline = 0;
  for (const rules::Absence& absence : rule.absences) {
    if (absence.before == rule.steps.size())
      deadline = std::max(deadline, absence.within.value_or(0));
  }
  bounded = bounded && !__builtin_add_overflow(longest, deadline, &longest);
  if (!rule.within) return bounded ? std::optional(longest) : std::nullopt;
  return bounded ? std::min(longest, *rule.within) : *rule.within;
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

Bounds BoundsOf(const Pattern& pattern, const std::vector<engine::EventLayout>& layouts) {
  const Rule& rule = *pattern.rule;
  Bounds bounds;
  if (!rule.HoldsState()) return bounds;
  bounds.partial_matches = rule.limits.partial_matches;
  bounds.events = rule.limits.events;
  if (rule.match != rules::MatchMode::kAll) {
    bounds.partial_matches = std::min(bounds.partial_matches, States(pattern));
    const uint64_t longest = LongestPartial(pattern);
    if (longest != 0) bounds.events = std::min(bounds.events, bounds.partial_matches * longest);
  }
  for (const Step& step : rule.steps) {
    bounds.event_bytes = std::max(bounds.event_bytes, EventBytes(layouts[step.selector.stream]));
  }
  bounds.bytes = bounds.partial_matches * engine::Matcher::kPartialBytes +
                 bounds.events * (sizeof(engine::ChainPool::Link) + bounds.event_bytes);
  return bounds;
}

std::vector<std::string> MemoryText(const Pattern& pattern,
                                    const std::vector<engine::EventLayout>& layouts,
                                    const rules::StreamCatalog& streams) {
  const Rule& rule = *pattern.rule;
  if (!rule.HoldsState()) {
    return {rule.suppress ? "It holds no events; for each key of 'suppress' one episode."
                          : "It holds nothing."};
  }
  const Bounds bounds = BoundsOf(pattern, layouts);
  std::vector<std::string> lines;
  lines.push_back(absl::StrCat(
      "Of a key at most ", Grouped(bounds.partial_matches), " partial match",
      bounds.partial_matches == 1 ? "" : "es", " with ", Grouped(bounds.events), " event",
      bounds.events == 1 ? "" : "s", " between them: ", Bytes(bounds.bytes),
      " and the text of the fields. Beyond its limits the ",
      rule.limits.on_limit == rules::OnLimit::kEvictOldest ? "oldest go" : "newest are refused",
      ", and the alerts say 'truncated'."));
  const std::optional<int64_t> longest = LongestHeld(rule);
  lines.push_back(longest ? absl::StrCat("No partial match is held for longer than ",
                                         rules::FormatDuration(*longest), " of event time.")
                          : "Nothing bounds how long a partial match waits: only the limits bound "
                            "what is held of a key.");
  for (const rules::StreamIndex stream : rule.Streams()) {
    lines.push_back(absl::StrCat("Of an event of ", streams[stream].name,
                                 " it is kept: ", Fields(layouts[stream]), " (",
                                 EventBytes(layouts[stream]), " bytes and their text)."));
  }
  return lines;
}

}  // namespace telltale::explain
