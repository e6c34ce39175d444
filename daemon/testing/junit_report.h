// The results as JUnit's XML, as Jenkins and GitLab read it: a suite for each rule, a case for each
// test.
//
// Source: the schema of Jenkins' JUnit plugin, and GitLab's "Unit test reports" (`file` of a case).
// What XML 1.0 cannot hold (control characters) becomes U+FFFD. Owner: the text is the caller's.
// Thread: any. Errors: none.
#ifndef TELLTALE_DAEMON_TESTING_JUNIT_REPORT_H_
#define TELLTALE_DAEMON_TESTING_JUNIT_REPORT_H_

#include <string>
#include <vector>

#include "daemon/testing/suite.h"

namespace telltale::testing {

std::string JunitReport(const std::vector<TestResult>& results);

}  // namespace telltale::testing

#endif  // TELLTALE_DAEMON_TESTING_JUNIT_REPORT_H_
