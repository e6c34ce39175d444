// Sigma's correlations at random, of every type, over rules of one to three streams, which serve
// logsources of their own names.
//
// Owner: the test. Thread: plain data.
#ifndef TELLTALE_TESTS_MODEL_RANDOM_CORRELATION_H_
#define TELLTALE_TESTS_MODEL_RANDOM_CORRELATION_H_

#include <string>
#include <vector>

#include "tests/model/choices.h"
#include "tests/model/shrink.h"

namespace telltale::model {

struct CorrelationSpec {
  struct Referred {
    std::string name;
    std::string stream;
    std::string selection;  // Sigma's, as YAML
  };
  std::vector<Referred> rules = {};
  std::string type = {};
  std::string timespan = {};
  std::string condition = {};              // as YAML; empty: none
  std::vector<std::string> group_by = {};  // names of fields, or `who`
  bool aliased = false;                    // `who` is k, and account in the first rule

  std::string ToYaml() const;
};

std::vector<CorrelationSpec> Simpler(const CorrelationSpec& rule);
using CorrelationCase = CaseOf<CorrelationSpec>;

// The events are those of random_window.h.
CorrelationCase RandomCorrelationCase(Choices& choices);

}  // namespace telltale::model

#endif  // TELLTALE_TESTS_MODEL_RANDOM_CORRELATION_H_
