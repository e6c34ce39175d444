// Which steps of a pattern can be part of a match where some moves of its automaton are never made,
// and warnings about those that cannot: because another takes their events first, or because an
// `until` comes before them (R0907, R0917).
//
// Owner, thread: the caller's. Errors: diagnostics.
#ifndef TELLTALE_RULES_LOAD_CHECKS_REACH_CHECK_H_
#define TELLTALE_RULES_LOAD_CHECKS_REACH_CHECK_H_

#include <cstddef>
#include <functional>
#include <vector>

#include "rules/model/automaton.h"
#include "rules/model/diagnostic.h"
#include "rules/model/rule.h"

namespace telltale::rules {

// By the number of the state that the move leaves.
using MovePredicate = std::function<bool(size_t state, const Move& move)>;

// What can be reached without the moves that are dead.
class Reach {
 public:
  Reach(const Automaton& automaton, const MovePredicate& dead);

  // Whether the pattern can match at all.
  bool matches() const { return matches_; }

 private:
  bool matches_ = false;
};

void WarnOfUnreachable(const Rule& rule, const Automaton& automaton, Diagnostics& diagnostics);

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_LOAD_CHECKS_REACH_CHECK_H_
