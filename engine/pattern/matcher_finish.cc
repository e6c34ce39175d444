// What becomes of finished matches: which of them count (P6, P10), what they wait for (P4, P7), and
// what they skip (P7).
#include <algorithm>
#include <bit>
#include <cstddef>

#include "engine/pattern/matcher.h"
#include "engine/time/saturation.h"

namespace telltale::engine {

int64_t Matcher::TrailingDeadline(const Done& done, uint32_t absence) const {
  return std::min(Plus(done.last_time, pattern_.absences[absence].within),
                  Plus(done.first_time, rule_.within));
}

void Matcher::Finish(KeyState& state, const Event& event) {
  // P6: the same events under other step names are one match, and the earliest steps take first.
  std::sort(completed_.begin(), completed_.end(),
            [this](const Done& a, const Done& b) { return EventsBefore(a.chain, b.chain); });
  size_t kept = 0;
  for (size_t i = 0; i < completed_.size(); ++i) {
    bool repeated = false;
    if (kept != 0) {
      View(completed_[kept - 1].chain);
      other_events_ = view_events_;
      View(completed_[i].chain);
      repeated = other_events_ == view_events_;
    }
    if (repeated) {
      Release(completed_[i].chain, state);
    } else {
      completed_[kept++] = completed_[i];
    }
  }
  completed_.resize(kept);
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
  for (Done& done : completed_) {
    if (pattern_.trailing == 0) {
      state.finished.push_back(done);
      continue;
    }
    done.by_deadline = true;
    done.time = kNever;
    for (AbsenceMask rest = pattern_.trailing; rest != 0; rest &= rest - 1) {
      done.time = std::max(done.time,
                           TrailingDeadline(done, static_cast<uint32_t>(std::countr_zero(rest))));
    }
    state.waiting.push_back(done);
    NoteDeadline(state, done.time);
  }
  completed_.clear();
}

void Matcher::ReleaseFinished(KeyState& state) {
  const auto in_order = [this](const Done& a, const Done& b) {
    if (a.time != b.time) return a.time < b.time;
    if (a.by_deadline != b.by_deadline) return b.by_deadline;
    const Event& x = memory_.events[memory_.chains[a.chain].event];
    const Event& y = memory_.events[memory_.chains[b.chain].event];
    if (Before(x, y) || Before(y, x)) return Before(x, y);
    return EventsBefore(a.chain, b.chain);
  };
  if (rule_.after_match.kind == rules::SkipKind::kNoSkip) {
    std::sort(state.finished.begin(), state.finished.end(), in_order);
    for (const Done& done : state.finished) {
      Emit(state, done);
      Release(done.chain, state);
    }
    state.finished.clear();
    return;
  }
  while (!state.finished.empty()) {
    const auto next = std::min_element(
        state.finished.begin(), state.finished.end(), [&](const Done& a, const Done& b) {
          if (FirstBefore(a.first, b.first) || FirstBefore(b.first, a.first))
            return FirstBefore(a.first, b.first);
          return in_order(a, b);
        });
    const Done match = *next;
    // P7: while an older partial match could still skip it, it waits; where nothing ends a wait,
    // there is none.
    if (rule_.within) {
      const auto older = [&](const auto& other) { return FirstBefore(other.first, match.first); };
      if (std::any_of(state.partials.begin(), state.partials.end(), older)) return;
      if (std::any_of(state.waiting.begin(), state.waiting.end(), older)) return;
    }
    state.finished.erase(next);
    Emit(state, match);
    Skip(state, match);
    Release(match.chain, state);
  }
}

// P7: drops what began from the match's first event up to a point of it, without (skip_to_first,
// skip_to_last) or with that point (the others).
void Matcher::Skip(KeyState& state, const Done& match) {
  View(match.chain);
  const Event* point = view_events_.front();
  bool inclusive = true;
  switch (rule_.after_match.kind) {
    case rules::SkipKind::kNoSkip:
    case rules::SkipKind::kSkipToNext:
      break;
    case rules::SkipKind::kSkipPastLast:
      point = view_events_.back();
      break;
    case rules::SkipKind::kSkipToFirst:
    case rules::SkipKind::kSkipToLast: {
      const StepEvents& taken = view_by_step_[rule_.after_match.step];
      if (taken.size == 0) return;
      point = rule_.after_match.kind == rules::SkipKind::kSkipToFirst
                  ? taken.events[0]
                  : taken.events[taken.size - 1];
      inclusive = false;
      break;
    }
  }
  const Event begin = *view_events_.front();
  const Event skip_to = *point;
  const auto skipped = [&](const auto& candidate) {
    const Event& first = memory_.events[candidate.first];
    const bool drop =
        !Before(first, begin) && (inclusive ? !Before(skip_to, first) : Before(first, skip_to));
    if (drop) Release(candidate.chain, state);
    return drop;
  };
  partial_count_ -= static_cast<int64_t>(std::erase_if(state.partials, skipped));
  std::erase_if(state.waiting, skipped);
  std::erase_if(state.finished, skipped);
}

void Matcher::Emit(KeyState& state, const Done& done) {
  View(done.chain);
  receiver_.OnMatch(number_, {.events = view_events_.data(),
                              .steps = view_steps_.data(),
                              .size = static_cast<uint32_t>(view_events_.size()),
                              .time = done.time,
                              .truncated = state.truncated,
                              .by_step = view_by_step_.data()});
}

}  // namespace telltale::engine
