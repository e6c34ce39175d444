// Rules with tests as text, loaded and run as `telltale test` does it.
//
// Owner: the test; results point into the harness. Thread: one. Errors: a text that does not load
// fails the test that asks.
#ifndef TELLTALE_TESTS_DAEMON_TESTING_HARNESS_H_
#define TELLTALE_TESTS_DAEMON_TESTING_HARNESS_H_

#include <string>
#include <vector>

#include "daemon/config/config.h"
#include "daemon/testing/suite.h"
#include "rules/load/load.h"

namespace telltale::testing {

class TestingHarness {
 public:
  TestingHarness();

  // All tests of the rules, by one thread.
  std::vector<TestResult> Run(const std::string& rules, const std::string& tests = "");
  // How each failed, as people read it; empty: all passed.
  std::string Failures(const std::string& rules, const std::string& tests = "");

  // What the next Run takes.
  Suite& suite() { return suite_; }
  const config::Config& config() const { return config_; }

 private:
  config::Config config_;
  rules::LoadResult loaded_;
  Suite suite_;
};

}  // namespace telltale::testing

#endif  // TELLTALE_TESTS_DAEMON_TESTING_HARNESS_H_
