// An aggregate made ready to run: what each event has to say to its window, and what is asked of
// the window then.
//
// The calls of a rule (`sum(x)`, `avg(x)`) are computed from *accumulators*; calls over the same
// arguments share one. A window keeps a cell of 64 bits for each. Prints itself, for tests.
//
// Owner: the compiled rules. Thread: immutable, any. Units: nanoseconds. Errors: of compiling, a
// status: our own mistakes, and zones that this machine does not have.
#ifndef TELLTALE_ENGINE_WINDOW_WINDOW_PLAN_H_
#define TELLTALE_ENGINE_WINDOW_WINDOW_PLAN_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "engine/condition/condition.h"
#include "engine/condition/key_finder.h"
#include "engine/event/layout.h"
#include "engine/window/window_grid.h"
#include "rules/model/rule.h"

namespace telltale::engine {

using ProgramPtr = std::shared_ptr<const Program>;

// Part of the byte form of state.
enum class AccumulatorKind : uint8_t {
  kCountIf = 1,
  kDistinct = 2,
  kNumbers = 3,  // sum, avg
  kSquares = 4,  // the same, and stddev
  kLeast = 5,
  kGreatest = 6,
  kQuantiles = 7,
  kFirst = 8,
  kLast = 9,
  kOrdered = 10,
  kSeen = 11,
  kDecayed = 12,
};

struct AccumulatorPlan {
  AccumulatorKind kind = AccumulatorKind::kCountIf;
  std::vector<std::vector<ProgramPtr>> arguments;  // by source
  std::vector<uint32_t> sources;                   // as AggregateCall has them
  int64_t half_life = 0;                           // of kDecayed
  // Where a sliding window remembers what an event said, so as to take it out again: the place of
  // its tag and of its word, kNowhere where it needs none.
  uint32_t tag = 0;
  uint32_t word = 0;
  static constexpr uint32_t kNowhere = UINT32_MAX;
};

struct CallPlan {
  rules::AggregateFunction function = rules::AggregateFunction::kCount;
  uint32_t accumulator = 0;  // of those that have one
  double percentile = 0;
  bool real = false;  // its value is a double whatever was added
};

// A count that has to be so great.
struct Floor {
  uint32_t call = 0;    // of the calls
  bool of_all = false;  // it is count()
  int64_t least = 0;
};

struct BaselinePlan;  // baseline_plan.h

// One of the conditions that `having` joins by &&.
struct HavingPart {
  ProgramPtr program;
  std::vector<uint32_t> calls;  // that it reads, and none before it
};

struct WindowPlan {
  const rules::Rule* rule = nullptr;
  const rules::Aggregate* aggregate = nullptr;
  WindowGrid grid;  // of tumbling and hopping windows
  std::vector<AccumulatorPlan> accumulators;
  std::vector<CallPlan> calls;
  size_t longest_order = 0;              // places of the longest kOrdered
  uint32_t tags = 0;                     // of an event that is remembered
  uint32_t words = 0;                    // likewise
  ProgramPtr having;                     // null: true
  std::vector<uint32_t> having_calls;    // that it reads
  std::vector<HavingPart> having_parts;  // the same, what costs most to compute last
  std::vector<uint32_t> compared_calls;  // all but the window's begin and end
  bool having_reads_key = false;
  std::shared_ptr<const BaselinePlan> baseline;  // null: none
  std::optional<Floor> floor;                    // where `having` is no more than that
  bool wanes = false;  // `having` may become false without anything that comes or leaves
  // The texts of the key have to be kept, for a result may come without an event.
  bool keeps_key = false;
  std::vector<KeyFinder> keys;  // by source, where keeps_key
  bool every_look = false;      // each look at a window is a result: for who reads a rule
  bool asked = false;           // W3: it has no results, and says its values when it is asked
  uint32_t timer_key = 0;       // by which its matcher knows its timers
  uint32_t evidence = 0;        // the last events that are kept
  uint64_t identity = 0;        // of the accumulators: what written state hangs on

  // Whether nobody is told when events leave a sliding window: what leaves makes no count greater.
  bool LeavesQuietly() const {
    return floor && aggregate->emit == rules::Emit::kEdge && !aggregate->on_empty && !every_look;
  }
  std::string ToString() const;
};

// REQUIRES: rule.aggregate. The rule, its layouts' programs and `inputs` outlive the plan.
absl::StatusOr<WindowPlan> CompileWindow(const rules::Rule& rule,
                                         const std::vector<EventLayout>& layouts,
                                         const Inputs* inputs);

// The same of rule.windows[number] (W3). Sources are numbered as steps of the rule.
absl::StatusOr<WindowPlan> CompileStepWindow(const rules::Rule& rule, uint32_t number,
                                             const std::vector<EventLayout>& layouts,
                                             const Inputs* inputs);

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_WINDOW_WINDOW_PLAN_H_
