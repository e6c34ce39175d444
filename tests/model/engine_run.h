// A whole scenario by the real engine, driven as the daemon drives it: partitions added, events
// offered in order of arrival, epochs closed, and the end of the input.
//
// Owner: the caller. Thread: one at a time. Errors: a lateness that differs from what the caller
// says is told.
#ifndef TELLTALE_TESTS_MODEL_ENGINE_RUN_H_
#define TELLTALE_TESTS_MODEL_ENGINE_RUN_H_

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/alert/alert.h"
#include "engine/pattern/rule_matcher.h"
#include "tests/model/scenario.h"

namespace telltale::model {

struct EngineSetting {
  uint32_t workers = 1;
  bool threads = false;
  uint32_t batch_events = 256;
  uint32_t flush_every = 100;  // events
  uint32_t index_from = engine::kIndexFrom;
  uint32_t warm_keys = engine::kWarmKeys;
  // At so many moments of a hundred flushes all state is encoded, destroyed and decoded.
  uint32_t recode_percent = 0;
  uint64_t recode_seed = 1;
  // The watermarks pass this time and no more; none: the end of the input.
  std::optional<int64_t> ends_at = {};
};

struct EngineResult {
  std::vector<engine::Alert> alerts;     // settled ones, in T7's order
  std::vector<engine::Alert> delivered;  // all, as they came
  std::vector<bool> late;                // by event of the scenario
  uint64_t condition_errors = 0;
  size_t recoded_bytes = 0;
  std::string recode_error;
  std::vector<Outcome> Outcomes() const;    // sorted
  std::vector<std::string> Bodies() const;  // of all alerts, sorted
};

Outcome OutcomeOf(const engine::Alert& alert);

EngineResult RunEngine(const Feed& feed, std::shared_ptr<const engine::CompiledRules> rules,
                       const EngineSetting& setting);
EngineResult RunEngine(const Scenario& scenario, std::shared_ptr<const engine::CompiledRules> rules,
                       const EngineSetting& setting);

}  // namespace telltale::model

#endif  // TELLTALE_TESTS_MODEL_ENGINE_RUN_H_
