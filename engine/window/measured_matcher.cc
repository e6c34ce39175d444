#include "engine/window/measured_matcher.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "engine/event/hash.h"
#include "engine/time/saturation.h"

namespace telltale::engine {
namespace {

StepMask MaskBelow(uint32_t bits) { return (StepMask{1} << bits) - 1; }

}  // namespace

MeasuredMatcher::MeasuredMatcher(const Pattern& pattern, const std::vector<WindowPlan>& plans,
                                 uint32_t rule, ShardMemory& memory, TimerQueue& timers,
                                 TimerQueue& quiet, Scratch& scratch, MatchReceiver& receiver)
    : pattern_(pattern),
      number_(rule),
      memory_(memory),
      scratch_(scratch),
      receiver_(receiver),
      places_(MaskBelow(pattern.rule->SequenceSteps())) {
  for (size_t i = 0; i < plans.size(); ++i) {
    const rules::StepWindow& window = pattern.rule->windows[i];
    windows_.push_back({.matcher = std::make_unique<SlidingMatcher>(plans[i], rule, memory, timers,
                                                                    quiet, scratch, *this),
                        .sources = MaskBelow(window.sources) << window.first_source,
                        .first_call = window.first_call,
                        .calls = window.aggregate.calls.size(),
                        .size = window.aggregate.window.size});
    values_.resize(values_.size() + window.aggregate.calls.size());
  }
  matcher_ =
      MakeMatcher(pattern, rule, memory, pattern.ends_quietly ? quiet : timers, scratch, *this);
  for (const StepPlan& step : pattern.steps) reaches_.push_back(ReachOf(step.windows));
  for (const StopPlan& stop : pattern.stops)
    stops_reach_ = std::max(stops_reach_, ReachOf(stop.windows));
}

// How far the furthest of them looks back.
int64_t MeasuredMatcher::ReachOf(uint32_t windows) const {
  int64_t reach = 0;
  for (uint32_t rest = windows; rest != 0; rest &= rest - 1)
    reach = std::max(reach, windows_[static_cast<size_t>(std::countr_zero(rest))].size);
  return reach;
}

// --- Events come ---

void MeasuredMatcher::Process(const Event& event, const Hash128& key, StepMask steps,
                              StopMask stops, EventHandle& held) {
  for (const Window& window : windows_) {
    if ((steps & window.sources) != 0)
      window.matcher->Process(event, key, steps & window.sources, 0, held);
  }
  measured_ = 0;
  steps = Fitting(steps & places_, pattern_.steps, event, key);
  stops = Fitting(stops, pattern_.stops, event, key);
  if (steps == 0 && stops == 0 && !pattern_.sees_all) return;
  memory_.measured = values_.data();
  matcher_->Process(event, key, steps, stops, held);
  memory_.measured = nullptr;
}

template <typename Plan>
uint32_t MeasuredMatcher::Fitting(uint32_t bits, const std::vector<Plan>& plans, const Event& event,
                                  const Hash128& key) {
  for (uint32_t rest = bits; rest != 0; rest &= rest - 1) {
    const CrossPlan& plan = plans[static_cast<size_t>(std::countr_zero(rest))];
    if (plan.windows == 0) continue;
    Measure(plan.windows & ~measured_, event, key);
    if (plan.measured == nullptr) continue;
    const Frame frame{
        .event = &event, .steps = nullptr, .key = nullptr, .aggregates = values_.data()};
    const Verdict verdict = Test(*plan.measured, frame, scratch_);
    if (verdict == Verdict::kError) receiver_.OnConditionError(number_);
    if (verdict != Verdict::kTrue) bits &= ~(rest & -rest);
  }
  return bits;
}

void MeasuredMatcher::Measure(uint32_t windows, const Event& event, const Hash128& key) {
  measured_ |= windows;
  for (; windows != 0; windows &= windows - 1) {
    const Window& window = windows_[static_cast<size_t>(std::countr_zero(windows))];
    std::copy_n(window.matcher->Measure(key, event.time), window.calls,
                values_.begin() + static_cast<ptrdiff_t>(window.first_call));
  }
}

// What is handed on is the pattern's.
uint32_t MeasuredMatcher::Prefetch(const Hash128& key, Fetch step, uint32_t found) const {
  for (const Window& window : windows_) {
    if (step <= window.matcher->last_fetch()) window.matcher->Prefetch(key, step, kNotFound);
  }
  return matcher_->Prefetch(key, step, found);
}

// What leaves a window at a moment has left it for all that happens then without an event,
// whichever timer comes first. The windows' timers bear the greatest numbers (window_plan.cc),
// which no key of the pattern has.
void MeasuredMatcher::Fire(const Timer& timer) {
  for (const Window& window : windows_) window.matcher->ExpireUpTo(timer.deadline);
  if (timer.key <= UINT32_MAX - windows_.size()) matcher_->Fire(timer);
}

// --- What the parts say ---

void MeasuredMatcher::OnMatch(uint32_t rule, const Match& match) {
  Match said = match;
  for (const Window& window : windows_)
    said.truncated = said.truncated || window.matcher->IsTruncated(match.key);
  // C5: of a `not` the first event is taken for when it was asked; none is asked for what begins
  // later, but for a leading one, whose own reach comes on top (AlertGate).
  const auto look_back = [&](const Event& event, int64_t reach) {
    if (reach != 0) said.looks_back_to = std::min(said.looks_back_to, Minus(event.time, reach));
  };
  for (uint32_t i = 0; i < match.size; ++i) look_back(*match.events[i], reaches_[match.steps[i]]);
  int64_t before = stops_reach_;
  for (StopMask rest = stops_reach_ != 0 ? pattern_.leading : 0; rest != 0; rest &= rest - 1) {
    const int64_t within = pattern_.stops[static_cast<size_t>(std::countr_zero(rest))].within;
    before = std::max(before, Plus(within, stops_reach_));
  }
  look_back(*match.events[0], before);
  receiver_.OnMatch(rule, said);
}

void MeasuredMatcher::OnLimit(uint32_t rule, const LimitHit& hit) {
  LimitHit said = hit;
  said.first_in_hour = limited_.Note(hit.key, hit.hour);
  receiver_.OnLimit(rule, said);
}

// --- State ---

void MeasuredMatcher::TakeOver(RuleMatcher& of_same_rule,
                               const std::function<EventHandle(EventHandle)>& relaid) {
  auto& old = static_cast<MeasuredMatcher&>(of_same_rule);
  for (size_t i = 0; i < windows_.size(); ++i)
    windows_[i].matcher->TakeOver(*old.windows_[i].matcher, relaid);
  matcher_->TakeOver(*old.matcher_, relaid);
  limited_ = std::move(old.limited_);
}

int64_t MeasuredMatcher::partial_matches() const {
  int64_t kept = matcher_->partial_matches();
  for (const Window& window : windows_) kept += window.matcher->partial_matches();
  return kept;
}

bool MeasuredMatcher::Keeps(const Hash128& key) const {
  return matcher_->Keeps(key) || limited_.contains(key) ||
         std::any_of(windows_.begin(), windows_.end(),
                     [&](const Window& window) { return window.matcher->Keeps(key); });
}

void MeasuredMatcher::ForEachKey(const std::function<void(const Hash128&)>& visit) const {
  matcher_->ForEachKey(visit);
  for (size_t i = 0; i < windows_.size(); ++i) {
    windows_[i].matcher->ForEachKey([&](const Hash128& key) {
      bool visited = matcher_->Keeps(key);
      for (size_t j = 0; j < i; ++j) visited = visited || windows_[j].matcher->Keeps(key);
      if (!visited) visit(key);
    });
  }
  limited_.ForEach([&](const Hash128& key) {
    const bool visited = matcher_->Keeps(key) ||
                         std::any_of(windows_.begin(), windows_.end(), [&](const Window& window) {
                           return window.matcher->Keeps(key);
                         });
    if (!visited) visit(key);
  });
}

}  // namespace telltale::engine
