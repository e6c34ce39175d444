// What stays of what an event has made: one partial match a place where the rule says so (P6), and
// no more than its limits (P10).
#include <algorithm>
#include <cstddef>
#include <iterator>
#include <utility>

#include "engine/pattern/matcher.h"
#include "engine/time/saturation.h"

namespace telltale::engine {
void Matcher::Admit(KeyState& state) {
  ++state.events;
  if (state.crowd != nullptr) state.crowd->fresh = static_cast<uint32_t>(state.partials.size());
  if (arrivals_.empty()) return;
  for (Partial& partial : arrivals_) partial.born = state.events;
  if (pattern_.ambiguous && arrivals_.size() > 1) MergeArrivals(state);
  partial_count_ -= static_cast<int64_t>(state.partials.size());
  if (rules::KeepsAll(rule_.match)) {
    state.partials.insert(state.partials.end(), arrivals_.begin(), arrivals_.end());
    if (state.crowd != nullptr) {
      for (uint32_t place = state.crowd->fresh; place < state.partials.size(); ++place)
        Enter(state, place);
    }
  } else {
    AdmitOnePerPlace(state);
  }
  partial_count_ += static_cast<int64_t>(state.partials.size());
  for (const Partial& partial : arrivals_) NoteDeadline(state, partial.deadline);
  arrivals_.clear();
}

// P6: where a group and what is in it repeat, the same events come to the same state in two ways.
// They are one unless members of an all_of wait from different events on.
void Matcher::MergeArrivals(KeyState& state) {
  size_t kept = 0;
  for (size_t i = 0; i < arrivals_.size(); ++i) {
    const Partial& arrival = arrivals_[i];
    const auto same = [&](const Partial& other) {
      return other.state == arrival.state && other.first == arrival.first &&
             other.open == arrival.open && SameAnchors(other, arrival) &&
             SameChain(other.chain, arrival.chain);
    };
    const auto end = arrivals_.begin() + static_cast<ptrdiff_t>(kept);
    const auto there = std::find_if(arrivals_.begin(), end, same);
    if (there == end) {
      arrivals_[kept++] = arrival;
      continue;
    }
    Release(arrival, state);
  }
  arrivals_.resize(kept);
}

bool Matcher::SameAnchors(const Partial& a, const Partial& b) const {
  if (!pattern_.anchors) return true;
  const auto of = [this](const Partial& partial) { return anchors_.begin() + partial.anchors; };
  return std::equal(of(a), of(a) + pattern_.strands, of(b));
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

// P10: what survives is first in T7's order (reject_new) or last (evict_oldest).
void Matcher::EnforceLimits(KeyState& state, const Event& event) {
  const rules::Limits& limits = rule_.limits;
  const size_t alive = Alive(state);
  if (alive <= limits.partial_matches && state.links <= limits.events) return;
  size_t over = alive > limits.partial_matches ? alive - limits.partial_matches : 0;
  while ((over > 0 || state.links > limits.events) && FindGroupToDrop(state))
    over = DropOfGroup(state, over);
  if (!gaps_) return;  // only what is complete is held, which is not dropped
  Sweep(state);
  NoteLimit(state, event);
}

// Into order_ those of the event that is next to go. They are in order of their last events, so
// that only of the last event to go it matters how its own are ordered. False: there are none.
bool Matcher::FindGroupToDrop(KeyState& state) {
  order_.clear();
  const auto size = static_cast<uint32_t>(state.partials.size());
  const bool oldest = rule_.limits.on_limit == rules::OnLimit::kEvictOldest;
  uint32_t front = 0;
  if (oldest && state.crowd != nullptr) {
    uint32_t& first = state.crowd->front;
    while (first < size && state.partials[first].chain == kNoChain) ++first;
    front = first;
  }
  for (uint32_t i = front; i < size; ++i) {
    const uint32_t place = oldest ? i : size - 1 - i;
    const Partial& partial = state.partials[place];
    if (partial.chain == kNoChain) continue;
    if (!order_.empty() && partial.born != state.partials[order_.front()].born) break;
    order_.push_back(place);
  }
  return !order_.empty();
}

// Drops so many of those in order_, and then more as long as too many links are held, for those go
// one by one. Returns how many of others are left to drop.
size_t Matcher::DropOfGroup(KeyState& state, size_t over) {
  const bool all = over >= order_.size();
  if (!all) RankGroup(state);
  const bool oldest = rule_.limits.on_limit == rules::OnLimit::kEvictOldest;
  const auto goes_first = [&](uint32_t a, uint32_t b) {
    return IsBefore(state, oldest ? a : b, oldest ? b : a);
  };
  const auto goes_last = [&](uint32_t a, uint32_t b) { return goes_first(b, a); };
  const size_t count = all ? order_.size() : over;
  const auto middle = order_.begin() + static_cast<ptrdiff_t>(count);
  if (!all) std::nth_element(order_.begin(), middle, order_.end(), goes_first);
  for (auto it = order_.begin(); it != middle; ++it) Drop(state, state.partials[*it]);
  if (state.links <= rule_.limits.events || all) return over - count;
  // Of these it is mostly one or two.
  std::make_heap(middle, order_.end(), goes_last);
  for (auto end = order_.end(); end != middle && state.links > rule_.limits.events; --end) {
    std::pop_heap(middle, end, goes_last);
    Drop(state, state.partials[*(end - 1)]);
  }
  return 0;
}

// Ranks those in order_, which are of one event, where they are not of one ranking and different
// ranks. The same events are one rank: which of two such goes first, by their steps, may be the
// other way round for what they make, which is told apart by its events.
void Matcher::RankGroup(KeyState& state) {
  const uint32_t ranking = state.partials[order_.front()].ranking;
  bool known = ranking != 0;
  places_.clear();  // by rank, whether one has it
  for (size_t i = 0; known && i < order_.size(); ++i) {
    const Partial& partial = state.partials[order_[i]];
    if (partial.rank >= places_.size()) places_.resize(partial.rank + 1, 0);
    known = partial.ranking == ranking && std::exchange(places_[partial.rank], 1) == 0;
  }
  if (known) return;
  std::sort(order_.begin(), order_.end(),
            [&](uint32_t a, uint32_t b) { return IsBefore(state, a, b); });
  if (++last_ranking_ == 0) ++last_ranking_;
  Partial before;  // as it was
  uint32_t rank = 0;
  for (const uint32_t place : order_) {
    Partial& partial = state.partials[place];
    const bool known_to_differ =
        partial.ranking != 0 && partial.ranking == before.ranking && partial.rank != before.rank;
    if (known_to_differ || !SameEvents(before.chain, partial.chain)) ++rank;
    before = partial;
    partial.ranking = last_ranking_;
    partial.rank = rank;
  }
}

// By T7, then in the order in which they came.
bool Matcher::IsBefore(const KeyState& state, uint32_t a, uint32_t b) const {
  const Partial& x = state.partials[a];
  const Partial& y = state.partials[b];
  if (x.ranking == y.ranking && x.ranking != 0 && x.rank != y.rank) return x.rank < y.rank;
  const int order = memory_.chains.Compare(x.chain, y.chain);
  return order != 0 ? order < 0 : a < b;
}

void Matcher::NoteLimit(KeyState& state, const Event& event) {
  state.truncated = true;
  const int64_t hour = LimitedKeys::HourOf(event.time);
  receiver_.OnLimit(number_, {.event = &event,
                              .key = state.key,
                              .hour = hour,
                              .first_in_hour = limited_.Note(state.key, hour)});
}

}  // namespace telltale::engine
