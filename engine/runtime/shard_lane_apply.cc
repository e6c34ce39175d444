// What a lane does for an event that is settled, and what it fetches of those that come behind it.
#include <algorithm>
#include <array>

#include "engine/runtime/shard_lane.h"

namespace telltale::engine {
namespace {

// Quiet timers that are fired with an event, for each rule that it fits: more than it can arm, so
// that they never become more for long.
constexpr size_t kQuietAnEvent = 4;

// Of so many rules an event may fit so many that what they keep fills the cache.
constexpr size_t kManyRules = 64;

// The beginning of a matcher, where what it looks at for each event stands.
[[gnu::always_inline]] inline void FetchMatcher(const RuleMatcher* matcher) {
  constexpr size_t kLine = 64;
  for (size_t line = 0; line < 3; ++line)
    __builtin_prefetch(reinterpret_cast<const char*>(matcher) + line * kLine);
}

}  // namespace

void ShardLane::Apply(const Entry& entry, const Buffer::Upcoming& upcoming) {
  Prefetch(upcoming);
  const Delivery& delivery = entry.batch->deliveries[entry.delivery];
  const Event& event = entry.batch->EventOf(delivery);
  // Deadlines are closed: an event at the deadline still counts.
  if (timers_.DueBefore(event.time)) FireBefore(event.time);
  if (early_ && dedup_.active()) early_duplicates_.Remove(event, delivery.key);
  const int64_t seen_before = dedup_.active() ? dedup_.SeenBefore(event, delivery.key) : kNever;
  EventHandle held = kNoEvent;
  for (const Fit& fit : entry.batch->FitsOf(delivery)) {
    RuleState& state = states_[fit.rule];
    if (!dedup_.active() || Counts(fit, seen_before)) {
      MatcherOf(fit.rule).Process(event, delivery.key, fit.steps, fit.stops, held);
      CountPartialMatches(state);
    }
    if (state.speculation != nullptr && (!dedup_.active() || Concerns(fit)))
      state.speculation->Apply(delivery.key);
  }
  if (held != kNoEvent) memory_.events.Unref(held);
  if (quiet_timers_.DueBefore(event.time))
    FireQuiet(event.time, kQuietAnEvent * delivery.fit_count);
  Leave(entry);
}

bool ShardLane::Counts(const Fit& fit, int64_t seen_before) {
  const RuleState& state = states_[fit.rule];
  const bool fits = fit.steps != 0 || fit.stops != 0;
  if (seen_before != kNever && seen_before > state.begin.value_or(kNever)) {
    if (fits) counters_[state.index].duplicates.Add();
    return false;
  }
  return Concerns(fit);
}

inline void ShardLane::PrefetchFor(const Entry& entry, RuleMatcher::Fetch step) const {
  const Delivery& delivery = entry.batch->deliveries[entry.delivery];
  const Fit* fit = entry.batch->fits.data() + delivery.first_fit;
  if (delivery.fit_count == 1) {
    const RuleMatcher* matcher = states_[fit->rule].matcher.get();
    if (matcher != nullptr && step <= matcher->last_fetch())
      entry.found = matcher->Prefetch(delivery.key, step, entry.found);
    return;
  }
  for (const Fit* end = fit + delivery.fit_count; fit != end; ++fit) {
    const RuleMatcher* matcher = states_[fit->rule].matcher.get();
    if (matcher != nullptr && step <= matcher->last_fetch())
      matcher->Prefetch(delivery.key, step, RuleMatcher::kNotFound);
  }
}

// Where events fit many rules they are mostly not those that they were before, and what these keep
// fills the nearest cache: it is fetched later, and the matchers before it.
void ShardLane::Prefetch(const Buffer::Upcoming& upcoming) const {
  const bool many = states_.size() >= kManyRules;
  for (size_t step = many ? 1 : 0; step < std::size(kFetches); ++step) {
    const Entry* entry = upcoming[many ? step : (step + 1) * kEventsApart];
    if (entry == nullptr) return;
    PrefetchFor(*entry, kFetches[step]);
  }
  const Entry* entry = many ? upcoming[std::size(kFetches)] : nullptr;
  if (entry == nullptr) return;
  for (const Fit& fit : entry->batch->FitsOf(entry->batch->deliveries[entry->delivery])) {
    if (const RuleMatcher* matcher = states_[fit.rule].matcher.get()) FetchMatcher(matcher);
  }
}

void ShardLane::Leave(const Entry& entry) {
  for (const Fit& fit : entry.batch->FitsOf(entry.batch->deliveries[entry.delivery]))
    counters_[states_[fit.rule].index].buffered_events.Subtract();
  if (--entry.batch->waiting == 0) release_(entry.batch);
}

}  // namespace telltale::engine
