// The suppressions of all rules whose alerts of different keys are decided together (A3): which of
// them goes on through changes of rules, and how far each may decide.
//
// A suppression serves the sets that have its rule with the same meaning and the same `suppress`,
// one behind the other; it decides what all shards have settled in the oldest of them that is not
// over. One that the next set does not have ends once its last set is over.
//
// Owner: the engine. Thread: the ingest thread; counts any. Units: nanoseconds of event time.
// Errors: broken bytes are a status.
#ifndef TELLTALE_ENGINE_RUNTIME_JOINT_SUPPRESSIONS_H_
#define TELLTALE_ENGINE_RUNTIME_JOINT_SUPPRESSIONS_H_

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "engine/runtime/active_rules.h"
#include "engine/runtime/compiled_rules.h"
#include "engine/runtime/fed_alerts.h"
#include "engine/runtime/joint_suppression.h"

namespace telltale::engine {

class JointSuppressions {
 public:
  // The set is the newest one from now on.
  void Begin(const std::shared_ptr<const CompiledRules>& rules, uint64_t generation);
  // Some are there: alerts may come, or wait.
  bool active() const { return !suppressions_.empty(); }

  void Take(FedAlerts::OneUndecided& one);
  // Decides what all shards have settled; `sets`: those that run, oldest first. What goes out is
  // appended to `alerts`.
  void Decide(const std::deque<ActiveRules>& sets, std::vector<Alert>& alerts);
  // Nothing is settled of a stream that some alert may still go out of.
  void LowerTo(int64_t* settled) const;
  // All that keys have held is dropped.
  void Clear();
  // Through its bytes, of which the number is added.
  absl::Status Recode(size_t& bytes);

  struct Counts {
    uint64_t alerts = 0;
    uint64_t suppressed = 0;
  };
  std::map<std::string, Counts> counts() const;  // by rule

 private:
  struct Serving {
    uint64_t generation = 0;
    uint32_t lane = 0;
  };
  struct One {
    std::unique_ptr<JointSuppression> suppression;
    std::vector<Serving> sets;      // ascending
    std::vector<uint32_t> sources;  // streams of which its lane has events
    bool ended = false;             // the newest set does not have it
  };
  struct Published {
    std::string rule;
    std::shared_ptr<const JointSuppression::Counters> counters;
  };

  static int64_t SettledOf(const One& one, const std::deque<ActiveRules>& sets);
  void Serve(const std::shared_ptr<const CompiledRules>& rules, uint64_t generation, uint32_t lane,
             uint32_t rule);

  std::vector<One> suppressions_;
  mutable std::mutex published_mutex_;  // at a switch and for statistics
  std::vector<Published> published_;
};

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_RUNTIME_JOINT_SUPPRESSIONS_H_
