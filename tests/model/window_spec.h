// A rule over windows or new terms as a value that tests can make at random, write as YAML and make
// smaller.
//
// Owner: the test. Thread: plain data.
#ifndef TELLTALE_TESTS_MODEL_WINDOW_SPEC_H_
#define TELLTALE_TESTS_MODEL_WINDOW_SPEC_H_

#include <string>
#include <utility>
#include <vector>

#include "tests/model/shrink.h"

namespace telltale::model {

// What is empty or false is not said.
struct WindowSpec {
  struct Source {
    std::string stream;
    std::string where = {};
    std::string by = {};  // the rule's
  };
  std::string id = "r";
  std::string by = "k";  // as in YAML
  std::vector<Source> sources = {};
  std::string window = {};              // as in YAML: "{ sliding: 3s }"
  std::string baseline = {};            // likewise
  std::vector<std::string> terms = {};  // new_terms in the place of an aggregate
  std::string history = {};
  std::vector<std::string> having = {};  // all of them
  std::string emit = {};
  bool on_empty = false;
  int evidence = -1;                     // the default
  std::vector<std::string> fields = {};  // expressions of the alert's
  std::vector<std::string> more = {};    // further lines

  std::string ToYaml() const;
};

// Every rule that is a little simpler.
std::vector<WindowSpec> Simpler(const WindowSpec& rule);
using WindowCase = CaseOf<WindowSpec>;

}  // namespace telltale::model

#endif  // TELLTALE_TESTS_MODEL_WINDOW_SPEC_H_
