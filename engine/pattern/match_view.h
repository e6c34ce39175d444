// A chain laid out as conditions, alerts and comparisons want it: its events in total order, and
// by step.
//
// Remembers the chain that it shows, so that conditions over one partial match lay it out once.
// Owner: the matcher. Thread: the shard's. No allocation once it has grown.
#ifndef TELLTALE_ENGINE_PATTERN_MATCH_VIEW_H_
#define TELLTALE_ENGINE_PATTERN_MATCH_VIEW_H_

#include <cstdint>
#include <vector>

#include "engine/condition/condition.h"
#include "engine/pattern/chain.h"
#include "engine/pattern/event_store.h"
#include "engine/pattern/pattern.h"

namespace telltale::engine {

class MatchView {
 public:
  // `steps`: of the rule. Both outlive it.
  MatchView(const ChainPool& chains, const EventStore& store, size_t steps)
      : chains_(chains), store_(store), by_step_(steps), single_(steps) {}

  // Valid until the next call of Show, ShowSteps or Forget.
  void Show(Chain chain);
  // Only `by_step`, and of that only these steps. REQUIRES: none of them takes more than one event.
  // Does not look at all events of a repeat.
  void ShowSteps(Chain chain, StepMask steps);
  // The same of events that stand in no chain, in total order: Begin, Add each, End.
  void Begin();
  void Add(uint32_t step, EventHandle event);
  void End();
  // What it shows may have gone.
  void Forget() { shown_ = kNoChain; }

  const std::vector<const Event*>& events() const { return events_; }
  const std::vector<uint32_t>& steps() const { return steps_; }  // of each event
  const std::vector<StepEvents>& by_step() const { return by_step_; }

 private:
  void GroupBySteps();
  void GatherBySteps();

  const ChainPool& chains_;
  const EventStore& store_;
  Chain shown_ = kNoChain;
  std::vector<const Event*> events_;
  std::vector<uint32_t> steps_;
  std::vector<StepEvents> by_step_;
  std::vector<const Event*> single_;    // by step
  std::vector<const Event*> gathered_;  // where the events of a step do not stand together
};

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_PATTERN_MATCH_VIEW_H_
