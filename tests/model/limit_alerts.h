// The alerts that say that a cap has acted on a key (P10).
//
// Owner: the reference run. Thread: any. Units: nanoseconds. Errors: none.
#ifndef TELLTALE_TESTS_MODEL_LIMIT_ALERTS_H_
#define TELLTALE_TESTS_MODEL_LIMIT_ALERTS_H_

#include <cstdint>
#include <vector>

#include "rules/model/rule.h"
#include "tests/model/scenario.h"

namespace telltale::model {

// One for each hour of event time. `hits`: the times of the events on which it acted, ascending.
void AddLimits(const rules::Rule& rule, const rules::KeyParts& key,
               const std::vector<int64_t>& hits, std::vector<Outcome>& outcomes);

}  // namespace telltale::model

#endif  // TELLTALE_TESTS_MODEL_LIMIT_ALERTS_H_
