#include "engine/pattern/matcher.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "engine/condition/scratch.h"
#include "engine/time/saturation.h"

namespace telltale::engine {
namespace {

constexpr int64_t kHour = int64_t{3600} * 1'000'000'000;

int64_t HourOf(int64_t time) { return time - ((time % kHour) + kHour) % kHour; }

}  // namespace

const size_t Matcher::kPartialBytes = sizeof(Matcher::Partial);

Matcher::Matcher(const Pattern& pattern, uint32_t rule, ShardMemory& memory, TimerQueue& timers,
                 Scratch& scratch, MatchReceiver& receiver)
    : pattern_(pattern),
      rule_(*pattern.rule),
      number_(rule),
      memory_(memory),
      timers_(timers),
      scratch_(scratch),
      receiver_(receiver) {}

Matcher::~Matcher() {
  for (const auto& [key, index] : by_key_) {
    KeyState& state = *states_[index];
    for (const Partial& partial : state.partials) memory_.chains.Unref(partial.chain);
    for (const Done& done : state.waiting) memory_.chains.Unref(done.chain);
    for (const Done& done : state.finished) memory_.chains.Unref(done.chain);
  }
}

// --- One event ---

void Matcher::Process(const Event& event, const Hash128& key, StepMask steps, AbsenceMask absences,
                      EventHandle& held) {
  const bool may_start = (steps & pattern_.start) != 0;
  const AbsenceMask bars = absences & pattern_.leading;
  if (!may_start && bars == 0 && !by_key_.contains(key)) return;

  KeyState& state = StateOf(key);
  held_ = &held;
  viewed_ = kNoChain;
  // All that was there sees the event before what the event itself makes.
  if ((absences & pattern_.trailing) != 0) KillWaiting(state, event, absences & pattern_.trailing);
  Advance(state, event, steps, absences);
  if (may_start && !Barred(state, event)) Start(state, event, steps & pattern_.start);
  Admit(state);
  EnforceLimits(state, event);
  if (!completed_.empty()) Finish(state, event);
  for (AbsenceMask rest = bars; rest != 0; rest &= rest - 1) {
    const uint32_t absence = static_cast<uint32_t>(std::countr_zero(rest));
    if (state.barred.empty()) state.barred.assign(pattern_.absences.size(), kNever);
    state.barred[absence] = event.time;
    NoteDeadline(state, Plus(event.time, pattern_.absences[absence].within));
  }
  Settle(state);
}

// P4: an event that a leading `not` speaks of, at most its `within` before, bars a start.
bool Matcher::Barred(const KeyState& state, const Event& event) const {
  if (state.barred.empty()) return false;
  for (AbsenceMask rest = pattern_.leading; rest != 0; rest &= rest - 1) {
    const uint32_t absence = static_cast<uint32_t>(std::countr_zero(rest));
    const int64_t seen = state.barred[absence];
    if (seen != kNever && Plus(seen, pattern_.absences[absence].within) >= event.time) return true;
  }
  return false;
}

void Matcher::KillWaiting(KeyState& state, const Event& event, AbsenceMask absences) {
  std::erase_if(state.waiting, [&](const Done& done) {
    for (AbsenceMask rest = absences; rest != 0; rest &= rest - 1) {
      const uint32_t absence = static_cast<uint32_t>(std::countr_zero(rest));
      if (event.time <= TrailingDeadline(done, absence) &&
          AnyFits(AbsenceMask{1} << absence, done.chain, event)) {
        Release(done.chain, state);
        return true;
      }
    }
    return false;
  });
}

void Matcher::Advance(KeyState& state, const Event& event, StepMask steps, AbsenceMask absences) {
  if (state.partials.empty()) return;
  // Later steps first: what an event frees is free for what it moves in from behind (P6).
  order_.resize(state.partials.size());
  for (uint32_t i = 0; i < order_.size(); ++i) order_[i] = i;
  if (rule_.match != rules::MatchMode::kAll) {
    std::sort(order_.begin(), order_.end(), [&](uint32_t a, uint32_t b) {
      const Partial& x = state.partials[a];
      const Partial& y = state.partials[b];
      if (x.step != y.step) return x.step > y.step;
      return x.count != y.count ? x.count > y.count : a < b;
    });
  }
  bool died = false;
  for (const uint32_t index : order_) {
    Partial& partial = state.partials[index];
    bool changed = false;
    for (StepMask hits = partial.open & steps; hits != 0;) {
      const uint32_t step = 31 - static_cast<uint32_t>(std::countl_zero(hits));
      hits &= ~(StepMask{1} << step);
      const StepPlan& plan = pattern_.steps[step];
      if (plan.within && event.time > Plus(partial.last_time, *plan.within)) continue;
      if (!Fits(plan.cross, partial.chain, event)) continue;
      partial.open &= ~(StepMask{1} << step);  // P2: the first that fits is taken, and no other
      changed = true;
      Take(state, &partial, step, event);
    }
    if (partial.more && (steps >> partial.step & 1) != 0) {
      const StepPlan& plan = pattern_.steps[partial.step];
      if ((!plan.within || event.time <= Plus(partial.last_time, *plan.within)) &&
          Fits(plan.cross, partial.chain, event)) {
        partial.more = false;
        changed = true;
        Take(state, &partial, partial.step, event);
      }
    }
    if (absences != 0) {
      for (StepMask open = partial.open; open != 0; open &= open - 1) {
        const uint32_t step = static_cast<uint32_t>(std::countr_zero(open));
        if (AnyFits(pattern_.Between(partial.step, step) & absences, partial.chain, event)) {
          partial.open &= ~(StepMask{1} << step);
          changed = true;
        }
      }
    }
    if (!changed) continue;
    // The ways that are left may all be out of time by now, or end sooner than the one that went.
    UpdateDeadline(partial);
    if ((partial.open == 0 && !partial.more) || partial.deadline < event.time) {
      Release(partial.chain, state);
      partial.chain = kNoChain;
      died = true;
    } else {
      NoteDeadline(state, partial.deadline);
    }
  }
  if (died) {
    const size_t before = state.partials.size();
    std::erase_if(state.partials, [](const Partial& partial) { return partial.chain == kNoChain; });
    partial_count_ -= static_cast<int64_t>(before - state.partials.size());
  }
}

void Matcher::Start(KeyState& state, const Event& event, StepMask steps) {
  for (StepMask rest = steps; rest != 0;) {
    const uint32_t step = 31 - static_cast<uint32_t>(std::countl_zero(rest));
    rest &= ~(StepMask{1} << step);
    if (Fits(pattern_.steps[step].cross, kNoChain, event)) Take(state, nullptr, step, event);
  }
}

// The event is taken by `step`: a new partial match, and a match where nothing more is needed.
void Matcher::Take(KeyState& state, const Partial* from, uint32_t step, const Event& event) {
  if (*held_ == kNoEvent) *held_ = memory_.events.Hold(event);
  const StepPlan& plan = pattern_.steps[step];
  Partial partial;
  partial.chain = memory_.chains.Extend(from != nullptr ? from->chain : kNoChain, step, *held_);
  ++state.links;
  partial.first = from != nullptr ? from->first : *held_;
  partial.first_time = from != nullptr ? from->first_time : event.time;
  partial.last_time = event.time;
  partial.step = step;
  partial.count = from != nullptr && from->step == step ? from->count + 1 : 1;
  const bool enough = partial.count >= plan.min;
  partial.more = plan.max == rules::kUnbounded || partial.count < plan.max;
  partial.open = enough ? plan.open_after : 0;
  limit_step_ = step;
  if (enough && plan.last) {
    memory_.chains.Ref(partial.chain);
    completed_.push_back({.chain = partial.chain,
                          .first = partial.first,
                          .first_time = partial.first_time,
                          .last_time = event.time,
                          .time = event.time,
                          .by_deadline = false});
  }
  if (partial.open != 0 || partial.more) {
    UpdateDeadline(partial);
    arrivals_.push_back(partial);
  } else {
    Release(partial.chain, state);
  }
}

// The last moment at which one of its ways can still take an event (P3, closed).
void Matcher::UpdateDeadline(Partial& partial) const {
  int64_t latest =
      partial.more ? Plus(partial.last_time, pattern_.steps[partial.step].within) : kNever;
  for (StepMask open = partial.open; open != 0; open &= open - 1) {
    latest =
        std::max(latest, Plus(partial.last_time,
                              pattern_.steps[static_cast<size_t>(std::countr_zero(open))].within));
  }
  partial.deadline = std::min(latest, Plus(partial.first_time, rule_.within));
}

// --- What stays ---

void Matcher::Admit(KeyState& state) {
  if (arrivals_.empty()) return;
  partial_count_ -= static_cast<int64_t>(state.partials.size());
  if (rule_.match == rules::MatchMode::kAll) {
    std::sort(arrivals_.begin(), arrivals_.end(), [this](const Partial& a, const Partial& b) {
      return EventsBefore(a.chain, b.chain);
    });
    state.partials.insert(state.partials.end(), arrivals_.begin(), arrivals_.end());
  } else {
    AdmitOnePerState(state);
  }
  partial_count_ += static_cast<int64_t>(state.partials.size());
  for (const Partial& partial : arrivals_) NoteDeadline(state, partial.deadline);
  arrivals_.clear();
}

// P6: one partial match a state (a step, and how many events its repeat has taken; from `min` on
// one state).
void Matcher::AdmitOnePerState(KeyState& state) {
  const auto same_state = [this](const Partial& a, const Partial& b) {
    const uint32_t min = pattern_.steps[a.step].min;
    return a.step == b.step && std::min(a.count, min) == std::min(b.count, min);
  };
  for (const Partial& arrival : arrivals_) {
    const auto there =
        std::find_if(state.partials.begin(), state.partials.end(),
                     [&](const Partial& partial) { return same_state(partial, arrival); });
    if (there != state.partials.end()) {
      const bool arrival_wins = rule_.match == rules::MatchMode::kLatest
                                    ? !FirstBefore(arrival.first, there->first)
                                    : FirstBefore(arrival.first, there->first);
      if (!arrival_wins) {
        Release(arrival.chain, state);
        continue;
      }
      Release(there->chain, state);
      state.partials.erase(there);
    }
    state.partials.push_back(arrival);
  }
  // They came by state; what a limit drops goes by T7's order (P10).
  const auto of_earlier_events = [this](const Partial& partial) {
    return memory_.chains[partial.chain].event != *held_;
  };
  std::sort(std::partition_point(state.partials.begin(), state.partials.end(), of_earlier_events),
            state.partials.end(),
            [this](const Partial& a, const Partial& b) { return EventsBefore(a.chain, b.chain); });
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
    for (auto it = begin; it != end; ++it) Release(it->chain, state);
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
  const int64_t hour = HourOf(event.time);
  if (hour != limit_hour_) {  // event time only rises within a lane
    limited_.clear();
    limit_hour_ = hour;
  }
  const bool first = limited_.insert(state.key).second;
  receiver_.OnLimit(number_,
                    {.event = &event, .step = limit_step_, .hour = hour, .first_in_hour = first});
}

// --- Time ---

void Matcher::Fire(const Timer& timer) {
  const auto it = by_key_.find(timer.key);
  if (it == by_key_.end() || states_[it->second]->armed != timer.deadline) return;
  KeyState& state = *states_[it->second];
  state.armed = kForever;
  viewed_ = kNoChain;
  const int64_t now = timer.deadline;
  partial_count_ -= static_cast<int64_t>(std::erase_if(state.partials, [&](const Partial& partial) {
    if (partial.deadline > now) return false;
    Release(partial.chain, state);
    return true;
  }));
  std::erase_if(state.waiting, [&](const Done& done) {
    if (done.time > now) return false;
    state.finished.push_back(done);
    return true;
  });
  for (uint32_t absence = 0; absence < state.barred.size(); ++absence) {
    int64_t& seen = state.barred[absence];
    if (seen != kNever && Plus(seen, pattern_.absences[absence].within) <= now) seen = kNever;
  }
  for (const Partial& partial : state.partials) NoteDeadline(state, partial.deadline);
  for (const Done& done : state.waiting) NoteDeadline(state, done.time);
  for (uint32_t absence = 0; absence < state.barred.size(); ++absence) {
    const int64_t seen = state.barred[absence];
    if (seen != kNever) NoteDeadline(state, Plus(seen, pattern_.absences[absence].within));
  }
  Settle(state);
}

void Matcher::NoteDeadline(KeyState& state, int64_t deadline) {
  if (deadline >= state.armed) return;
  state.armed = deadline;
  timers_.Arm({.deadline = deadline, .key = state.key, .rule = number_});
}

// --- State ---

Matcher::KeyState& Matcher::StateOf(const Hash128& key) {
  const auto [it, added] = by_key_.try_emplace(key, 0);
  if (!added) return *states_[it->second];
  if (free_states_.empty()) {
    it->second = static_cast<uint32_t>(states_.size());
    states_.push_back(std::make_unique<KeyState>());
  } else {
    it->second = free_states_.back();
    free_states_.pop_back();
  }
  KeyState& state = *states_[it->second];
  state.key = key;
  state.armed = kForever;
  state.truncated = false;
  return state;
}

void Matcher::Settle(KeyState& state) {
  if (!state.finished.empty()) ReleaseFinished(state);
  if (!state.partials.empty() || !state.waiting.empty() || !state.finished.empty()) return;
  for (const int64_t seen : state.barred) {
    if (seen != kNever) return;
  }
  const auto it = by_key_.find(state.key);
  free_states_.push_back(it->second);
  by_key_.erase(it);
}

void Matcher::Release(Chain chain, KeyState& state) {
  viewed_ = kNoChain;
  state.links -= memory_.chains.Unref(chain);
}

void Matcher::TakeOver(Matcher& old, const std::function<EventHandle(EventHandle)>& relaid) {
  by_key_ = std::move(old.by_key_);
  states_ = std::move(old.states_);
  free_states_ = std::move(old.free_states_);
  limited_ = std::move(old.limited_);
  limit_hour_ = old.limit_hour_;
  partial_count_ = std::exchange(old.partial_count_, 0);
  old.by_key_.clear();
  const auto replace = [&](Chain chain, EventHandle& first) {
    for (Chain link = chain; link != kNoChain; link = memory_.chains[link].before) {
      memory_.chains.Replace(link, relaid);
      first = memory_.chains[link].event;
    }
  };
  for (const auto& [key, index] : by_key_) {
    KeyState& state = *states_[index];
    state.armed = kForever;
    for (Partial& partial : state.partials) {
      replace(partial.chain, partial.first);
      NoteDeadline(state, partial.deadline);
    }
    for (Done& done : state.waiting) {
      replace(done.chain, done.first);
      NoteDeadline(state, done.time);
    }
    for (Done& done : state.finished) replace(done.chain, done.first);
    for (uint32_t absence = 0; absence < state.barred.size(); ++absence) {
      const int64_t seen = state.barred[absence];
      if (seen != kNever) NoteDeadline(state, Plus(seen, pattern_.absences[absence].within));
    }
  }
}

// --- Chains as events ---

void Matcher::View(Chain chain) {
  if (chain != kNoChain && chain == viewed_) return;
  viewed_ = chain;
  view_events_.clear();
  view_steps_.clear();
  for (Chain link = chain; link != kNoChain; link = memory_.chains[link].before) {
    view_events_.push_back(&memory_.events[memory_.chains[link].event]);
    view_steps_.push_back(memory_.chains[link].step);
  }
  std::reverse(view_events_.begin(), view_events_.end());
  std::reverse(view_steps_.begin(), view_steps_.end());
  view_by_step_.assign(pattern_.steps.size(), StepEvents{});
  for (uint32_t i = 0; i < view_events_.size(); ++i) {
    StepEvents& taken = view_by_step_[view_steps_[i]];
    if (taken.size++ == 0) taken.events = view_events_.data() + i;
  }
}

bool Matcher::FirstBefore(EventHandle a, EventHandle b) const {
  return a != b && Before(memory_.events[a], memory_.events[b]);
}

bool Matcher::EventsBefore(Chain a, Chain b) {
  View(a);
  other_events_ = view_events_;
  other_steps_ = view_steps_;
  View(b);
  for (size_t i = 0; i < std::min(other_events_.size(), view_events_.size()); ++i) {
    if (other_events_[i] != view_events_[i]) return Before(*other_events_[i], *view_events_[i]);
  }
  if (other_events_.size() != view_events_.size())
    return other_events_.size() < view_events_.size();
  return other_steps_ < view_steps_;
}

bool Matcher::Fits(const ProgramPtr& cross, Chain chain, const Event& event) {
  if (cross == nullptr) return true;
  View(chain);
  const Frame frame{.event = &event, .steps = view_by_step_.data(), .key = nullptr};
  const Verdict verdict = Test(*cross, frame, scratch_);
  if (verdict == Verdict::kError) receiver_.OnConditionError(number_);
  return verdict == Verdict::kTrue;
}

bool Matcher::AnyFits(AbsenceMask absences, Chain chain, const Event& event) {
  for (; absences != 0; absences &= absences - 1) {
    if (Fits(pattern_.absences[static_cast<size_t>(std::countr_zero(absences))].cross, chain,
             event))
      return true;
  }
  return false;
}

}  // namespace telltale::engine
