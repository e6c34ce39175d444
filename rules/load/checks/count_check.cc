#include "rules/load/checks/count_check.h"

#include <algorithm>
#include <string>
#include <vector>

namespace telltale::rules {
namespace {

void Refuse(const Span& match, const std::string& why, const std::vector<Label>& labels,
            Diagnostics& diagnostics) {
  diagnostics
      .Error(kNotCounted, match,
             "'match: count' says how many matches an event completes, and " + why)
      .labels = labels;
}

void CollectGreedy(const Place& place, std::vector<Label>& labels) {
  if (place.repeat.greedy) labels.push_back({place.span, "this repeat"});
  for (const Place& inner : place.places) CollectGreedy(inner, labels);
}

bool EndsGreedily(const Automaton& automaton) {
  return std::any_of(automaton.states.begin(), automaton.states.end(),
                     [](const State& state) { return state.accepts && state.yields != 0; });
}

}  // namespace

void CheckCounted(const Rule& rule, const Automaton& automaton, const Span& match,
                  Diagnostics& diagnostics) {
  if (!automaton.trailing.empty()) {
    std::vector<Label> labels;
    for (const uint32_t absence : automaton.trailing)
      labels.push_back({rule.absences[absence].span, "until its deadline"});
    Refuse(match, "here each waits for its deadline", labels, diagnostics);
  }
  if (EndsGreedily(automaton)) {
    std::vector<Label> labels;
    CollectGreedy(rule.pattern, labels);
    Refuse(match, "here one is known only when a greedy repeat has ended", labels, diagnostics);
  }
}

}  // namespace telltale::rules
