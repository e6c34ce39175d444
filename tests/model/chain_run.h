// Rules on rules (A5) by the definition: a level of rules after the other, each with the settled
// alerts of those below as events of one more stream, sorted and offered from outside. Nothing of
// what brings alerts to their readers in a running engine has a part in it.
//
// What each level finds is the engine's answer to plain events, bodies and ids included, and must
// be that of the reference (reference_run.h). Owner: the test. Thread: any. Errors: told in
// `error`.
#ifndef TELLTALE_TESTS_MODEL_CHAIN_RUN_H_
#define TELLTALE_TESTS_MODEL_CHAIN_RUN_H_

#include <cstdint>
#include <string>
#include <vector>

#include "engine/alert/alert.h"
#include "tests/model/scenario.h"

namespace telltale::model {

// An alert as A5 says it, in the layout of `rules`, as the bytes of an event.
std::vector<uint64_t> AlertAsEvent(const engine::Alert& alert, bool suppressed, bool on_alerts,
                                   const engine::CompiledRules& rules);

struct ChainResult {
  std::vector<std::string> bodies;  // of all that goes out, sorted
  size_t levels = 0;                // of rules that read alerts
  size_t from_alerts = 0;           // bodies of those rules
  std::string error;                // where a level is not what the reference says
};

// REQUIRES: rules that read alerts say `warm_up: assume_empty`; for C5 the first event read is here
// the first alert, and not the first event behind it.
ChainResult RunLevels(const Scenario& scenario, const engine::CompiledRules& rules);

}  // namespace telltale::model

#endif  // TELLTALE_TESTS_MODEL_CHAIN_RUN_H_
