// What a rule with `emit: early` says, and when (T5): the settled reference run on every prefix of
// the events that arrive, and what has changed since the prefix before.
//
// Owner: the caller. Thread: any. Units: nanoseconds. Errors: none.
#ifndef TELLTALE_TESTS_MODEL_EARLY_REFERENCE_H_
#define TELLTALE_TESTS_MODEL_EARLY_REFERENCE_H_

#include <compare>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/alert/alert.h"
#include "tests/model/scenario.h"

namespace telltale::model {

// One thing said of an alert.
struct Said {
  engine::AlertStatus status = engine::AlertStatus::kFinal;
  uint32_t revision = 0;  // 0: of a rule that says nothing early
  Outcome outcome;
  auto operator<=>(const Said&) const = default;
};
// All that is said of one alert, in order.
using Story = std::vector<Said>;

// Sorted. Watermarks are told after every `flush_every` events, and at the end of the input.
std::vector<Story> RunEarlyReference(const Scenario& scenario, const engine::CompiledRules& rules,
                                     uint32_t flush_every);

// The same of what an engine has delivered.
std::vector<Story> StoriesOf(const std::vector<engine::Alert>& delivered);
// Whether each story is one that may be told: revisions from 1 on, nothing taken back that does not
// stand, a final word and nothing after it. `anew`: rules come and go, so what has come to its end
// may begin again with 1, or be said by a rule that is not early any more. Empty: yes.
std::string Untellable(const std::vector<Story>& stories, bool anew = false);

std::string Print(const std::vector<Story>& stories);

}  // namespace telltale::model

#endif  // TELLTALE_TESTS_MODEL_EARLY_REFERENCE_H_
