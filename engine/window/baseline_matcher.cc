#include "engine/window/baseline_matcher.h"

#include <bit>
#include <utility>

#include "engine/time/saturation.h"
#include "engine/window/baseline_plan.h"

namespace telltale::engine {
namespace {

constexpr uint32_t kTimerKey = 1;  // windows of rules have 0
constexpr size_t kForgottenATimer = 64;

}  // namespace

BaselineMatcher::BaselineMatcher(const WindowPlan& plan, std::unique_ptr<RuleMatcher> window,
                                 uint32_t rule, ShardMemory& memory, TimerQueue& quiet,
                                 Scratch& scratch, MatchReceiver& receiver)
    : plan_(plan),
      number_(rule),
      memory_(memory),
      quiet_timers_(quiet),
      receiver_(receiver),
      baselines_(*plan.baseline, memory, scratch),
      window_(std::move(window)),
      armed_(kForever) {}

void BaselineMatcher::Process(const Event& event, const Hash128& key, StepMask steps,
                              StopMask stops, EventHandle& held) {
  if (steps == 0) return;
  uint64_t errors = baselines_.Take(key, {.event = event,
                                          .source = static_cast<uint32_t>(std::countr_zero(steps)),
                                          .sources = steps,
                                          .held = held});
  for (; errors > 0; --errors) receiver_.OnConditionError(number_);
  memory_.baselines = &baselines_;
  window_->Process(event, key, steps, stops, held);
  memory_.baselines = nullptr;
  if (armed_ == kForever) Arm();
}

void BaselineMatcher::Fire(const Timer& timer) {
  if (timer.key == kTimerKey) {
    if (timer.deadline != armed_) return;
    armed_ = kForever;
    baselines_.Sweep(timer.deadline, kForgottenATimer);
    return Arm();
  }
  memory_.baselines = &baselines_;
  window_->Fire(timer);
  memory_.baselines = nullptr;
}

// Many keys are due at one moment, the end of a pane: a few at a time.
void BaselineMatcher::Arm() {
  const int64_t due = baselines_.NextDue();
  if (due >= armed_) return;
  armed_ = due;
  quiet_timers_.Arm({.deadline = due, .rule = number_, .key = kTimerKey});
}

void BaselineMatcher::TakeOver(RuleMatcher& of_same_rule,
                               const std::function<EventHandle(EventHandle)>& relaid) {
  auto& old = static_cast<BaselineMatcher&>(of_same_rule);
  window_->TakeOver(*old.window_, relaid);
  baselines_.TakeOver(old.baselines_, relaid);
  Arm();
}

void BaselineMatcher::ForEachKey(const std::function<void(const Hash128&)>& visit) const {
  baselines_.ForEachKey(visit);
  window_->ForEachKey([&](const Hash128& key) {
    if (!baselines_.Keeps(key)) visit(key);
  });
}

}  // namespace telltale::engine
