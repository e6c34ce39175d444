// A rule's pattern made ready to match: who may follow whom, and the conditions that look at more
// than one event.
//
// The automaton of a sequence under relaxed contiguity is small enough to be bit masks: a partial
// match that has taken its last event in step p waits for the first event of each step in
// `open_after` of p, and, while p may take more, for one more of p. Every such wait is a *way*;
// each takes the first event that fits it (P2) and is closed by the absences that stand on it (P4).
//
// What an event alone decides (the local conjuncts of a `where`) is decided before, by the router's
// filter; here are only the conjuncts that refer to steps. Owner: CompiledRules. Thread: immutable.
#ifndef TELLTALE_ENGINE_PATTERN_PATTERN_H_
#define TELLTALE_ENGINE_PATTERN_PATTERN_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "engine/condition/condition.h"
#include "engine/event/layout.h"
#include "rules/model/rule.h"
#include "rules/model/sequence_limits.h"

namespace telltale::engine {

inline constexpr uint32_t kMaxSteps = rules::kMostSteps;  // a mask of steps is 32 bits
inline constexpr uint32_t kMaxAbsences = rules::kMostAbsences;

using StepMask = uint32_t;
using AbsenceMask = uint32_t;
using ProgramPtr = std::shared_ptr<const Program>;

struct StepPlan {
  ProgramPtr cross;            // null: nothing refers to steps
  std::vector<ProgramPtr> by;  // the key parts, of an event of this step
  uint32_t min = 1;
  uint32_t max = 1;  // rules::kUnbounded: none
  std::optional<int64_t> within;
  StepMask open_after = 0;  // the steps whose first event may come next
  bool last = false;        // a match may end here: all that follows is optional
};

struct AbsencePlan {
  ProgramPtr cross;
  std::optional<int64_t> within;
};

struct Pattern {
  const rules::Rule* rule = nullptr;
  std::vector<StepPlan> steps;
  std::vector<AbsencePlan> absences;
  StepMask start = 0;  // the steps that a match may begin with
  AbsenceMask leading = 0;
  AbsenceMask trailing = 0;
  // The absences on the way from step `from` to step `to`: those written anywhere between the two.
  AbsenceMask Between(uint32_t from, uint32_t to) const {
    return between[from * steps.size() + to];
  }
  std::vector<AbsenceMask> between;
};

// A subexpression as an expression of its own, which keeps the whole tree alive.
rules::Expression PartOf(const rules::Expression& whole, const rules::Expr& part);
// The operands of the outermost chain of &&, from left to right; of another condition itself.
std::vector<rules::Expression> Conjuncts(const rules::Expression& whole);

// The conjuncts of a condition, split by whether they refer to steps. What is in neither list is
// always true.
struct SplitCondition {
  std::vector<rules::Expression> local;
  std::optional<rules::Expression> cross;  // all conjuncts that refer to steps, in order
};
SplitCondition Split(const std::optional<rules::Expression>& where);

absl::StatusOr<Pattern> CompilePattern(const rules::Rule& rule,
                                       const std::vector<EventLayout>& layouts,
                                       const Inputs* inputs);

// One line a step, for listings and golden tests.
std::string ToString(const Pattern& pattern);

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_PATTERN_PATTERN_H_
