// The `events` of a test.
//
// In the short form fields stand beside `at` and `on`; the long form has them in `record`, for
// events whose fields bear such names:
//
//   - { at: 0s, on: logins, user_id: u1, result: success }
//   - { at: 0s, on: logins, partition: 1, record: { on: tuesday, user_id: u1 } }
//   - { advance_to: 48h }
//
// Owner: the events are the caller's. Thread: no shared state, any. Errors: diagnostics; an event
// with mistakes keeps its place in the list, so that the numbers of the others stay right.
#ifndef TELLTALE_RULES_LOAD_TESTS_TEST_EVENTS_H_
#define TELLTALE_RULES_LOAD_TESTS_TEST_EVENTS_H_

#include <vector>

#include "rules/load/yaml/node.h"
#include "rules/load/yaml/values.h"
#include "rules/model/rule_test.h"
#include "rules/model/stream.h"

namespace telltale::rules {

std::vector<TestEvent> ReadTestEvents(const Node& node, int64_t base, const StreamCatalog& streams,
                                      ValueReader& values);

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_LOAD_TESTS_TEST_EVENTS_H_
