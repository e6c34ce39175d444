// Tumbling and hopping windows (W1): those that begin and end at the same moments for all keys,
// looked at when they end, or where the rule says so with each event.
//
// Time is cut into panes: a tumbling window is one of them, a hopping one several in a row. Events
// go into the pane that is under way; a key that has nothing to remember beyond it has no state. At
// the end of a pane a window of each key ends with it.
//
// Cost: O(1) for an event but for what its accumulators say of themselves, and at the end of a pane
// for each key that is known, amortised. One timer for all keys. Owner: a shard's lane. Thread: the
// shard's. Units: nanoseconds.
#ifndef TELLTALE_ENGINE_WINDOW_GRID_MATCHER_H_
#define TELLTALE_ENGINE_WINDOW_GRID_MATCHER_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "engine/pattern/rule_matcher.h"
#include "engine/window/object_pool.h"
#include "engine/window/pane_queue.h"
#include "engine/window/state_table.h"
#include "engine/window/window_judge.h"
#include "engine/window/window_plan.h"
#include "engine/window/window_store.h"

namespace telltale::engine {

class GridMatcher final : public RuleMatcher {
 public:
  GridMatcher(const WindowPlan& plan, uint32_t rule, ShardMemory& memory, TimerQueue& timers,
              Scratch& scratch, MatchReceiver& receiver);
  ~GridMatcher() override;

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
  // The cells and the count are those of the pane under way.
  struct GridKey : WindowKey {
    PaneQueue* older = nullptr;  // of hopping windows
  };
  static_assert(sizeof(GridKey) == 56);

  bool hopping() const { return plan_.aggregate->window.kind == rules::WindowKind::kHopping; }
  bool as_reached() const { return plan_.aggregate->emit == rules::Emit::kAsReached; }
  int64_t StartOfWindow() const;  // of the one that ends with the pane
  void Enter(int64_t time);
  void Arm();
  void EndPane();
  [[gnu::always_inline]] inline void PrefetchBehind(uint32_t number) const;
  void EndOf(uint32_t number);
  bool LookAtEnd(GridKey& state);
  void MoveOn(GridKey& state);
  bool IsKept(const GridKey& state, bool empty) const;
  void Look(GridKey& state, Cells cells, uint64_t count, int64_t time, const Arrival* by);
  void Close(uint32_t number);

  const WindowPlan& plan_;
  const uint32_t number_;
  ShardMemory& memory_;
  TimerQueue& timers_;
  MatchReceiver& receiver_;

  WindowStore store_;
  WindowJudge judge_;
  StateTable<GridKey> keys_;
  ObjectPool<PaneQueue> queues_;
  std::optional<TimeRange> pane_;  // under way; none: no key is known
  int64_t armed_;
};

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_WINDOW_GRID_MATCHER_H_
