// The automaton of one rule as people look at it: states with what they took, edges with what lets
// a partial match pass.
//
// It is read off the automaton that runs (rules/model/automaton.h), and is smaller: a state here is
// a step, whatever the counts of repeats and whatever else has been taken, and an edge is a way
// that opens when that step takes an event. What the edges of one automaton differ in by counts
// alone is one edge, which says the counts. The drawings (drawing.h) are made from it.
//
// Owner: value type; texts are copies. Thread: any. Errors: none.
#ifndef TELLTALE_DAEMON_EXPLAIN_AUTOMATON_H_
#define TELLTALE_DAEMON_EXPLAIN_AUTOMATON_H_

#include <cstddef>
#include <string>
#include <vector>

#include "rules/model/automaton.h"
#include "rules/model/rule.h"

namespace telltale::explain {

enum class StateKind { kStart, kStep, kMatch };

struct State {
  StateKind kind = StateKind::kStep;
  std::string name;    // of the step; "start" and "match" for the other two
  std::string stream;  // of a step
  std::string where;   // its condition on one line; empty: every event
  std::string key;     // how its events name the key, where it is not as in the rule; "" otherwise
  std::string count;   // "2 or more events", "up to 3 events"; empty: one event
  bool optional = false;
  std::vector<std::string> parts;  // "one of a, b", "group of a, b, 2 to 5 times"; outermost first
};

struct Edge {
  size_t from = 0;                      // in Automaton::states
  size_t to = 0;                        // not above `from`: it is taken again
  std::vector<std::string> conditions;  // "within 5m", "no logins where ..."; in this order
};

struct Automaton {
  std::string id;
  std::string title;
  std::string within;         // of the whole pattern, "15m"; empty: unbounded
  std::vector<State> states;  // start, the steps in their order, match
  std::vector<Edge> edges;    // by `from`, then `to`

  size_t match() const { return states.size() - 1; }
};

// `compiled`: of the rule.
Automaton MakeAutomaton(const rules::Rule& rule, const rules::Automaton& compiled,
                        const rules::StreamCatalog& streams);

// An expression as its author wrote it, on one line.
std::string OneLine(const rules::Expression& expression);

// How the selector names the key ("payer.id, currency"); empty where it does as the rule.
std::string KeyNames(const rules::Rule& rule, const rules::Selector& selector);

}  // namespace telltale::explain

#endif  // TELLTALE_DAEMON_EXPLAIN_AUTOMATON_H_
