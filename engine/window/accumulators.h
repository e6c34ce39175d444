// What a window computes with: for each accumulator of the plan a cell of 64 bits, which is a count
// or names an object that is kept in a pool.
//
// There are two ways to use a set of cells. A *sliding* one is added to and taken out of: what an
// event said is remembered as a Said, and comes back when the event leaves. A *pane* is only added
// to, and merged. All arithmetic is such that no order shows (W5).
//
// Owner: a matcher. Thread: the shard's. Units: nanoseconds. No allocation in steady state but of
// sketches. Errors: arguments that end in one are counted by the caller; hostile bytes make the
// reader fail.
#ifndef TELLTALE_ENGINE_WINDOW_ACCUMULATORS_H_
#define TELLTALE_ENGINE_WINDOW_ACCUMULATORS_H_

#include <cstdint>
#include <functional>

#include "engine/condition/exact_total.h"
#include "engine/condition/scratch.h"
#include "engine/event/event.h"
#include "engine/pattern/event_store.h"
#include "engine/pattern/held_events.h"
#include "engine/pattern/rule_matcher.h"
#include "engine/window/decayed_total.h"
#include "engine/window/distinct.h"
#include "engine/window/front_queue.h"
#include "engine/window/object_pool.h"
#include "engine/window/quantiles.h"
#include "engine/window/row_pool.h"
#include "engine/window/said.h"
#include "engine/window/window_plan.h"

namespace telltale::engine {

using Cells = uint64_t*;

// An event that is on its way into a window.
struct Arrival {
  const Event& event;
  uint32_t source = 0;   // the first that it fits
  StepMask sources = 0;  // all of them
  EventHandle& held;     // made where some accumulator keeps the event
};

class Accumulators {
 public:
  enum class Use : uint8_t { kSliding, kPane };

  Accumulators(const WindowPlan& plan, EventStore& events, Scratch& scratch)
      : plan_(plan),
        events_(events),
        scratch_(scratch),
        cells_(plan.accumulators.size()),
        starts_(plan.longest_order) {}

  Cells New();
  void Free(Cells cells);  // null: nothing
  // All goes on here. REQUIRES: of the same rule.
  void TakeOver(Accumulators& old);
  void Relay(Cells cells, const std::function<EventHandle(EventHandle)>& relaid);

  // What the event says to accumulator `number`; `errors` is raised where it is an error, or no
  // number where one is due.
  Said Hear(size_t number, const Arrival& arrival, uint64_t& errors);
  void Add(Cells cells, size_t number, const Said& said, const Arrival& arrival, Use use);

  // All that the event says, to all of a pane. Returns the errors.
  uint64_t AddAll(Cells cells, const Arrival& arrival);

  // Bring what the cells name into the cache, and where what an event says stands in that.
  [[gnu::always_inline]] void Prefetch(Cells cells) const {
    for (size_t i = 0; i < plan_.accumulators.size(); ++i) {
      if (KindOf(i) == AccumulatorKind::kCountIf || KindOf(i) == AccumulatorKind::kSeen) continue;
      const auto* object = reinterpret_cast<const char*>(cells[i]);
      __builtin_prefetch(object);
      if (IsLarge(KindOf(i))) __builtin_prefetch(object + 64);
    }
  }
  [[gnu::always_inline]] void Prefetch(Cells cells, size_t number, const Said& said) const {
    if (KindOf(number) == AccumulatorKind::kDistinct)
      At<Distinct>(cells, number).Prefetch(said.word);
  }

  // An event of a sliding window leaves: what it said, and what stands by its time.
  void Remove(Cells cells, size_t number, const Said& said, int64_t time);
  void ForgetUpTo(Cells cells, int64_t time);
  // Quantiles that have to be told all values again.
  bool WantsValues(Cells cells, size_t number) const;
  void Restart(Cells cells, size_t number);
  // Adds what an event said that is not at hand any more, of accumulators with a tag.
  void AddAgain(Cells cells, size_t number, const Said& said, int64_t time, Use use);
  // What of a sliding window's cells stands by times, in panes: from `cells` to those of the pane
  // that `pane_of` gives for a time.
  void MoveToPanes(Cells cells, const std::function<Cells(int64_t)>& pane_of);

