// Compares the engine with the reference on one case, and says a difference in its smallest form.
//
// Owner: the test. Thread: any.
#ifndef TELLTALE_TESTS_MODEL_AGREEMENT_H_
#define TELLTALE_TESTS_MODEL_AGREEMENT_H_

#include <string>

#include "tests/model/engine_run.h"
#include "tests/model/rule_spec.h"

namespace telltale::model {

enum class Agreement { kSame, kDiffers, kDoesNotLoad };
struct Comparison {
  Agreement agreement = Agreement::kSame;
  std::string diagnostics;  // of rules that do not load
  size_t matches = 0;       // that the reference finds
  size_t timeouts = 0;
};
Comparison CompareRuns(const Scenario& scenario, const EngineSetting& setting);
Agreement Compare(const Scenario& scenario, const EngineSetting& setting);

// What differs, after shrinking: the rule, the events, and both answers. REQUIRES: they differ.
std::string Explain(const Case& found, const EngineSetting& setting);

// The same of a case as it is.
std::string Difference(const Scenario& scenario, const EngineSetting& setting);

// What differs, ids included, where all state is encoded, destroyed and decoded now and then under
// the setting `recoding`. Empty: nothing.
std::string RecodingDifference(const Scenario& scenario, const EngineSetting& plain,
                               const EngineSetting& recoding);

// TELLTALE_SEED where it is set, else `otherwise`.
uint64_t Seed(uint64_t otherwise);

}  // namespace telltale::model

#endif  // TELLTALE_TESTS_MODEL_AGREEMENT_H_
