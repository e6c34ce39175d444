// A pattern whose conditions read windows over the events of their key (W3): the matcher of the
// pattern, and a sliding window for each that is read.
//
// An event first goes into the windows whose own conditions it meets. Then what they say is asked,
// once an event and only where a condition that the event else fits wants to know: a step or stop
// whose condition is not true is taken out of what the event fits, so that the pattern's matcher
// knows nothing of it. Where a condition refers to steps besides, the matcher asks it, and finds
// the values in ShardMemory::measured.
//
// Byte form: the head (state_codec.h), the hour in which a limit has acted (P10), and of each
// window and then of the pattern its own form, or nothing. Owner: a shard's lane. Thread: the
// shard's. Units: nanoseconds. No allocation in steady state. Errors: as of the parts; a condition
// that ends in an error is not true, and counted.
#ifndef TELLTALE_ENGINE_WINDOW_MEASURED_MATCHER_H_
#define TELLTALE_ENGINE_WINDOW_MEASURED_MATCHER_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/condition/condition.h"
#include "engine/pattern/limited_keys.h"
#include "engine/pattern/pattern.h"
#include "engine/pattern/rule_matcher.h"
#include "engine/window/sliding_matcher.h"
#include "engine/window/window_plan.h"

namespace telltale::engine {

class MeasuredMatcher final : public RuleMatcher, public MatchReceiver {
 public:
  // `plans`: of the rule's windows, in their order. `quiet`: the timers of a pattern that ends
  // quietly. All outlive it.
  MeasuredMatcher(const Pattern& pattern, const std::vector<WindowPlan>& plans, uint32_t rule,
                  ShardMemory& memory, TimerQueue& timers, TimerQueue& quiet, Scratch& scratch,
                  MatchReceiver& receiver);

  void Process(const Event& event, const Hash128& key, StepMask steps, StopMask stops,
               EventHandle& held) override;
  uint32_t Prefetch(const Hash128& key, Fetch step, uint32_t found) const override;
  void Fire(const Timer& timer) override;
  void TakeOver(RuleMatcher& old, const std::function<EventHandle(EventHandle)>& relaid) override;
  int64_t partial_matches() const override;

  bool Keeps(const Hash128& key) const override;
  void ForEachKey(const std::function<void(const Hash128&)>& visit) const override;
  void Encode(const Hash128& key, const LayoutBook& layouts, std::string& bytes) const override;
  absl::Status Decode(std::string_view bytes, EventDecoder& events) override;

 private:
  struct Window {
    std::unique_ptr<SlidingMatcher> matcher;
    StepMask sources = 0;
    size_t first_call = 0;
    size_t calls = 0;
    int64_t size = 0;
  };

  // What the event fits of `bits`, of which `plans` are the plans.
  template <typename Plan>
  uint32_t Fitting(uint32_t bits, const std::vector<Plan>& plans, const Event& event,
                   const Hash128& key);
  void Measure(uint32_t windows, const Event& event, const Hash128& key);
  int64_t ReachOf(uint32_t windows) const;
  uint64_t Identity() const;
  absl::Status DecodeParts(const Hash128& key, ByteReader& in, EventDecoder& events);

  // MatchReceiver: what the parts say.
  void OnMatch(uint32_t rule, const Match& match) override;
  void OnLimit(uint32_t rule, const LimitHit& hit) override;
  void OnConditionError(uint32_t rule) override { receiver_.OnConditionError(rule); }

  const Pattern& pattern_;
  const uint32_t number_;
  ShardMemory& memory_;
  Scratch& scratch_;
  MatchReceiver& receiver_;

  std::vector<Window> windows_;
  std::unique_ptr<RuleMatcher> matcher_;
  const StepMask places_;         // the steps that are the sequence's
  std::vector<int64_t> reaches_;  // C5, by step: how far its condition looks back; 0: not
  int64_t stops_reach_ = 0;       // the same of all `not`s and `until`s
  LimitedKeys limited_;           // of all parts, so that a limit is told once
  std::vector<Value> values_;     // by call
  uint32_t measured_ = 0;         // windows whose values are there, of the event under way
};

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_WINDOW_MEASURED_MATCHER_H_
