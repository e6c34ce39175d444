// A rule's baseline made ready to run: what is computed of each pane of time, and how many of them
// are looked at (W1).
//
// A pane is named by its number: [number * every, (number + 1) * every) since the epoch, shifted by
// `offset`. Owner: the window's plan. Thread: immutable, any. Units: nanoseconds; what lies beyond
// int64 stays at its end.
#ifndef TELLTALE_ENGINE_WINDOW_BASELINE_PLAN_H_
#define TELLTALE_ENGINE_WINDOW_BASELINE_PLAN_H_

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/time/saturation.h"
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
  ProgramPtr of;               // over its calls
  std::vector<Call> calls;
  int64_t every = 1;
  int64_t offset = 0;
  int64_t count = 0;  // of panes
  // How long a window that is still to be asked about may have begun before the event that comes.
  int64_t window = 0;
  // False: what is asked about is asked when it begins (a session).
  bool follows_start = true;

  int64_t PaneOf(int64_t time) const {
    const int64_t shifted = Minus(time, offset);
    return shifted / every - (shifted % every < 0 ? 1 : 0);
  }
  int64_t BeginOf(int64_t pane) const {
    __extension__ using Wide = __int128;
    return static_cast<int64_t>(
        std::clamp<Wide>(static_cast<Wide>(pane) * every + offset, kNever, kForever));
  }
  // From here on a window with this begin looks.
  int64_t BeginBefore(int64_t start) const { return BeginOf(PaneOf(start) - count); }
  std::string ToString() const;
};

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_WINDOW_BASELINE_PLAN_H_
