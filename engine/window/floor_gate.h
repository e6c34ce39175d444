// Whether a count that alone decides `having` (WindowPlan::floor) is reached: known from one
// number, without a look at the window.
//
// A copy of what the plan says, so small that it stands beside what an event needs anyway. Owner: a
// matcher, a judge. Thread: plain data. Errors: none.
#ifndef TELLTALE_ENGINE_WINDOW_FLOOR_GATE_H_
#define TELLTALE_ENGINE_WINDOW_FLOOR_GATE_H_

#include <algorithm>
#include <cstdint>

#include "engine/window/accumulators.h"
#include "engine/window/window_plan.h"
#include "engine/window/window_store.h"

namespace telltale::engine {

class FloorGate {
 public:
  explicit FloorGate(const WindowPlan& plan)
      : evidence_(plan.evidence),
        edge_(plan.floor && !plan.every_look &&
              (plan.aggregate->emit == rules::Emit::kEdge ||
               plan.aggregate->emit == rules::Emit::kAsReached)),
        // A count that has been estimated may grow by more than one with an event.
        holds_few_(plan.LeavesQuietly() && plan.floor->least > 0 &&
                   plan.floor->least <= static_cast<int64_t>(Distinct::kMostExact)),
        least_(plan.floor ? plan.floor->least : 0),
        of_all_(!plan.floor || plan.floor->of_all),
        accumulator_(of_all_ ? 0 : plan.calls[plan.floor->call].accumulator) {}

  // REQUIRES: the plan has a floor.
  bool Reaches(const Accumulators& accumulators, Cells cells, uint64_t count) const {
    return NumberOf(accumulators, cells, count) >= least_;
  }

  // Whether the window gives no result, as far as the number tells that, which is then noted as its
  // last evaluation; false: it has to be looked at.
  bool IsQuiet(WindowKey& key, const Accumulators& accumulators) const {
    if (!edge_) return false;
    const bool is_true = Reaches(accumulators, key.cells, key.count);
    if (is_true && !key.was_true) return false;
    key.was_true = is_true;
    return true;
  }

  // How many of the last events of a sliding window may be among those that its next result shows:
  // each event makes a count greater by one at most, so where as many are wanting as are shown none
  // of those that are there is.
  uint32_t MayShow(const WindowKey& key, const Accumulators& accumulators) const {
    if (!holds_few_) return evidence_;
    const int64_t all = evidence_;
    const int64_t near = NumberOf(accumulators, key.cells, key.count) - least_ + all;
    return static_cast<uint32_t>(std::clamp<int64_t>(near, 0, all));
  }

 private:
  int64_t NumberOf(const Accumulators& accumulators, Cells cells, uint64_t count) const {
    return static_cast<int64_t>(of_all_ ? count : accumulators.CountOf(accumulator_, cells));
  }

  uint32_t evidence_;
  bool edge_;       // `having` becoming true is a result
  bool holds_few_;  // the rule may do without events from before the count is nearly reached
  int64_t least_;
  bool of_all_;  // the count is that of all events
  uint32_t accumulator_;
};

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_WINDOW_FLOOR_GATE_H_
