// Sliding windows (W1): at t the events of [t - size, t], looked at with each event that comes and
// just after each that leaves.
//
// Events stand in one ring for all keys (entry_ring.h), so that leaving costs no search and no
// timer of its own. A key with more events than limits.events goes over to panes of a 64th of the
// window (W2), until it is empty.
//
// Where nobody is told when events leave (WindowPlan::LeavesQuietly) they do so late: those of a
// key when its next event comes, the others a few with each event of the rule and with a quiet
// timer. So a thousand rules that count do not have a thousand timers that follow their events.
//
// Cost: amortised O(1) for an event, but for what its accumulators say of themselves; in panes two
// merges for each pane that leaves. No allocation in steady state. Owner: a shard's lane. Thread:
// the shard's. Units: nanoseconds.
#ifndef TELLTALE_ENGINE_WINDOW_SLIDING_MATCHER_H_
#define TELLTALE_ENGINE_WINDOW_SLIDING_MATCHER_H_

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/pattern/limited_keys.h"
#include "engine/pattern/rule_matcher.h"
#include "engine/window/entry_ring.h"
#include "engine/window/floor_gate.h"
#include "engine/window/object_pool.h"
#include "engine/window/pane_queue.h"
#include "engine/window/state_table.h"
#include "engine/window/window_judge.h"
#include "engine/window/window_plan.h"
#include "engine/window/window_store.h"

namespace telltale::engine {

class SlidingMatcher final : public RuleMatcher {
 public:
  SlidingMatcher(const WindowPlan& plan, uint32_t rule, ShardMemory& memory, TimerQueue& timers,
                 TimerQueue& quiet, Scratch& scratch, MatchReceiver& receiver);
  ~SlidingMatcher() override;

  void Process(const Event& event, const Hash128& key, StepMask steps, StopMask stops,
               EventHandle& held) override;
  uint32_t Prefetch(const Hash128& key, Fetch step, uint32_t found) const override;
  void Fire(const Timer& timer) override;

  // Of a window that is asked (W3). Its values at the event of that time, by call, once it has been
  // processed; they are there until it is asked again.
  const Value* Measure(const Hash128& key, int64_t time);
  // What has to leave by the moment has left. REQUIRES: as of Fire.
  void ExpireUpTo(int64_t time);
  bool IsTruncated(const Hash128& key) const {
    const uint32_t number = keys_.Find(key);
    return number != kNoState && keys_[number].truncated != 0;
  }
  void ForgetKey(const Hash128& key);
  void TakeOver(RuleMatcher& old, const std::function<EventHandle(EventHandle)>& relaid) override;
  int64_t partial_matches() const override { return static_cast<int64_t>(keys_.size()); }

  bool Keeps(const Hash128& key) const override {
    return keys_.Find(key) != kNoState || limited_.contains(key);
  }
  void ForEachKey(const std::function<void(const Hash128&)>& visit) const override;
  void Encode(const Hash128& key, const LayoutBook& layouts, std::string& bytes) const override;
  absl::Status Decode(std::string_view bytes, EventDecoder& events) override;

 private:
  // Of a key whose events are not remembered one by one. The key's own cells are what the panes and
  // `current` come to.
  struct Panes {
    PaneQueue older;
    Pane current;
    void Clear() { current = {}; }
  };
  // Lower halves of the places of a key's entries.
  struct Places {
    uint32_t first = 0;
    uint32_t last = 0;
  };
  struct SlidingKey : WindowKey {
    uint32_t shown = 0;  // likewise, of the oldest that is held
    union {
      Places places = {};
      Panes* panes;  // where it is truncated
    };
  };
  static_assert(sizeof(SlidingKey) == 56);

  // Events.
  void NoteSize();
  void Hear(const SlidingKey* state, const Arrival& arrival);
  void Remember(SlidingKey& state, uint32_t number, const Arrival& arrival);
  void HoldLast(SlidingKey& state, uint64_t place, const Arrival& arrival);
  void LetGo(SlidingKey& state);
  void LookAt(SlidingKey& state, int64_t time, const Arrival* by);
  WindowView ViewAt(const SlidingKey& state, int64_t time, const Arrival* by) const;
  uint32_t LeaveFrom(uint64_t place);
  void LookBefore(SlidingKey& state, int64_t time);
  void ExpireAt(int64_t time);
  [[gnu::always_inline]] inline void PrefetchBehind(uint64_t place) const;
  void AfterExpiry(uint32_t number, int64_t time);
  void Forget(SlidingKey& state, int64_t time);
  void LeaveQuietly(uint32_t number, int64_t before);
  void SweepQuietly(int64_t before, size_t most);
  void Close(uint32_t number);
  // Places, from the oldest on.
  template <typename Visit>
  void ForEachEntry(const SlidingKey& state, const Visit& visit) const {
    if (state.count == 0) return;
    uint64_t place = ring_.Resolve(state.places.first);
    for (uint64_t left = state.count;; place = ring_.After(place)) {
      visit(place);
      if (--left == 0) return;
    }
  }
  std::span<const ShownEvent> ShownOf(const SlidingKey& state) const;
  int64_t NextDeadline() const;
  void Arm();
  void ArmQuietly(int64_t from);
  void PutInOrder();  // what was decoded

  // Panes.
  TimeRange PaneAt(int64_t time) const;
  void AddToPane(SlidingKey& state, const Arrival& arrival);
  void GoToPanes(uint32_t number);
  void SumUp(SlidingKey& state);
  void ExpirePanes(int64_t deadline);
  int64_t OldestPane(const Panes& panes) const {
    return panes.older.empty() ? panes.current.begin : panes.older.oldest();
  }
  int64_t DeadlineOfPane(int64_t begin) const;
  void NoteLimit(SlidingKey& state, const Arrival& arrival);

  void EncodeEntries(const SlidingKey& state, ByteWriter& out) const;
  void EncodePanes(const Panes& panes, const HeldEventsEncoder& held, ByteWriter& out) const;
  void DecodeEntries(SlidingKey& state, uint32_t number, ByteReader& in);
  void DecodeShown(SlidingKey& state, ByteReader& in);
  void DecodePanes(SlidingKey& state, const HeldEvents& held, ByteReader& in);

  // First what every event needs, which is fetched at once: three lines of the cache.
  const bool quiet_;
  const bool wanes_;
  const bool asked_;
  bool in_order_ = true;  // the ring
  bool some_in_panes_ = false;
  const uint32_t evidence_;
  const uint32_t number_;
  const uint32_t hears_;  // so many accumulators
  const int64_t size_;
  const uint64_t most_events_;
  int64_t armed_;
  int64_t armed_quietly_;
  alignas(64) EntryRing ring_;
  const FloorGate floor_;
  alignas(64) StateTable<SlidingKey> keys_;

  const WindowPlan& plan_;
  ShardMemory& memory_;
  WindowJudge judge_;
  std::vector<Said> saids_;  // of the event under way, by accumulator

  TimerQueue& timers_;
  TimerQueue& quiet_timers_;
  MatchReceiver& receiver_;
  WindowStore store_;
  ObjectPool<Panes> panes_;
  std::vector<uint32_t> in_panes_;  // the keys that have panes; some_in_panes_ says whether any
  LimitedKeys limited_;
  Cells nothing_ = nullptr;  // of a window that is asked: those without events

  // Of the call under way.
  std::vector<uint32_t> touched_;
  std::vector<uint64_t> places_;
  mutable std::vector<ShownEvent> shown_;
};

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_WINDOW_SLIDING_MATCHER_H_
