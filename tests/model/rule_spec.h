// A rule as a value that tests can make at random, write as YAML and make smaller.
//
// Owner: the test. Thread: plain data. Units: whole seconds.
#ifndef TELLTALE_TESTS_MODEL_RULE_SPEC_H_
#define TELLTALE_TESTS_MODEL_RULE_SPEC_H_

#include <string>
#include <vector>

#include "tests/model/shrink.h"

namespace telltale::model {

// A place of a sequence. What is empty, 0 or false is not said.
struct PlaceSpec {
  enum class Kind { kStep, kNot, kGroup, kAnyOf, kAllOf };
  Kind kind = Kind::kStep;
  std::string name = {};  // of a step
  std::string stream = "s";
  std::string where = {};
  std::string by = {};  // the rule's
  std::string contiguity = {};
  int within = 0;
  bool optional = false;
  int min = 1;
  int max = 1;  // 0: unbounded
  std::string inside = {};
  int repeat_within = 0;
  bool greedy = false;
  std::string until = {};         // a condition
  std::string until_stream = {};  // a step's own
  std::vector<PlaceSpec> places = {};

  bool repeats() const { return max != 1; }
  bool IsLeaf() const { return kind == Kind::kStep || kind == Kind::kNot; }
};

struct RuleSpec {
  std::string id = "r";
  std::vector<PlaceSpec> places;
  std::string by = "k";  // empty: none
  int within = 0;
  std::string match = "all";
  std::string after_match = "no_skip";  // as in YAML
  std::string until = {};               // likewise
  std::string timeout_from = {};        // a step
  std::string more = {};                // further lines

  std::string ToYaml() const;
};

// Every rule that is a little simpler.
std::vector<RuleSpec> Simpler(const RuleSpec& rule);
using Case = CaseOf<RuleSpec>;

}  // namespace telltale::model

#endif  // TELLTALE_TESTS_MODEL_RULE_SPEC_H_
