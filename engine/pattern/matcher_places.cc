// What stays of what an event has made: one partial match a place where the rule says so (P6), and
// no more than its limits (P10).
#include <algorithm>
#include <cstddef>

#include "engine/pattern/matcher.h"
#include "engine/time/saturation.h"

namespace telltale::engine {
void Matcher::Admit(KeyState& state) {
  ++state.events;
  if (arrivals_.empty()) return;
  for (Partial& partial : arrivals_) partial.born = state.events;
  if (arrivals_.size() > 1) MergeArrivals(state);
  partial_count_ -= static_cast<int64_t>(state.partials.size());
  if (rule_.match == rules::MatchMode::kAll) {
    SortByEvents(arrivals_.begin(), arrivals_.end());
    state.partials.insert(state.partials.end(), arrivals_.begin(), arrivals_.end());
  } else {
    AdmitOnePerPlace(state);
  }
  partial_count_ += static_cast<int64_t>(state.partials.size());
  for (const Partial& partial : arrivals_) NoteDeadline(state, partial.deadline);
  arrivals_.clear();
}

// P6: where a group and what is in it repeat, the same events come to the same state in two ways.
void Matcher::MergeArrivals(KeyState& state) {
  size_t kept = 0;
  for (size_t i = 0; i < arrivals_.size(); ++i) {
    const Partial& arrival = arrivals_[i];
    const auto same = [&](const Partial& other) {
      return other.state == arrival.state && other.first == arrival.first &&
             other.taken == arrival.taken && SameChain(other.chain, arrival.chain);
    };
    const auto end = arrivals_.begin() + static_cast<ptrdiff_t>(kept);
    const auto there = std::find_if(arrivals_.begin(), end, same);
    if (there == end) {
      arrivals_[kept++] = arrival;
      continue;
    }
    there->open |= arrival.open;
    UpdateDeadline(*there);
    Release(arrival, state);
  }
  arrivals_.resize(kept);
}

void Matcher::AdmitOnePerPlace(KeyState& state) {
  const auto place_of = [this](const Partial& partial) {
    return pattern_.states[partial.state].place;
  };
  for (const Partial& arrival : arrivals_) {
    const auto there = std::find_if(
        state.partials.begin(), state.partials.end(),
        [&](const Partial& partial) { return place_of(partial) == place_of(arrival); });
    if (there != state.partials.end()) {
      const bool arrival_wins = rule_.match == rules::MatchMode::kLatest
                                    ? !FirstBefore(arrival.first, there->first)
                                    : FirstBefore(arrival.first, there->first);
      if (!arrival_wins) {
        Release(arrival, state);
        continue;
      }
      Release(*there, state);
      state.partials.erase(there);
    }
    state.partials.push_back(arrival);
  }
  // They came by place; what a limit drops goes by T7's order (P10).
  const auto older = [&](const Partial& partial) { return partial.born != state.events; };
  SortByEvents(std::partition_point(state.partials.begin(), state.partials.end(), older),
               state.partials.end());
}

void Matcher::SortByEvents(std::vector<Partial>::iterator begin,
                           std::vector<Partial>::iterator end) {
  std::sort(begin, end, [this](const Partial& a, const Partial& b) {
    if (ChainBefore(a.chain, b.chain)) return true;
    if (ChainBefore(b.chain, a.chain)) return false;
    return a.state < b.state;
  });
}

// P10: what survives is first in T7's order (reject_new) or last (evict_oldest).
void Matcher::EnforceLimits(KeyState& state, const Event& event) {
  const rules::Limits& limits = rule_.limits;
  if (state.partials.size() <= limits.partial_matches && state.links <= limits.events) return;
  const auto drop = [&](size_t count) {
    const bool oldest = limits.on_limit == rules::OnLimit::kEvictOldest;
    const auto begin =
        oldest ? state.partials.begin() : state.partials.end() - static_cast<ptrdiff_t>(count);
    const auto end = begin + static_cast<ptrdiff_t>(count);
    for (auto it = begin; it != end; ++it) Release(*it, state);
    state.partials.erase(begin, end);
    partial_count_ -= static_cast<int64_t>(count);
  };
  if (state.partials.size() > limits.partial_matches)
    drop(state.partials.size() - limits.partial_matches);
  while (state.links > limits.events && !state.partials.empty()) drop(1);
  NoteLimit(state, event);
}

void Matcher::NoteLimit(KeyState& state, const Event& event) {
  state.truncated = true;
  const int64_t hour = LimitedKeys::HourOf(event.time);
  receiver_.OnLimit(number_, {.event = &event,
                              .step = limit_step_,
                              .key = state.key,
                              .hour = hour,
                              .first_in_hour = limited_.Note(state.key, hour)});
}

}  // namespace telltale::engine
