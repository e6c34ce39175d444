// One test through the engine, on the virtual clock (T6): events offered in the order of the list,
// watermarks moved by them and by `advance_to`, and at the end to infinity.
//
// Owner: values. Thread: any; a run works on its own thread alone. Units: nanoseconds. Errors:
// none.
#ifndef TELLTALE_DAEMON_TESTING_TEST_RUN_H_
#define TELLTALE_DAEMON_TESTING_TEST_RUN_H_

#include <cstdint>
#include <vector>

#include "daemon/config/config.h"
#include "daemon/testing/prepared_rules.h"
#include "daemon/testing/test_records.h"
#include "engine/alert/alert.h"
#include "engine/runtime/engine.h"
#include "rules/model/rule_test.h"

namespace telltale::testing {

struct TestRun {
  CompiledPtr rules;
  std::vector<TestRecord> records;     // by index in the test
  std::vector<engine::Alert> alerts;   // in T7's order; offsets of evidence are indexes
  std::vector<uint32_t> late;          // indexes, ascending
  std::vector<uint32_t> dead_letters;  // likewise
  engine::EngineStats stats;
};

// The events that rules see, in total order (T2).
std::vector<const engine::Event*> OnTimeEvents(const TestRun& run);

TestRun Run(const rules::RuleTest& test, const config::Config& config, CompiledPtr rules);

}  // namespace telltale::testing

#endif  // TELLTALE_DAEMON_TESTING_TEST_RUN_H_
