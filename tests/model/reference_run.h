// A whole scenario by the definitions: what is late (T4), the total order (T2), the keys (K1, K2),
// the matches of each key by the reference matcher, warm-up (C5) and suppression (A3). Knows
// nothing of watermarks on the way, shards or batches: the outcome is a function of the on-time
// events and the rules.
//
// Conditions are evaluated by engine/condition, which has tests of its own.
// Owner: the caller. Thread: any. Units: nanoseconds.
#ifndef TELLTALE_TESTS_MODEL_REFERENCE_RUN_H_
#define TELLTALE_TESTS_MODEL_REFERENCE_RUN_H_

#include <limits>
#include <map>
#include <string>
#include <vector>

#include "tests/model/rule_conditions.h"
#include "tests/model/scenario.h"
#include "tests/model/window_run.h"

namespace telltale::model {

struct ReferenceResult {
  std::vector<Outcome> outcomes;  // sorted
  std::vector<bool> late;         // by event of the scenario
};

// What a rule says of one key, whose events these are, in total order.
void RunOnKey(const rules::Rule& rule, RuleConditions& conditions, const rules::KeyParts& key,
              std::vector<const engine::Event*> events, const Horizon& horizon,
              std::vector<Outcome>& outcomes);

// V8: those of a key's events that count; they are in total order.
std::vector<const engine::Event*> WithoutDuplicates(const std::vector<const engine::Event*>& events,
                                                    const engine::CompiledRules& rules);

// The events for which a rule acts (C2): those after `after`, up to and including `until`.
struct Reign {
  int64_t after = std::numeric_limits<int64_t>::min();
  int64_t until = std::numeric_limits<int64_t>::max();
};

ReferenceResult RunReference(const Feed& feed, const engine::CompiledRules& rules);
// Only the rules that `reigns` names by their ids.
ReferenceResult RunReference(const Feed& feed, const engine::CompiledRules& rules,
                             const std::map<std::string, Reign>& reigns);
ReferenceResult RunReference(const Scenario& scenario, const engine::CompiledRules& rules);

}  // namespace telltale::model

#endif  // TELLTALE_TESTS_MODEL_REFERENCE_RUN_H_
