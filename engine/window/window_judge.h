// Looks at a window when there is reason to, and says what comes of it (W2): its values, `having`,
// whether that is news, and the result.
//
// Owner: a matcher. Thread: the shard's. Units: nanoseconds. Errors: a `having` that ends in one is
// false, and counted.
#ifndef TELLTALE_ENGINE_WINDOW_WINDOW_JUDGE_H_
#define TELLTALE_ENGINE_WINDOW_WINDOW_JUDGE_H_

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "engine/condition/scratch.h"
#include "engine/pattern/match_view.h"
#include "engine/pattern/rule_matcher.h"
#include "engine/window/accumulators.h"
#include "engine/window/floor_gate.h"
#include "engine/window/window_plan.h"
#include "engine/window/window_store.h"

namespace telltale::engine {

// A window at the moment at which it is looked at.
struct WindowView {
  Cells cells = nullptr;
  uint64_t count = 0;
  int64_t time = 0;  // of a result
  int64_t start = 0;
  int64_t end = 0;
  int64_t begin = 0;  // its events are from here on
  int64_t looks_back_to = 0;
  const Arrival* by = nullptr;  // what decides it; null: time does
};

class WindowJudge {
 public:
  // The events that a key shows, from the oldest on; asked for results alone.
  using ShownOf = std::function<std::span<const ShownEvent>(const WindowKey&)>;

  WindowJudge(const WindowPlan& plan, uint32_t rule, ShardMemory& memory, Scratch& scratch,
              MatchReceiver& receiver, WindowStore& store, ShownOf shown_of);

  // Evaluates, and hands the result out where there is one.
  void Look(WindowKey& key, const WindowView& window);
  // The values alone, by call; they are there until it is asked again.
  const Value* Measure(const WindowView& window);
  // Only whether `having` is still true, of a plan that wanes: gives no result.
  void LookBefore(WindowKey& key, const WindowView& window);

 private:
  bool IsResult(WindowKey& key, const WindowView& window);
  bool Having(const WindowKey& key, const WindowView& window);
  uint64_t HashOfValues(const WindowView& window);
  void Compute(uint32_t call, const WindowView& window);
  void Emit(const WindowKey& key, const WindowView& window);

  const WindowPlan& plan_;
  const FloorGate floor_;
  const uint32_t number_;
  ShardMemory& memory_;
  Scratch& scratch_;
  MatchReceiver& receiver_;
  WindowStore& store_;
  const ShownOf shown_of_;
  std::vector<Value> values_;  // by call
  Arena arena_;                // of values that an expression has made
  MatchView view_;
};

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_WINDOW_WINDOW_JUDGE_H_
