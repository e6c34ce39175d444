// A rule over windows or new terms, on the events of one key: which of them its sources take, what
// they say, and the results by window_reference.h, through warm-up, exceptions and suppression.
//
// Owner: the reference run. Thread: one. Units: nanoseconds. Errors: none.
#ifndef TELLTALE_TESTS_MODEL_WINDOW_RUN_H_
#define TELLTALE_TESTS_MODEL_WINDOW_RUN_H_

#include <cstdint>
#include <vector>

#include "tests/model/rule_conditions.h"
#include "tests/model/scenario.h"

namespace telltale::model {

struct Horizon {
  int64_t begin = 0;  // what looks back beyond it is kept quiet (C5)
  int64_t watermark = 0;
};

// `events`: those that reach the key, in total order. REQUIRES: an aggregate.
void RunWindows(const rules::Rule& rule, RuleConditions& conditions, const rules::KeyParts& key,
                const std::vector<const engine::Event*>& events, const Horizon& horizon,
                std::vector<Outcome>& outcomes);
// REQUIRES: new_terms.
void RunNewTerms(const rules::Rule& rule, RuleConditions& conditions, const rules::KeyParts& key,
                 const std::vector<const engine::Event*>& events, const Horizon& horizon,
                 std::vector<Outcome>& outcomes);

}  // namespace telltale::model

#endif  // TELLTALE_TESTS_MODEL_WINDOW_RUN_H_
