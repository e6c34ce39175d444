// Whether a test came out as it should: exactly the alerts that it expects, each as far as it says
// how it must be, and late events and dead letters where it says so and nowhere else.
//
// Alerts are paired so that as many as possible are as expected; what is left over is put beside
// the most similar one, so that a reader sees what differs. Owner: values; what they point to is
// the test and its run. Thread: any. Errors: none.
#ifndef TELLTALE_DAEMON_TESTING_VERDICT_H_
#define TELLTALE_DAEMON_TESTING_VERDICT_H_

#include <optional>
#include <string>
#include <vector>

#include "daemon/testing/test_run.h"
#include "engine/alert/alert.h"
#include "rules/model/rule_test.h"

namespace telltale::testing {

// One line of two columns.
struct Attribute {
  std::string name;  // "key", "at", "fields.device" ...
  std::optional<std::string> expected;
  std::optional<std::string> got;
  bool differs = false;
};

// An alert that is not as it should be.
struct WrongAlert {
  const rules::ExpectedAlert* expected = nullptr;  // null: none was expected
  const engine::Alert* got = nullptr;              // null: none came
  std::vector<Attribute> attributes;
  std::string why;  // it did not come, in lines
};

struct Verdict {
  std::vector<WrongAlert> wrong;  // the expected ones in their order, then what came besides
  std::vector<std::string> event_faults;  // "event 2 (logins at 10s) came too late ..."
  bool passed() const { return wrong.empty() && event_faults.empty(); }
};

Verdict Judge(const rules::RuleTest& test, const TestRun& run);

// A time as the test would write it: the distance from its base.
std::string TimeText(int64_t time, const rules::RuleTest& test);
// "event 2 (logins at 10s)".
std::string EventText(uint32_t index, const rules::RuleTest& test,
                      const rules::StreamCatalog& streams);
std::string KeyText(const rules::KeyParts& key);

}  // namespace telltale::testing

#endif  // TELLTALE_DAEMON_TESTING_VERDICT_H_
