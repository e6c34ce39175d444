// A rule as a value that tests can make at random, write as YAML and make smaller.
//
// Owner: the test. Thread: plain data. Units: whole seconds.
#ifndef TELLTALE_TESTS_MODEL_RULE_SPEC_H_
#define TELLTALE_TESTS_MODEL_RULE_SPEC_H_

#include <functional>
#include <string>
#include <vector>

#include "tests/model/scenario.h"

namespace telltale::model {

// A step, or a `not`.
struct ItemSpec {
  bool absence = false;
  std::string name;
  std::string stream = "s";
  std::string where;  // empty: none
  std::string by;     // empty: the rule's
  int min = 1;
  int max = 1;  // 0: unbounded
  bool optional = false;
  int within = 0;  // 0: none
};

struct RuleSpec {
  std::string id = "r";
  std::vector<ItemSpec> items;
  std::string by = "k";  // empty: none
  int within = 0;        // 0: none
  std::string match = "all";
  std::string after_match = "no_skip";  // as in YAML
  std::string more;                     // further lines

  std::string ToYaml() const;
};

// A spec and the rest of the scenario that it is for.
struct Case {
  RuleSpec rule;
  Scenario scenario;  // its `rules` come from `rule`
  void Write() { scenario.rules = rule.ToYaml(); }
};

// The smallest case that it can find in which `fails` is still true. REQUIRES: fails(found).
Case Shrink(Case found, const std::function<bool(const Case&)>& fails);

}  // namespace telltale::model

#endif  // TELLTALE_TESTS_MODEL_RULE_SPEC_H_
