// A time in a test: a distance from the test's base (`90s`, `-5m`), or RFC 3339.
//
// Thread: no state, any. Units: nanoseconds since the epoch, from 1678 to 2261. Errors: diagnostics
// R0601.
#ifndef TELLTALE_RULES_LOAD_TESTS_TEST_TIME_H_
#define TELLTALE_RULES_LOAD_TESTS_TEST_TIME_H_

#include <cstdint>
#include <optional>
#include <string_view>

#include "rules/load/yaml/values.h"

namespace telltale::rules {

// `what` names the value in messages: "'at'".
std::optional<int64_t> ReadTestTime(const Node& node, std::string_view what, int64_t base,
                                    ValueReader& values);
// RFC 3339 alone.
std::optional<int64_t> ReadTestBase(const Node& node, ValueReader& values);

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_LOAD_TESTS_TEST_TIME_H_
