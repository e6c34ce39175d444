// Makes a failing case smaller: fewer events and a simpler rule, as long as it still fails.
//
// Owner: the test. Thread: any.
#ifndef TELLTALE_TESTS_MODEL_SHRINK_H_
#define TELLTALE_TESTS_MODEL_SHRINK_H_

#include <algorithm>
#include <cstddef>
#include <functional>
#include <utility>

#include "tests/model/scenario.h"

namespace telltale::model {

// A spec (with ToYaml() and a function Simpler(spec), which gives every spec that is a little
// simpler) and the rest of the scenario that it is for.
template <typename Spec>
struct CaseOf {
  Spec rule;
  Scenario scenario;  // its `rules` come from `rule`
  void Write() { scenario.rules = rule.ToYaml(); }
};

template <typename Spec>
using Fails = std::function<bool(const CaseOf<Spec>&)>;

// Takes out events, in chunks that become smaller. Whether it became smaller.
template <typename Spec>
bool ShrinkEvents(CaseOf<Spec>& found, const Fails<Spec>& fails) {
  bool smaller = false;
  for (size_t chunk = std::max<size_t>(found.scenario.events.size() / 2, 1); chunk > 0;
       chunk /= 2) {
    for (size_t begin = 0; begin + chunk <= found.scenario.events.size();) {
      CaseOf<Spec> candidate = found;
      auto& events = candidate.scenario.events;
      const auto first = events.begin() + static_cast<std::ptrdiff_t>(begin);
      events.erase(first, first + static_cast<std::ptrdiff_t>(chunk));
      if (fails(candidate)) {
        found = std::move(candidate);
        smaller = true;
      } else {
        begin += chunk;
      }
    }
  }
  return smaller;
}

template <typename Spec>
bool ShrinkRule(CaseOf<Spec>& found, const Fails<Spec>& fails) {
  for (const Spec& rule : Simpler(found.rule)) {
    CaseOf<Spec> candidate = found;
    candidate.rule = rule;
    candidate.Write();
    if (!fails(candidate)) continue;
    found = std::move(candidate);
    return true;
  }
  return false;
}

// The smallest case that it can find in which `fails` is still true. REQUIRES: fails(found).
template <typename Spec>
CaseOf<Spec> Shrink(CaseOf<Spec> found, const Fails<Spec>& fails) {
  found.Write();
  for (bool smaller = true; smaller;) {
    smaller = ShrinkEvents(found, fails);
    smaller = ShrinkRule(found, fails) || smaller;
  }
  return found;
}

}  // namespace telltale::model

#endif  // TELLTALE_TESTS_MODEL_SHRINK_H_
