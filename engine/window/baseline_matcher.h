// A rule whose window is compared with what is usual for its key (W1, `baseline`): the window's
// matcher, and beside it the baselines of all keys.
//
// An event goes into its key's baseline, then into the window, which finds the baselines in
// ShardMemory when it is looked at. So no matcher of windows knows of them, but that a session says
// when it begins.
//
// Byte form: the head (state_codec.h), the window's own form or nothing, and whether there is a
// baseline, with that. Owner: a shard's lane. Thread: the shard's. Units: nanoseconds. No
// allocation in steady state. Errors: as of the parts.
#ifndef TELLTALE_ENGINE_WINDOW_BASELINE_MATCHER_H_
#define TELLTALE_ENGINE_WINDOW_BASELINE_MATCHER_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "engine/pattern/rule_matcher.h"
#include "engine/window/baselines.h"
#include "engine/window/window_plan.h"

namespace telltale::engine {

class BaselineMatcher final : public RuleMatcher {
 public:
  // `window`: made for the same plan, which has a baseline. `quiet`: timers that may be late.
  BaselineMatcher(const WindowPlan& plan, std::unique_ptr<RuleMatcher> window, uint32_t rule,
                  ShardMemory& memory, TimerQueue& quiet, Scratch& scratch,
                  MatchReceiver& receiver);

  void Process(const Event& event, const Hash128& key, StepMask steps, StopMask stops,
               EventHandle& held) override;
  uint32_t Prefetch(const Hash128& key, Fetch step, uint32_t found) const override {
    baselines_.Prefetch(key, step);
    return step <= window_->last_fetch() ? window_->Prefetch(key, step, found) : found;
  }
  void Fire(const Timer& timer) override;
  void TakeOver(RuleMatcher& old, const std::function<EventHandle(EventHandle)>& relaid) override;
  // A key that has a window has a baseline.
  int64_t partial_matches() const override { return static_cast<int64_t>(baselines_.size()); }

  bool Keeps(const Hash128& key) const override {
    return baselines_.Keeps(key) || window_->Keeps(key);
  }
  void ForEachKey(const std::function<void(const Hash128&)>& visit) const override;
  void Encode(const Hash128& key, const LayoutBook& layouts, std::string& bytes) const override;
  absl::Status Decode(std::string_view bytes, EventDecoder& events) override;

 private:
  void Arm();

  const WindowPlan& plan_;
  const uint32_t number_;
  ShardMemory& memory_;
  TimerQueue& quiet_timers_;
  MatchReceiver& receiver_;
  Baselines baselines_;
  std::unique_ptr<RuleMatcher> window_;
  int64_t armed_;
};

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_WINDOW_BASELINE_MATCHER_H_
