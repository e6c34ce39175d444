// Rules at random of which some read the alerts of others (A5).
//
// Owner: the test. Thread: any.
#ifndef TELLTALE_TESTS_MODEL_RANDOM_CHAIN_H_
#define TELLTALE_TESTS_MODEL_RANDOM_CHAIN_H_

#include <string>
#include <vector>

#include "tests/model/choices.h"
#include "tests/model/scenario.h"

namespace telltale::model {

// As YAML: a rule over events alone that loads and whose caps bound what it can hold. Empty: there
// was none. `heard`: all alerts of the rules are to be had, so there are no building blocks and
// shadows, and nobody reads what is suppressed; nor does it matter whose alerts count as next.
std::string RandomRuleOnEvents(Choices& choices, const Scenario& scenario, const std::string& id,
                               bool heard);

// One that reads alerts, of all rules or of those `below`, beside events of the scenario's streams
// or without them. It may not load.
std::string RandomRuleOnAlerts(Choices& choices, const std::string& id, int streams,
                               const std::vector<std::string>& below, bool heard);

}  // namespace telltale::model

#endif  // TELLTALE_TESTS_MODEL_RANDOM_CHAIN_H_
