#include "daemon/testing/junit_report.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "daemon/report/xml_text.h"
#include "daemon/testing/text_report.h"
#include "rules/model/line_picture.h"

namespace telltale::testing {
namespace {

using report::XmlText;

std::string XmlAttribute(std::string_view name, std::string_view value) {
  return absl::StrCat(" ", std::string(name), "=\"", XmlText(value), "\"");
}

std::string Seconds(double seconds) { return absl::StrFormat(" time=\"%.6f\"", seconds); }

struct Counts {
  size_t tests = 0, failures = 0, errors = 0, skipped = 0;
  double seconds = 0;

  void Add(const TestResult& result) {
    ++tests;
    if (!result.ran) {
      ++skipped;
    } else if (!result.problem.empty()) {
      ++errors;
    } else if (!result.passed()) {
      ++failures;
    }
    seconds += result.seconds;
  }
  std::string Text() const {
    return absl::StrCat(" tests=\"", tests, "\" failures=\"", failures, "\" errors=\"", errors,
                        "\" skipped=\"", skipped, "\"", Seconds(seconds));
  }
};

std::string FirstLine(const std::string& text) {
  const size_t begin = std::min(text.find_first_not_of(' '), text.size());
  return text.substr(begin, text.find('\n', begin) - begin);
}

std::string Case(const TestResult& result) {
  const rules::RuleTest& test = *result.test;
  std::string text = absl::StrCat("    <testcase", XmlAttribute("name", test.name),
                                  XmlAttribute("classname", test.rules.front()));
  if (test.span.file != nullptr) {
    absl::StrAppend(&text, XmlAttribute("file", rules::Printable(test.span.file->path())),
                    " line=\"", test.span.file->Locate(test.span.begin).line, "\"");
  }
  absl::StrAppend(&text, Seconds(result.seconds));
  if (result.passed()) return text + "/>\n";
  if (!result.ran) return text + "><skipped/></testcase>\n";
  const std::string failure = FailureText(result);
  const char* const element = result.problem.empty() ? "failure" : "error";
  return absl::StrCat(text, "><", element, XmlAttribute("message", FirstLine(failure)),
                      " type=\"telltale.test\">", XmlText(failure), "</", element,
                      "></testcase>\n");
}

}  // namespace

std::string JunitReport(const std::vector<TestResult>& results) {
  Counts all;
  std::vector<std::pair<std::string, Counts>> suites;  // in the order of their first tests
  std::vector<std::string> cases;                      // likewise
  for (const TestResult& result : results) {
    all.Add(result);
    const std::string& rule = result.test->rules.front();
    auto suite = std::find_if(suites.begin(), suites.end(),
                              [&](const auto& entry) { return entry.first == rule; });
    if (suite == suites.end()) {
      suite = suites.insert(suites.end(), {rule, Counts()});
      cases.emplace_back();
    }
    suite->second.Add(result);
    cases[static_cast<size_t>(suite - suites.begin())] += Case(result);
  }
  std::string text = absl::StrCat("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites",
                                  XmlAttribute("name", "telltale test"), all.Text(), ">\n");
  for (size_t i = 0; i < suites.size(); ++i) {
    absl::StrAppend(&text, "  <testsuite", XmlAttribute("name", suites[i].first),
                    suites[i].second.Text(), ">\n", cases[i], "  </testsuite>\n");
  }
  return text + "</testsuites>\n";
}

}  // namespace telltale::testing
