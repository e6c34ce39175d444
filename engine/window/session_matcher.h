// Sessions (W1): a key's events of which each comes no more than `gap` after the one before, looked
// at when they have ended, or where the rule says so with each event.
//
// Keys stand in the order of their last events, in which their sessions end. Cost: O(1) for an
// event but for what its accumulators say of themselves. One timer for all keys. Owner: a shard's
// lane. Thread: the shard's. Units: nanoseconds.
#ifndef TELLTALE_ENGINE_WINDOW_SESSION_MATCHER_H_
#define TELLTALE_ENGINE_WINDOW_SESSION_MATCHER_H_

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "engine/pattern/rule_matcher.h"
#include "engine/window/state_table.h"
#include "engine/window/time_order.h"
#include "engine/window/window_judge.h"
#include "engine/window/window_plan.h"
#include "engine/window/window_store.h"

namespace telltale::engine {

class SessionMatcher final : public RuleMatcher {
 public:
  SessionMatcher(const WindowPlan& plan, uint32_t rule, ShardMemory& memory, TimerQueue& timers,
                 Scratch& scratch, MatchReceiver& receiver);
  ~SessionMatcher() override;

  void Process(const Event& event, const Hash128& key, StepMask steps, StopMask stops,
               EventHandle& held) override;
  uint32_t Prefetch(const Hash128& key, Fetch step, uint32_t found) const override {
    return FetchKey(keys_, store_, key, step, found);
  }
  void Fire(const Timer& timer) override;
  void TakeOver(RuleMatcher& old, const std::function<EventHandle(EventHandle)>& relaid) override;
  int64_t partial_matches() const override { return static_cast<int64_t>(keys_.size()); }

  bool Keeps(const Hash128& key) const override { return keys_.Find(key) != kNoState; }
  void ForEachKey(const std::function<void(const Hash128&)>& visit) const override;
  void Encode(const Hash128& key, const LayoutBook& layouts, std::string& bytes) const override;
  absl::Status Decode(std::string_view bytes, EventDecoder& events) override;

 private:
  struct Session : WindowKey {
    OrderLink link;
    int64_t first = 0;
    int64_t last = 0;
  };
  static_assert(sizeof(Session) == 72);

  bool as_reached() const { return plan_.aggregate->emit == rules::Emit::kAsReached; }
  int64_t gap() const { return plan_.aggregate->window.size; }
  void End(uint32_t number, int64_t time);
  void Look(Session& session, int64_t time, const Arrival* by);
  void Close(uint32_t number);
  void Arm();

  const WindowPlan& plan_;
  const uint32_t number_;
  ShardMemory& memory_;
  TimerQueue& timers_;
  MatchReceiver& receiver_;

  WindowStore store_;
  WindowJudge judge_;
  StateTable<Session> keys_;
  TimeOrder<StateTable<Session>> order_;  // by their last events
  int64_t armed_;
};

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_WINDOW_SESSION_MATCHER_H_
