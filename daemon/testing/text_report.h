// What people read of a run of tests: each that failed with what was expected and what came side by
// side, and a last line with the counts.
//
//   FAIL  new-device-transfer/two transfers
//         rules/ato.yml:24:11
//     alert 0 is not as expected
//                 expected    got
//       key       u1          u1
//     * at        1m35s       1m30s
//       evidence  0, 1, 2, 3  0, 1, 2, 3
//
// Of an alert that did not come it says how far the rule's steps got, and what stood in the way.
// Owner: the text is the caller's. Thread: any. Errors: none.
#ifndef TELLTALE_DAEMON_TESTING_TEXT_REPORT_H_
#define TELLTALE_DAEMON_TESTING_TEXT_REPORT_H_

#include <string>
#include <vector>

#include "daemon/testing/suite.h"

namespace telltale::testing {

// `verbose`: a line for each test that passed, too.
std::string TextReport(const std::vector<TestResult>& results, bool verbose);

// Why one test failed, in lines.
std::string FailureText(const TestResult& result);

// "rules/ato.yml:24:11"; empty where the span is in no file.
std::string PlaceText(const rules::Span& span);

}  // namespace telltale::testing

#endif  // TELLTALE_DAEMON_TESTING_TEXT_REPORT_H_
