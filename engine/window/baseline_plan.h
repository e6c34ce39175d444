// A rule's baseline made ready to run: what is computed of each pane of time, and how many of them
// are looked at (W1).
//
// Panes are the windows of `grid`, by their numbers. Owner: the window's plan. Thread: immutable,
// any. Units: nanoseconds; what lies beyond int64 stays at its end.
#ifndef TELLTALE_ENGINE_WINDOW_BASELINE_PLAN_H_
#define TELLTALE_ENGINE_WINDOW_BASELINE_PLAN_H_

#include <cstdint>
#include <string>
#include <vector>

#include "engine/window/window_grid.h"
#include "engine/window/window_plan.h"
#include "rules/model/aggregate.h"

namespace telltale::engine {

struct BaselinePlan {
  // A value of the rule's window that the baseline gives.
  struct Call {
    uint32_t number = 0;
    rules::AggregateFunction function = rules::AggregateFunction::kBaselineAvg;
  };

  rules::Aggregate aggregate;  // what is computed of a pane, which is a window of it
  WindowPlan panes;            // the same
  ProgramPtr of;               // over its calls; null: it is the value of `plain`
  uint32_t plain = 0;
  std::vector<Call> calls;
  WindowGrid grid;    // of the panes
  int64_t every = 1;  // how long they are
  int64_t count = 0;  // how many a window is compared with
  // How long a window that is still to be asked about may have begun before the event that comes.
  int64_t window = 0;
  // False: what is asked about is asked when it begins (a session).
  bool follows_start = true;

  // How far back from the pane of a key's last event its panes are kept.
  int64_t most_panes() const { return count + window / every + 2; }
  // From here on a window with this begin is compared.
  int64_t BeginBefore(int64_t start) const { return grid.BeginOf(grid.NumberAt(start) - count); }
  std::string ToString() const;
};

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_WINDOW_BASELINE_PLAN_H_
