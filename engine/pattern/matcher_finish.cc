// What becomes of finished matches: which of them count (P6, P10), what they wait for (P4, P7, P8),
// and what they skip (P7).
#include <algorithm>
#include <bit>
#include <cstddef>

#include "engine/pattern/matcher.h"
#include "engine/time/saturation.h"

namespace telltale::engine {

// All steps of the partial match are done, by the event under way or because a greedy way ended.
void Matcher::Complete(const Partial& partial) {
  memory_.chains.Ref(partial.chain);
  completed_.push_back({.chain = partial.chain,
                        .first = partial.first,
                        .first_time = partial.first_time,
                        .last_time = partial.last_time,
                        .time = partial.last_time,
                        .by_deadline = false,
                        .broken = partial.broken});
}

int64_t Matcher::TrailingDeadline(int64_t first_time, int64_t last_time, uint32_t absence) const {
  return std::min(Plus(last_time, pattern_.stops[absence].within), Plus(first_time, rule_.within));
}

// The latest of its trailing absences.
int64_t Matcher::LastDeadline(const Done& done) const {
  int64_t latest = kNever;
  for (StopMask rest = pattern_.trailing; rest != 0; rest &= rest - 1) {
    const auto absence = static_cast<uint32_t>(std::countr_zero(rest));
    latest = std::max(latest, TrailingDeadline(done.first_time, done.last_time, absence));
  }
  return latest;
}

// P4: what trailing absences forbid has happened. A match that is not known yet, for it ends in a
// greedy repeat, is none then; whether its steps are done (P9) stays to be seen.
void Matcher::KillWaiting(KeyState& state, const Event& event, StopMask stops) {
  const auto broken = [&](const auto& match) {
    for (StopMask rest = stops; rest != 0; rest &= rest - 1) {
      const auto absence = static_cast<uint32_t>(std::countr_zero(rest));
      if (event.time <= TrailingDeadline(match.first_time, match.last_time, absence) &&
          AnyFits(StopMask{1} << absence, match.chain, event))
        return true;
    }
    return false;
  };
  FindKillable(state, event, stops);
  for (const uint32_t place : order_) {
    if ((place & kWaiting) != 0) {
      Done& done = state.waiting[place & ~kWaiting];
      if (broken(done)) Drop(state, done);
    } else if (Partial& partial = state.partials[place]; partial.pending && !partial.broken) {
      partial.broken = broken(partial);
    }
  }
  Sweep(state);
}

void Matcher::MergeCompleted(KeyState& state) {
  if (pattern_.timeout_from != 0) {
    for (const Done& done : completed_) NoteCompleted(state, done.first);
  }
  // P6: the same events under other step names are one match, and the earliest steps take first.
  if (completed_.size() > 1) {
    std::sort(completed_.begin(), completed_.end(),
              [this](const Done& a, const Done& b) { return GoesBefore(a, b); });
  }
  size_t kept = 0;
  for (size_t i = 0; i < completed_.size(); ++i) {
    if (kept != 0 && SameEvents(completed_[kept - 1].chain, completed_[i].chain)) {
      Release(completed_[i].chain, state);
    } else {
      completed_[kept++] = completed_[i];
    }
  }
  completed_.resize(kept);
}

// REQUIRES: some are completed, and merged.
void Matcher::Finish(KeyState& state, const Event& event) {
  if (pattern_.greedy_end) {
    for (const Done& done : completed_) NoteKnown(state, done.chain);
  }
  if (rule_.match == rules::MatchMode::kCount) CountCompleted(state);
  const size_t cap = rule_.limits.matches_per_event;
  if (completed_.size() > cap) {
    const size_t over = completed_.size() - cap;
    const bool oldest = rule_.limits.on_limit == rules::OnLimit::kEvictOldest;
    const auto begin =
        oldest ? completed_.begin() : completed_.end() - static_cast<ptrdiff_t>(over);
    for (auto it = begin; it != begin + static_cast<ptrdiff_t>(over); ++it)
      Release(it->chain, state);
    completed_.erase(begin, begin + static_cast<ptrdiff_t>(over));
    NoteLimit(state, event);
  }
  // Deadlines that have passed were passed before the event.
  for (const Done& done : completed_) Hand(state, done, event.time - 1);
  completed_.clear();
}

// P6: the last of T7's order stands for all of them. REQUIRES: they have the same last event.
void Matcher::CountCompleted(KeyState& state) {
  const size_t count = completed_.size();
  std::swap(completed_.front(), completed_.back());
  for (size_t i = 1; i < count; ++i) Release(completed_[i].chain, state);
  completed_.resize(1);
  completed_.front().count = count;
}

// P9: no partial match that began with this event times out any more.
void Matcher::NoteCompleted(KeyState& state, EventHandle first) {
  const auto note = [&](Partial& partial) {
    partial.completed = partial.completed || partial.first == first;
  };
  if (state.crowd == nullptr) {
    for (Partial& partial : state.partials) note(partial);
    return;
  }
  state.crowd->index.Find(
      kBeginsWith, first,
      [&](uint32_t role, uint32_t number) { return Waits(state, role, number); },
      [&](uint32_t number) {
        if ((number & kWaiting) == 0) note(state.partials[number]);
      });
}

// P8: of matches over the same events the one that is known first counts.
void Matcher::NoteKnown(KeyState& state, Chain chain) {
  const auto note = [&](Partial& partial) {
    if (partial.pending && SameEvents(partial.chain, chain)) partial.pending = false;
  };
  if (state.crowd == nullptr) {
    for (Partial& partial : state.partials) note(partial);
    return;
  }
  state.crowd->index.Find(
      kPendingAt, memory_.chains[chain].event,
      [&](uint32_t role, uint32_t number) { return Waits(state, role, number); },
      [&](uint32_t number) {
        if ((number & kWaiting) == 0) note(state.partials[number]);
      });
}

// It waits for its deadline, or goes on to where finished ones wait. Deadlines up to `now` have
// passed. Takes the reference of its chain.
void Matcher::Hand(KeyState& state, Done done, int64_t now) {
  if (done.broken) return Release(done.chain, state);
  if (pattern_.trailing == 0) {
    state.finished.push_back(done);
    return;
  }
  done.by_deadline = true;
  done.time = LastDeadline(done);
  if (done.time <= now) {
    state.finished.push_back(done);
    return;
  }
  state.waiting.push_back(done);
  if (state.crowd != nullptr)
    Enter(state, static_cast<uint32_t>(state.waiting.size() - 1) | kWaiting);
  NoteDeadline(state, done.time);
}

bool Matcher::GoesBefore(const Done& a, const Done& b) const {
  if (a.time != b.time) return a.time < b.time;
  if (a.by_deadline != b.by_deadline) return b.by_deadline;
  const EventHandle last_a = memory_.chains[a.chain].event;
  const EventHandle last_b = memory_.chains[b.chain].event;
  if (last_a != last_b) return FirstBefore(last_a, last_b);
  return memory_.chains.Compare(a.chain, b.chain) < 0;
}

void Matcher::ReleaseFinished(KeyState& state) {
  if (rule_.after_match.kind == rules::SkipKind::kNoSkip) {
    if (state.finished.size() > 1) {
      std::sort(state.finished.begin(), state.finished.end(),
                [this](const Done& a, const Done& b) { return GoesBefore(a, b); });
    }
    for (const Done& done : state.finished) {
      Emit(state, done, false);
      Release(done.chain, state);
    }
    state.finished.clear();
    return;
  }
  while (!state.finished.empty()) {
    const auto next = std::min_element(
        state.finished.begin(), state.finished.end(), [&](const Done& a, const Done& b) {
          return a.first != b.first ? FirstBefore(a.first, b.first) : GoesBefore(a, b);
        });
    const Done match = *next;
    // P7: while an older partial match could still skip it, it waits; where nothing ends a wait,
    // there is none.
    if (rule_.within) {
      const auto older = [&](const auto& other) {
        return other.chain != kNoChain && FirstBefore(other.first, match.first);
      };
      if (std::any_of(state.partials.begin(), state.partials.end(), older)) return;
      if (std::any_of(state.waiting.begin(), state.waiting.end(), older)) return;
    }
    state.finished.erase(next);
    Emit(state, match, false);
    Skip(state, match);
    Release(match.chain, state);
  }
}

// P7: drops what began from the match's first event up to a point of it, without (skip_to_first,
// skip_to_last) or with that point (the others).
void Matcher::Skip(KeyState& state, const Done& match) {
  view_.Show(match.chain);
  const Event* point = view_.events().front();
  bool inclusive = true;
  switch (rule_.after_match.kind) {
    case rules::SkipKind::kNoSkip:
    case rules::SkipKind::kSkipToNext:
      break;
    case rules::SkipKind::kSkipPastLast:
      point = view_.events().back();
      break;
    case rules::SkipKind::kSkipToFirst:
    case rules::SkipKind::kSkipToLast: {
      const StepEvents& taken = view_.by_step()[rule_.after_match.step];
      if (taken.size == 0) return;
      point = rule_.after_match.kind == rules::SkipKind::kSkipToFirst
                  ? taken.events[0]
                  : taken.events[taken.size - 1];
      inclusive = false;
      break;
    }
  }
  const Event begin = *view_.events().front();
  const Event skip_to = *point;
  const auto skips = [&](EventHandle candidate) {
    const Event& first = memory_.events[candidate];
    return !Before(first, begin) && (inclusive ? !Before(skip_to, first) : Before(first, skip_to));
  };
  for (Partial& partial : state.partials) {
    if (partial.chain != kNoChain && skips(partial.first)) Drop(state, partial);
  }
  for (Done& done : state.waiting) {
    if (done.chain != kNoChain && skips(done.first)) Drop(state, done);
  }
  std::erase_if(state.finished, [&](const Done& done) {
    if (!skips(done.first)) return false;
    Release(done.chain, state);
    return true;
  });
  Sweep(state);
}

void Matcher::Emit(const KeyState& state, const Done& done, bool timeout) {
  view_.Show(done.chain);
  receiver_.OnMatch(number_, {.events = view_.events().data(),
                              .steps = view_.steps().data(),
                              .size = static_cast<uint32_t>(view_.events().size()),
                              .time = done.time,
                              .timeout = timeout,
                              .truncated = state.truncated,
                              .count = done.count,
                              .key = state.key,
                              .by_step = view_.by_step().data()});
}

// P9: at one moment before the matches by a deadline, and whatever is skipped.
void Matcher::EmitTimeouts(KeyState& state) {
  std::sort(timeouts_.begin(), timeouts_.end(),
            [this](const Done& a, const Done& b) { return GoesBefore(a, b); });
  for (size_t i = 0; i < timeouts_.size(); ++i) {
    if (i == 0 || !SameEvents(timeouts_[i - 1].chain, timeouts_[i].chain))
      Emit(state, timeouts_[i], true);
  }
  for (const Done& timeout : timeouts_) Release(timeout.chain, state);
  timeouts_.clear();
}

bool Matcher::FirstBefore(EventHandle a, EventHandle b) const {
  return a != b && Before(memory_.events[a], memory_.events[b]);
}

// Chains share their beginnings, so that the first link in common ends the comparison.
bool Matcher::SameEvents(Chain a, Chain b) const {
  while (a != b) {
    if (a == kNoChain || b == kNoChain) return false;
    const ChainPool::Link& x = memory_.chains[a];
    const ChainPool::Link& y = memory_.chains[b];
    if (x.event != y.event) return false;
    a = x.before;
    b = y.before;
  }
  return true;
}

bool Matcher::SameChain(Chain a, Chain b) const {
  while (a != b) {
    if (a == kNoChain || b == kNoChain) return false;
    const ChainPool::Link& x = memory_.chains[a];
    const ChainPool::Link& y = memory_.chains[b];
    if (x.event != y.event || x.step != y.step) return false;
    a = x.before;
    b = y.before;
  }
  return true;
}

}  // namespace telltale::engine
