// Everything that `telltale explain` tells of a rule: its automaton, what it means, what it holds.
//
// Owner: value type. Thread: any. Errors: a status where there is no automaton for the pattern,
// which the loader refuses.
#ifndef TELLTALE_DAEMON_EXPLAIN_EXPLANATION_H_
#define TELLTALE_DAEMON_EXPLAIN_EXPLANATION_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "daemon/explain/automaton.h"
#include "rules/model/rule.h"

namespace telltale::explain {

struct Explanation {
  std::vector<std::string> heading;  // id and title, then what it is tagged with
  Automaton automaton;
  std::vector<std::string> meaning;
  std::vector<std::string> memory;
  bool windowed =
      false;  // it is about a window or new terms: the automaton is one of single events
};

// `rule` is one of the set: what an event keeps depends on all of them. A rule with `mode: off` is
// explained as if it ran.
absl::StatusOr<Explanation> Explain(const rules::RuleSet& set, const rules::Rule& rule);

// For a terminal; ends with a newline.
std::string ToText(const Explanation& explanation);

}  // namespace telltale::explain

#endif  // TELLTALE_DAEMON_EXPLAIN_EXPLANATION_H_
