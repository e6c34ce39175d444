// What is usual for each key: the values of the last panes of time in which it had events, and what
// they come to (W1, `baseline`).
//
// Events go into the pane under way; when the key is met in a later one, or a window is asked about
// that begins later, the pane is closed to one number. A key keeps such numbers for as long as a
// window may ask for them, which is bounded by the plan, and only of panes that had events; the
// others are as many as are missing. What the panes come to is kept up with them (exact sums, least
// and greatest in queues), computed once for each pane that passes, and only where it is asked for.
// A key of which no pane can be asked for any more is forgotten: a few with each event of the rule,
// and with a timer that nobody waits for.
//
// Cost: amortised O(1) for an event and for a question. No allocation in steady state. Owner: a
// BaselineMatcher. Thread: the shard's. Units: nanoseconds. Errors: hostile bytes make the reader
// fail.
#ifndef TELLTALE_ENGINE_WINDOW_BASELINES_H_
#define TELLTALE_ENGINE_WINDOW_BASELINES_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "engine/condition/copy_value.h"
#include "engine/condition/exact_total.h"
#include "engine/condition/scratch.h"
#include "engine/event/bytes.h"
#include "engine/event/hash.h"
#include "engine/event/value.h"
#include "engine/pattern/held_events.h"
#include "engine/pattern/layout_book.h"
#include "engine/pattern/rule_matcher.h"
#include "engine/time/saturation.h"
#include "engine/window/accumulators.h"
#include "engine/window/baseline_plan.h"
#include "engine/window/front_queue.h"
#include "engine/window/object_pool.h"
#include "engine/window/state_table.h"
#include "engine/window/time_order.h"

namespace telltale::engine {

class Baselines {
 public:
  // All outlive it.
  Baselines(const BaselinePlan& plan, ShardMemory& memory, Scratch& scratch);
  ~Baselines();
  Baselines(const Baselines&) = delete;
  Baselines& operator=(const Baselines&) = delete;

  // An event of the key, which is the last of it in total order. Returns how many of its arguments
  // were errors.
  uint64_t Take(const Hash128& key, const Arrival& arrival);
  // Writes what the plan's calls are for a window of the key that begins at `start`. REQUIRES: the
  // begins of a key do not fall, and lie no further back than the plan says.
  void Ask(const Hash128& key, int64_t start, Value* values);
  // A session of the key begins: what it will ask for is computed now.
  void Begin(const Hash128& key, int64_t start) { Find(key, start); }
  const BaselinePlan& plan() const { return plan_; }

  [[gnu::always_inline]] void Prefetch(const Hash128& key, RuleMatcher::Fetch step) const {
    if (step == RuleMatcher::Fetch::kBucket) return keys_.PrefetchSlot(key);
    if (step == RuleMatcher::Fetch::kSeat) return keys_.PrefetchState(key);
    const KeyState* state = keys_.Likely(key);
    if (state == nullptr) return;
    if (step == RuleMatcher::Fetch::kPartials) return __builtin_prefetch(state->cells);
    const auto* history = reinterpret_cast<const char*>(state->history);
    __builtin_prefetch(history);
    __builtin_prefetch(history + 64);
  }

  // Up to `most` keys that nothing can ask for from `now` on are forgotten.
  void Sweep(int64_t now, size_t most);
  // When the next key can be; kForever: there is none.
  int64_t NextDue();

  void TakeOver(Baselines& old, const std::function<EventHandle(EventHandle)>& relaid);
  size_t size() const { return keys_.size(); }
  bool Keeps(const Hash128& key) const { return keys_.Find(key) != kNoState; }
  void ForEachKey(const std::function<void(const Hash128&)>& visit) const;
  // Of a key that is kept: the events that it holds, then the pane under way (its number, its count
  // of events, its cells), then the panes before it, each its number and value, then what the last
  // answer was, where there was one.
  void Encode(const Hash128& key, const LayoutBook& layouts, ByteWriter& out) const;
  // Of a key that is not. Where `in` has failed nothing is kept of it.
  void Decode(const Hash128& key, EventDecoder& events, ByteReader& in);
  void Forget(const Hash128& key);

 private:
  struct PaneValue {
    int64_t pane = 0;
    double value = 0;  // nan: it has none
  };
  // What the panes before a number come to.
  struct Answer {
    int64_t pane = 0;
    bool known = false;
    bool any = false;  // some pane has a value; else the following are errors
    uint32_t panes = 0;
    double avg = 0;
    double stddev = 0;
    double min = 0;
    double max = 0;
    double sum = 0;
  };
  // First what each question needs, then what a pane does that passes.
  struct alignas(64) History {
    Answer answer;
    FrontQueue<PaneValue> panes;
    size_t taken = 0;  // of them, into what follows
    Totals totals;     // empty panes are in it, too
    ExactTotal squares;
    FrontQueue<PaneValue> least;  // what may yet be the least, the first of them is
    FrontQueue<PaneValue> greatest;
    void Clear();
  };
  struct KeyState {
    Hash128 key{};
    OrderLink link;
    int64_t last = 0;            // the number of the pane of its last event
    uint64_t count = 0;          // events in that, as long as it is under way
    Cells cells = nullptr;       // likewise; null where there are none
    History* history = nullptr;  // null: no pane has been closed
  };
  static_assert(sizeof(KeyState) == 56);

  // The pane that was met last, most likely the next one, too.
  struct KnownPane {
    int64_t begin = 0;
    int64_t end = 0;
    int64_t number = 0;
  };

  int64_t PaneOf(int64_t time, KnownPane& known) const {
    if (time >= known.begin && time < known.end) return known.number;
    known.number = plan_.grid.NumberAt(time);
    known.begin = plan_.grid.BeginOf(known.number);
    known.end = plan_.grid.BeginOf(known.number + 1);
    return known.number;
  }
  double ValueOf(Cells cells, uint64_t count);
  const Answer& Find(const Hash128& key, int64_t start);
  void Close(KeyState& state, int64_t oldest);
  void DropBefore(History& history, int64_t oldest);
  void Add(History& history, const PaneValue& pane);
  void Change(History& history, double value, int sign) const;
  void Compute(History& history, int64_t pane);
  void Restart(History& history);
  void Forget(uint32_t number);
  int64_t DueOf(int64_t last) const {
    return Plus(plan_.grid.BeginOf(last + plan_.count + 1), plan_.window);
  }

  void DecodeHistory(KeyState& state, ByteReader& in);

  const BaselinePlan& plan_;
  ShardMemory& memory_;
  Scratch& scratch_;
  bool wants_squares_ = false;
  bool wants_least_ = false;
  bool wants_greatest_ = false;
  uint32_t met_ = kNoState;  // the key of the last event
  KnownPane of_event_;
  KnownPane of_start_;
  int64_t due_ = kForever;  // no key can be forgotten before
  StateTable<KeyState> keys_;
  TimeOrder<StateTable<KeyState>> order_;  // by the panes of their last events
  ObjectPool<History> histories_;
  Accumulators accumulators_;
  double empty_ = 0;  // what a pane without events is; nan: nothing
  Totals all_empty_;  // of so many panes as the plan has
  ExactTotal all_squares_;
  Answer nothing_;             // of a key without any pane
  std::vector<Value> values_;  // by call of a pane
  Arena arena_;
};

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_WINDOW_BASELINES_H_