  // Panes: `newer` comes after `older`, which takes it in.
  void Merge(Cells older, Cells newer) { Join(older, newer, false); }
  // The same for cells that are only read, and freed before `part` changes.
  void View(Cells all, Cells part) { Join(all, part, true); }
  // A pane that follows knows the chains of sources that began before it.
  void CarryOrder(Cells from, Cells to) const;

  // The value of a call. `begin`: of the window, from which on its events are; `time`: the moment
  // that is asked about. What it points to lives until the events go or the scratch is used again.
  Value Of(const CallPlan& call, Cells cells, uint64_t count, int64_t begin, int64_t time) const;

  // The value of a call that counts, but not all events: its accumulator's.
  uint64_t CountOf(size_t number, Cells cells) const {
    return KindOf(number) == AccumulatorKind::kDistinct ? At<Distinct>(cells, number).Count()
                                                        : cells[number];
  }

  // What follows from the Said of all events is left out where not `whole`.
  void AddHeld(Cells cells, HeldEventsEncoder& held) const;
  void Encode(Cells cells, bool whole, const HeldEventsEncoder& held, ByteWriter& out) const;
  // Into new cells, with references of their own.
  void Decode(Cells cells, bool whole, const HeldEvents& held, ByteReader& in);

 private:
  // Of kSquares alone, for there are many without, and the squares are as large as the rest.
  struct SquaredTotals : Totals {
    ExactTotal squares;
    void Clear() {
      Totals::Clear();
      squares.Clear();
    }
  };
  struct Timed {
    int64_t time = 0;
    Value value;
  };
  struct Extremes {
    FrontQueue<Timed> queue;
    void Clear() { queue.Clear(); }
  };
  struct HeldEvent {
    int64_t time = 0;
    EventHandle event = 0;
    uint32_t source = 0;
  };
  struct Ends {
    FrontQueue<HeldEvent> queue;
    void Clear() { queue.Clear(); }
  };

  AccumulatorKind KindOf(size_t number) const { return plan_.accumulators[number].kind; }
  // Its objects are more than a line of the cache.
  static bool IsLarge(AccumulatorKind kind) {
    return kind == AccumulatorKind::kNumbers || kind == AccumulatorKind::kSquares ||
           kind == AccumulatorKind::kQuantiles;
  }
  template <typename T>
  static T& At(Cells cells, size_t number) {
    return *reinterpret_cast<T*>(cells[number]);
  }
  static ExactTotal& SquaresOf(Cells cells, size_t number) {
    return static_cast<SquaredTotals&>(At<Totals>(cells, number)).squares;
  }
  int64_t* StartsOf(Cells cells, size_t number) const {
    return reinterpret_cast<int64_t*>(cells[number]);
  }

  void Join(Cells older, Cells newer, bool borrow);
  Said HearDistinct(const AccumulatorPlan& plan, const Arrival& arrival, uint64_t& errors);
  void AddExtreme(Extremes& extremes, const Timed& timed, bool least, Use use);
  void AddEnd(Ends& ends, const HeldEvent& event, bool first, Use use);
  void AddOrdered(size_t number, int64_t* starts, const Arrival& arrival) const;
  size_t OrderOf(size_t number) const { return plan_.accumulators[number].sources.size(); }
  void DropFront(Ends& ends);
  void DropBack(Ends& ends);

  const WindowPlan& plan_;
  EventStore& events_;
  Scratch& scratch_;
  RowPool cells_;
  RowPool starts_;  // of kOrdered, by place in the order
  ObjectPool<Distinct> distincts_;
  ObjectPool<Totals> totals_;
  ObjectPool<SquaredTotals> squared_totals_;
  ObjectPool<DecayedTotal> decayed_;
  ObjectPool<Extremes> extremes_;
  ObjectPool<Quantiles> quantiles_;
  ObjectPool<Ends> ends_;
};

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_WINDOW_ACCUMULATORS_H_
