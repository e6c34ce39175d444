// The results as one JSON object, for programs:
//
//   {"tests":[{"name":"n","rules":["r"],"file":"rules/r.yml","line":9,"column":5,
//     "result":"failed","failures":[{"expected":"rules/r.yml:14:9","came":true,"attributes":[
//       {"name":"at","expected":"1m35s","got":"1m30s","differs":true}]}],"events":[],
//     "text":"..."}],
//    "passed":1,"failed":1,"skipped":0,
//    "coverage":[{"rule":"r","tests":2,"points":12,"reached":11,"missed":[{"kind":"not",
//      "text":"...","file":"rules/r.yml","line":3,"column":5}]}]}
//
// Owner: the text is the caller's. Thread: any. Errors: none.
#ifndef TELLTALE_DAEMON_TESTING_JSON_REPORT_H_
#define TELLTALE_DAEMON_TESTING_JSON_REPORT_H_

#include <string>
#include <vector>

#include "daemon/testing/coverage.h"
#include "daemon/testing/suite.h"

namespace telltale::testing {

// `coverage`: null: it was not asked for.
std::string JsonReport(const std::vector<TestResult>& results,
                       const std::vector<RuleCoverage>* coverage);

}  // namespace telltale::testing

#endif  // TELLTALE_DAEMON_TESTING_JSON_REPORT_H_
