#include "tests/conformance/pattern_run.h"

#include <algorithm>
#include <limits>
#include <ostream>

#include "tests/conformance/pattern_rule.h"
#include "tests/model/engine_run.h"
#include "tests/model/reference_run.h"

namespace telltale::conformance {
namespace {

// The moment to which event time comes: all events are settled, and at the end of the input all
// deadlines are over.
int64_t LastTime(const PatternCase& test, const model::Scenario& scenario) {
  if (EndsInAbsence(test)) return std::numeric_limits<int64_t>::max();
  int64_t last = 0;
  for (const model::ScenarioEvent& event : scenario.events) last = std::max(last, event.time);
  return last;
}

std::vector<model::Outcome> Run(const model::Scenario& scenario,
                                const std::shared_ptr<const engine::CompiledRules>& rules,
                                int64_t last, Matching matching) {
  if (matching == Matching::kReference) {
    const model::Feed feed = FeedOf(scenario, *rules);
    return RunReference(feed, *rules, {{rules->rules->rules[0].id, {.until = last}}}).outcomes;
  }
  model::EngineSetting setting;
  if (last != std::numeric_limits<int64_t>::max()) setting.ends_at = last;
  return RunEngine(scenario, rules, setting).Outcomes();
}

void Tell(std::ostream& report, const PatternCase& test, const MatchSet& expected,
          const PatternOutcome& outcome, const std::string& remark) {
  report << "FAIL " << test.name << "\n  expected " << Text(expected) << "\n  got      "
         << Text(outcome.matches) << "\n";
  if (!remark.empty()) report << "  " << remark << "\n";
  if (!outcome.diagnostics.empty()) report << outcome.diagnostics << "\n";
}

}  // namespace

PatternOutcome RunPattern(const PatternCase& test, Matching matching) {
  const model::Scenario scenario = ScenarioOf(test);
  PatternOutcome outcome;
  std::string diagnostics;
  const auto rules = Compile(scenario, &diagnostics);
  if (rules == nullptr) {
    outcome.diagnostics = diagnostics;
    return outcome;
  }
  for (const model::Outcome& found : Run(scenario, rules, LastTime(test, scenario), matching)) {
    if (found.limit) continue;
    std::vector<int64_t> match;
    for (const model::Outcome::Taken& taken : found.evidence) match.push_back(taken.offset);
    std::sort(match.begin(), match.end());
    outcome.matches.insert(std::move(match));
  }
  return outcome;
}

Tally RunPatterns(const std::vector<PatternCase>& cases,
                  const std::vector<PatternDeviation>& deviations, Matching matching,
                  std::ostream& report) {
  Tally tally;
  for (const PatternCase& test : cases) {
    const PatternOutcome outcome = RunPattern(test, matching);
    const bool meets = outcome.diagnostics.empty() && outcome.matches == test.matches;
    const auto deviation =
        std::find_if(deviations.begin(), deviations.end(),
                     [&](const PatternDeviation& one) { return one.name == test.name; });
    if (deviation == deviations.end()) {
      if (!meets) Tell(report, test, test.matches, outcome, "");
      ++(meets ? tally.passed : tally.failed);
    } else if (meets) {
      Tell(report, test, deviation->matches, outcome,
           "the case passes: its entry in the list of deviations is stale");
      ++tally.failed;
    } else if (!outcome.diagnostics.empty() || outcome.matches != deviation->matches) {
      Tell(report, test, deviation->matches, outcome, "(so says the list of deviations)");
      ++tally.failed;
    } else {
      ++tally.deviating;
    }
  }
  LimitDeviating(cases.size(), tally, report);
  return tally;
}

}  // namespace telltale::conformance
