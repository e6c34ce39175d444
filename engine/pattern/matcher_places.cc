// What stays of what an event has made: one partial match a place where the rule says so (P6), and
// no more than its limits (P10).
#include <algorithm>
#include <cstddef>
#include <iterator>

#include "engine/pattern/matcher.h"
#include "engine/time/saturation.h"

namespace telltale::engine {
void Matcher::Admit(KeyState& state) {
  ++state.events;
  if (arrivals_.empty()) return;
  for (Partial& partial : arrivals_) partial.born = state.events;
  if (pattern_.ambiguous && arrivals_.size() > 1) MergeArrivals(state);
  partial_count_ -= static_cast<int64_t>(state.partials.size());
  if (rule_.match == rules::MatchMode::kAll) {
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
}

bool Matcher::PartialBefore(const Partial& a, const Partial& b) const {
  const int order = memory_.chains.Compare(a.chain, b.chain);
  return order != 0 ? order < 0 : a.state < b.state;
}

void Matcher::SortByEvents(std::vector<Partial>::iterator begin,
                           std::vector<Partial>::iterator end) {
  std::sort(begin, end, [this](const Partial& a, const Partial& b) { return PartialBefore(a, b); });
}

// P10: what survives is first in T7's order (reject_new) or last (evict_oldest).
void Matcher::EnforceLimits(KeyState& state, const Event& event) {
  const rules::Limits& limits = rule_.limits;
  if (state.partials.size() <= limits.partial_matches && state.links <= limits.events) return;
  if (state.partials.size() > limits.partial_matches)
    DropForLimit(state, state.partials.size() - limits.partial_matches);
  if (state.links > limits.events) {
    // Which of them go hangs on all of their order, for links go one by one.
    for (auto begin = state.partials.begin(); begin != state.partials.end();) {
      const auto end = BornWith(state, begin);
      SortByEvents(begin, end);
      begin = end;
    }
    while (state.links > limits.events && !state.partials.empty()) DropForLimit(state, 1);
  }
  NoteLimit(state, event);
}

// One behind those that the same event has made as the first.
std::vector<Matcher::Partial>::iterator Matcher::BornWith(
    KeyState& state, std::vector<Partial>::iterator first) const {
  return std::find_if(first, state.partials.end(),
                      [&](const Partial& partial) { return partial.born != first->born; });
}

// They are in order of their last events, so that only of the last to go it matters how those of
// one event are ordered.
void Matcher::DropForLimit(KeyState& state, size_t count) {
  const bool oldest = rule_.limits.on_limit == rules::OnLimit::kEvictOldest;
  const size_t bound = oldest ? count : state.partials.size() - count;
  if (bound != 0 && bound < state.partials.size()) {
    const auto middle = state.partials.begin() + static_cast<ptrdiff_t>(bound);
    const uint32_t born = middle->born;
    auto begin = middle;
    while (begin != state.partials.begin() && std::prev(begin)->born == born) --begin;
    if (begin != middle) {
      std::nth_element(begin, middle, BornWith(state, middle),
                       [this](const Partial& a, const Partial& b) { return PartialBefore(a, b); });
    }
  }
  const auto begin = state.partials.begin() + static_cast<ptrdiff_t>(oldest ? 0 : bound);
  const auto end = begin + static_cast<ptrdiff_t>(count);
  for (auto it = begin; it != end; ++it) Release(*it, state);
  state.partials.erase(begin, end);
  partial_count_ -= static_cast<int64_t>(count);
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
