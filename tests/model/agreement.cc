#include "tests/model/agreement.h"

#include <algorithm>
#include <cstdlib>
#include <iterator>

#include "tests/model/reference_run.h"

namespace telltale::model {
namespace {

std::vector<Outcome> Without(const std::vector<Outcome>& some, const std::vector<Outcome>& others) {
  std::vector<Outcome> left;
  std::set_difference(some.begin(), some.end(), others.begin(), others.end(),
                      std::back_inserter(left));
  return left;
}

}  // namespace

Comparison CompareRuns(const Scenario& scenario, const EngineSetting& setting) {
  Comparison comparison;
  const auto rules = Compile(scenario, &comparison.diagnostics);
  if (rules == nullptr) {
    comparison.agreement = Agreement::kDoesNotLoad;
    return comparison;
  }
  const ReferenceResult expected = RunReference(scenario, *rules);
  const EngineResult got = RunEngine(scenario, rules, setting);
  const bool same = got.late == expected.late && got.Outcomes() == expected.outcomes;
  comparison.agreement = same ? Agreement::kSame : Agreement::kDiffers;
  comparison.timeouts =
      static_cast<size_t>(std::count_if(expected.outcomes.begin(), expected.outcomes.end(),
                                        [](const Outcome& outcome) { return outcome.timeout; }));
  comparison.matches = expected.outcomes.size() - comparison.timeouts;
  return comparison;
}

Agreement Compare(const Scenario& scenario, const EngineSetting& setting) {
  return CompareRuns(scenario, setting).agreement;
}

std::string Explain(const Case& found, const EngineSetting& setting) {
  const Case small = Shrink<RuleSpec>(found, [&](const Case& smaller) {
    return Compare(smaller.scenario, setting) == Agreement::kDiffers;
  });
  return Difference(small.scenario, setting);
}

std::string Difference(const Scenario& scenario, const EngineSetting& setting) {
  const auto rules = Compile(scenario);
  const ReferenceResult expected = RunReference(scenario, *rules);
  const EngineResult got = RunEngine(scenario, rules, setting);
  std::string text = Print(scenario);
  if (got.late != expected.late) text += "the engine disagrees on what is late\n";
  text += "expected:\n" + Print(expected.outcomes);
  text += "only expected:\n" + Print(Without(expected.outcomes, got.Outcomes()));
  text += "only found by the engine:\n" + Print(Without(got.Outcomes(), expected.outcomes));
  return text;
}

std::string RecodingDifference(const Scenario& scenario, const EngineSetting& plain,
                               const EngineSetting& recoding) {
  const auto rules = Compile(scenario);
  const EngineResult expected = RunEngine(scenario, rules, plain);
  const EngineResult got = RunEngine(scenario, rules, recoding);
  if (!got.recode_error.empty()) return got.recode_error + "\n" + Print(scenario);
  if (got.condition_errors != expected.condition_errors)
    return "other errors are counted\n" + Print(scenario);
  if (got.Bodies() == expected.Bodies()) return "";
  return "state does not come back\n" + Print(scenario) + Print(expected.Outcomes()) + "not\n" +
         Print(got.Outcomes());
}

uint64_t Seed(uint64_t otherwise) {
  const char* seed = std::getenv("TELLTALE_SEED");
  return seed != nullptr ? std::strtoull(seed, nullptr, 10) : otherwise;
}

}  // namespace telltale::model
